"""The certified supremum against dense grids, on curves with sharp and with level tops."""

import math

import numpy as np
import pytest

from switchstats.inference.two_by_two.apart import ApartCurve, TableSet
from switchstats.inference.two_by_two.common_rate import CommonRateCurve, largest_probability
from switchstats.inference.two_by_two.supremum import TOLERANCE, exceeds, supremum

# A dense grid falls short of the supremum by its own spacing.
GRID = 20_001
ROUNDING = 1e-12


def binomial_mean(shares: np.ndarray, rates: np.ndarray) -> np.ndarray:
    n = shares.size - 1
    ways = np.array([math.comb(n, z) for z in range(n + 1)], dtype=float)
    z = np.arange(n + 1)
    return (ways * rates[:, None] ** z * (1 - rates[:, None]) ** (n - z)) @ shares


@pytest.mark.parametrize("seed", range(12))
def test_it_is_not_below_a_dense_grid_and_is_attained(seed):
    rng = np.random.default_rng(seed)
    shares = rng.random(int(rng.integers(3, 120))) ** 3 * 0.1
    found = largest_probability(shares, symmetric=False)
    grid = np.sin(np.linspace(0, np.pi / 2, GRID)) ** 2
    values = binomial_mean(shares, grid)
    assert found.value * (1 + TOLERANCE) >= values.max() * (1 - ROUNDING)
    attained = binomial_mean(shares, np.array([found.at]))[0]
    assert found.value == pytest.approx(attained, rel=1e-10)


def test_a_lone_spike_between_grid_points_is_found():
    # A single total out of 2,000 counts: the probability peaks at its share, with the mode's mass.
    for total in (1, 3, 777, 1000):
        shares = np.zeros(2001)
        shares[total] = 1.0
        found = largest_probability(shares, symmetric=False)
        assert found.at == pytest.approx(total / 2000, rel=1e-4)
        rate = total / 2000
        log_mass = (
            math.lgamma(2001)
            - math.lgamma(total + 1)
            - math.lgamma(2001 - total)
            + total * math.log(rate)
            + (2000 - total) * math.log1p(-rate)
        )
        assert found.value == pytest.approx(math.exp(log_mass), rel=1e-8)


def test_tiny_probabilities_keep_their_relative_precision():
    shares = np.full(301, 1e-40)
    shares[150] = 3e-40
    found = largest_probability(shares, symmetric=True)
    mode = math.comb(300, 150) / 2**300
    assert found.value == pytest.approx(1e-40 * (1 + 2 * mode), rel=1e-10)


@pytest.mark.parametrize("at", [0.0, 1e-3, 0.3, 1.0])
def test_slopes_are_those_of_the_values(at):
    rng = np.random.default_rng(3)
    curve = CommonRateCurve.of(rng.random(60))
    step = 1e-6
    points = np.clip(np.array([at - step, at, at + step]), 0, 1)
    values, slopes = curve.sample(points)
    numeric = (values[2] - values[0]) / (points[2] - points[0])
    assert slopes.mean() == pytest.approx(numeric, rel=1e-3, abs=1e-3)


def test_apart_by_enumeration():
    rng = np.random.default_rng(5)
    n1, n0, difference = 7, 5, 0.15
    few = np.sort(rng.integers(-1, n0 + 1, n1 + 1))
    many = np.maximum(few + 2, 3).clip(max=n0 + 1)
    curve = ApartCurve(TableSet(few, many), n1, n0, difference)
    grid = np.linspace(0, 1 - difference, 4001)
    values = np.zeros(grid.size)
    for x in range(n1 + 1):
        for y in range(n0 + 1):
            if y <= few[x] or y >= many[x]:
                first, second = grid + difference, grid
                values += (
                    math.comb(n1, x) * first**x * (1 - first) ** (n1 - x)
                    * math.comb(n0, y) * second**y * (1 - second) ** (n0 - y)
                )  # fmt: skip
    assert curve.sample(grid)[0] == pytest.approx(values, rel=1e-10)
    found = supremum(curve, curve.points)
    assert values.max() * (1 - ROUNDING) <= found.value * (1 + TOLERANCE)
    assert found.value == pytest.approx(values.max(), rel=1e-5)
    assert exceeds(curve, curve.points, found.value * (1 - 1e-6))
    assert not exceeds(curve, curve.points, found.value * (1 + 1e-6))


def test_its_bounds_hold_between_the_points():
    curve = ApartCurve(TableSet.with_few(np.array([-1, 0, 0, 2, 3]), 6), 4, 6, -0.1)
    low, high = curve.points[:-1], curve.points[1:]
    ceiling = curve.ceiling(low, high)
    for share in (0.0, 0.3, 0.7, 1.0):
        assert np.all(curve.sample(low + share * (high - low))[0] <= ceiling + ROUNDING)


def test_a_difference_of_1_leaves_one_pair_of_rates():
    curve = ApartCurve(TableSet.with_few(np.array([-1, 0]), 1), 1, 1, 1.0)
    assert supremum(curve, curve.points).value == pytest.approx(1.0)
