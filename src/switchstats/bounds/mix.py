"""Bounds of a group's rate at the mix of another period, and of its change at a fixed mix.

Such a rate is a sum of products of a share and a rate, so it is not linear. Each rate is replaced
by its own proved end, which gives a linear programme and a bound that is proved but perhaps not
reached; points that climb towards it show how far it can be wrong.
"""

from fractions import Fraction

from switchstats.bounds.component import Component, Range
from switchstats.bounds.programme import Bound, Programme
from switchstats.bounds.system import Form
from switchstats.errors import NotAnswerableError
from switchstats.periods import Period

__all__ = ["change_at_mix", "rate_at_mix"]

_UNITS = 10**7
_MOST_STEPS = 25
_SLOPE_UNITS = 10**9


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
    programme = component.programme(weights)
    if programme is None:
        raise NotAnswerableError(
            f"the mix of {group}", "the table allows a period without requests", "volumes"
        )
    names = [name for name, its_group in system.retailers if its_group == group]
    ends: list[Bound] = []
    for sign in (1, -1):
        form: Form = {}
        for name in names:
            share = system.requests(retailer=name, period=mix)
            for period, factor in ((plus, sign), (minus, -sign)):
                if period is None:
                    continue
                _add_rate(component, form, share, name, (period, mix), factor)
        proved = programme.most(form)
        attained = _climbed(component, programme, proved, names, (plus, minus, mix), sign)
        ends.append(Bound(sign * proved.proved / _UNITS, attained))
    return Range(low=ends[1], high=ends[0])


def _add_rate(
    component: Component,
    form: Form,
    share: Form,
    name: str,
    periods: tuple[Period, Period],
    factor: int,
) -> None:
    """Add share times rate to a form to be maximised, the rate by its proved end if need be."""
    period, mix = periods
    if period == mix:
        for column in component.system.errors(retailer=name, period=period):
            form[column] = form.get(column, 0) + factor * _UNITS
        return
    own = component.alone(name)
    rates = own.ratio(
        own.system.errors(retailer=name, period=period),
        own.system.requests(retailer=name, period=period),
        f"the rate of {name}",
    )
    if factor > 0:
        end = -((-min(rates.high.proved, Fraction(1)) * _UNITS) // 1)
    else:
        end = (max(rates.low.proved, Fraction(0)) * _UNITS) // 1
    for column in share:
        form[column] = form.get(column, 0) + factor * int(end)


def _climbed(
    component: Component,
    programme: Programme,
    start: Bound,
    names: list[str],
    periods: tuple[Period, Period | None, Period],
    sign: int,
) -> Fraction | None:
    """Walk from vertex to vertex along the slope of the true quantity while it rises."""
    point, best = start.point, None
    for _ in range(_MOST_STEPS):
        if point is None:
            return best
        value, slope = _value_and_slope(component, names, periods, point)
        if value is None or (best is not None and sign * value <= sign * best):
            return best
        best = value
        form = {column: round(sign * each * _SLOPE_UNITS) for column, each in slope.items()}
        point = programme.most(form).point
    return best


def _value_and_slope(
    component: Component,
    names: list[str],
    periods: tuple[Period, Period | None, Period],
    point: tuple[int, ...],
) -> tuple[Fraction | None, dict[int, float]]:
    """Return the quantity at a point, and its derivatives where the shares sum to 1."""
    plus, minus, mix = periods
    system = component.system
    total = sum(point[c] for name in names for c in system.requests(retailer=name, period=mix))
    value, slope = Fraction(0), dict[int, float]()
    for name in names:
        share = system.requests(retailer=name, period=mix)
        weight = sum(point[column] for column in share)
        for period, factor in ((plus, 1), (minus, -1)):
            if period is None:
                continue
            requests = system.requests(retailer=name, period=period)
            errors = system.errors(retailer=name, period=period)
            n, e = (sum(point[column] for column in form) for form in (requests, errors))
            if n == 0:
                return None, {}
            value += factor * Fraction(weight * e, total * n)
            for column in share:
                slope[column] = slope.get(column, 0.0) + factor * e / n
            for column in errors:
                slope[column] = slope.get(column, 0.0) + factor * weight / n
            for column in requests:
                slope[column] = slope.get(column, 0.0) - factor * weight * e / n / n
    return value, slope
