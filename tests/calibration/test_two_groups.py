"""Size and power of the three tests where nothing, and where something, is going on.

Ten against ten retailers whose true rates spread by 4.5 points around 18 %, as in the committee's
table. The size is 5 % by design. The power at a 6-point gap, two-sided, is .78 for Welch's test and
the permutation test in a simulation that adds the noise of finite request numbers (1,500 runs);
without that noise the noncentral t gives .80.
"""

import numpy as np
import pytest

from switchstats.inference import minimal_detectable_effect, permutation, rank_sum, welch
from switchstats.inference.power import power_of_t
from switchstats.inference.question import Question

SEED = 20231019
MEAN, SD, N = 0.18, 0.045, 10
GAP = 0.06
ALPHA = 0.05
# Ranks keep 3/pi of the information in normal data.
RANK_EFFICIENCY = 3 / np.pi
RUNS = {welch: 2_000, permutation: 250, rank_sum: 250}
STD_ERRORS = 3


def rejections(test, null):
    rng = np.random.default_rng(SEED)
    rejected = 0
    for _ in range(RUNS[test]):
        first, second = rng.normal(MEAN, SD, N), rng.normal(MEAN, SD, N)
        rejected += test(first, second, null=null).p_value <= ALPHA
    return rejected / RUNS[test]


def error(share, runs):
    return STD_ERRORS * (share * (1 - share) / runs) ** 0.5


@pytest.mark.parametrize("test", RUNS)
def test_size_is_five_percent(test):
    assert abs(rejections(test, 0.0) - ALPHA) < error(ALPHA, RUNS[test])


@pytest.mark.parametrize("test", RUNS)
def test_power_at_six_points(test):
    # Testing equal groups for a gap of 6 points is testing groups 6 points apart for none.
    efficiency = RANK_EFFICIENCY if test is rank_sum else 1.0
    shift = GAP / (SD * (2 / N) ** 0.5) * efficiency**0.5
    power = power_of_t(shift, 2 * N - 2, Question("two-sided", 0.0, 1 - ALPHA))
    assert abs(rejections(test, GAP) - power) < error(power, RUNS[test])
    if test is not rank_sum:
        assert abs(power - 0.78) < 0.03


def with_spread(n, sd):
    """Numbers with exactly this standard deviation."""
    ladder = np.arange(n, dtype=float)
    return ladder * sd / np.std(ladder, ddof=1)


@pytest.mark.parametrize("alternative", ["less", "two-sided"])
@pytest.mark.parametrize(
    ("n", "m", "sd_first", "sd_second"), [(10, 10, 0.045, 0.045), (6, 14, 0.03, 0.06)]
)
def test_the_minimal_detectable_effect_is_detected_four_times_in_five(
    n, m, sd_first, sd_second, alternative
):
    effect = minimal_detectable_effect(
        with_spread(n, sd_first), with_spread(m, sd_second), alternative=alternative
    ).effect
    rng = np.random.default_rng(SEED)
    runs, found = 1_000, 0
    for _ in range(runs):
        first, second = rng.normal(-effect, sd_first, n), rng.normal(0, sd_second, m)
        found += welch(first, second, alternative=alternative).p_value <= ALPHA
    assert abs(found / runs - 0.8) < error(0.8, runs)
