"""Request-weighted permutation against every split in exact arithmetic."""

from fractions import Fraction
from itertools import combinations
from math import comb, floor

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import permutation

DIRECTIONS = ["two-sided", "less", "greater"]
# Of limits, relative to the rates: ties are allowed that much.
LIMIT_TOLERANCE = 1e-11
# Seeded draws are compared with exact values in their own standard errors.
STD_ERRORS = 4

# Errors and requests of the first group, then of the second.
CASES = {
    "plain": ([21, 40, 9], [100, 150, 60], [15, 80, 7, 30], [90, 300, 50, 210]),
    "ties": ([10, 10, 20], [100, 100, 200], [10, 20, 5], [100, 100, 50]),
    "one retailer": ([30], [100], [10, 25, 3], [80, 100, 30]),
    "one each": ([30], [100], [10], [80]),
    "no errors": ([0, 0], [10, 20], [0, 0, 0], [5, 5, 90]),
    "nothing but errors": ([10, 20], [10, 20], [5, 5, 90], [5, 5, 90]),
    "one request": ([1, 40], [1, 200], [0, 1, 35], [1, 1, 180]),
    "far apart": ([10**11, 3, 17], [10**12, 20, 90], [2 * 10**11, 1, 24], [10**12, 1, 100]),
    "rates that do not vary": ([20, 40], [100, 200], [10, 30, 5], [100, 300, 50]),
}


def splits(errors, requests, n, null):
    """Difference and slope of every split; the slope is that of its difference in the null."""
    k = len(errors)
    whole_errors, whole_requests = sum(errors), sum(requests)
    for chosen in combinations(range(k), n):
        inside = sum(requests[i] for i in chosen)
        mine = sum(requests[i] for i in chosen if i < n)
        of_first = sum(requests[:n])
        errors_inside = sum(errors[i] for i in chosen)
        slope = Fraction(mine, inside) - Fraction(of_first - mine, whole_requests - inside)
        difference = Fraction(errors_inside, inside) - Fraction(
            whole_errors - errors_inside, whole_requests - inside
        )
        yield difference - null * slope, slope


def p_value(case, alternative, null):
    e1, n1, e0, n0 = case
    every = [value for value, _ in splits(e1 + e0, n1 + n0, len(n1), Fraction(null))]
    observed = every[0]
    extreme = {
        "two-sided": lambda value: abs(value) >= abs(observed),
        "less": lambda value: value <= observed,
        "greater": lambda value: value >= observed,
    }[alternative]
    return Fraction(sum(map(extreme, every)), len(every))


@pytest.mark.parametrize("null", ["0", "0.03", "-0.1"])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("case", CASES)
def test_p_is_the_share_of_splits_counted_one_by_one(case, alternative, null):
    result = permutation(
        *CASES[case], weighting="requests", alternative=alternative, null=float(null)
    )
    assert result.p_value == float(p_value(CASES[case], alternative, null))


@pytest.mark.parametrize("level", [0.6, 0.75, 0.9])
@pytest.mark.parametrize("case", CASES)
def test_the_limits_are_order_statistics_of_exact_ends(case, level):
    e1, n1, e0, n0 = CASES[case]
    every = list(splits(e1 + e0, n1 + n0, len(n1), Fraction(0)))
    observed = every[0][0]
    low, high, always = [], [], 0
    for value, slope in every:
        away = value - slope * observed  # what is left of the difference at the estimate
        if abs(slope) == 1:
            always += 1
        else:
            ends = sorted((away / (1 + slope), -away / (1 - slope)))
            low.append(observed + ends[0])
            high.append(observed + ends[1])
    needed = floor(round(1 - level, 12) * len(every)) + 1 - always
    interval = permutation(*CASES[case], weighting="requests", level=level).interval
    if needed < 1:
        assert (interval.low, interval.high) == (None, None)
        return
    wanted = sorted(low)[needed - 1], sorted(high)[-needed]
    assert (interval.low, interval.high) == pytest.approx(
        [float(end) for end in wanted], rel=LIMIT_TOLERANCE, abs=LIMIT_TOLERANCE
    )


def test_the_result_says_what_was_done():
    result = permutation(*CASES["plain"], weighting="requests", null=0.01, level=0.9)
    assert (result.method, result.estimand) == ("permutation", "request_weighted_difference")
    assert (result.weighting, result.units) == ("requests", "retailers")
    assert result.estimate == pytest.approx(70 / 310 - 132 / 650)
    assert result.statistic == pytest.approx(70 / 310 - 132 / 650 - 0.01)
    assert (result.n_units, result.n_by_group) == (7, (3, 4))
    # 310² / (100² + 150² + 60²) + 650² / (90² + 300² + 50² + 210²)
    assert result.n_effective == pytest.approx(96_100 / 36_100 + 422_500 / 144_700)
    assert (result.seed, result.p_std_error, result.notes, result.cautions) == (None, None, (), ())


def test_equal_volumes_give_the_test_of_equal_weights():
    errors = [21, 19, 20, 17], [15, 16, 14, 18]
    requests = [100] * 4
    one = permutation(errors[0], requests, errors[1], requests, weighting="requests")
    other = permutation(errors[0], requests, errors[1], requests)
    assert one.p_value == other.p_value
    assert one.interval.low == pytest.approx(other.interval.low)
    assert one.interval.high == pytest.approx(other.interval.high)


def test_rates_that_do_not_vary_leave_one_difference_and_a_caution():
    e1, n1, e0, n0 = [20, 40, 60, 2], [100, 200, 300, 10], [10, 30, 5, 40], [100, 300, 50, 400]
    result = permutation(e1, n1, e0, n0, weighting="requests")
    assert result.p_value == 2 / comb(8, 4)
    assert result.interval.low == result.interval.high == pytest.approx(0.1)
    assert [caution.code for caution in result.cautions] == ["no_spread"]


def test_a_retailer_without_requests_is_left_out_and_named():
    e1, n1, e0, n0 = CASES["plain"]
    plain = permutation(e1, n1, e0, n0, weighting="requests")
    more = permutation([*e1, 0], [*n1, 0], e0, n0, weighting="requests")
    assert more.p_value == plain.p_value
    assert [note.en for note in more.notes] == [
        "1 retailer(s) without requests have no rate and are left out."
    ]


@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize(("n", "m"), [(8, 8), (5, 10), (10, 5)])
def test_random_splits_agree_with_all_splits(n, m, alternative):
    rng = np.random.default_rng(100 * n + m)
    requests = rng.integers(10, 2_000, n + m)
    errors = rng.binomial(requests, 0.2)
    data = errors[:n], requests[:n], errors[n:], requests[n:]
    how = {"weighting": "requests", "alternative": alternative}
    every = permutation(*data, **how)
    drawn = permutation(*data, **how, max_splits=0, seed=4)
    assert abs(drawn.p_value - every.p_value) < STD_ERRORS * drawn.p_std_error
    assert drawn.seed == 4
    # 0.004 is some six standard errors of the simulated limits here.
    for ours, exact in (
        (drawn.interval.low, every.interval.low),
        (drawn.interval.high, every.interval.high),
    ):
        assert ours == (exact if exact is None else pytest.approx(exact, abs=0.004))


def test_random_splits_count_the_observed_one():
    result = permutation(
        [9] * 8,
        [10] * 8,
        [1] * 8,
        [10] * 8,
        weighting="requests",
        alternative="greater",
        max_splits=0,
        n_draws=99,
        seed=1,
    )
    assert result.p_value == 1 / 100
    assert result.p_std_error == pytest.approx((0.01 * 0.99 / 100) ** 0.5)


def test_700_retailers_are_drawn():
    rng = np.random.default_rng(3)
    requests = np.exp(rng.normal(7, 1.5, 700)).astype(int) + 1
    errors = rng.binomial(requests, np.clip(rng.normal(0.18, 0.045, 700), 0, 1))
    errors[:40] = rng.binomial(requests[:40], 0.9)
    result = permutation(
        errors[:40],
        requests[:40],
        errors[40:],
        requests[40:],
        weighting="requests",
        seed=1,
        n_draws=999,
    )
    assert result.p_value == 1 / 1000
    assert result.interval.low > 0.5


def test_rates_without_requests_are_refused():
    with pytest.raises(NotAnswerableError, match="how many requests they rest on"):
        permutation([0.1, 0.2], [0.3, 0.1], weighting="requests")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"weighting": "precision"}, "weighting must be 'equal' or 'requests'"),
        ({"statistic": "ranks"}, "statistic must be 'difference' or 'studentised'"),
        ({"weighting": "requests", "n_draws": 0}, "n_draws must be at least 1"),
    ],
)
def test_arguments_out_of_range_are_refused(named, message):
    with pytest.raises(UsageError, match=message):
        permutation(*CASES["plain"], **named)
