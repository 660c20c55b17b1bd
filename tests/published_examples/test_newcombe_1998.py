"""Intervals of one rate and of a difference, as Newcombe tabulated them.

R. G. Newcombe, Two-sided confidence intervals for the single proportion: comparison of seven
methods, Statistics in Medicine 17 (1998) 857-872, table I; and Interval estimation for the
difference between independent proportions: comparison of eleven methods, the same volume, 873-890,
table II. The numbers of both tables are given to four digits.
"""

import pytest

from switchstats.inference import mee, miettinen_nurminen, newcombe, pooled_z
from switchstats.rates import proportion_interval

FOUR_DIGITS = 5.01e-5

# Table I: methods 3 (score), 5 (Clopper-Pearson) and 6 (mid-P).
SINGLE = {
    (81, 263): {
        "wilson": (0.2553, 0.3662),
        "clopper_pearson": (0.2527, 0.3676),
        "mid_p": (0.2544, 0.3658),
    },
    (15, 148): {
        "wilson": (0.0624, 0.1605),
        "clopper_pearson": (0.0578, 0.1617),
        "mid_p": (0.0601, 0.1581),
    },
    (0, 20): {
        "wilson": (0.0, 0.1611),
        "clopper_pearson": (0.0, 0.1684),
        "mid_p": (0.0, 0.1391),
    },
    (1, 29): {
        "wilson": (0.0061, 0.1718),
        "clopper_pearson": (0.0009, 0.1776),
        "mid_p": (0.0017, 0.1585),
    },
}

# Table II, contrasts (a), (e) and (f): methods 5 (Mee), 6 (Miettinen-Nurminen) and 10 (hybrid).
DIFFERENCES = {
    (56, 70, 48, 80): {
        mee: (0.0533, 0.3377),
        miettinen_nurminen: (0.0528, 0.3382),
        newcombe: (0.0524, 0.3339),
    },
    (0, 10, 0, 20): {
        mee: (-0.1611, 0.2775),
        miettinen_nurminen: (-0.1658, 0.2844),
        newcombe: (-0.1611, 0.2775),
    },
    (0, 10, 0, 10): {
        mee: (-0.2775, 0.2775),
        miettinen_nurminen: (-0.2879, 0.2879),
        newcombe: (-0.2775, 0.2775),
    },
}


@pytest.mark.parametrize("method", ["wilson", "clopper_pearson", "mid_p"])
@pytest.mark.parametrize("rate", SINGLE)
def test_single_proportions(rate, method):
    interval = proportion_interval(*rate, method=method)
    assert (interval.low, interval.high) == pytest.approx(SINGLE[rate][method], abs=FOUR_DIGITS)


@pytest.mark.parametrize("test", [mee, miettinen_nurminen, newcombe])
@pytest.mark.parametrize("table", DIFFERENCES)
def test_differences(table, test):
    interval = test(*table).interval
    assert (interval.low, interval.high) == pytest.approx(DIFFERENCES[table][test], abs=FOUR_DIGITS)


def test_the_naive_interval_is_not_the_score_interval():
    # Wald's is .0575 to .3425; with the pooled standard error, which belongs to the z test, it is
    # .2 -+ 1.95996 * .075467.
    interval = pooled_z(56, 70, 48, 80).interval
    assert (interval.low, interval.high) == pytest.approx((0.0521, 0.3479), abs=FOUR_DIGITS)
