"""The range of Welch's p-value over rounding, and the range of a variance it stands on."""

from itertools import product

import numpy as np
import pytest

from switchstats.inference import welch
from switchstats.inference.means_rounding import variance_range
from switchstats.inference.samples import Group
from switchstats.values import PrintedRate

TOLERANCE = 1e-12
# The grid of centres below finds the least variance only to about the square of its step.
GRID_TOLERANCE = 1e-6
DIRECTIONS = ["two-sided", "less", "greater"]


def printed(text):
    return [PrintedRate(rate) for rate in text.split()]


def boxes():
    rng = np.random.default_rng(41)
    found = []
    for number in range(60):
        n = int(rng.integers(2, 8))
        low = np.round(rng.normal(0, 0.3, n), 1)  # ties and overlaps
        width = np.round(rng.uniform(0, 1, n), 1) if number % 2 else np.full(n, 0.5)
        found.append(pytest.param(low, low + width, id=str(number)))
    return found


@pytest.mark.parametrize(("low", "high"), boxes())
def test_the_greatest_variance_is_that_of_a_corner_or_a_little_more(low, high):
    greatest = variance_range(Group((low + high) / 2, low, high))[1]
    corners = np.array(list(product(*zip(low, high, strict=True))))
    attained = np.var(corners, axis=1, ddof=1).max()
    n, widest = low.size, np.max(high - low)
    slack = widest**2 / (4 * n) / (n - 1)  # as the docstring claims
    assert attained - TOLERANCE <= greatest <= attained + slack + TOLERANCE


@pytest.mark.parametrize(("low", "high"), boxes())
def test_the_least_variance_is_exact(low, high):
    least = variance_range(Group((low + high) / 2, low, high))[0]
    centres = np.linspace(low.min(), high.max(), 5_001)[:, None]
    squares = ((centres - np.clip(centres, low, high)) ** 2).sum(axis=1).min() / (low.size - 1)
    assert squares - GRID_TOLERANCE <= least <= squares + TOLERANCE


def test_numbers_without_rounding_have_one_variance():
    rates = np.array([0.18, 0.2, 0.25])
    low, high = variance_range(Group(rates, rates, rates))
    assert low == pytest.approx(np.var(rates, ddof=1), rel=TOLERANCE)
    assert high == pytest.approx(np.var(rates, ddof=1), rel=TOLERANCE)


def extreme_points(rates):
    """Points where difference and spread trade off best: ends or a common value by a threshold."""
    low, high = np.array([rate.bounds() for rate in rates], dtype=float).T
    middle = (low + high) / 2
    for c in (low.min() - 1, *np.unique(middle)):
        yield np.clip(c, low, high)
        yield np.where(middle > c, high, low)
        yield np.where(middle > c, low, high)


def attained(first, second, **named):
    rng = np.random.default_rng(17)
    points = list(product(extreme_points(first), extreme_points(second)))
    boxes = [
        np.array([rate.bounds() for rate in group], dtype=float).T for group in (first, second)
    ]
    points += [
        tuple(low + (high - low) * rng.random(low.size) for low, high in boxes) for _ in range(50)
    ]
    p_values = [
        welch(x, y, **named).p_value for x, y in points if max(np.ptp(x), np.ptp(y)) > TOLERANCE
    ]
    return min(p_values), max(p_values)


GROUPS = {
    "usual": (printed("18.0 16.8 20.0 30.4 20.5"), printed("21.1 16.6 20.5 17.4 14.7 10.0")),
    "coarse": (printed("18 17 19"), printed("20 18 21 19")),
    "at zero": (printed("0.0 0.0 1.2"), printed("0.0 3.1")),
    "far apart": (printed("30 31 32 33"), printed("10 11 12")),
}


@pytest.mark.parametrize("null", [0.0, 0.02])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("case", GROUPS)
def test_the_range_holds_every_attained_p_value(case, alternative, null):
    result = welch(*GROUPS[case], alternative=alternative, null=null)
    low, high = attained(*GROUPS[case], alternative=alternative, null=null)
    assert result.p_rounding.low <= low + TOLERANCE
    assert high <= result.p_rounding.high + TOLERANCE
    assert result.p_rounding.contains(result.p_value)


@pytest.mark.parametrize("alternative", DIRECTIONS)
def test_the_range_is_not_much_wider_than_what_is_attained(alternative):
    result = welch(*GROUPS["usual"], alternative=alternative)
    low, high = attained(*GROUPS["usual"], alternative=alternative)
    assert result.p_rounding.width <= 1.5 * (high - low)


def test_groups_that_may_not_vary_at_all_reach_0():
    # 18.5 and 18.5 against three of 19.5 would print so, with no spread and a difference.
    result = welch(printed("18 18"), printed("19 19 20"))
    assert result.p_rounding.low == 0.0
    assert result.p_value < result.p_rounding.high < 1
