"""A specification: which design, which ends of access, who is held against whom, without whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import UsageError
from switchstats.labels import Text, joined, text
from switchstats.studies.contrast.cells import UNKNOWN, RequestCells
from switchstats.studies.contrast.contrasts import Contrasts, Design, contrasts_of
from switchstats.studies.contrast.exposure import AccessEnd, access_ends

__all__ = ["AccessSpecification", "declared", "run_specification"]

Window: TypeAlias = Literal["reported", "latest", "clean"]
Controls: TypeAlias = Literal["all", "other_group", "own_group"]

_BASES = ("egc", "ppc", "anre")
_ONE_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSpecification:
    """One way of estimating what access did.

    Parameters
    ----------
    name
        Unique in its family.
    design
        As for the studies: ``"before_after"``, ``"full"``, ``"full_same_kind"``,
        ``"scaled_reasons"``, ``"home_away"``, ``"triple"``.
    window
        ``"reported"``: the given ends of access; ``"latest"``: each retailer's latest end among all
        answers (pages 16); ``"clean"``: periods within a month of the end are left out.
    controls
        Who is held against the exposed requests: retailers of the ``"other_group"``, unexposed ones
        of their ``"own_group"``, or ``"all"``.
    without
        A retailer left out altogether.

    Raises
    ------
    UsageError
        When a choice is unknown.
    """

    name: str
    design: Design
    window: Window = "reported"
    controls: Controls = "other_group"
    without: str | None = None

    def __post_init__(self) -> None:
        wanted = {
            "design": (self.design, Design),
            "window": (self.window, Window),
            "controls": (self.controls, Controls),
        }
        for name, (given, allowed) in wanted.items():
            if given not in get_args(allowed):
                raise UsageError(
                    f"{name} must be one of {', '.join(get_args(allowed))}, not {given!r}"
                )

    def words(self, names: Mapping[str, Text]) -> Text:
        """Return what it does, retailers by their names."""
        design = text(f"sensitivity.design_{self.design}")
        more: list[Text] = []
        if self.window != "reported":
            more.append(text(f"sensitivity.window_{self.window}"))
        if self.controls != "other_group":
            more.append(text(f"sensitivity.controls_{self.controls}"))
        if self.without is not None:
            name = names.get(self.without, Text(self.without, self.without))
            more.append(text("sensitivity.without", retailer=name))
        return text("sensitivity.words", design=design, more=joined(more)) if more else design

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "name": self.name,
            "design": self.design,
            "window": self.window,
            "controls": self.controls,
            "without": self.without,
        }


def declared(cells: RequestCells, ends: Sequence[AccessEnd]) -> tuple[AccessSpecification, ...]:
    """Return the set that is declared for these counts, the primary specification first.

    Every design that the strata allow; for the primary one besides each window, each set of
    controls, and each exposed retailer left out. The primary design is ``"scaled_reasons"`` where
    reasons are told apart, else ``"full"`` where area and losing retailer are, else
    ``"before_after"``.
    """
    designs: list[Design] = ["before_after"]
    told = "area" in cells.strata and not (cells.kind == UNKNOWN).all()
    if told:
        designs = ["full", "full_same_kind", "before_after", "home_away", "triple"]
    if "reason" in cells.strata and any(end.fields for end in ends):
        designs.insert(0, "scaled_reasons")
    first = designs[0]
    windows: list[Window] = ["latest", "clean"]
    controls: list[Controls] = ["own_group", "all"]
    return (
        *(AccessSpecification(name=design, design=design) for design in designs),
        *(AccessSpecification(name=f"{first}, {one}", design=first, window=one) for one in windows),
        *(
            AccessSpecification(name=f"{first}, {one}", design=first, controls=one)
            for one in controls
        ),
        *(
            AccessSpecification(
                name=f"{first}, without {end.retailer}", design=first, without=end.retailer
            )
            for end in ends
        ),
    )


def run_specification(
    cells: RequestCells, ends: Sequence[AccessEnd], chosen: AccessSpecification
) -> Contrasts:
    """Return the contrasts of one specification; it may have none."""
    kept = [end for end in ends if end.retailer != chosen.without]
    if chosen.window == "latest":
        kept = [_latest(end) for end in kept]
    among = np.ones(cells.requests.size, dtype=bool)
    if chosen.without is not None:
        among &= cells.gaining != cells.code(chosen.without)
    if chosen.controls != "all":
        among &= _held_against(cells, kept, chosen.controls)
    if chosen.window == "clean":
        among &= _away_from_ends(cells, kept)
    return contrasts_of(cells, kept, chosen.design, among)


def _latest(end: AccessEnd) -> AccessEnd:
    """Return the latest end of access that any answer reports for the retailer."""
    reported = [
        one.end for basis in _BASES for one in access_ends(basis) if one.retailer == end.retailer
    ]
    return replace(end, end=max([end.end, *reported]))


def _held_against(
    cells: RequestCells, ends: Sequence[AccessEnd], controls: Controls
) -> NDArray[np.bool_]:
    exposed = [cells.code(end.retailer) for end in ends]
    group = cells.groups[1 if controls == "other_group" else 0]
    return np.isin(cells.gaining, [*cells.of_group(group).tolist(), *exposed])


def _away_from_ends(cells: RequestCells, ends: Sequence[AccessEnd]) -> NDArray[np.bool_]:
    """Return the cells of periods that hold no end of access and are no neighbours of one."""
    near = [
        any(
            period.start < end.end + _ONE_MONTH and end.end - _ONE_MONTH < period.end
            for end in ends
        )
        for period in cells.periods
    ]
    return ~np.array(near)[cells.period]
