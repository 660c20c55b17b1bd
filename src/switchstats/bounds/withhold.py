"""The fewest printed digits to withhold so that every secret keeps its width.

A table printed coarser stands for everything that it stood for before, so no range becomes
narrower. What is exposed at some levels of the cells therefore asks for one of them to be coarser:
a demand. The least advice that meets every demand found so far is tried, and what is still exposed
gives the next demands, until nothing is: implicit hitting sets (Moreno-Centeno and Karp, Operations
Research 61 (2013), 453-468, doi:10.1287/opre.1120.1139).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from switchstats.bounds.audit import Audit
from switchstats.bounds.coarser import Printing
from switchstats.bounds.pinned import Knowledge, Secret, pinned
from switchstats.bounds.solver import SolverError
from switchstats.values import PublishedTable

__all__ = ["Advice", "least_withheld"]

Levels: TypeAlias = tuple[int, ...]
# cell -> the level it would have to reach; one of them must
Demand: TypeAlias = dict[int, int]

_AUDITS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Advice:
    """How coarse to print each cell.

    Parameters
    ----------
    levels
        Of each cell of the printing.
    proof
        ``"least"``: nothing that withholds fewer digits is enough; ``"greedy"``: the search was
        not finished, and less may do; ``None``: there was none.
    beyond_help
        Secrets that are exposed even by a table without a single printed rate.
    """

    levels: Levels
    proof: Literal["least", "greedy"] | None
    beyond_help: tuple[Secret, ...]


def least_withheld(
    printing: Printing,
    knowledge: Knowledge,
    secrets: Sequence[Secret],
    least_width: float,
    blanks: Sequence[int] = (),
    most_checks: int = 2000,
) -> Advice:
    """Return the least advice by which every secret keeps its width.

    Parameters
    ----------
    printing, knowledge
        The table, and what is known besides.
    secrets
        What must stay open.
    least_width
        How much must stay open of each.
    blanks
        Cells that must be blank whatever else is done.
    most_checks
        How many ranges are computed at most in search of the least advice; after that cells are
        made coarser one by one.
    """
    search = _Search(printing, knowledge, least_width)
    nothing = printing.last_levels
    beyond = tuple(secret for secret in secrets if search.exposed(secret, nothing))
    open_ones = [secret for secret in secrets if secret not in beyond]
    demands: list[Demand] = [{cell: printing.last_levels[cell]} for cell in blanks]
    while True:
        levels = _least_levels(printing, demands)
        exposed = [each for each in open_ones if search.exposed(each, levels)]
        if not exposed:
            return Advice(levels, "least", beyond)
        if search.checks > most_checks:
            return Advice(_greedy(search, open_ones, levels), "greedy", beyond)
        for secret in exposed:
            demand = _demand(search, secret, levels)
            if demand not in demands:
                demands.append(demand)


@dataclass(slots=True)
class _Search:
    """Widths and audits found so far; every width that is not remembered counts as a check."""

    printing: Printing
    knowledge: Knowledge
    least_width: float
    checks: int = 0
    widths: dict[tuple[Secret, Levels], float] = field(
        default_factory=dict[tuple[Secret, Levels], float]
    )
    audits: dict[PublishedTable, Audit] = field(default_factory=dict[PublishedTable, Audit])

    def exposed(self, secret: Secret, levels: Levels) -> bool:
        return self.width(secret, levels) < self.least_width

    def width(self, secret: Secret, levels: Levels) -> float:
        if (secret, levels) not in self.widths:
            self.checks += 1
            scope = self.knowledge.scope(secret, self.printing.at(levels))
            self.widths[secret, levels] = pinned(self._audit(scope), secret, self.knowledge).width
        return self.widths[secret, levels]

    def _audit(self, table: PublishedTable) -> Audit:
        if table not in self.audits:
            if len(self.audits) >= _AUDITS_KEPT:
                self.audits.pop(next(iter(self.audits)))
            self.audits[table] = self.knowledge.audit(table)
        return self.audits[table]


def _demand(search: _Search, secret: Secret, levels: Levels) -> Demand:
    """Return cells of which one must be coarser, as few as can be and as coarse as can be."""
    printing = search.printing
    last = printing.last_levels
    rows = _cells_by_row(printing, secret.retailer, levels)
    own, others = rows[0], rows[1:]
    kept = dict.fromkeys(own)
    if not search.exposed(secret, _only(kept, levels, last)):
        kept = dict.fromkeys(cell for row in (*others, own) for cell in row)
        for row in others:
            fewer = {cell: None for cell in kept if cell not in row}
            if search.exposed(secret, _only(fewer, levels, last)):
                kept = fewer
    for cell in list(kept):
        fewer = {other: None for other in kept if other != cell}
        if search.exposed(secret, _only(fewer, levels, last)):
            kept = fewer
    coarse = list(_only(kept, levels, last))
    for cell in kept:
        while coarse[cell] + 1 < last[cell]:
            coarse[cell] += 1
            if not search.exposed(secret, tuple(coarse)):
                coarse[cell] -= 1
                break
    return {cell: coarse[cell] + 1 for cell in kept}


def _cells_by_row(printing: Printing, retailer: str, levels: Levels) -> list[list[int]]:
    """Return the cells that are not blank, those of a retailer first."""
    rows: dict[int, list[int]] = {}
    own: list[int] = []
    for cell, (place, _) in enumerate(printing.cells):
        if levels[cell] == printing.last_levels[cell]:
            continue
        owner = printing.row_of(cell).retailer
        if owner is not None and owner.retailer == retailer:
            own.append(cell)
        else:
            rows.setdefault(place, []).append(cell)
    return [own, *rows.values()]


def _only(kept: Collection[int], levels: Levels, last: Levels) -> Levels:
    """Return levels at which all other cells are blank."""
    return tuple(
        level if cell in kept else blank
        for cell, (level, blank) in enumerate(zip(levels, last, strict=True))
    )


def _least_levels(printing: Printing, demands: Sequence[Demand]) -> Levels:
    """Return levels that meet every demand and withhold the fewest digits.

    Among equally good ones, coarser cells stand as near the top of the table as can be.
    """
    steps = [
        (cell, level)
        for cell in sorted({cell for demand in demands for cell in demand})
        for level in range(1, printing.last_levels[cell] + 1)
    ]
    levels = [0] * len(printing.cells)
    if not steps:
        return tuple(levels)
    for (cell, _), taken in zip(steps, _chosen(printing, steps, demands), strict=True):
        levels[cell] += taken
    return tuple(levels)


def _chosen(
    printing: Printing, steps: Sequence[tuple[int, int]], demands: Sequence[Demand]
) -> list[int]:
    """Return 1 for each step of a cell that is taken, 0 for the others."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    place = {step: number for number, step in enumerate(steps)}
    lost = [
        printing.digits_lost(cell, level) - printing.digits_lost(cell, level - 1)
        for cell, level in steps
    ]
    beyond_all_ties = len(steps) * (len(steps) + 1)
    rows = [[0.0] * len(steps) for _ in demands]
    for row, demand in zip(rows, demands, strict=True):
        for step in demand.items():
            row[place[step]] = 1.0
    limits = [1.0] * len(rows)
    for (cell, level), number in place.items():
        if level > 1:  # no step without the one before
            row = [0.0] * len(steps)
            row[place[cell, level - 1]], row[number] = 1.0, -1.0
            rows.append(row)
            limits.append(0.0)
    found = milp(
        np.array(lost, dtype=float) * beyond_all_ties + np.arange(len(steps)),
        constraints=LinearConstraint(np.array(rows), lb=np.array(limits)),
        integrality=np.ones(len(steps), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None or found.status != 0:
        raise SolverError(f"the solver of whole numbers stopped without an answer: {found.message}")
    return [round(float(each)) for each in found.x]


def _greedy(search: _Search, secrets: Sequence[Secret], levels: Levels) -> Levels:
    """Make cells coarser one by one, each time the one that opens the first exposed secret most."""
    for secret in secrets:
        while search.exposed(secret, levels):
            rows = _cells_by_row(search.printing, secret.retailer, levels)
            nearest = next(row for row in rows if row)
            tried = [
                tuple(level + (cell == each) for each, level in enumerate(levels))
                for cell in nearest
            ]
            levels = max(tried, key=lambda each: search.width(secret, each))
    return levels
