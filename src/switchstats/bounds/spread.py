"""Rates and shares of two groups that points of a table attain together."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from switchstats.bounds.component import Component, Range
from switchstats.bounds.identified import downward, upward
from switchstats.bounds.naive import Box, unit_z
from switchstats.bounds.programme import Point
from switchstats.bounds.wholes import value_at
from switchstats.periods import Period

__all__ = ["attained_box", "climbed_z", "proved_box"]

_MOST_STEPS = 20
_SLOPE_UNITS = 10**9
_LEAST_RISE = 1e-9


def proved_box(first: Range, second: Range, share: Range | None = None) -> Box:
    """Return proved ranges of two rates and of the first group's share, rounded outward."""
    ends = [
        (
            downward(max(found.low.proved, Fraction(0))),
            upward(min(found.high.proved, Fraction(1))),
        )
        for found in (first, second, share)
        if found is not None
    ]
    return Box(ends[0], ends[1], ends[2] if share is not None else (0.0, 1.0))


def attained_box(first: Range, second: Range) -> Box | None:
    """Return attained ranges of two rates, rounded inward, with any share."""
    ends: list[tuple[float, float]] = []
    for found in (first, second):
        if found.low.attained is None or found.high.attained is None:
            return None
        low = upward(found.low.attained)
        ends.append((low, max(low, downward(found.high.attained))))
    return Box(ends[0], ends[1], (0.0, 1.0))


def climbed_z(
    component: Component, groups: tuple[str, str], period: Period, starts: Sequence[Point]
) -> list[tuple[float, float, float]]:
    """Return rates and shares at points of a table, some climbed towards either end of z."""
    seen = [_at(component, groups, period, point) for point in starts]
    found = [each for each in seen if each is not None]
    if not found:
        return []
    for sign in (1, -1):
        start = max(
            (point for point, each in zip(starts, seen, strict=True) if each is not None),
            key=lambda point: (
                sign * unit_z(*(_at(component, groups, period, point) or (0, 0, 0.5)))
            ),
        )
        found += _climb(component, groups, period, start, sign)
    return found


def _climb(
    component: Component, groups: tuple[str, str], period: Period, point: Point, sign: int
) -> Iterable[tuple[float, float, float]]:
    system = component.system
    sums = [system.requests(group=group, period=period) for group in groups]
    programme = component.programme({**sums[0], **sums[1]}, "the naive test")
    best = -2.0
    for _ in range(_MOST_STEPS):
        here = _at(component, groups, period, point)
        if here is None or sign * unit_z(*here) <= best + _LEAST_RISE:
            return
        best = sign * unit_z(*here)
        yield here
        form: dict[int, int] = {}
        slopes = _slopes(*here)
        for requests, (of_requests, of_errors) in zip(sums, slopes, strict=True):
            for column in requests:
                rate = system.rates[column] / system.error_unit
                form[column] = round(sign * (of_requests + of_errors * rate) * _SLOPE_UNITS)
        found = programme.most(form).point
        if found is None:
            return
        point = found


def _slopes(first: float, second: float, share: float) -> tuple[tuple[float, float], ...]:
    """Return the slopes of z in requests and in errors of each group, numerically."""
    step = 1e-6
    counts = [share, share * first, 1 - share, (1 - share) * second]

    def z(values: Sequence[float]) -> float:
        n, e, m, f = values
        if n <= 0 or m <= 0:
            return 0.0
        return unit_z(min(max(e / n, 0.0), 1.0), min(max(f / m, 0.0), 1.0), n / (n + m))

    slopes: list[float] = []
    for place in range(4):
        above, below = list(counts), list(counts)
        above[place] += step
        below[place] -= step
        slopes.append((z(above) - z(below)) / (2 * step))
    return (slopes[0], slopes[1]), (slopes[2], slopes[3])


def _at(
    component: Component, groups: tuple[str, str], period: Period, point: Point
) -> tuple[float, float, float] | None:
    system = component.system
    numbers: list[Fraction] = []
    for group in groups:
        requests = system.requests(group=group, period=period)
        errors = system.errors(group=group, period=period)
        numbers += [
            Fraction(value_at(requests, point)),
            Fraction(value_at(errors, point), system.error_unit),
        ]
    n, e, m, f = numbers
    if n <= 0 or m <= 0:
        return None
    return float(e / n), float(f / m), float(n / (n + m))
