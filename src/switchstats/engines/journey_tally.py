"""Follows each case from its first error: filed again, resolved, withdrawn, or the data end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchstats.engines.checked import Checked
from switchstats.engines.cleaning import OUTCOMES
from switchstats.engines.coding import Coded
from switchstats.engines.firsts import (
    FIRST,
    answered_day,
    digits_of,
    firsts,
    number_of,
    with_months,
)
from switchstats.engines.protocol import LINK
from switchstats.engines.question import Question

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

__all__ = ["JourneyTally", "journey_columns", "tally_journeys"]

_ERROR, _WITHDRAWN, _PENDING, _ACCEPTED = range(len(OUTCOMES))
_OPEN, _RESOLVED, _LEFT, _CENSORED = range(4)
_STRATUM_COLUMNS = {"area": "c_area", "losing_group": "c_losing_group", "home": "home_"}
# A day after all days, and none at all.
_NEVER, _NONE = 10_000_000, -1
_CASES, _ROWS, _BEFORE = "n_cases_", "n_rows_", "n_before_"


@dataclass(frozen=True, slots=True)
class JourneyTally:
    """Cases by what became of them.

    Parameters
    ----------
    frame
        Columns ``gaining``, ``month``, each stratum, ``followed``, ``day`` and the numbers of
        `JOURNEY_EVENTS`.
    counted
        Requests of these cases, from the first error on.
    excluded
        Valid rows left out, by reason.
    """

    frame: "pd.DataFrame"
    counted: int
    excluded: Mapping[str, int]


def journey_columns(coded: Coded, question: Question) -> list[str]:
    """Return the coded columns that the tally needs."""
    columns = ["c_gaining", "c_submitted", "c_outcome", LINK]
    columns += [_STRATUM_COLUMNS[name] for name in question.strata if name != "home"]
    if "home" in question.strata:
        columns += ["c_area", "c_own_area"]
    if "resolved" in coded.columns:
        columns.append("c_resolved")
    return list(dict.fromkeys(columns))


def tally_journeys(checked: Checked, as_of: int, days: int) -> JourneyTally:
    """Count cases with an error by what became of them.

    Parameters
    ----------
    checked
        Valid rows, each once, with the columns of `journey_columns`.
    as_of
        Last day of the data, as an ordinal.
    days
        Last day since the error that is told apart.
    """
    import narwhals as nw

    coded, rows = checked.coded, checked.rows
    accepted = checked.accepted
    late = 0
    if coded.days[-1] > as_of:
        beyond = rows.filter(nw.col("c_submitted") > as_of).select(nw.len())
        late = int(beyond.collect().item())
        rows = rows.filter(nw.col("c_submitted") <= as_of)
    strata = [_STRATUM_COLUMNS[name] for name in checked.question.strata]
    keys = ["c_gaining", "c_month", *strata, "followed_"]
    cases = _with_fates(_cases(checked, rows, strata, as_of), as_of, days)
    table = cases.group_by(*keys, "fate_", "end_", "again_").agg(
        nw.len().alias(_CASES), nw.col(_ROWS).sum(), nw.col(_BEFORE).sum()
    )
    # SQL engines add whole numbers up to something wider
    narrow = table.with_columns(*(nw.col(name).cast(nw.Int64) for name in (_CASES, _ROWS, _BEFORE)))
    found = narrow.collect().to_pandas()
    # no retry has no day; a missing number is a fraction to pandas
    found["again_"] = found["again_"].fillna(_NONE).astype("int64")
    before = int(found[_BEFORE].sum())
    counted = int(found[_ROWS].sum()) - before
    excluded = {
        "without_error": accepted - late - before - counted,
        "before_error": before,
        "after_as_of": late,
    }
    return JourneyTally(
        _labelled(_by_day(found, keys), checked, strata),
        counted,
        {name: n for name, n in excluded.items() if n},
    )


def _cases(
    checked: Checked, rows: "nw.LazyFrame[Any]", strata: Sequence[str], as_of: int
) -> "nw.LazyFrame[Any]":
    """Return cases with an error, one row each, with the days of what followed it.

    All other requests of the first error's day are taken to follow it, since who is told of an
    error files again.
    """
    import narwhals as nw

    coded = checked.coded
    if "home_" in strata:
        own = nw.when(nw.col("c_area") == nw.col("c_own_area")).then(nw.lit(1))
        rows = rows.with_columns(own.otherwise(nw.lit(0)).alias("home_"))
    digits = digits_of(coded, strata)
    link = [LINK, "c_gaining"]
    errors = rows.filter(nw.col("c_outcome") == _ERROR).with_columns(number_of(digits).alias(FIRST))
    entered = firsts(errors.group_by(*link).agg(nw.col(FIRST).min()), digits)
    first, day = nw.col("c_day"), nw.col("day_")
    since = day >= first
    # an answer after the data end is not yet known then
    answer = nw.when(answered_day(coded) <= as_of).then(nw.col("c_outcome").cast(nw.Int64))
    moves = rows.select(
        *link,
        nw.col("c_submitted").cast(nw.Int64).alias("day_"),
        answer.otherwise(nw.lit(_PENDING)).alias("outcome_"),
        answered_day(coded).alias("answered_"),
    ).join(entered.select(*link, "c_day", *strata), on=link, how="inner")
    solved = since & (nw.col("outcome_") == _ACCEPTED)
    left = since & (nw.col("outcome_") == _WITHDRAWN)
    moves = moves.with_columns(
        nw.when(solved).then(nw.col("answered_")).alias("solved_"),
        nw.when(left).then(nw.col("answered_")).alias("left_"),
        nw.when(since).then(day * len(OUTCOMES) + nw.col("outcome_")).alias("last_"),
        nw.when(day > first).then(day).alias("next_"),
        nw.when(day == first).then(nw.lit(1)).alias("same_"),
        nw.when(day < first).then(nw.lit(1)).alias(_BEFORE),
    )
    cases = moves.group_by(*link, "c_day", *strata).agg(
        nw.len().alias(_ROWS),
        nw.col("solved_").min(),
        nw.col("left_").max(),
        nw.col("last_").max(),
        nw.col("next_").min(),
        nw.col("same_").count(),
        nw.col(_BEFORE).count(),
    )
    missing = {"solved_": _NEVER, "left_": _NONE, "next_": _NEVER}
    filled = (nw.col(name).fill_null(day).cast(nw.Int64) for name, day in missing.items())
    return with_months(checked.engine, cases.with_columns(*filled), coded)


def _with_fates(cases: "nw.LazyFrame[Any]", as_of: int, days: int) -> "nw.LazyFrame[Any]":
    """Return the cases with their end and first retry, in days since the error.

    A case is withdrawn when its last request is, and none was accepted.
    """
    import narwhals as nw

    first = nw.col("c_day")
    reach = (nw.lit(as_of) - first).cast(nw.Int64)
    cases = cases.with_columns(
        (reach >= days).cast(nw.Int64).alias("followed_"),
        nw.when(reach >= days).then(nw.lit(days)).otherwise(reach).alias("reach_"),
        (nw.col("solved_") - first).alias("solved_"),
        nw.when((nw.col("last_") % len(OUTCOMES) == _WITHDRAWN) & (nw.col("solved_") == _NEVER))
        .then(nw.col("left_") - first)
        .otherwise(nw.lit(_NONE))
        .alias("left_"),
        nw.when(nw.col("same_") > 1)
        .then(nw.lit(0))
        .otherwise(nw.col("next_") - first)
        .alias("next_"),
    )
    reach = nw.col("reach_")
    solved = nw.col("solved_") <= reach
    left = (nw.col("left_") >= 0) & (nw.col("left_") <= reach)
    fate = nw.when(solved).then(nw.lit(_RESOLVED)).when(left).then(nw.lit(_LEFT))
    end = nw.when(solved).then(nw.col("solved_")).when(left).then(nw.col("left_"))
    again = nw.when(nw.col("next_") <= reach).then(nw.col("next_"))
    return cases.with_columns(
        fate.when(nw.col("followed_") == 0)
        .then(nw.lit(_CENSORED))
        .otherwise(nw.lit(_OPEN))
        .alias("fate_"),
        end.otherwise(reach).alias("end_"),
        again.alias("again_"),
    )


def _by_day(found: "pd.DataFrame", keys: Sequence[str]) -> "pd.DataFrame":
    """Return the numbers of each event by key and day."""
    import pandas as pd

    number, end, fate, again = (found[name] for name in (_CASES, "end_", "fate_", "again_"))
    events = {
        "entered": (number > 0, end * 0),
        "retried": (again != _NONE, again),
        "resolved": (fate == _RESOLVED, end),
        "withdrawn": (fate == _LEFT, end),
        "censored": (fate == _CENSORED, end),
        "censored_before_retry": ((fate == _CENSORED) & (again == _NONE), end),
    }
    parts = [
        found.loc[happened, list(keys)].assign(day=day[happened], **{name: number[happened]})
        for name, (happened, day) in events.items()
    ]
    numbers = pd.concat(parts, ignore_index=True).fillna(dict.fromkeys(events, 0))
    return numbers.groupby([*keys, "day"], as_index=False)[list(events)].sum()


def _labelled(table: "pd.DataFrame", checked: Checked, strata: Sequence[str]) -> "pd.DataFrame":
    import numpy as np

    labels = checked.coded.labels
    for name, column in zip(
        ("gaining", *checked.question.strata), ("c_gaining", *strata), strict=True
    ):
        codes = table[column].fillna(0).to_numpy(dtype="int64")
        table[name] = np.asarray(labels[name], dtype=object)[codes]
    table["followed"] = np.where(table["followed_"] == 1, "yes", "no")
    table = table.rename(columns={"c_month": "month"})
    return table.drop(columns=["c_gaining", *strata, "followed_"])
