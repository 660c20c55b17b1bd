"""The outermost differences that a test does not reject, by trying them."""

from collections.abc import Callable

__all__ = ["outermost"]

# Beyond the last difference that is not rejected, so many steps of an eighth of the way from the
# estimate are tried for a further one: these tests' p-values do not fall steadily.
_STEPS = 8
_FURTHER = 6
_PRECISION = 1e-8


def outermost(kept: Callable[[float], bool], estimate: float, guess: float, end: float) -> float:
    """Return the difference farthest from the estimate, towards `end`, that is kept.

    Parameters
    ----------
    kept
        Whether a difference is not rejected; the estimate is not.
    estimate, guess, end
        The observed difference, about where the limit will be, and -1 or 1.

    Notes
    -----
    Differences are tried in steps of an eighth of the distance to the guess, then the last stretch
    is halved down to 1e-8. An island of kept differences narrower than a step can be missed.
    """
    if estimate == end:
        return end
    step = (guess - estimate) / _STEPS
    lasting, place = 0, _STEPS
    while place - max(lasting, _STEPS - 1) <= _FURTHER and abs(estimate + place * step) < 1:
        lasting = place if kept(estimate + place * step) else lasting
        place += 1
    if not lasting:
        nearer = range(_STEPS - 1, 0, -1)
        lasting = next((place for place in nearer if kept(estimate + place * step)), 0)
    inner, outer = (estimate + place * step for place in (lasting, lasting + 1))
    outer = end if abs(outer) >= 1 else outer
    while abs(outer - inner) > _PRECISION:
        middle = (inner + outer) / 2
        inner, outer = (middle, outer) if kept(middle) else (inner, middle)
    return inner
