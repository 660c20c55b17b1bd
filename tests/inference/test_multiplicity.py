"""Holm and Benjamini-Hochberg by hand; tests/oracle/test_permutation.py has R's numbers."""

import numpy as np
import pytest

from switchstats.errors import UsageError
from switchstats.inference import benjamini_hochberg, holm

BOTH = [holm, benjamini_hochberg]


def test_holm_by_hand():
    # In ascending order 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.9 x 1, none below the one before.
    assert holm([0.03, 0.01, 0.9, 0.02]).tolist() == pytest.approx([0.06, 0.04, 0.9, 0.06])


def test_benjamini_hochberg_by_hand():
    # In ascending order 0.01 x 4/1, 0.02 x 4/2, 0.03 x 4/3, 0.9 x 4/4, none above the next.
    adjusted = benjamini_hochberg([0.03, 0.01, 0.9, 0.02])
    assert adjusted.tolist() == pytest.approx([0.04, 0.04, 0.9, 0.04])


@pytest.mark.parametrize("adjust", BOTH)
def test_order_and_ties_are_kept_and_nothing_exceeds_one(adjust):
    p_values = [0.5, 0.2, 0.5, 0.2, 1.0, 0.0]
    adjusted = adjust(p_values)
    assert adjusted[0] == adjusted[2]
    assert adjusted[1] == adjusted[3]
    assert adjusted[5] == 0
    assert (adjusted >= p_values).all()
    assert adjusted.max() <= 1
    shuffled = np.array([3, 0, 5, 1, 4, 2])
    assert np.array_equal(adjust(np.array(p_values)[shuffled]), adjusted[shuffled])


@pytest.mark.parametrize("adjust", BOTH)
def test_one_or_none(adjust):
    assert adjust([0.04]).tolist() == [0.04]
    assert adjust([]).tolist() == []


@pytest.mark.parametrize("adjust", BOTH)
@pytest.mark.parametrize("wrong", [[0.1, float("nan")], [1.1], [-0.1], ["much"], [[0.1]]])
def test_what_is_no_p_value_is_refused(adjust, wrong):
    with pytest.raises(UsageError, match="p-value"):
        adjust(wrong)
