"""Bounds of a group's rate at the mix of another period, and of its change at a fixed mix.

Such a rate is a sum of products of a share and a rate, so it is not linear. Each rate is replaced
by its own proved end, which gives a linear programme and a bound that is proved but perhaps not
reached; points that climb towards it show how far it can be wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from switchstats.bounds.component import Component, Range
from switchstats.bounds.programme import Bound, Point, Programme
from switchstats.bounds.solver import Unbounded
from switchstats.bounds.system import Form, System
from switchstats.bounds.wholes import value_at
from switchstats.periods import Period

__all__ = ["change_at_mix", "rate_at_mix"]

_MOST_STEPS = 12
_SLOPE_UNITS = 10**9
_FINER = 10**7
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
        # ends of printed intervals are whole numbers of 1 / error_unit; others are rounded up
        plain = all(system.error_unit % value.denominator == 0 for value in form.values())
        unit = system.error_unit * (1 if plain else _FINER)
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
    best: tuple[float, list[_Part]] | None = None
    for _ in range(_MOST_STEPS):
        parts = None if point is None else _parts(component, names, periods, point)
        if parts is None:
            break
        value = sum(sign * part.factor * part.share * part.rate for part in parts)
        if best is not None and value <= best[0] + _LEAST_RISE:
            break
        best = (value, parts)
        try:
            point = programme.most(_slope(component.system, parts, sign)).point
        except Unbounded:  # the slope says no more here
            break
    if best is None:
        return None
    return sum((part.exact for part in best[1]), Fraction(0))


@dataclass(frozen=True, slots=True)
class _Part:
    """A retailer's share of the mix times its rate in one period, at a point.

    Parameters
    ----------
    factor
        1, or -1 where it is taken off.
    mix, period
        Its requests in the mix, and in the period, as forms.
    weight, total
        The first's value, and that of the whole group.
    requests, errors, unit
        In the period, the errors in units of 1 / `unit`.
    """

    factor: int
    mix: Form
    period: Form
    weight: int
    total: int
    requests: int
    errors: int
    unit: int

    @property
    def share(self) -> float:
        return self.weight / self.total

    @property
    def rate(self) -> float:
        return self.errors / (self.unit * self.requests)

    @property
    def exact(self) -> Fraction:
        above = self.factor * self.weight * self.errors
        return Fraction(above, self.total * self.unit * self.requests)


def _parts(
    component: Component,
    names: Sequence[str],
    periods: tuple[Period, Period | None, Period],
    point: Point,
) -> list[_Part] | None:
    """Return all parts a little inside a point; ``None`` where somebody has no requests."""
    plus, minus, mix = periods
    system = component.system
    inside = component.checked.point
    if inside is not None:
        times = int(sum(inside)) * _OPENED // max(int(sum(point)), 1) + 1
        point = point.astype(object) * times + inside
    shares = {name: system.requests(retailer=name, period=mix) for name in names}
    weights = {name: value_at(share, point) for name, share in shares.items()}
    total = sum(weights.values())
    parts: list[_Part] = []
    for name, share in shares.items():
        for period, factor in ((plus, 1), (minus, -1)):
            if period is None:
                continue
            own = system.requests(retailer=name, period=period)
            requests = value_at(own, point)
            if requests == 0:
                return None
            errors = sum(system.rates[column] * int(point[column]) for column in own)
            parts.append(
                _Part(factor, share, own, weights[name], total, requests, errors, system.error_unit)
            )
    return parts


def _slope(system: System, parts: Sequence[_Part], sign: int) -> Form:
    """Return the derivatives where the shares sum to 1, in whole numbers."""
    slope: dict[int, float] = {}
    for part in parts:
        rate, per_request = part.rate, part.weight / part.requests
        for column in part.mix:
            slope[column] = slope.get(column, 0.0) + part.factor * rate
        for column in part.period:
            own = system.rates[column] / part.unit - rate
            slope[column] = slope.get(column, 0.0) + part.factor * per_request * own
    return {column: round(sign * each * _SLOPE_UNITS) for column, each in slope.items()}
