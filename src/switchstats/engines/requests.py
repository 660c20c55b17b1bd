"""Reads request rows of any size into counts, a quarantine and an account of every row."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from switchstats.engines.checked import Checked, ReadingTerms, read_checked
from switchstats.engines.coding import Coded
from switchstats.engines.far_days import refuse_lone_last_day
from switchstats.engines.question import Estimand, Question
from switchstats.engines.rejected import to_quarantine
from switchstats.engines.tally import columns_for, tally
from switchstats.values import STRATA, Counts, Loaded
from switchstats.values.keyed import categories, distinct_keys, sums_by

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from switchstats.engines.protocol import Engine
    from switchstats.facts import Registry
    from switchstats.inputs.mended import Mending

__all__ = ["read_requests"]


def read_requests(  # noqa: PLR0913
    source: object,
    *,
    mapping: "Mapping[str, object] | str | Path | None" = None,
    registry: "Registry | str | Path | pd.DataFrame | None" = None,
    estimand: Estimand = "first_attempt",
    strata: Sequence[str] = (),
    settle_days: int = 30,
    as_of: date | None = None,
    cases_days: int = 30,
    engine: "str | Engine | None" = None,
    max_rejected: float | None = None,
    key: bytes | None = None,
    month: bool = True,
    year: int | None = None,
    encoding: str | None = None,
    mended: "Mending" = None,
) -> Loaded:
    """Count request rows by gaining retailer, month and the named strata.

    Every row is checked and has its place in the account: counted, excluded on purpose, or
    quarantined with its reason.

    Parameters
    ----------
    source
        A path, glob, folder or list of these (CSV and TSV, also in gzip or zstd, Parquet, xlsx,
        xls, ods), or a frame: pandas, Polars, Arrow table, DuckDB relation, Spark (Connect) frame.
    mapping
        Canonical name → header, as a dict or a TOML file, where the headers are not understood by
        themselves; ``None`` for a name leaves its column unread. Tables ``constants`` (name →
        value of every row) and ``values`` (name → {their value → ours}), ``year`` for dates
        without one, and ``encoding``; or several tables of columns and constants under ``layout``,
        for the files of several makers.
    registry
        The retailers, as a registry, or a file or frame for `read_registry`; the ten incumbents
        and ten entrants of page 17 by default.
    estimand
        Which requests count. ``"first_attempt"``: attempt number 1 or, without attempt numbers,
        the earliest request of one gaining retailer at one supply point (on one day an error
        first, then withdrawn, pending, accepted). ``"all_attempts"``: every request. ``"cases"``:
        each gaining retailer × supply point once, by the day and strata of its first request; an
        error when no request of it is accepted within `cases_days` of that day (accepted on its
        day of answer, ``resolved``, or without one on its submission day).
    strata
        Any of `STRATA`; nothing else survives. ``"home"``: ``yes`` in the gaining retailer's own
        area.
    settle_days
        All requests of the last so many days up to `as_of` are excluded, since leaving out only
        the pending ones among them would count their errors and not their successes.
    as_of
        Day of the extract; the last submitted day in the data by default.
    cases_days
        Days within which a case must be accepted; cases without that many days before `as_of` are
        excluded as settling.
    engine
        ``"duckdb"`` (files by default), ``"spark"``, or an engine with settings of its own, such
        as ``DuckDB(memory_limit="4GB")``; frames stay with the library that holds them.
    max_rejected
        Largest number (an ``int``) or fraction (a ``float``) of rows that may be rejected.
    key
        Key of the hash by which equal supply points are linked; random by default.
    month
        Whether the period is the calendar month of submission; else one period spans all days.
    year
        Calendar year of days written without one, instead of the mapping's.
    encoding
        Of text files, instead of the mapping's; detected by default.
    mended
        A file of `write_quarantine` with corrected cells, or several.

    Returns
    -------
    Loaded
        Equal for equal rows, whichever engine holds them; lines stand in the quarantine only
        where the engine knows them.

    Raises
    ------
    InputError
        When a file cannot be read, a column is missing or ambiguous, or too many rows are bad.
    NotAnswerableError
        When the estimand or a stratum needs a column that is not there.
    UsageError
        For an argument out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "申込日": ["R5.1.6", "2023/1/7", "2023-04-01"],
    ...     "新小売": ["北海道電力（株）", "北海道電力", "新電力A"],
    ...     "結果": ["ＮＧ", "成立", "処理中"],
    ...     "申込回数": ["1", "1", "1"],
    ... })
    >>> loaded = read_requests(rows)
    >>> loaded.counts, loaded.account.excluded
    (Counts: 2 requests, 1 errors, 1 retailer, 1 period, {'settling': 1})
    """
    wanted = tuple(name for name in STRATA if name in strata)
    unknown = [name for name in strata if name not in STRATA]
    question = Question(estimand, (*wanted, *unknown), settle_days, cases_days, as_of, month=month)
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
    return read_checked(source, terms, question, columns_for, partial(_load, question))


def _load(question: Question, checked: Checked) -> Loaded:
    coded = checked.coded
    if question.as_of is None and question.settle_days:
        refuse_lone_last_day(coded.days)
    as_of = question.as_of or date.fromordinal(coded.days[-1])
    last_settled = question.last_settled(as_of)
    found = tally(checked.engine, checked.rows, coded, question, last_settled)
    counted, excluded = int(found.frame["requests"].sum()), found.excluded
    provenance = checked.provenance(as_of)
    # millions of rows are not held twice
    checked.release()
    frame = _counts_frame(found.frame, question, coded)
    del found
    return Loaded(
        counts=Counts.of(frame, checked.known.retailers),
        quarantine=to_quarantine(checked.rejected),
        account=checked.account(counted, excluded),
        understood=checked.understood(as_of),
        provenance=provenance,
    )


def _counts_frame(found: "pd.DataFrame", question: Question, coded: Coded) -> "pd.DataFrame":
    """Turn the tally into the columns of `Counts`, errors beside requests."""
    import pandas as pd

    table = found.rename(columns={"gaining": "retailer"})
    if not question.month:
        table["month"] = 0
    cell = ["retailer", "month", *(name for name in question.strata if name != "reason")]
    counts = sums_by(table, cell, ["requests", "errors"])
    if "reason" in question.strata:
        counts = _by_reason(table, counts, cell)
    spans = {month: _span(month, question, coded) for month in counts["month"].unique()}
    for name, place in (("period_start", 0), ("period_end", 1)):
        days = {month: pd.Timestamp(span[place]) for month, span in spans.items()}
        counts[name] = counts["month"].map(days)
    if "attempt" in question.strata:
        counts["attempt"] = counts["attempt"].astype("int64")
    return counts.drop(columns="month")


def _by_reason(
    table: "pd.DataFrame", counts: "pd.DataFrame", cell: Sequence[str]
) -> "pd.DataFrame":
    """Return a row for each set of reasons, or one without reasons where nothing failed."""
    import numpy as np
    import pandas as pd

    failed = sums_by(table[table["errors"] > 0], [*cell, "reason"], ["errors"])
    whole = counts.loc[counts["errors"] == 0, [*cell, "errors"]]
    sets = sorted({"", *table["reason"].cat.categories})
    failed["reason"] = failed["reason"].cat.set_categories(sets)
    whole["reason"] = categories(sets, np.zeros(len(whole), dtype=np.int64), whole.index)
    rows = pd.concat([failed, whole], ignore_index=True)
    # both hold the same cells in the same order
    rows["requests"] = counts["requests"].to_numpy()[distinct_keys(rows, cell)[1]]
    return rows


def _span(month: int, question: Question, coded: Coded) -> tuple[date, date]:
    """Return the first day of a month, or of all rows, and the day after the last."""
    if not question.month:
        return date.fromordinal(coded.days[0]), date.fromordinal(coded.days[-1] + 1)
    starts = (month, month + 1)
    first, beyond = (date(start // 12, start % 12 + 1, 1) for start in starts)
    return first, beyond
