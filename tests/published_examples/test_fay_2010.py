"""Fisher's test whose p-value and interval agree.

M. P. Fay, Confidence intervals that match Fisher's exact or Blaker's exact tests, Biostatistics 11
(2010) 373-374, and the first page of the vignette of his R package exact2x2: R's `fisher.test` of
6 of 18 against 12 of 17 gives p = .04371 beside an interval of the odds ratio from .0389 to 1.056.
His matching interval, to four digits, and the second example, whose confidence set has a gap.
"""

import pytest

from switchstats.inference import fisher

FOUR_DIGITS = 5.01e-5
THREE_DIGITS = 5.01e-4


def test_the_interval_matches_the_p_value():
    result = fisher(6, 18, 12, 17)
    assert result.p_value == pytest.approx(0.04371, abs=5e-6)
    assert result.interval.low == pytest.approx(0.0436, abs=FOUR_DIGITS)
    assert result.interval.high == pytest.approx(0.9170, abs=FOUR_DIGITS)
    assert result.estimate == pytest.approx(0.2189021, abs=5e-8)


def test_a_confidence_set_with_a_gap_is_covered():
    # kept are .177 to .993 and 1.006 to 1.014
    interval = fisher(7, 262, 30, 494).interval
    assert interval.low == pytest.approx(0.177, abs=THREE_DIGITS)
    assert interval.high == pytest.approx(1.014, abs=THREE_DIGITS)
    for inside, above in ((0.992, True), (1.0, False), (1.008, True), (1.015, False)):
        # at level .9 there is no gap, so that the p-value is the test's own
        p_value = fisher(7, 262, 30, 494, null=inside, level=0.9).p_value
        assert (p_value > 0.05) == above
