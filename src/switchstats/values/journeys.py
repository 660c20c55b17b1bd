"""What became of errors: how many were filed again, resolved or left, by days since the error."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import display_language
from switchstats.periods import Period
from switchstats.values.counts import Counts
from switchstats.values.retailer import Retailer
from switchstats.values.shown import frame_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["JOURNEY_EVENTS", "JOURNEY_STRATA", "JourneyEvent", "Journeys"]

JourneyEvent = Literal["retried", "resolved"]

JOURNEY_STRATA = ("area", "losing_group", "home")
JOURNEY_EVENTS = (
    "entered",
    "retried",
    "resolved",
    "withdrawn",
    "censored",
    "censored_before_retry",
)

_PERIOD = ("period_start", "period_end")
_MOST_DAYS = 3_660


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Journeys:
    """Cases with an error, by retailer, month of the first error, and days since it.

    A case is one gaining retailer at one supply point; it enters on the day on which its first
    request that ended in an error was submitted, which is day 0. It ends when a request of it is
    accepted (resolved), when its last request is withdrawn, or when the data end (censored);
    a case still open after the last day has no end here. Made by `Journeys.of`; the table inside is
    never handed out, only copies are.

    Parameters
    ----------
    retailers
        Retailers that may appear.
    strata
        Stratum columns, a subset of `JOURNEY_STRATA`, those of the first error.
    days
        Last day since the error that is told apart.

    Examples
    --------
    Three errors: one filed again on day 2 and accepted on day 5, one never filed again, and one
    that could be followed for 9 days only.

    >>> import pandas as pd
    >>> from switchstats.labels import Text
    >>> month = {"period_start": "2023-01-01", "period_end": "2023-02-01", "retailer": "a"}
    >>> rows = [
    ...     {**month, "followed": "yes", "day": 0, "entered": 2},
    ...     {**month, "followed": "yes", "day": 2, "retried": 1},
    ...     {**month, "followed": "yes", "day": 5, "resolved": 1},
    ...     {**month, "followed": "no", "day": 0, "entered": 1},
    ...     {**month, "followed": "no", "day": 9, "censored": 1, "censored_before_retry": 1},
    ... ]
    >>> journeys = Journeys.of(pd.DataFrame(rows), [Retailer("a", Text("甲", "A"), "entrant")], 60)
    >>> journeys
    Journeys: 3 errors (2 followed for 60 days), 1 retailer, 1 month
    >>> journeys.lacking("resolved").frame[["requests", "errors"]].to_numpy().tolist()
    [[2, 1]]
    """

    retailers: tuple[Retailer, ...]
    strata: tuple[str, ...]
    days: int
    _table: "pd.DataFrame"

    @classmethod
    def of(cls, frame: "pd.DataFrame", retailers: Iterable[Retailer], days: int) -> "Journeys":
        """Check a frame and take it over.

        Parameters
        ----------
        frame
            Columns ``retailer``, ``period_start`` and ``period_end`` (of the first error,
            half-open), any of `JOURNEY_STRATA`, ``followed`` (``"yes"``: the data reach to the last
            day of these cases; ``"no"``: they end before), ``day`` (0 to `days`), and numbers of
            cases: ``entered`` (on day 0), ``retried`` (filed again for the first time),
            ``resolved``, ``withdrawn``, ``censored``, and ``censored_before_retry`` among these.
            Missing numbers are 0, and days without any number need no row.
        retailers
            Who may appear.
        days
            Last day since the error.

        Raises
        ------
        UsageError
            When a column is missing or unknown, a key repeats, a retailer is unknown, or the
            numbers cannot be those of any cases.
        """
        import pandas as pd

        if not 1 <= days <= _MOST_DAYS:
            raise UsageError(f"days lies between 1 and {_MOST_DAYS:,}, not {days}")
        known = tuple(retailers)
        strata = tuple(name for name in JOURNEY_STRATA if name in frame.columns)
        keys = ["retailer", *_PERIOD, *strata, "followed"]
        _refuse_columns(frame, keys)
        table = pd.DataFrame(frame, copy=True).reset_index(drop=True)
        for name in _PERIOD:
            table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
        for name in JOURNEY_EVENTS:
            # a column that is not there and a missing number both say that nobody did
            given = table[name] if name in table else pd.Series(0, index=table.index)
            table[name] = _whole(given.fillna(0), name)
        table["day"] = _whole(table["day"], "day")
        _refuse_rows(table, keys, {retailer.retailer for retailer in known}, days)
        table = table[[*keys, "day", *JOURNEY_EVENTS]]
        table = table.sort_values([*keys, "day"], kind="stable", ignore_index=True)
        _refuse_numbers(table, keys)
        return cls(known, strata, days, table)

    @property
    def frame(self) -> "pd.DataFrame":
        """A pandas copy with the retailers' groups beside their identifiers."""
        groups = {retailer.retailer: retailer.group for retailer in self.retailers}
        table = self._table.copy()
        table.insert(1, "group", table["retailer"].map(groups))
        return table

    @property
    def periods(self) -> tuple[Period, ...]:
        """Months of first errors that appear, in order."""
        pairs = self._table[list(_PERIOD)].drop_duplicates()
        return tuple(
            sorted(
                Period(_date(row.period_start), _date(row.period_end)) for row in pairs.itertuples()
            )
        )

    @property
    def entered(self) -> int:
        """Cases with an error."""
        return int(self._table["entered"].sum())

    @property
    def followed(self) -> int:
        """Those of them for which the data reach to the last day."""
        return int(self._table.loc[self._table["followed"] == "yes", "entered"].sum())

    def group(self, group: str) -> "Journeys":
        """Return the rows of one group's retailers."""
        members = [item.retailer for item in self.retailers if item.group == group]
        return self._kept(self._table["retailer"].isin(members))

    def where(self, **conditions: str | Sequence[str]) -> "Journeys":
        """Return the rows whose columns equal the given value, or one of the given list.

        Raises
        ------
        NotAnswerableError
            For a stratum that these journeys do not tell apart.
        """
        kept = self._table["retailer"].notna()
        for name, wanted in conditions.items():
            if name not in ("retailer", "followed", *self.strata):
                raise NotAnswerableError(
                    f"journeys by {name}", "these journeys do not tell it apart", f"a column {name}"
                )
            kept &= self._table[name].isin([wanted] if isinstance(wanted, str) else list(wanted))
        return self._kept(kept)

    def lacking(
        self, event: JourneyEvent, *, within: int | None = None, withdrawn: bool = True
    ) -> Counts:
        """Return the followed cases as requests, and those without an event as errors.

        Cases that could not be followed to the last day are left out, resolved ones too: leaving
        out only the others would count successes and not failures.

        Parameters
        ----------
        event
            ``"resolved"`` or ``"retried"``.
        within
            By which day; the last one by default.
        withdrawn
            Whether withdrawn cases count, as cases without the event; else they are left out.

        Returns
        -------
        Counts
            By retailer, month of the first error and strata.

        Raises
        ------
        UsageError
            For an unknown event, or a day beyond the last.
        """
        if event not in get_args(JourneyEvent):
            raise UsageError(f"event must be 'retried' or 'resolved', not {event!r}")
        if event == "retried" and not withdrawn:
            raise UsageError("whoever withdrew had filed again: only 'resolved' can leave them out")
        last = self._within(within)
        table = self._table[self._table["followed"] == "yes"]
        keys = ["retailer", *_PERIOD, *self.strata]
        in_time = table["day"] <= last
        cells = table.assign(
            happened=table[event].where(in_time, 0), left=table["withdrawn"].where(in_time, 0)
        )
        sums = cells.groupby(keys, as_index=False)[["entered", "happened", "left"]].sum()
        sums["requests"] = sums["entered"] - (0 if withdrawn else sums["left"])
        sums["errors"] = sums["requests"] - sums["happened"]
        return Counts.of(sums[[*keys, "requests", "errors"]], self.retailers)

    def _within(self, within: int | None) -> int:
        if within is None:
            return self.days
        if not 1 <= within <= self.days:
            raise UsageError(f"these journeys tell days 1 to {self.days} apart, not {within}")
        return within

    def _kept(self, rows: "pd.Series[bool]") -> "Journeys":
        table = self._table[rows].reset_index(drop=True)
        return Journeys(self.retailers, self.strata, self.days, table)

    def __len__(self) -> int:
        return len(self._table)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Journeys):
            return NotImplemented
        same = (self.retailers, self.days) == (other.retailers, other.days)
        return same and self._table.equals(other._table)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        n_retailers, n_months = self._table["retailer"].nunique(), len(self.periods)
        return (
            f"Journeys: {self.entered:,} errors ({self.followed:,} followed for {self.days} days), "
            f"{_many(n_retailers, 'retailer')}, {_many(n_months, 'month')}"
            + (f", by {', '.join(self.strata)}" if self.strata else "")
        )

    def _repr_html_(self) -> str:
        return frame_table(self._table, display_language())


def _refuse_columns(frame: "pd.DataFrame", keys: Sequence[str]) -> None:
    required = [*keys, "day", "entered"]
    missing = [name for name in required if name not in frame.columns]
    if missing:
        raise UsageError(f"journeys need the column {missing[0]!r}")
    unknown = [str(name) for name in frame.columns if name not in (*required, *JOURNEY_EVENTS)]
    if unknown:
        raise UsageError(
            f"journeys cannot hold the column {unknown[0]!r}; strata are "
            f"{', '.join(JOURNEY_STRATA)}"
        )


def _whole(column: "pd.Series[int]", name: str) -> "pd.Series[int]":
    try:
        whole = column.astype("int64")
        same = bool((whole == column).all())
    except (TypeError, ValueError):
        same, whole = False, column
    if not same:
        raise UsageError(f"{name} must be whole numbers, none missing")
    return whole


def _refuse_rows(table: "pd.DataFrame", keys: Sequence[str], known: set[str], days: int) -> None:
    if table[list(keys)].isna().to_numpy().any():
        raise UsageError("a key of journeys is missing")
    if (table["period_start"] >= table["period_end"]).any():
        raise UsageError("a period must end after it starts")
    if not table["followed"].isin(["yes", "no"]).all():
        raise UsageError("followed is 'yes' or 'no'")
    if not table["day"].between(0, days).all():
        raise UsageError(f"a day since the error lies between 0 and {days}")
    if (table[list(JOURNEY_EVENTS)] < 0).to_numpy().any():
        raise UsageError("numbers of cases must not be negative")
    strangers = set(table["retailer"].unique()) - known
    if strangers:
        raise UsageError(f"unknown retailer in journeys: {sorted(map(str, strangers))[0]!r}")
    repeated = table[table.duplicated([*keys, "day"])]
    if len(repeated):
        raise UsageError(f"journeys repeat a key: retailer {repeated.iloc[0]['retailer']!r}")


def _refuse_numbers(table: "pd.DataFrame", keys: Sequence[str]) -> None:
    """Refuse numbers that no cases can have; the table is sorted by key and day."""
    cells = table.groupby(list(keys))
    totals = cells[list(JOURNEY_EVENTS)].sum()
    ended = totals["resolved"] + totals["withdrawn"] + totals["censored"]
    running = cells[list(JOURNEY_EVENTS)].cumsum()
    followed = totals.index.get_level_values("followed") == "yes"
    impossible = {
        "a case enters on day 0": (table["entered"] > 0) & (table["day"] > 0),
        "more censored before a retry than censored": (
            table["censored_before_retry"] > table["censored"]
        ),
        "an end before a retry": running["retried"] < running["resolved"] + running["withdrawn"],
        "more ends than cases": ended > totals["entered"],
        "more first retries than cases": (
            totals["retried"] + totals["censored_before_retry"] > totals["entered"]
        ),
        "a followed case that is censored": followed & (totals["censored"] > 0),
        "a case without an end that was not followed": ~followed & (ended < totals["entered"]),
    }
    for what, wrong in impossible.items():
        if wrong.any():
            raise UsageError(f"these numbers are not those of any cases: {what}")


def _date(stamp: object) -> date:
    return date.fromisoformat(str(stamp)[:10])


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
