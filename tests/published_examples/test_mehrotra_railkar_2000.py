"""Weights for a clinical trial in three strata: the risk difference, its test and its interval.

D. V. Mehrotra and R. Railkar, Statistics in Medicine 19 (2000) 811-825; chi-squared statistic,
p-value and interval as the R package ratesci gives them for these data.
"""

import pytest

from switchstats.inference import cmh, mantel_haenszel, stratified_miettinen_nurminen

TRIAL = [21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70]
# Half a unit of the last digit given.
FIVE_DIGITS, SIX_DIGITS = 5e-6, 5e-7


def test_stratified_miettinen_nurminen():
    result = stratified_miettinen_nurminen(*TRIAL)
    assert result.statistic**2 == pytest.approx(4.93577, abs=FIVE_DIGITS)
    assert result.p_value == pytest.approx(0.026306, abs=SIX_DIGITS)
    assert result.estimate == pytest.approx(-0.030792, abs=SIX_DIGITS)
    assert result.interval.low == pytest.approx(-0.058950, abs=SIX_DIGITS)
    assert result.interval.high == pytest.approx(-0.003669, abs=SIX_DIGITS)


def test_the_same_estimate_and_test_by_mantel_and_haenszel():
    assert mantel_haenszel(*TRIAL).estimate == pytest.approx(-0.030792, abs=SIX_DIGITS)
    assert cmh(*TRIAL, continuity=False).p_value == pytest.approx(0.026306, abs=SIX_DIGITS)
