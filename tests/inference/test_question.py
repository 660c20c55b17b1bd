"""Arguments that every test takes are refused when they are out of range."""

import math

import pytest

from switchstats.errors import UsageError
from switchstats.inference.question import Question


@pytest.mark.parametrize("level", [0, 1, -0.1, 1.2, 95, math.nan])
def test_a_level_outside_0_and_1_is_refused(level):
    with pytest.raises(UsageError, match=r"level must be between 0 and 1, such as 0\.95"):
        Question("less", 0.0, level)


@pytest.mark.parametrize("null", [math.nan, math.inf, -math.inf])
def test_a_null_that_is_no_number_is_refused(null):
    with pytest.raises(UsageError, match="null must be a finite difference"):
        Question("less", null, 0.95)


def test_an_unknown_alternative_names_the_known_ones():
    with pytest.raises(UsageError, match="'two-sided', 'less' or 'greater', not 'lower'"):
        Question("lower", 0.0, 0.95)


@pytest.mark.parametrize(("level", "alpha"), [(0.9, 0.1), (0.95, 0.05), (0.8, 0.2), (0.99, 0.01)])
def test_the_complement_is_the_number_it_looks_like(level, alpha):
    assert Question("less", 0.0, level).alpha == alpha  # 1 - 0.9 alone is 0.09999999999999998
