"""Reads request rows of any size into what became of errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from switchstats.engines.checked import Checked, ReadingTerms, read_checked
from switchstats.engines.journey_tally import journey_columns, tally_journeys
from switchstats.engines.question import Question
from switchstats.engines.rejected import to_quarantine
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.values import JOURNEY_STRATA, Journeys, LoadedJourneys

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from switchstats.engines.protocol import Engine
    from switchstats.facts import Registry
    from switchstats.inputs.mended import Mending

__all__ = ["read_journeys"]

_DAYS = 60


def read_journeys(  # noqa: PLR0913 -- as read_requests
    source: object,
    *,
    mapping: "Mapping[str, object] | str | Path | None" = None,
    registry: "Registry | str | Path | pd.DataFrame | None" = None,
    strata: Sequence[str] = (),
    as_of: date | None = None,
    days: int = _DAYS,
    engine: "str | Engine | None" = None,
    max_rejected: float | None = None,
    key: bytes | None = None,
    year: int | None = None,
    encoding: str | None = None,
    mended: "Mending" = None,
) -> LoadedJourneys:
    """Follow errors in request rows: filed again, resolved, withdrawn, or still open.

    A case is all requests of one gaining retailer at one supply point. It enters on the day on
    which its first request that ended in an error was submitted; all other requests of that day
    follow it. It is resolved on the day on which a request of it, submitted on that day or later,
    was accepted (its day of answer, ``resolved``, or without one its submission day); withdrawn
    when its last request was, and none accepted.

    Parameters
    ----------
    source, mapping, registry, engine, max_rejected, key, year, encoding, mended
        As in `read_requests`.
    strata
        Any of `JOURNEY_STRATA`, as they are at the first error; nothing else survives.
    as_of
        Day of the extract; the last submitted day in the data by default. Answers after it are
        not yet known; when the error itself was answered plays no part.
    days
        Last day since the error that is told apart. Cases whose first error lies fewer days before
        `as_of` are kept apart as not followed to the end.

    Returns
    -------
    LoadedJourneys
        Equal for equal rows, whichever engine holds them. Every row has its place in the account:
        counted (requests of a case from its first error on), excluded (of cases without an error,
        before the first error, after `as_of`), or quarantined.

    Raises
    ------
    InputError
        When a file cannot be read, a column is missing or ambiguous, or too many rows are bad.
    NotAnswerableError
        Without supply points, which link the requests of a case, or the column of a stratum.
    UsageError
        For an argument out of its range.

    Notes
    -----
    Only errors of which the data know enter. A customer who gave up and one who is still waiting
    look alike, so that giving up is read off as not resolved after `days`. Where days of answers
    are missing, times are too short by the time to an answer.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "申込日": ["2023-01-06", "2023-01-09", "2023-01-10", "2023-04-01"],
    ...     "新小売": ["北海道電力"] * 4,
    ...     "結果": ["NG", "OK", "NG", "OK"],
    ...     "供給地点特定番号": ["01" + "0" * 19 + digit for digit in "1123"],
    ... })
    >>> loaded = read_journeys(rows)
    >>> loaded.journeys, loaded.account.excluded
    (Journeys: 2 errors (2 followed for 60 days), 1 retailer, 1 month, {'without_error': 1})
    >>> loaded.journeys.frame[["day", "entered", "retried", "resolved"]].to_numpy().tolist()
    [[0, 2, 0, 0], [3, 0, 1, 1]]
    """
    if days < 1:
        raise UsageError(f"days must be at least 1, not {days}")
    for name in strata:
        if name not in JOURNEY_STRATA:
            raise UsageError(f"unknown stratum {name!r}; there are {', '.join(JOURNEY_STRATA)}")
    wanted = tuple(name for name in JOURNEY_STRATA if name in strata)
    question = _JourneyQuestion("cases", wanted, 0, days, as_of, month=True)
    terms = ReadingTerms(
        mapping=mapping,
        registry=registry,
        engine=engine,
        max_rejected=max_rejected,
        key=key,
        year=year,
        encoding=encoding,
        mended=mended,
    )
    return read_checked(source, terms, question, journey_columns, partial(_load, question))


@dataclass(frozen=True, slots=True)
class _JourneyQuestion(Question):
    """Cases, asked what became of their errors."""

    def needed(self, present: Sequence[str]) -> set[str]:
        """Return the columns that no row may leave blank."""
        if "supply_point" not in present:
            raise NotAnswerableError(
                "what became of errors",
                "the requests of one case cannot be told from those of others",
                "a column supply_point",
            )
        return Question.needed(self, present)

    def to_dict(self) -> dict[str, object]:
        """Return plain types."""
        day = None if self.as_of is None else self.as_of.isoformat()
        return {"strata": list(self.strata), "days": self.cases_days, "as_of": day}


def _load(question: Question, checked: Checked) -> LoadedJourneys:
    import pandas as pd

    as_of = question.as_of or date.fromordinal(checked.coded.days[-1])
    days = question.cases_days
    found = tally_journeys(checked, as_of.toordinal(), days)
    table = found.frame.rename(columns={"gaining": "retailer"})
    months = [divmod(int(month), 12) for month in table["month"]]
    table["period_start"] = pd.to_datetime([date(y, m + 1, 1) for y, m in months])
    after = [divmod(int(month) + 1, 12) for month in table["month"]]
    table["period_end"] = pd.to_datetime([date(y, m + 1, 1) for y, m in after])
    return LoadedJourneys(
        journeys=Journeys.of(table.drop(columns="month"), checked.known.retailers, days),
        quarantine=to_quarantine(checked.rejected),
        account=checked.account(found.counted, found.excluded),
        understood=checked.understood(as_of),
        provenance=checked.provenance(as_of),
    )
