"""Penicillin given to rabbits at once or late, at five doses; cured or not.

A. Agresti, Categorical Data Analysis (1990) 231-237, as in the examples of R's mantelhaen.test.
"""

import pytest

from switchstats.inference import cmh

# Doses 1/8 to 4: cured and all rabbits of immediate, then of delayed injection.
RABBITS = [0, 3, 6, 5, 2], [6, 6, 6, 6, 2], [0, 0, 2, 6, 5], [5, 6, 6, 6, 5]
SIX_DIGITS = 5e-7
# R's root finder.
ROOT_OF_R = 1e-4


def test_exact_conditional():
    result = cmh(*RABBITS, exact=True)
    assert result.p_value == pytest.approx(0.039945, abs=SIX_DIGITS)
    assert result.estimate == pytest.approx(10.3610, abs=ROOT_OF_R)


def test_mantel_haenszel_without_and_with_continuity_correction():
    # as printed in R's example: 5.6571 and 3.9286, and a common odds ratio of 7
    plain = cmh(*RABBITS, continuity=False)
    assert plain.statistic == pytest.approx(5.6571, abs=5e-5)
    assert plain.estimate == pytest.approx(7.0)
    assert cmh(*RABBITS).statistic == pytest.approx(3.9286, abs=5e-5)
