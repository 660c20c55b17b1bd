"""How tight a possible table is, or how far an impossible one is from possible, in last digits."""

from fractions import Fraction

from switchstats.bounds.build import build_system
from switchstats.bounds.component import Component
from switchstats.bounds.consistency import check_consistency

__all__ = ["common_slack"]

_FINE = Fraction(1, 256)
_HALF = Fraction(1, 2)
# No printed rate moves by more of its last digits than this.
_FARTHEST = 2**14


def common_slack(component: Component) -> tuple[Fraction, Fraction] | None:
    """Return proved limits of the common slack of a part of a table, in printed last digits.

    The slack is the greatest number of last digits by which the ends of all printed intervals can
    be moved inward at once so that some requests and errors still print as the table. At half a
    digit nothing is left of an interval. Below 0 it says how far the ends must move outward: the
    least that the most moved cell must move so that the table becomes possible.

    Returns
    -------
    tuple or None
        At the first end a point was found, at the second there is none; 1/256 of a digit apart.
        ``None`` when no moves of cells make the table possible, since what is known besides
        contradicts itself, or when neither was proved.
    """
    if component.checked.consistent and _possible(component, _HALF):
        return _HALF, _HALF
    low, high = _bracket(component)
    if low is None:
        return None
    while high - low > _FINE:
        middle = (low + high) / 2
        possible = _possible(component, middle)
        if possible is None:
            break
        low, high = (middle, high) if possible else (low, middle)
    return low, high


def _bracket(component: Component) -> tuple[Fraction | None, Fraction]:
    """Return a slack that is possible and one that is not."""
    if component.checked.consistent:
        return Fraction(0), _HALF
    high, step = Fraction(0), Fraction(1)
    while step <= _FARTHEST:
        if _possible(component, -step):
            return -step, high
        high, step = -step, 2 * step
    return None, high


def _possible(component: Component, inward: Fraction) -> bool | None:
    system = build_system(
        component.table, component.groups, component.constraints, component.rounding, inward
    )
    return check_consistency(system).consistent
