"""Studentised permutation: the statistic, its standard error, and intervals by inversion."""

from itertools import combinations

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError
from switchstats.inference import cluster_robust, permutation, welch

DIRECTIONS = ["two-sided", "less", "greater"]
SAME = 1e-9
STD_ERRORS = 4
DATA = [30, 12, 2, 41], [100, 60, 50, 300], [20, 4, 9, 6], [90, 80, 70, 15]
SEVERAL = [
    ("incumbent", "a", "01", 30, 100),
    ("incumbent", "a", "02", 5, 40),
    ("incumbent", "b", "01", 12, 60),
    ("incumbent", "c", "02", 2, 50),
    ("entrant", "d", "01", 20, 90),
    ("entrant", "d", "02", 3, 60),
    ("entrant", "e", "02", 4, 80),
    ("entrant", "f", "01", 9, 30),
]


def test_the_standard_error_is_cr3():
    result = permutation(*DATA, weighting="requests", statistic="studentised")
    other = cluster_robust(*DATA, estimator="CR3")
    assert result.std_error == pytest.approx(other.std_error, rel=SAME)
    assert result.statistic == pytest.approx(other.statistic, rel=SAME)
    assert (result.method, result.weighting) == ("permutation_studentised", "requests")


def test_with_equal_weights_it_is_nearly_welch():
    # By hand: sum of (rate - mean)² over (n - 1)² in place of n (n - 1).
    rates = [0.21, 0.19, 0.25], [0.15, 0.18, 0.12]
    result = permutation(*rates, statistic="studentised")
    assert result.std_error == pytest.approx(welch(*rates).std_error * (3 / 2) ** 0.5)


@pytest.mark.parametrize("null", [0.0, 0.05, -0.1])
@pytest.mark.parametrize("alternative", DIRECTIONS)
def test_p_with_whole_retailers_across_strata(alternative, null, counts_of, plainly):
    result = permutation(
        counts_of(SEVERAL),
        strata="area",
        weighting="requests",
        statistic="studentised",
        alternative=alternative,
        null=null,
    )
    _, who, area, errors, requests = (np.array(column) for column in zip(*SEVERAL, strict=True))
    first = ("a", "b", "c")
    y, n = errors - null * requests * np.isin(who, first), requests.astype(float)
    values = np.array(
        [
            plainly["studentised"](y, n, area, np.isin(who, split), who)
            for split in combinations("abcdef", 3)
        ]
    )
    observed = plainly["studentised"](y, n, area, np.isin(who, first), who)
    extreme = {
        "two-sided": np.abs(values) >= abs(observed) - SAME,
        "less": values <= observed + SAME,
        "greater": values >= observed - SAME,
    }[alternative]
    assert result.p_value == pytest.approx(extreme.mean())


def gaps(result):
    return any("the test rejects" in note.en for note in result.notes)


@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("level", [0.7, 0.9])
@pytest.mark.parametrize(("n", "m"), [(4, 4), (3, 6), (6, 3)])
def test_the_interval_is_the_smallest_that_holds_what_is_not_rejected(n, m, level, alternative):
    rng = np.random.default_rng(10 * n + m)
    requests = rng.integers(20, 900, n + m)
    errors = rng.binomial(requests, rng.uniform(0.1, 0.3, n + m))
    data = errors[:n], requests[:n], errors[n:], requests[n:]
    how = {"weighting": "requests", "statistic": "studentised", "alternative": alternative}
    result = permutation(*data, **how, level=level)
    interval = result.interval
    for null in np.linspace(-0.5, 0.5, 81):
        rejected = permutation(*data, **how, null=null).p_value <= round(1 - level, 12)
        if not interval.contains(null):
            assert rejected, null
        elif not gaps(result):
            assert not rejected, null
    for end, outward in ((interval.low, -1), (interval.high, 1)):
        if end is not None:
            at, past = end - outward * SAME, end + outward * SAME
            assert permutation(*data, **how, null=at).p_value > 1 - level
            assert permutation(*data, **how, null=past).p_value <= round(1 - level, 12)


def test_an_interval_with_rejected_nulls_inside_says_so():
    # Found among random small groups: at null 0.2 fewer splits are as extreme than farther out.
    rng = np.random.default_rng(0)
    found = 0
    for _ in range(60):
        requests = rng.integers(2, 200, 6)
        errors = rng.binomial(requests, rng.uniform(0, 1, 6))
        data = errors[:3], requests[:3], errors[3:], requests[3:]
        how = {"weighting": "requests", "statistic": "studentised"}
        result = permutation(*data, **how, level=0.6)
        if not gaps(result):
            continue
        found += 1
        inside = np.linspace(result.interval.low, result.interval.high, 400)[1:-1]
        assert any(permutation(*data, **how, null=null).p_value <= 0.4 for null in inside)
    assert found


@pytest.mark.parametrize(
    ("data", "level", "alternative"),
    [
        (([12, 5, 1], [12, 5, 23], [30, 0, 24, 9], [41, 9, 52, 21]), 0.6, "two-sided"),
        (([6, 4, 24], [8, 11, 42], [38, 17, 43], [50, 38, 56]), 0.6, "less"),
        (([8, 37, 2, 1], [30, 50, 2, 41], [15, 22], [19, 29]), 0.6, "less"),
        (([0, 0], [10, 4], [10, 2, 21, 9], [11, 11, 49, 20]), 0.8, "greater"),
        (([31, 13, 17, 13], [55, 26, 27, 15], [5, 23], [5, 47]), 0.6, "greater"),
    ],
)
def test_p_values_turn_at_the_ends_where_quartics_are_not_convex(data, level, alternative):
    # Found among random small groups: squared statistics and the observed one's cross up to four
    # times. The p-value of a null compares all splits there and finds no crossings.
    how = {"weighting": "requests", "statistic": "studentised", "alternative": alternative}
    result = permutation(*data, **how, level=level)
    for end, outward in ((result.interval.low, -1), (result.interval.high, 1)):
        if end is not None:
            at, past = end - outward * SAME, end + outward * SAME
            assert permutation(*data, **how, null=at).p_value > 1 - level
            assert permutation(*data, **how, null=past).p_value <= round(1 - level, 12)


def test_random_splits_agree_with_all_splits():
    rng = np.random.default_rng(7)
    requests = rng.integers(20, 900, 15)
    errors = rng.binomial(requests, rng.uniform(0.1, 0.3, 15))
    data = errors[:7], requests[:7], errors[7:], requests[7:]
    how = {"weighting": "requests", "statistic": "studentised"}
    every, drawn = permutation(*data, **how), permutation(*data, **how, max_splits=0, seed=3)
    assert abs(drawn.p_value - every.p_value) < STD_ERRORS * drawn.p_std_error
    assert drawn.interval.low == pytest.approx(every.interval.low, abs=0.01)
    assert drawn.interval.high == pytest.approx(every.interval.high, abs=0.01)


@pytest.mark.parametrize(
    "data",
    [
        ([1], [10], [3, 4], [10, 20]),
        ([2, 4], [10, 20], [3, 6, 9], [10, 20, 30]),
        ([0, 0], [10, 20], [0, 0], [10, 20]),
    ],
)
def test_no_standard_error_no_test(data):
    with pytest.raises(NotAnswerableError, match=r"permutation test|studentised"):
        permutation(*data, weighting="requests", statistic="studentised")


def test_ten_to_the_twelve_requests_beside_one():
    data = [10**11, 3, 17], [10**12, 20, 90], [2 * 10**11, 1, 0], [10**12, 1, 6]
    result = permutation(*data, weighting="requests", statistic="studentised")
    assert 2 / 20 <= result.p_value <= 1
    assert result.std_error == pytest.approx(
        cluster_robust(*data, estimator="CR3").std_error, rel=1e-6
    )
