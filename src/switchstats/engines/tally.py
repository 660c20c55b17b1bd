"""Counts the valid rows once: by key, and by what becomes of each row under the estimand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

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
from switchstats.engines.protocol import LINK, Engine
from switchstats.engines.question import Question
from switchstats.values.keyed import categories

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

__all__ = ["Tally", "columns_for", "tally"]

_ERROR, _WITHDRAWN, _PENDING, _ACCEPTED = range(len(OUTCOMES))
_SETTLING, _LATER, _COUNTED = range(len(OUTCOMES), len(OUTCOMES) + 3)
_FATE, _REQUESTS, _ERRORS, _ROWS = "fate_", "n_requests_", "n_errors_", "n_rows_"
_STRATUM_COLUMNS = {
    "area": "c_area",
    "losing": "c_losing",
    "losing_group": "c_losing_group",
    "home": "home_",
    "reason": "c_reasons",
    "voltage": "c_voltage",
    "attempt": "c_attempt",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of requests by key and fate.

    Parameters
    ----------
    frame
        Columns ``gaining``, ``month``, each stratum, ``requests`` and ``errors``. Of a cell told
        apart by reason, each row has the requests with that reason only.
    excluded
        Valid rows left out, by reason.
    """

    frame: "pd.DataFrame"
    excluded: Mapping[str, int]


def columns_for(coded: Coded, question: Question) -> list[str]:
    """Return the coded columns that the tally needs."""
    columns = ["c_gaining", "c_submitted", "c_month", "c_outcome"]
    columns += [_STRATUM_COLUMNS[name] for name in question.strata if name != "home"]
    if "home" in question.strata:
        columns += ["c_area", "c_own_area"]
    if question.linked(coded.columns):
        columns.append(LINK)
        if question.estimand == "cases" and "resolved" in coded.columns:
            columns.append("c_resolved")
    elif question.estimand == "first_attempt":
        columns.append("c_attempt")
    return list(dict.fromkeys(columns))


def tally(
    engine: Engine,
    rows: "nw.LazyFrame[Any]",
    coded: Coded,
    question: Question,
    last_settled: int,
) -> Tally:
    """Count the rows by key, and what is left out by its reason.

    Parameters
    ----------
    engine, coded
        Where the rows are, and what their codes mean.
    rows
        Valid rows, each once, with the columns of `columns_for`.
    question
        The estimand and the strata.
    last_settled
        Last day, as an ordinal, whose requests count.
    """
    import narwhals as nw

    if "home" in question.strata:
        own = nw.when(nw.col("c_area") == nw.col("c_own_area")).then(nw.lit(1))
        rows = rows.with_columns(own.otherwise(nw.lit(0)).alias("home_"))
    strata = [_STRATUM_COLUMNS[name] for name in question.strata]
    keys = ["c_gaining", "c_month", *strata]
    linked = question.linked(coded.columns)
    numbers = [nw.len().alias(_REQUESTS), nw.col(_ERRORS).count()]
    if linked:
        one = _links(engine, rows, coded, question, last_settled)
        numbers.append(nw.col(_ROWS).sum())
    else:
        one = rows.with_columns(_fate_of_rows(question, last_settled).alias(_FATE))
    # of what is left out only the number is told, so that its keys need no groups of their own
    counted = (nw.col(_FATE) == _ERROR) | (nw.col(_FATE) == _ACCEPTED)
    one = one.with_columns(
        nw.when(nw.col(_FATE) == _ERROR).then(nw.lit(1)).alias(_ERRORS),
        nw.when(counted).then(nw.lit(_COUNTED)).otherwise(nw.col(_FATE)).alias(_FATE),
        *(nw.when(counted).then(nw.col(key)).alias(key) for key in keys),
    )
    table = one.group_by(*keys, _FATE).agg(*numbers)
    found = _labelled(table, keys, question, coded)
    pa: Any = import_module("pyarrow")
    pa.default_memory_pool().release_unused()  # it keeps the room that millions of cells took
    if linked and question.estimand == "first_attempt":
        late = rows.filter(nw.col("c_submitted") > last_settled).select(nw.len())
        unsettled = int(late.collect().item())
        if unsettled:
            return Tally(found.frame, {"settling": unsettled} | dict(found.excluded))
    return found


def _fate_of_rows(question: Question, last_settled: int) -> "nw.Expr":
    import narwhals as nw

    fate = nw.when(nw.col("c_submitted") > last_settled).then(nw.lit(_SETTLING))
    if question.estimand == "first_attempt":
        fate = fate.when(nw.col("c_attempt") > 1).then(nw.lit(_LATER))
    return fate.otherwise(nw.col("c_outcome").cast(nw.Int32))


def _links(
    engine: Engine,
    rows: "nw.LazyFrame[Any]",
    coded: Coded,
    question: Question,
    last_settled: int,
) -> "nw.LazyFrame[Any]":
    """Return links, one row each: all requests of one gaining retailer at one supply point.

    The first request of a link, with its day, outcome and strata, is the smallest of one whole
    number a request, whose digits are these; so one grouping is enough and no rows are sorted.
    """
    import narwhals as nw

    used = [_STRATUM_COLUMNS[name] for name in question.strata]
    digits = digits_of(coded, ["c_outcome", *used])
    day = nw.col("c_submitted").cast(nw.Int64)
    parts = [nw.len().alias(_ROWS)]
    if question.estimand == "cases":
        solved = nw.when(nw.col("c_outcome") == _ACCEPTED).then(answered_day(coded))
        decided = nw.col("c_outcome").is_in([_ERROR, _ACCEPTED])
        rows = rows.with_columns(
            solved.alias("solved_"),
            nw.when(decided).then(nw.lit(1)).otherwise(nw.lit(0)).alias("decided_"),
        )
        parts += [nw.col("solved_").min(), nw.col("decided_").max()]
    rows = rows.with_columns(number_of(digits).alias(FIRST))
    parts.append(nw.col(FIRST).min())
    fate = nw.col("c_outcome")
    if question.estimand == "cases":
        fate = _fate_of_cases(question, last_settled)
    else:
        rows = rows.filter(day <= last_settled)
    links = firsts(rows.group_by(LINK, "c_gaining").agg(*parts), digits)
    return with_months(engine, links, coded).with_columns(fate.cast(nw.Int32).alias(_FATE))


def _fate_of_cases(question: Question, last_settled: int) -> "nw.Expr":
    import narwhals as nw

    first = nw.col("c_day")
    in_time = (nw.col("solved_") <= first + question.cases_days).fill_null(value=False)
    return (
        nw.when(first > last_settled)
        .then(nw.lit(_SETTLING))
        .when(nw.col("decided_") == 0)
        .then(nw.col("c_outcome").cast(nw.Int32))
        .when(in_time)
        .then(nw.lit(_ACCEPTED))
        .otherwise(nw.lit(_ERROR))
    )


def _labelled(
    table: "nw.LazyFrame[Any]", keys: Sequence[str], question: Question, coded: Coded
) -> Tally:
    import narwhals as nw
    import pandas as pd

    # SQL engines add whole numbers up to something wider
    numbers = [name for name in (_REQUESTS, _ERRORS, _ROWS) if name in table.collect_schema()]
    narrow = table.with_columns(
        *(nw.col(name).cast(nw.Int64) for name in numbers),
        *(nw.col(name).fill_null(0).cast(nw.Int32) for name in keys),
    )
    frame = narrow.collect()
    fate, requests = frame[_FATE].to_numpy(), frame[_REQUESTS].to_numpy()
    rows = frame[_ROWS].to_numpy() if _ROWS in frame.columns else requests
    # the further rows of a link, and all rows of a request that is itself a later one
    later = rows - np.where(fate == _LATER, 0, requests)
    excluded = {
        "settling": rows[fate == _SETTLING].sum(),
        "later_attempt": later[fate != _SETTLING].sum(),
        "pending": requests[fate == _PENDING].sum(),
        "withdrawn": requests[fate == _WITHDRAWN].sum(),
    }
    kept = fate == _COUNTED
    columns: dict[str, Any] = {"requests": requests[kept]}
    del fate, requests, rows, later
    frame = frame.drop(_FATE, _REQUESTS)
    index = pd.RangeIndex(columns["requests"].size)
    # a column is let go when its copy is made
    columns["errors"] = frame[_ERRORS].to_numpy()[kept]
    for name, column in zip(("gaining", "month", *question.strata), keys, strict=True):
        codes, words = frame[column].to_numpy()[kept], coded.labels.get(name)
        columns[name] = codes if words is None else categories(words, codes, index)
        frame = frame.drop(column)
    named = pd.DataFrame(columns, index, copy=False)
    return Tally(named, {name: int(n) for name, n in excluded.items() if n})
