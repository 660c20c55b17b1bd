"""The naive z: by hand, labelled naive, refused without variation."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError
from switchstats.inference import pooled_z
from switchstats.inference.two_by_two.pooled import pooled_z_p_values


def test_by_hand():
    # 104 of 150 in all
    result = pooled_z(56, 70, 48, 80)
    std_error = math.sqrt(104 / 150 * 46 / 150 * (1 / 70 + 1 / 80))
    assert result.std_error == pytest.approx(std_error, rel=1e-14)
    assert result.statistic == pytest.approx(0.2 / std_error, rel=1e-14)
    assert result.interval.high == pytest.approx(0.2 + 1.959963984540054 * std_error, rel=1e-14)


def test_it_is_labelled_as_what_it_is():
    result = pooled_z(56, 70, 48, 80)
    assert result.units == "requests"
    assert [caution.code for caution in result.cautions] == ["requests_as_units"]
    assert "retailer" in result.cautions[0].message["en"]


def test_its_interval_stays_within_what_rates_can_differ_by():
    assert pooled_z(1, 1, 0, 1, level=0.999).interval.high == 1.0


@pytest.mark.parametrize("table", [(0, 10, 0, 20), (10, 10, 20, 20)])
def test_it_is_undefined_when_all_ended_alike(table):
    with pytest.raises(NotAnswerableError, match="the pooled z test is not answerable"):
        pooled_z(*table)
    assert np.isnan(pooled_z_p_values(*table))


def test_many_tables_at_once_have_the_same_p_values():
    e1, e0 = np.array([[1, 2], [3, 4]]), np.array([5, 6])
    ours = pooled_z_p_values(e1, 30, e0, 40)
    for place in np.ndindex(2, 2):
        one = pooled_z(e1[place], 30, e0[place[1]], 40)
        assert ours[place] == pytest.approx(one.p_value, rel=1e-12)
