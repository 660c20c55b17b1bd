"""Fisher's test: its interval agrees with it, gaps, mid-P, empty groups, and any size."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import fisher
from switchstats.inference.two_by_two.fisher import fisher_mid_p_values

TOLERANCE = 1e-10


def enumerated(table: tuple[int, int, int, int], odds: float) -> float:
    """The two-sided p-value by adding every table that is no likelier."""
    e1, n1, e0, n0 = table
    errors = e1 + e0
    support = range(max(0, errors - n0), min(n1, errors) + 1)
    weights = {k: math.comb(n1, k) * math.comb(n0, errors - k) * odds**k for k in support}
    return sum(w for w in weights.values() if w <= weights[e1] * (1 + 1e-7)) / sum(weights.values())


@pytest.mark.parametrize("odds", [0.05, 0.4, 1.0, 1.9, 30.0])
@pytest.mark.parametrize(
    "table",
    [
        (6, 18, 12, 17),
        (0, 10, 5, 10),
        (10, 10, 0, 10),
        (3, 10, 3, 10),
        (1, 1, 0, 9),
        (7, 90, 8, 12),
    ],
)
def test_the_p_value_equals_enumeration(table, odds):
    assert fisher(*table, null=odds).p_value == pytest.approx(
        enumerated(table, odds), rel=TOLERANCE
    )


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(
    "table", [(6, 18, 12, 17), (7, 262, 30, 494), (2, 12, 9, 15), (20, 90, 35, 95)]
)
def test_the_interval_ends_at_the_last_odds_ratios_that_are_kept(table, level):
    interval = fisher(*table, level=level).interval
    alpha = round(1 - level, 15)
    beyond = np.geomspace(1, 20, 500)[1:]
    assert all(enumerated(table, interval.high * factor) <= alpha for factor in beyond)
    assert all(enumerated(table, interval.low / factor) <= alpha for factor in beyond)
    for end, inward in ((interval.low, 1 + 1e-9), (interval.high, 1 - 1e-9)):
        assert enumerated(table, end * inward) > alpha * (1 - 1e-6)


def test_a_null_in_a_gap_is_not_rejected_and_says_so():
    # Fay's example: 1 lies between .993 and 1.006, which the test keeps, as it does not keep 1.
    result = fisher(7, 262, 30, 494)
    assert enumerated((7, 262, 30, 494), 1.0) == pytest.approx(0.04996, abs=5e-6)
    assert result.p_value > 0.05
    assert result.interval.contains(1.0)
    assert "0.04996" in result.notes[-1]["en"]
    # at a level at which there is no gap, the p-value is the test's own
    assert fisher(7, 262, 30, 494, level=0.9).p_value == pytest.approx(0.04996, abs=5e-6)


def test_a_gap_is_the_same_when_the_groups_change_places():
    # the far side of the gap by adding tables, just inside the end
    one, other = fisher(7, 262, 30, 494), fisher(30, 494, 7, 262)
    far = enumerated((7, 262, 30, 494), one.interval.high * (1 - 1e-8))
    assert far > 0.0501
    assert one.p_value == pytest.approx(far, rel=1e-6)
    assert other.p_value == pytest.approx(far, rel=1e-6)
    assert other.interval.low == pytest.approx(1 / one.interval.high, rel=TOLERANCE)


def test_a_group_without_errors_has_an_odds_ratio_of_0():
    result = fisher(0, 10, 5, 10)
    assert (result.estimate, result.interval.low) == (0.0, 0.0)
    mirrored = fisher(5, 10, 0, 10)
    assert (mirrored.estimate, mirrored.interval.high) == (math.inf, None)
    assert mirrored.interval.low == pytest.approx(1 / result.interval.high, rel=TOLERANCE)


@pytest.mark.parametrize("table", [(0, 10, 0, 20), (10, 10, 20, 20)])
def test_it_is_undefined_when_all_ended_alike(table):
    with pytest.raises(NotAnswerableError, match="all requests of both groups are errors, or none"):
        fisher(*table)
    assert np.isnan(fisher_mid_p_values(*table))


@pytest.mark.parametrize("null", [0.0, -1.0])
def test_an_odds_ratio_is_positive(null):
    with pytest.raises(UsageError, match="null must be an odds ratio above 0"):
        fisher(1, 2, 1, 2, null=null)


def test_mid_p_by_hand():
    # 5 of 5 against 0 of 7: one table of comb(12, 5) = 792
    assert fisher(5, 5, 0, 7, mid_p=True, alternative="greater").p_value == pytest.approx(0.5 / 792)
    assert fisher(5, 5, 0, 7, mid_p=True).p_value == pytest.approx(1 / 792)
    assert fisher(5, 5, 0, 7, mid_p=True, alternative="less").p_value == pytest.approx(
        1 - 0.5 / 792
    )


def test_mid_p_one_sided_below_a_level_of_one_half_keeps_no_odds_ratio():
    # without errors the lower tail counts half a table at every odds ratio
    result = fisher(0, 10, 5, 10, mid_p=True, alternative="less", level=0.4)
    assert result.interval.high == 0.0


@pytest.mark.parametrize("mid_p", [False, True])
def test_a_trillion_requests(mid_p):
    result = fisher(10**11, 10**12, 10**11 + 10**6, 10**12, mid_p=mid_p)
    # log odds ratio -1e-6 / (0.1 * 0.9), standard error sqrt(2 / (1e12 * 0.09))
    log_odds, std_error = -1e-6 / 0.09, math.sqrt(2 / 0.09e12)
    assert math.log(result.estimate) == pytest.approx(log_odds, rel=1e-4)
    assert result.p_value == pytest.approx(0.0184224, rel=1e-4)  # 2 pnorm(-2.357017), R 4.2.2
    high = log_odds + 1.959963984540054 * std_error
    assert math.log(result.interval.high) == pytest.approx(high, rel=1e-4)


def test_many_tables_at_once_have_the_same_mid_p_values():
    rng = np.random.default_rng(7)
    n1, n0 = rng.integers(1, 400, (2, 4, 5))
    e1, e0 = rng.integers(0, n1 + 1), rng.integers(1, n0 + 1)
    ours = fisher_mid_p_values(e1, n1, e0, n0)
    for place in np.ndindex(4, 5):
        table = tuple(int(part[place]) for part in (e1, n1, e0, n0))
        if e1[place] + e0[place] == n1[place] + n0[place]:
            continue
        assert ours[place] == pytest.approx(fisher(*table, mid_p=True).p_value, rel=TOLERANCE)


@pytest.mark.parametrize(
    "table",
    [
        (10**8, 10**9, 10**8 + 10**5, 10**9),
        (30_002_500, 10**8, 30_000_000, 10**8),
        (30_000_000, 10**8, 30_002_500, 10**8),
    ],
)
def test_large_tables_among_many_are_summed_too(table):
    ours = fisher_mid_p_values(*([number, number] for number in table))
    expected = fisher(*table, mid_p=True).p_value
    assert ours == pytest.approx([expected] * 2, rel=TOLERANCE, abs=0)
