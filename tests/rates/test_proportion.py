"""Intervals of one rate: closed forms by hand, edge cases, and refusals."""

import math
from typing import get_args

import numpy as np
import pytest

from switchstats.errors import UsageError
from switchstats.rates import ProportionMethod, proportion_interval
from switchstats.rates.proportion import proportion_limits, wilson_reach

METHODS = get_args(ProportionMethod)
# Closed forms in double precision.
TOLERANCE = 1e-12
Z = 1.959963984540054  # qnorm(0.975), R 4.2.2


def test_wilsons_ends_are_where_the_score_statistic_is_the_quantile():
    x, n = 15, 148
    interval = proportion_interval(x, n)
    for end, sign in ((interval.low, 1), (interval.high, -1)):
        assert (x / n - end) / math.sqrt(end * (1 - end) / n) == pytest.approx(sign * Z, abs=1e-12)


def test_without_errors_the_exact_upper_limits_are_roots():
    # (1 - p)^n = alpha/2, and half of it for mid-P
    assert proportion_interval(0, 20, method="clopper_pearson").high == pytest.approx(
        1 - 0.025 ** (1 / 20), rel=TOLERANCE
    )
    assert proportion_interval(0, 20, method="mid_p").high == pytest.approx(
        1 - 0.05 ** (1 / 20), rel=TOLERANCE
    )


@pytest.mark.parametrize("method", METHODS)
def test_without_errors_it_begins_at_0_and_with_errors_only_it_ends_at_1(method):
    assert proportion_interval(0, 7, method=method).low == 0.0
    assert proportion_interval(7, 7, method=method).high == 1.0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("x", [0, 1, 3, 12])
def test_requests_without_errors_mirror_errors(method, x):
    one, other = (
        proportion_interval(x, 12, method=method),
        proportion_interval(12 - x, 12, method=method),
    )
    assert one.low == pytest.approx(1 - other.high, abs=TOLERANCE)
    assert one.high == pytest.approx(1 - other.low, abs=TOLERANCE)


@pytest.mark.parametrize("method", METHODS)
def test_a_trillion_requests_keep_their_digits(method):
    # Few errors in many requests are Poisson: the ends times n do not depend on n.
    fewer, more = (proportion_interval(3, n, method=method) for n in (10**9, 10**12))
    assert more.low * 1e12 == pytest.approx(fewer.low * 1e9, rel=1e-7)
    assert more.high * 1e12 == pytest.approx(fewer.high * 1e9, rel=1e-7)


def test_the_kinds_are_told_apart():
    kinds = {method: proportion_interval(3, 10, method=method).kind for method in METHODS}
    assert kinds.pop("jeffreys") == "credible"
    assert set(kinds.values()) == {"confidence"}


@pytest.mark.parametrize("method", METHODS)
def test_many_at_once_are_the_same_as_one_by_one(method):
    errors = np.array([0, 1, 5, 20])
    low, high = proportion_limits(errors, 20, 0.9, method)
    for place, x in enumerate(errors):
        one = proportion_interval(int(x), 20, 0.9, method)
        assert (low[place], high[place]) == pytest.approx((one.low, one.high), abs=TOLERANCE)


def test_exact_coverage_is_never_below_the_level_for_clopper_pearson():
    n = 20
    low, high = proportion_limits(np.arange(n + 1), n, 0.95, "clopper_pearson")
    ways = np.array([math.comb(n, x) for x in range(n + 1)])
    for p in np.linspace(0.01, 0.99, 99):
        mass = ways * p ** np.arange(n + 1) * (1 - p) ** np.arange(n, -1, -1)
        assert mass[(low <= p) & (p <= high)].sum() >= 0.95


def test_the_reach_of_the_limits_does_not_cancel():
    # At n = 1e12 the limit lies 1e-6 of the rate away: the reach keeps its own digits.
    n = np.array(1e12)
    reach = wilson_reach(np.array(0.18e12), n, np.array(Z))
    centre = 0.18 + (1 - 2 * 0.18) * Z**2 / (2e12) / (1 + Z**2 / 1e12)
    half = Z * math.sqrt(0.18 * 0.82 / 1e12 + Z**2 / 4e24) / (1 + Z**2 / 1e12)
    assert reach == pytest.approx(half - (centre - 0.18), rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, 2), "errors must lie between 0 and the requests"),
        ((-1, 2), "errors must lie between 0 and the requests"),
        ((0, 0), "of which there is at least 1"),
        ((0.5, 2), "whole numbers"),
        ((1, 2, 1.0), "level must be between 0 and 1"),
        ((1, 2, 0.95, "wald"), "method must be one of"),
    ],
)
def test_what_cannot_be_is_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        proportion_interval(*arguments)
