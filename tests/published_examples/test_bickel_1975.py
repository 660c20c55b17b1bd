"""Admissions to six departments at Berkeley, 1973, by sex (R's UCBAdmissions).

P. J. Bickel, E. A. Hammel and J. W. O'Connell, Science 187 (1975) 398-404. The numbers are those of
R 4.2.2's mantelhaen.test and metafor's rma.mh. R finds the exact odds ratio and its interval to
about four digits only (its root finder stops at 1.2e-4); these have tolerances of their own.
"""

import pytest

from switchstats.inference import breslow_day, cmh, mantel_haenszel

# Departments A to F: admitted men, men, admitted women, women.
ADMISSIONS = (
    [512, 353, 120, 138, 53, 22],
    [825, 560, 325, 417, 191, 373],
    [89, 17, 202, 131, 94, 24],
    [108, 25, 593, 375, 393, 341],
)
# Half a unit of the last digit given, and what R's root finder leaves open.
FIVE_DIGITS, SIX_DIGITS, SEVEN_DIGITS = 5e-6, 5e-7, 5e-8
ROOT_OF_R = 1e-4


def test_cochran_mantel_haenszel():
    assert cmh(*ADMISSIONS).statistic == pytest.approx(1.42695, abs=FIVE_DIGITS)
    plain = cmh(*ADMISSIONS, continuity=False)
    assert plain.statistic == pytest.approx(1.52461, abs=FIVE_DIGITS)
    assert plain.estimate == pytest.approx(0.904697, abs=SIX_DIGITS)


def test_common_odds_ratio():
    result = mantel_haenszel(*ADMISSIONS, scale="odds_ratio")
    assert result.estimate == pytest.approx(0.904697, abs=SIX_DIGITS)
    assert result.interval.low == pytest.approx(0.771907, abs=SIX_DIGITS)
    assert result.interval.high == pytest.approx(1.060330, abs=SIX_DIGITS)


def test_exact_conditional():
    result = cmh(*ADMISSIONS, exact=True)
    assert result.p_value == pytest.approx(0.227763, abs=SIX_DIGITS)
    assert result.estimate == pytest.approx(0.905076, abs=ROOT_OF_R)
    # R's interval belongs to twice the smaller tail
    central = cmh(*ADMISSIONS, exact=True, central=True)
    assert central.interval.low == pytest.approx(0.769714, abs=ROOT_OF_R)
    assert central.interval.high == pytest.approx(1.063417, abs=ROOT_OF_R)


def test_homogeneity():
    result = breslow_day(*ADMISSIONS)
    assert result.quantities["breslow_day"] == pytest.approx(18.825514, abs=SIX_DIGITS)
    assert result.statistic == pytest.approx(18.825501, abs=SIX_DIGITS)


def test_risk_difference():
    result = mantel_haenszel(*ADMISSIONS)
    assert result.estimate == pytest.approx(-0.0184252, abs=SEVEN_DIGITS)
    assert result.std_error == pytest.approx(0.0148254, abs=SEVEN_DIGITS)
