"""Bounds of a group's rate at the mix of another period, and of its change at a fixed mix.

Such a rate is a sum of products of a share and a rate, so it is not linear. Each rate is replaced
by its own proved end, which gives a linear programme and a bound that is proved but perhaps not
reached; points that climb towards it show how far it can be wrong.
"""

from collections.abc import Sequence
from fractions import Fraction

from switchstats.bounds.component import Component, Range
from switchstats.bounds.programme import Bound, Point, Programme
from switchstats.bounds.solver import Unbounded
from switchstats.bounds.system import Form
from switchstats.bounds.wholes import value_at
from switchstats.periods import Period

__all__ = ["change_at_mix", "rate_at_mix"]

_MOST_STEPS = 12
_SLOPE_UNITS = 10**9
# A step that rises by less is the last.
_LEAST_RISE = 1e-9
# The interior point's part in a point is 1 in so many.
_OPENED = 10**9


def rate_at_mix(component: Component, group: str, period: Period, mix: Period) -> Range:
    """Return the range of a group's rate in one period at its retailers' shares in another."""
    return _weighted(component, group, period, None, mix)


def change_at_mix(
    component: Component, group: str, before: Period, after: Period, mix: Period
) -> Range:
    """Return the range of the change of a group's rate, its retailers' shares held as in `mix`."""
    return _weighted(component, group, after, before, mix)


def _weighted(
    component: Component, group: str, plus: Period, minus: Period | None, mix: Period
) -> Range:
    """Bound the sum of shares in `mix` times (rate in `plus` minus rate in `minus`)."""
    system = component.system
    weights = system.requests(group=group, period=mix)
    programme = component.programme(weights, f"the mix of {group}")
    names = [name for name, its_group in system.retailers if its_group == group]
    rates = {
        (name, period): component.own_rates(name, period)
        for name in names
        for period in (plus, minus)
        if period is not None and period != mix
    }
    ends: list[Bound] = []
    for sign in (1, -1):
        form: dict[int, Fraction] = {}
        for name in names:
            share = system.requests(retailer=name, period=mix)
            for period, factor in ((plus, sign), (minus, -sign)):
                if period is None:
                    continue
                if period == mix:
                    errors = system.errors(retailer=name, period=period)
                    _add(form, errors, Fraction(factor, system.error_unit))
                else:
                    end = rates[name, period]
                    proved = end.high.proved if factor > 0 else end.low.proved
                    _add(form, share, factor * min(max(proved, Fraction(0)), Fraction(1)))
        unit = system.error_unit
        upper = {c: -((-value * unit) // 1) for c, value in form.items()}
        found = programme.most({c: int(value) for c, value in upper.items() if value})
        attained = _climbed(component, programme, found.point, names, (plus, minus, mix), sign)
        ends.append(Bound(sign * found.proved / unit, attained))
    return Range(low=ends[1], high=ends[0])


def _add(total: dict[int, Fraction], form: Form, factor: Fraction) -> None:
    for column, value in form.items():
        total[column] = total.get(column, Fraction(0)) + value * factor


def _climbed(
    component: Component,
    programme: Programme,
    point: "Point | None",
    names: Sequence[str],
    periods: tuple[Period, Period | None, Period],
    sign: int,
) -> Fraction | None:
    """Walk from vertex to vertex along the slope of the true quantity while it rises."""
    best = None
    for _ in range(_MOST_STEPS):
        if point is None:
            return best
        point = _opened(component, point)
        value, slope = _value_and_slope(component, names, periods, point)
        if value is None or (best is not None and sign * (value - best) <= _LEAST_RISE):
            return (
                best if value is None or best is None else max(best, value, key=lambda v: sign * v)
            )
        best = value
        form = {column: round(sign * each * _SLOPE_UNITS) for column, each in slope.items()}
        try:
            point = programme.most(form).point
        except Unbounded:  # the slope says no more here
            return best
    return best


def _opened(component: Component, point: Point) -> Point:
    """Return a point with a little of the interior one added, so that everybody has requests."""
    inside = component.checked.point
    if inside is None:
        return point
    times = int(sum(inside)) * _OPENED // max(int(sum(point)), 1) + 1
    return point.astype(object) * times + inside


def _value_and_slope(
    component: Component,
    names: Sequence[str],
    periods: tuple[Period, Period | None, Period],
    point: Point,
) -> tuple[Fraction | None, dict[int, float]]:
    """Return the quantity at a point, and its derivatives where the shares sum to 1."""
    plus, minus, mix = periods
    system = component.system
    unit = system.error_unit
    shares = {name: system.requests(retailer=name, period=mix) for name in names}
    total = sum(value_at(share, point) for share in shares.values())
    value, slope = Fraction(0), dict[int, float]()
    for name, share in shares.items():
        weight = value_at(share, point)
        for period, factor in ((plus, 1), (minus, -1)):
            if period is None:
                continue
            requests = system.requests(retailer=name, period=period)
            errors = system.errors(retailer=name, period=period)
            n, e = value_at(requests, point), Fraction(value_at(errors, point), unit)
            if n == 0:
                return None, {}
            rate, part = float(e / n), weight / n
            value += factor * weight * e / (total * n)
            for column in share:
                slope[column] = slope.get(column, 0.0) + factor * rate
            for column in requests:
                own = system.rates[column] / unit - rate
                slope[column] = slope.get(column, 0.0) + factor * part * own
    return value, slope
