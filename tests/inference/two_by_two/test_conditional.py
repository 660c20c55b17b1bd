"""The noncentral hypergeometric distribution against exact fractions and direct sums."""

import math
from fractions import Fraction

import numpy as np
import pytest

from switchstats.inference.two_by_two.conditional import ConditionalErrors
from switchstats.inference.two_by_two.lattice import lattice_rule
from switchstats.inference.two_by_two.log_mass import log_factorial_rest, log_mass

# Of a probability in double precision, per natural logarithm of its size.
PER_LOGARITHM = 1e-14
# Of a sum over a window of a million points by some thousand, against the direct sum.
SUM_TOLERANCE = 1e-11


def exact_log_mass(k: int, n1: int, n0: int, errors: int) -> float:
    ways, of = math.comb(n1, k) * math.comb(n0, errors - k), math.comb(n1 + n0, errors)
    # logarithms of whole numbers with thousands of digits would lose some of ours
    shift = max(0, 64 + of.bit_length() - ways.bit_length())
    return math.log((ways << shift) // of) - shift * math.log(2)


@pytest.mark.parametrize(
    ("n1", "n0", "errors"), [(1, 1, 1), (10, 20, 5), (300, 7, 250), (4000, 5000, 1800)]
)
def test_masses_equal_exact_fractions(n1, n0, errors):
    low, high = max(0, errors - n0), min(n1, errors)
    counts = np.unique(np.linspace(low, high, 40).astype(int))
    sizes = (np.array(float(n)) for n in (n1, n0, errors))
    ours = log_mass(counts.astype(float), *sizes)
    for k, value in zip(counts.tolist(), ours, strict=True):
        exact = exact_log_mass(k, n1, n0, errors)
        assert value == pytest.approx(exact, abs=PER_LOGARITHM * (1 + abs(exact)))


def test_what_stirlings_formula_leaves_of_small_factorials():
    n = np.arange(1.0, 25.0)
    exact = [math.log(math.factorial(int(k))) - k * math.log(k) + k for k in n]
    assert log_factorial_rest(n) == pytest.approx(exact, abs=1e-13)


@pytest.mark.parametrize("count", [1, 256, 257, 1000, 4097, 123_456])
def test_a_rule_sums_polynomials_exactly(count):
    points, weights = lattice_rule(count)
    assert points.min() >= 0
    assert points.max() <= count - 1
    for power in (0, 1, 2, 5):
        exact = Fraction(sum(k**power for k in range(count)), count**power)
        ours = float(np.sum(weights * (points / count) ** power))
        assert ours == pytest.approx(float(exact), rel=1e-12)


def direct_shares(given: ConditionalErrors, log_odds: float, *edges: int) -> np.ndarray:
    counts = np.arange(given.low, given.high + 1.0)
    sizes = (np.array(float(n)) for n in (given.n1, given.n0, given.errors))
    log_weights = log_mass(counts, *sizes) + log_odds * (counts - given.low)
    weights = np.exp(log_weights - log_weights.max())
    cells = np.digitize(counts, edges)
    return (
        np.array([weights[cells == cell].sum() for cell in range(len(edges) + 1)]) / weights.sum()
    )


@pytest.mark.parametrize("log_odds", [-3.0, 0.0, 0.2, 4.0])
@pytest.mark.parametrize(
    ("n1", "n0", "errors"), [(3, 5, 4), (60_000, 90_000, 70_000), (10**6, 10**6, 40_000)]
)
def test_shares_equal_direct_sums(n1, n0, errors, log_odds):
    given = ConditionalErrors(n1, n0, errors)
    mean = round(given.mean_beyond(log_odds, 0))
    for edge in (mean - 400, mean, mean + 3, mean + 700):
        first = min(max(edge, given.low), given.high)
        edges = first, min(first + 2, given.high + 1)
        ours, direct = (
            np.exp(given.log_shares(log_odds, *edges)),
            direct_shares(given, log_odds, *edges),
        )
        kept = direct > 1e-250
        assert ours[kept] == pytest.approx(direct[kept], rel=SUM_TOLERANCE)


def test_a_trillion_requests_are_normal():
    given = ConditionalErrors(10**12, 10**12, 2 * 10**11)
    sd = math.sqrt(1e24 * 2e11 * 1.8e12 / 8e36)
    below, above = np.exp(given.log_shares(0.0, 10**11 + round(2 * sd)))
    assert above == pytest.approx(0.022750131948, rel=1e-5)  # pnorm(-2), R 4.2.2
    assert below + above == pytest.approx(1.0, abs=1e-12)


def test_the_most_likely_odds_ratio_has_the_observed_mean():
    given = ConditionalErrors(18, 17, 18)
    log_odds = given.log_odds_of(6)
    assert given.mean_beyond(log_odds, 6) == pytest.approx(0.0, abs=1e-12)
    assert given.log_odds_of(given.low) == -math.inf
    assert given.log_odds_of(given.high) == math.inf
