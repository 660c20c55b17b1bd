"""One contrast an exposed retailer, under a declared design."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.absorbed import Arm, UnitContrast, unit_contrasts
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.studies.contrast.arms import Arms, Outcome, build_arms, eligible_kind, joint_arm
from switchstats.studies.contrast.cells import UNKNOWN, RequestCells
from switchstats.studies.contrast.exposure import AccessEnd, before_share

__all__ = ["Contrasts", "Design", "contrasts_of", "exposed_cells", "home_arms"]

Design: TypeAlias = Literal[
    "before_after",
    "full",
    "full_same_kind",
    "scaled_reasons",
    "placebo_reasons",
    "home_away",
    "home_away_after",
    "triple",
]


_BY_REASON: dict[str, Outcome] = {
    "scaled_reasons": "scaled_reasons",
    "placebo_reasons": "placebo_reasons",
}
_CROSS_SECTIONS = ("home_away", "home_away_after", "triple")


@dataclass(frozen=True, slots=True, eq=False)
class Contrasts:
    """The contrasts of the exposed retailers that have one.

    Parameters
    ----------
    ends
        Whose, in order.
    estimates, variances
        Effect of access on the error rate of exposed requests, a fraction, and its sampling
        variance.
    common
        Shape (ends, retailers): what each retailer that was compared adds to each estimate; 0 for
        the exposed ones.
    requests
        Exposed and unexposed requests of each in its exposed cells.
    covered
        Share of these requests that stand in strata with other retailers.
    without
        Exposed retailers for which the data determine no contrast.
    """

    ends: tuple[AccessEnd, ...]
    estimates: Floats
    variances: Floats
    common: Floats
    requests: tuple[tuple[float, float], ...]
    covered: Floats
    without: tuple[AccessEnd, ...]

    @property
    def n_controls(self) -> int:
        """Retailers, other than the exposed ones, that they were compared with."""
        return int(np.count_nonzero(np.any(self.common != 0, axis=0)))

    def only(self, places: Sequence[int]) -> "Contrasts":
        """Return some of them."""
        chosen = list(places)
        return replace(
            self,
            ends=tuple(self.ends[place] for place in chosen),
            estimates=self.estimates[chosen],
            variances=self.variances[chosen],
            common=self.common[chosen],
            requests=tuple(self.requests[place] for place in chosen),
            covered=self.covered[chosen],
        )


def contrasts_of(
    cells: RequestCells,
    ends: Sequence[AccessEnd],
    design: Design,
    among: NDArray[np.bool_] | None = None,
    arms: Arms | None = None,
) -> Contrasts:
    """Return each exposed retailer's contrast.

    Parameters
    ----------
    cells
        Requests and errors.
    ends
        Who had access until when.
    design
        ``"before_after"``: exposed requests before against after, others in the same stratum held
        against them. ``"full"``: besides, the retailer's own requests that were never exposed, in
        the same periods; ``"full_same_kind"``: only those from the same kind of losing retailer.
        ``"scaled_reasons"``: as the first, for errors that the leak could prevent less those it
        could not; ``"placebo_reasons"``: the latter alone.
        ``"home_away"``: before the end alone, at home against elsewhere, from the same
        kind of losing retailer, ``"home_away_after"`` the same after it; ``"triple"``: before, less
        the same from other incumbents.
    among
        Which cells to use; all by default.
    arms
        Already built for errors, to be used instead of building them.

    Notes
    -----
    Exposed requests: at home, from the group whose customers could be seen, as far as the counts
    tell these apart. A period in which access ended is exposed by the share of its days before.
    """
    chosen = np.ones(cells.requests.size, dtype=bool) if among is None else among
    if design in _CROSS_SECTIONS:
        found = [one for end in ends for one in _cross_section(cells, end, ends, design, chosen)]
    else:
        found = _over_time(cells, ends, design, chosen, arms)
    return _together(cells, ends, found)


_Found = tuple[AccessEnd, UnitContrast, float]


def _over_time(
    cells: RequestCells,
    ends: Sequence[AccessEnd],
    design: Design,
    chosen: NDArray[np.bool_],
    built: Arms | None,
) -> list[_Found]:
    """Return the contrasts of retailers whose leaked fields are the same, fitted together."""
    found: list[_Found] = []
    outcome = _BY_REASON.get(design, "errors")
    of_fields = [end.fields if design in _BY_REASON else () for end in ends]
    for fields in dict.fromkeys(of_fields):
        own = [end for end, its in zip(ends, of_fields, strict=True) if its == fields]
        arms = built or build_arms(cells, outcome, fields, chosen)
        through = {end: _through(arms, end, design) for end in own}
        columns = {cells.code(end.retailer): _columns(cells, end, design) for end in own}
        contrasts = unit_contrasts(
            list({id(arm): arm for some in through.values() for arm in some}.values()),
            columns,
            n_units=len(cells.retailers),
        )
        found += [
            (end, contrasts[code], _covered(cells, end, through[end], chosen, design))
            for end in own
            if (code := cells.code(end.retailer)) in contrasts
        ]
    return found


def _cross_section(
    cells: RequestCells,
    end: AccessEnd,
    ends: Sequence[AccessEnd],
    design: Design,
    chosen: NDArray[np.bool_],
) -> list[_Found]:
    """Return one retailer's contrast on one side of its end, exposed requests of others out."""
    others = np.zeros(cells.requests.size, dtype=bool)
    for other in ends:
        if other.retailer != end.retailer:
            others |= exposed_cells(cells, other)
    arms = _one_side(cells, end, design, chosen & ~others)
    code = cells.code(end.retailer)
    contrasts = unit_contrasts(
        arms, {code: _columns(cells, end, design)}, n_units=len(cells.retailers)
    )
    if code not in contrasts:
        return []
    return [(end, contrasts[code], _covered(cells, end, arms, chosen, design))]


def exposed_cells(cells: RequestCells, end: AccessEnd) -> NDArray[np.bool_]:
    """Return the cells of one retailer whose requests access could have helped, at any time."""
    own = cells.gaining == cells.code(end.retailer)
    home, kind = cells.home(end.retailer), eligible_kind(cells)
    if home != UNKNOWN:
        own &= cells.area == home
    return own if kind == UNKNOWN else own & (cells.kind == kind)


def home_arms(arms: Arms, end: AccessEnd) -> list[Arm | None]:
    """Return the arms that hold a retailer's exposed requests."""
    home, kind = arms.cells.home(end.retailer), eligible_kind(arms.cells)
    return [
        arm for (area, own), arm in arms.by_key.items() if own == kind and home in (area, UNKNOWN)
    ]


def _through(arms: Arms, end: AccessEnd, design: Design) -> list[Arm | None]:
    cells = arms.cells
    kind = eligible_kind(cells)
    if design == "full":
        return arms.all()
    if design == "full_same_kind":
        return arms.of_kind(kind)
    return home_arms(arms, end)


def _one_side(
    cells: RequestCells, end: AccessEnd, design: Design, chosen: NDArray[np.bool_]
) -> list[Arm | None]:
    """Return one arm over all areas in the whole periods before the end, or after it."""
    at = chosen & _looked_at(cells, end, design)
    if design != "triple":
        at &= cells.kind == eligible_kind(cells)
    return [joint_arm(cells, at)]


def _looked_at(cells: RequestCells, end: AccessEnd, design: Design) -> NDArray[np.bool_]:
    """Return the cells of the periods that a design uses."""
    if design not in _CROSS_SECTIONS:
        return np.ones(cells.requests.size, dtype=bool)
    share = 0 if design == "home_away_after" else 1
    return (before_share(end.end, cells.periods) == share)[cells.period]


def _columns(cells: RequestCells, end: AccessEnd, design: Design) -> Callable[[Ints], Floats]:
    """Return the columns of the retailer's own cells: nuisance first, exposure last."""
    share = before_share(end.end, cells.periods)
    if design in _CROSS_SECTIONS:
        share = np.ones_like(share)
    exposed = exposed_cells(cells, end)
    home, kind = cells.home(end.retailer), eligible_kind(cells)
    n_periods = len(cells.periods)

    def columns(at: Ints) -> Floats:
        x = (share[cells.period[at]] * exposed[at])[:, None]
        if design in ("before_after", *_BY_REASON):
            return x
        periods = np.eye(n_periods)[cells.period[at]]
        if design != "triple":
            return np.hstack([periods, x])
        sides = np.column_stack([cells.area[at] == home, cells.kind[at] == kind]).astype(float)
        return np.hstack([periods, sides, x])

    return columns


def _covered(
    cells: RequestCells,
    end: AccessEnd,
    arms: Sequence[Arm | None],
    chosen: NDArray[np.bool_],
    design: Design,
) -> float:
    """Return the share of the exposed requests, of those looked at, that are compared at all."""
    own = exposed_cells(cells, end) & chosen & _looked_at(cells, end, design)
    used = sum(
        float(arm.requests[rows][own[arm.cells[rows]]].sum())
        for arm in arms
        if arm is not None
        for rows in (arm.rows_of(cells.code(end.retailer)),)
    )
    whole = float(cells.requests[own].sum())
    return min(used / whole, 1.0) if whole else 0.0


def _together(
    cells: RequestCells,
    ends: Sequence[AccessEnd],
    found: Sequence[_Found],
) -> Contrasts:
    found = [one for one in found if one[1].variance[0] > 0]
    n_units = len(cells.retailers)
    common = np.zeros((len(found), n_units))
    for row, (_, contrast, _) in zip(common, found, strict=True):
        row[:] = contrast.scores[:, 0]
    common[:, [cells.code(end.retailer) for end in ends]] = 0.0
    with_one = {end.retailer for end, _, _ in found}
    return Contrasts(
        ends=tuple(end for end, _, _ in found),
        estimates=np.array([contrast.estimate[0] for _, contrast, _ in found]),
        variances=np.array([contrast.variance[0] for _, contrast, _ in found]),
        common=common,
        requests=tuple(_requests(cells, end) for end, _, _ in found),
        covered=np.array([covered for *_, covered in found]),
        without=tuple(end for end in ends if end.retailer not in with_one),
    )


def _requests(cells: RequestCells, end: AccessEnd) -> tuple[float, float]:
    own = exposed_cells(cells, end)
    filed = cells.requests[own]
    before = float(filed @ before_share(end.end, cells.periods)[cells.period[own]])
    return before, float(filed.sum()) - before
