"""Which printed cells and which knowledge cannot all be right, and where to look."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from switchstats.bounds.cells import Cell, cells_of, only_cells, replaced
from switchstats.bounds.component import Component
from switchstats.bounds.conflict_words import conflict_message
from switchstats.bounds.constraints import Constraint
from switchstats.bounds.remedies import Remedy, remedy
from switchstats.bounds.smallest import smallest_contradiction
from switchstats.bounds.system import Origin
from switchstats.labels import Text
from switchstats.values import PrintedRate, PublishedTable, Shown

__all__ = ["Conflict", "find_conflicts"]

# A set of more claims is not made smaller one by one.
_MOST_TRIED = 150
_MOST_CONFLICTS = 12
# Beyond it the smallest number of claims is not looked for.
_MOST_FOR_SMALLEST = 80
_MOST_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Conflict(Shown):
    """Printed cells, and what the user said besides, that cannot all be right.

    Parameters
    ----------
    cells
        Printed cells that contradict each other.
    constraints
        What the user said that has a part in it.
    remedies
        Cells of which any one alone, if wrong, explains this conflict, with what they could be.
    proof
        That they contradict each other is proved exactly. ``"smallest"``: no smaller set of those
        that are left of this part of the table does (see `smallest_contradiction`);
        ``"irreducible"``: without any one of them the others do not, though a smaller set of others
        may; ``"contradictory"``: there are too many to try.
    message
        The same in words.
    """

    cells: tuple[Cell, ...]
    remedies: tuple[Remedy, ...]
    message: Text
    constraints: tuple[Constraint, ...] = ()
    proof: Literal["smallest", "irreducible", "contradictory"] = "irreducible"

    @property
    def suspects(self) -> tuple[Cell, ...]:
        """Cells of which any one alone, if wrong, explains this conflict."""
        return tuple(each.cell for each in self.remedies)

    def to_dict(self, table: PublishedTable) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "message": self.message.to_dict(),
            "cells": [each.to_dict(table) for each in self.cells],
            "suspects": [each.to_dict(table) for each in self.remedies],
            "constraints": [repr(each) for each in self.constraints],
            "proof": self.proof,
        }


@dataclass(frozen=True, slots=True)
class _Claims:
    """Cells and constraints of a component, each of which can be doubted."""

    component: Component
    cells: tuple[Cell, ...]
    constraints: tuple[Constraint, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.cells) + len(self.constraints)

    def without(self, doubted: Collection[Cell | Constraint]) -> "_Claims":
        return replace(
            self,
            cells=tuple(each for each in self.cells if each not in doubted),
            constraints=tuple(each for each in self.constraints if each not in doubted),
        )

    def could_print(self, cell: Cell, rate: PrintedRate) -> bool:
        """Whether the claims hold together with another rate in a cell."""
        table = replaced(self.component.table, cell, rate)
        changed = replace(self, component=replace(self.component, table=table))
        return changed.narrowed.checked.consistent is True

    def only(self, believed: Collection[Cell | Constraint]) -> "_Claims":
        return self.without({*self.cells, *self.constraints} - set(believed))

    @property
    def narrowed(self) -> Component:
        """The component with these claims only."""
        whole = self.component
        table = only_cells(whole.table, self.cells, keep_rows=bool(self.constraints))
        groups = tuple(group for group in whole.groups if group in table.groups)
        return Component(table, groups, self.constraints, whole.rounding)

    @property
    def contradictory(self) -> bool:
        return len(self) > 0 and self.narrowed.checked.consistent is False


def find_conflicts(component: Component) -> tuple[Conflict, ...]:
    """Return conflicts that share no cell until what is left is possible; none if it is already.

    Of each, claims are dropped one after the other, single retailers' cells before averages and in
    both directions, and stay dropped while the rest is still proved impossible; the smaller of the
    two sets is returned, or a smaller one yet where branch and bound finds it.
    """
    left = _Claims(component, cells_of(component.table, component.groups), component.constraints)
    found: list[Conflict] = []
    while len(found) < _MOST_CONFLICTS and left.contradictory:
        claims, proof = _conflict(left)
        remedies = [
            remedy(cell, rest, component.table, partial(left.could_print, cell))
            for cell in claims.cells
            for rest in (left.without([cell]).narrowed,)
            if rest.checked.consistent is not False
        ]
        found.append(
            Conflict(
                cells=claims.cells,
                remedies=tuple(remedies),
                message=conflict_message(
                    claims.cells, claims.constraints, remedies, component.table
                ),
                constraints=claims.constraints,
                proof=proof,
            )
        )
        left = left.without([*claims.cells, *claims.constraints])
    return tuple(found)


def _conflict(left: _Claims) -> tuple[_Claims, Literal["smallest", "irreducible", "contradictory"]]:
    start = _of_the_proof(left)
    if len(start) > _MOST_TRIED:
        return start, "contradictory"
    single = [cell for cell in start.cells if cell.retailer is not None]
    averages = [cell for cell in start.cells if cell.retailer is None]
    forward = _irreducible(start, [*start.constraints, *single, *averages])
    backward = _irreducible(start, [*start.constraints, *reversed(single), *reversed(averages)])
    best = min(forward, backward, key=len)
    if len(left) > _MOST_FOR_SMALLEST:
        return best, "irreducible"
    smallest = smallest_contradiction(
        (*left.constraints, *left.cells),
        lambda some: left.only(some).contradictory,
        len(best),
        _MOST_ROUNDS,
    )
    if smallest is None:
        return best, "smallest"
    return (left.only(smallest), "smallest") if smallest else (best, "irreducible")


def _of_the_proof(left: _Claims) -> _Claims:
    """Return the claims that the multipliers of a proof speak of, if they contradict each other."""
    narrowed = left.narrowed
    multipliers = narrowed.checked.multipliers
    if multipliers is None:
        return left
    origins = [
        row.origin
        for row, weight in zip(narrowed.system.rows, multipliers, strict=True)
        if weight > 0
    ]
    constraints = {origin.constraint for origin in origins} - {None}
    fewer = replace(
        left,
        cells=tuple(cell for cell in left.cells if _speaks(origins, cell, left.component.table)),
        constraints=tuple(each for each in left.constraints if each in constraints),
    )
    return fewer if fewer.contradictory else left


def _speaks(origins: Iterable[Origin], cell: Cell, table: PublishedTable) -> bool:
    """Whether a row is a cell, or of requests of which a cell gives the rate."""
    period = table.periods[cell.column].period
    for origin in origins:
        if origin.period is None:
            continue
        same = origin.retailer == cell.retailer and origin.group == cell.group
        if same and origin.period == period:
            return True
        inside = origin.retailer in (None, cell.retailer) and origin.group == cell.group
        if cell.retailer is not None and inside and origin.period.contains(period):
            return True
    return False


def _irreducible(claims: _Claims, order: Sequence[Cell | Constraint]) -> _Claims:
    for each in order:
        fewer = claims.without([each])
        if fewer.contradictory:
            claims = fewer
    return claims
