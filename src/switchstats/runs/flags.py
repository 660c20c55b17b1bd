"""What is different since the last run, and what looks wrong in the new data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from switchstats.labels import Text, joined, percent, text
from switchstats.periods import Period, format_period
from switchstats.runs.cells import sums_of
from switchstats.values import Account, Counts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Flag", "Revision", "flags_of", "repeated_files", "revisions_of"]

# A month this many times the median of those before it is worth a look, and a retailer's own.
_JUMP, _OWN_JUMP = 2.0, 4.0
_LEAST_BEFORE = 3
_LEAST_REQUESTS = 100
_REJECTED, _MORE_REJECTED = 0.01, 2.0
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at.

    Parameters
    ----------
    code
        Catalogue key below ``flag.``.
    text
        In words.
    """

    code: str
    text: Text

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {"code": self.code, "text": self.text.to_dict()}


@dataclass(frozen=True, slots=True)
class Revision:
    """A retailer's period of the last run that now says something else.

    Parameters
    ----------
    retailer, period
        Which.
    before, after
        Requests and errors; `after` is ``None`` where the data no longer have them.
    """

    retailer: str
    period: Period
    before: tuple[int, int]
    after: tuple[int, int] | None

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "retailer": self.retailer,
            "period": self.period.to_dict(),
            "before": {"requests": self.before[0], "errors": self.before[1]},
            "after": None
            if self.after is None
            else {"requests": self.after[0], "errors": self.after[1]},
        }


def revisions_of(before: Counts, after: Counts) -> tuple[Revision, ...]:
    """Return every retailer's period of earlier counts that later ones change or lack."""
    old, new = _cells(before), _cells(after)
    return tuple(
        Revision(retailer, period, numbers, new.get((retailer, period)))
        for (retailer, period), numbers in sorted(old.items())
        if new.get((retailer, period)) != numbers
    )


def flags_of(
    now: tuple[Counts, Account],
    last: tuple[Counts, Mapping[str, int]] | None,
    revisions: Sequence[Revision],
) -> tuple[Flag, ...]:
    """Return what to look at, in a fixed order.

    Parameters
    ----------
    now
        Counts of this run and the account of its rows.
    last
        The same of the last run, its account as plain numbers; ``None`` for a first run.
    revisions
        As of `revisions_of`.
    """
    counts, account = now
    frame = counts.coded
    names = {each.retailer: each.name for each in counts.retailers}
    found = [*_revised(revisions, names), *_new_periods(counts, last)]
    if len(frame):
        found += [*_missing_months(frame), *_vanished(frame, names), *_jumps(frame, names)]
    found += _rejected(account, None if last is None else last[1])
    return tuple(found)


def repeated_files(repeats: Sequence[tuple[str, str]]) -> tuple[Flag, ...]:
    """Name the files that hold, byte by byte, what another one holds; they are read once."""
    return tuple(
        Flag("same_file", text("flag.same_file", file=file, other=other)) for file, other in repeats
    )


def _cells(counts: Counts) -> dict[tuple[str, Period], tuple[int, int]]:
    return {
        (retailer, Period(start.date(), end.date())): numbers
        for (retailer, start, end), numbers in sums_of(counts.coded).items()
    }


def _revised(revisions: Sequence[Revision], names: Mapping[str, Text]) -> Iterator[Flag]:
    changed = [each for each in revisions if each.after is not None]
    gone = [each for each in revisions if each.after is None]
    for code, some in (("revised", changed), ("gone", gone)):
        if some:
            cells = joined(_cell(each, names) for each in some[:_SHOWN])
            yield Flag(code, text(f"flag.{code}", n=len(some), cells=_cut(cells, len(some))))


def _cell(each: Revision, names: Mapping[str, Text]) -> Text:
    fields: dict[str, Text | str | int] = {
        "retailer": names.get(each.retailer, Text(each.retailer, each.retailer)),
        "period": _named(each.period),
        "requests": f"{each.before[0]:,}",
        "errors": f"{each.before[1]:,}",
    }
    if each.after is None:
        return text("flag.gone_cell", **fields)
    fields |= {"now_requests": f"{each.after[0]:,}", "now_errors": f"{each.after[1]:,}"}
    return text("flag.revised_cell", **fields)


def _new_periods(counts: Counts, last: tuple[Counts, Mapping[str, int]] | None) -> Iterator[Flag]:
    if last is None:
        return
    known = set(last[0].periods)
    new = [each for each in counts.periods if each not in known]
    if new:
        periods = joined(map(_named, new[:_SHOWN]))
        yield Flag("new_periods", text("flag.new_periods", periods=_cut(periods, len(new))))


def _missing_months(frame: "pd.DataFrame") -> Iterator[Flag]:
    """Name the months without any row between the first and the last."""
    starts, ends = frame["period_start"], frame["period_end"]
    months = {(day.year, day.month) for day in starts}
    if any((end - start).days > 31 for start, end in zip(starts, ends, strict=True)):  # noqa: PLR2004
        return
    first, last = min(months), max(months)
    span = range(12 * first[0] + first[1] - 1, 12 * last[0] + last[1])
    missing = [(at // 12, at % 12 + 1) for at in span if (at // 12, at % 12 + 1) not in months]
    if missing:
        periods = joined(
            Text(f"{year}年{month}月", f"{year}-{month:02d}") for year, month in missing[:_SHOWN]
        )
        yield Flag(
            "missing_months", text("flag.missing_months", months=_cut(periods, len(missing)))
        )


def _vanished(frame: "pd.DataFrame", names: Mapping[str, Text]) -> Iterator[Flag]:
    """Name retailers of the last month but one that the last one lacks, and new ones beside."""
    starts = sorted(frame["period_start"].unique())
    if len(starts) < 2:  # noqa: PLR2004
        return
    latest = set(frame.loc[frame["period_start"] == starts[-1], "retailer"])
    before = set(frame.loc[frame["period_start"] == starts[-2], "retailer"])
    earlier = set(frame.loc[frame["period_start"] < starts[-1], "retailer"])
    gone, new = sorted(before - latest), sorted(latest - earlier)
    if gone:
        listed = _cut(joined(names[each] for each in gone[:_SHOWN]), len(gone))
        yield Flag("vanished", text("flag.vanished", retailers=listed))
    if new:
        listed = _cut(joined(names[each] for each in new[:_SHOWN]), len(new))
        code = "perhaps_renamed" if gone else "appeared"
        yield Flag(code, text(f"flag.{code}", retailers=listed))


def _jumps(frame: "pd.DataFrame", names: Mapping[str, Text]) -> Iterator[Flag]:
    sums = sums_of(frame)
    by_month: dict[pd.Timestamp, int] = {}
    by_retailer: dict[str, dict[pd.Timestamp, int]] = {}
    for (retailer, start, _), (requests, _) in sums.items():
        by_month[start] = by_month.get(start, 0) + requests
        by_retailer.setdefault(retailer, {})[start] = requests
    ratio = _against_before(by_month)
    if ratio is not None and not 1 / _JUMP <= ratio <= _JUMP:
        yield Flag("volume", text("flag.volume", ratio=f"{ratio:.2g}"))
    latest = max(by_month, default=None)
    jumped = [
        retailer
        for retailer, months in sorted(by_retailer.items())
        if max(months) == latest
        and max(months.values()) >= _LEAST_REQUESTS
        and (own := _against_before(months)) is not None
        and not 1 / _OWN_JUMP <= own <= _OWN_JUMP
    ]
    if jumped:
        listed = _cut(joined(names[each] for each in jumped[:_SHOWN]), len(jumped))
        times = f"{_OWN_JUMP:g}"
        yield Flag("retailer_volume", text("flag.retailer_volume", retailers=listed, times=times))


def _against_before(months: "Mapping[pd.Timestamp, int]") -> float | None:
    """Return the last month over the median of those before it, where there are enough."""
    *before, last = (months[start] for start in sorted(months))
    if len(before) < _LEAST_BEFORE or median(before) == 0:
        return None
    return last / median(before)


def _rejected(account: Account, last: Mapping[str, int] | None) -> Iterator[Flag]:
    share = account.quarantined / account.read if account.read else 0.0
    earlier = last["quarantined"] / last["read"] if last and last["read"] else 0.0
    if share > max(_REJECTED, _MORE_REJECTED * earlier):
        if last is None:
            yield Flag("rejected", text("flag.rejected_first", share=percent(share)))
            return
        fields = {"share": percent(share), "earlier": percent(earlier)}
        yield Flag("rejected", text("flag.rejected", **fields))


def _named(period: Period) -> Text:
    return Text(format_period(period, "ja"), format_period(period, "en"))


def _cut(listed: Text, n: int) -> Text:
    """Say how many more there are than are listed."""
    return listed if n <= _SHOWN else text("flag.and_more", listed=listed, n=n - _SHOWN)
