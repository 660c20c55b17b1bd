"""Whether rows of two printed tables can be the same retailer's, and which must be.

An outsider who lays tables side by side pools what stands under one name or label, and asks which
rows go together. Two rows can be the same retailer's when some requests and errors print as both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from switchstats.bounds.audit import audit
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import (
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    RoundingRule,
    Source,
    TableRow,
)

__all__ = ["Evidence", "can_be_one", "evidence_of", "forced_pairs"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rates that are printed under one name, with the rule under which each is read."""

    rates: Mapping[Period, tuple[PrintedRate, RoundingRule]]

    def __add__(self, other: "Evidence") -> "Evidence":
        """Pool two rows; where both print a period, the first one's rate stays."""
        return Evidence({**other.rates, **self.rates})

    def comparable(self, other: "Evidence") -> bool:
        """Whether some period of one is, contains or is part of a period of the other."""
        return any(
            first.contains(second) or second.contains(first)
            for first in self.rates
            for second in other.rates
        )


def evidence_of(table: PublishedTable, row: TableRow) -> Evidence:
    """Return what a row prints, blanks left out."""
    return Evidence(
        {
            column.period: (cell, table.rounding)
            for column, cell in zip(table.periods, row.cells, strict=True)
            if cell is not None
        }
    )


def can_be_one(first: Evidence, second: Evidence) -> bool:
    """Whether some requests and errors print as both rows.

    Cells of the same period must have a rate in common; periods that contain one another are held
    to each other as in the audit of a table.

    Examples
    --------
    >>> from datetime import date
    >>> year = Period(date(2022, 4, 1), date(2023, 4, 1))
    >>> rows = [Evidence({year: (PrintedRate(cell), "half_up")}) for cell in ("18.0", "18", "18.2")]
    >>> can_be_one(rows[0], rows[1]), can_be_one(rows[0], rows[2])
    (True, False)
    """
    for period in first.rates.keys() & second.rates.keys():
        (a, b), (c, d) = (
            rate.bounds(rule) for rate, rule in (first.rates[period], second.rates[period])
        )
        if not (a < d and c < b) and (a, b) != (c, d):
            return False
    if first.rates.keys() <= second.rates.keys() or second.rates.keys() <= first.rates.keys():
        return True
    return audit(_one_row(_finest(first, second))).consistent is not False


def forced_pairs(possible: Sequence[Sequence[bool]]) -> tuple[tuple[int, int], ...]:
    """Return rows and columns that go together however as many as can be are paired.

    Examples
    --------
    >>> forced_pairs([[True, True], [True, False]])
    ((0, 1), (1, 0))
    >>> forced_pairs([[True, True], [True, True]])
    ()
    """
    pairs = [
        (row, column)
        for row, columns in enumerate(possible)
        for column, can_be in enumerate(columns)
        if can_be
    ]
    most = _most_pairs(possible, None)
    return tuple(pair for pair in pairs if _most_pairs(possible, pair) < most)


def _most_pairs(possible: Sequence[Sequence[bool]], left_out: tuple[int, int] | None) -> int:
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    matrix = np.array(possible, dtype=np.int8)
    if left_out is not None:
        matrix[left_out] = 0
    return int((maximum_bipartite_matching(csr_array(matrix)) >= 0).sum())


def _finest(first: Evidence, second: Evidence) -> Evidence:
    """Return all rates of both, of a period printed twice the one with more decimals."""
    finer = {
        period: second.rates[period]
        for period in first.rates.keys() & second.rates.keys()
        if second.rates[period][0].decimals > first.rates[period][0].decimals
    }
    return Evidence({**(first + second).rates, **finer})


def _one_row(evidence: Evidence) -> PublishedTable:
    rules = list[RoundingRule]({rule for _, rule in evidence.rates.values()})
    blank = Text("", "")
    return PublishedTable(
        name="pooled",
        periods=tuple(PrintedPeriod(period, blank) for period in evidence.rates),
        rows=(
            TableRow(
                Retailer("pooled", blank, "pooled"),
                "pooled",
                tuple(rate for rate, _ in evidence.rates.values()),
            ),
        ),
        averages=(),
        source=Source(blank, blank, None, blank),
        rounding=rules[0] if len(rules) == 1 else "unknown",
    )
