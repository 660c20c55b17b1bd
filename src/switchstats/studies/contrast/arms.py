"""The arms of a design: cells of one area and one kind of losing retailer, levels absorbed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.absorbed import Arm, make_arm
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.studies.contrast.cells import UNKNOWN, RequestCells, codes_in
from switchstats.studies.contrast.reasons import reasons_of, scale_of, variance_of

__all__ = ["Arms", "Outcome", "build_arms", "eligible_kind", "held_against", "joint_arm"]

Outcome: TypeAlias = Literal["errors", "scaled_reasons", "placebo_reasons"]
Key: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Arms:
    """Every arm of the counts, for one outcome.

    Parameters
    ----------
    by_key
        Arm by area code and kind of losing retailer; ``None`` where nothing is compared.
    cells
        What they were made of.
    """

    by_key: Mapping[Key, Arm | None]
    cells: RequestCells

    def all(self) -> list[Arm | None]:
        """Return every arm."""
        return list(self.by_key.values())

    def of_kind(self, kind: int) -> list[Arm | None]:
        """Return the arms of all areas in which such a retailer loses the customer."""
        return [arm for (_, own), arm in self.by_key.items() if own == kind]


def build_arms(
    cells: RequestCells,
    outcome: Outcome = "errors",
    fields: tuple[str, ...] = (),
    among: NDArray[np.bool_] | None = None,
) -> Arms:
    """Return the arms of all areas and kinds of losing retailers.

    Parameters
    ----------
    cells
        Requests and errors.
    outcome
        ``"errors"``; or ``"scaled_reasons"``: errors that a leak of `fields` could prevent less
        the scaled errors that it could not; ``"placebo_reasons"``: the latter alone, not scaled.
        An arm that lacks either kind is ``None``.
    fields
        The fields that leaked.
    among
        Which cells to use; all by default.

    Notes
    -----
    Errors are compared within strata of one losing retailer in one period (where the counts tell
    losing retailers apart). The scaled difference is already free of what raises all reasons alike,
    so that a level a losing retailer and one a period do, and sparse strata are not lost.
    """
    chosen = np.ones(cells.requests.size, dtype=bool) if among is None else among
    if outcome == "errors":
        arm_of = partial(_errors_arm, cells, _losing_in_period(cells))
    else:
        arm_of = _reasons_arm(cells, outcome, fields)
    arms: dict[Key, Arm | None] = {}
    for area, kind in product(codes_in(cells.area), codes_in(cells.kind)):
        at = np.flatnonzero(chosen & (cells.area == area) & (cells.kind == kind))
        if at.size:
            arms[area, kind] = arm_of(at)
    return Arms(arms, cells)


def joint_arm(cells: RequestCells, among: NDArray[np.bool_]) -> Arm | None:
    """Return one arm over all areas, in which a retailer has one level wherever it files.

    Strata are a losing retailer in a period in an area, so that areas and losing retailers are
    held fixed, and a retailer at home is compared with itself elsewhere.
    """
    stratum = _losing_in_period(cells)
    stratum += cells.area.astype(np.int64) * (len(cells.retailers) + 1) * len(cells.periods)
    return _errors_arm(cells, stratum, np.flatnonzero(among))


def held_against(cells: RequestCells, exposed: Iterable[str]) -> NDArray[np.bool_]:
    """Return the cells of exposed retailers and of the group that they are compared with."""
    codes = [cells.code(name) for name in exposed]
    return np.isin(cells.gaining, [*cells.of_group(cells.groups[1]), *codes])


def eligible_kind(cells: RequestCells) -> int:
    """Return the kind of losing retailer whose customers could be seen, as the counts tell it."""
    return 1 if (cells.kind != UNKNOWN).any() else UNKNOWN


def _errors_arm(cells: RequestCells, stratum: Ints, at: Ints) -> Arm | None:
    if not at.size:
        return None
    requests = float(cells.requests[at].sum())
    # where all requests ended alike, half an error more or less
    errors = min(max(float(cells.errors[at].sum()), 0.5), max(requests - 0.5, 0.5))
    rate = errors / max(requests, 1.0)
    return make_arm(
        at,
        unit=cells.gaining,
        stratum=stratum,
        requests=cells.requests,
        outcomes=cells.errors[:, None],
        variances=np.array([rate * (1 - rate)]),
        n_units=len(cells.retailers),
    )


def _reasons_arm(
    cells: RequestCells, outcome: Outcome, fields: tuple[str, ...]
) -> Callable[[Ints], Arm | None]:
    """Return what makes an arm of errors by their reasons."""
    reasons = reasons_of(cells, fields)
    others = ~np.isin(cells.gaining, cells.of_group(cells.groups[0]))

    def arm_of(at: Ints) -> Arm | None:
        parts = (reasons.preventable, reasons.placebo, cells.requests)
        scaled = _scaled(parts, at[others[at]])
        if scaled is None:
            return None
        scale, variance = scaled
        values = reasons.preventable - scale * reasons.placebo
        if outcome == "placebo_reasons":
            rate = float(reasons.placebo[at].sum() / cells.requests[at].sum())
            values, variance = reasons.placebo, rate * (1 - rate)
        return make_arm(
            at,
            unit=cells.gaining,
            stratum=cells.period,
            requests=cells.requests,
            outcomes=values[:, None],
            variances=np.array([variance]),
            n_units=len(cells.retailers),
            other=cells.losing,
        )

    return arm_of


def _losing_in_period(cells: RequestCells) -> Ints:
    return (cells.losing.astype(np.int64) + 1) * len(cells.periods) + cells.period


def _scaled(parts: tuple[Floats, Floats, Floats], others: Ints) -> tuple[float, float] | None:
    """Return scale and variance from retailers without access, ``None`` where undefined."""
    preventable, placebo, requests = (float(part[others].sum()) for part in parts)
    scale = scale_of(preventable, placebo, requests)
    if scale is None:
        return None
    return scale, variance_of(preventable, placebo, requests, scale)
