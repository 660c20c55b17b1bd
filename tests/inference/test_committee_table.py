"""The committee's table (page 17 of its document 083_10_00) through every test."""

import pytest

from switchstats.inference import equivalence, permutation, rank_sum, welch
from switchstats.values import PrintedRate

# Printed percentages, page 17: 10 incumbents and 10 entrants, for fiscal 2022 until February 2023,
# April to December 2022, and January to February 2023.
INCUMBENTS = {
    "full year": "18.0 16.8 16.8 20.0 30.4 20.5 17.3 15.0 18.6 16.7",
    "Apr-Dec": "18.2 16.7 16.4 20.3 30.1 21.7 17.1 16.3 19.0 17.3",
    "Jan-Feb": "16.3 17.8 20.4 18.7 32.9 17.4 19.0 9.3 16.8 12.6",
}
ENTRANTS = {
    "full year": "21.1 16.6 20.5 17.4 14.7 10.0 16.3 28.4 16.9 17.8",
    "Apr-Dec": "21.2 16.1 20.7 17.1 14.4 9.9 15.4 28.5 17.0 17.9",
    "Jan-Feb": "17.0 19.6 13.6 29.9 17.1 11.7 26.3 28.1 0.0 12.4",
}


def groups(period):
    return tuple(
        [PrintedRate(text) for text in side[period].split()] for side in (INCUMBENTS, ENTRANTS)
    )


# R 4.2.2: means, combn over all 184,756 splits, t.test (tests/oracle/two_groups.R has more digits).
@pytest.mark.parametrize(
    ("period", "incumbents", "entrants", "two_sided", "less", "welch_p"),
    [
        ("full year", 19.01, 17.97, 0.62443, 0.69124, 0.6160),
        ("Apr-Dec", 19.31, 17.82, 0.48193, 0.76201, 0.4756),
        ("Jan-Feb", 18.12, 17.57, 0.88004, 0.56222, 0.8752),
    ],
)
def test_the_three_columns(period, incumbents, entrants, two_sided, less, welch_p):
    rates = groups(period)
    result = permutation(*rates)
    assert round(100 * result.estimate, 6) == round(incumbents - entrants, 6)
    assert round(result.p_value, 5) == two_sided
    assert round(permutation(*rates, alternative="less").p_value, 5) == less
    assert round(welch(*rates).p_value, 4) == welch_p


@pytest.mark.parametrize("period", INCUMBENTS)
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("test", [welch, permutation, rank_sum])
def test_rounding_moves_no_p_value_by_a_tenth(test, alternative, period):
    result = test(*groups(period), alternative=alternative)
    assert result.p_rounding.contains(result.p_value)
    assert result.p_rounding.width < 0.1


@pytest.mark.parametrize("method", ["permutation", "welch"])
def test_two_points_are_not_ruled_out_and_six_are(method):
    rates = groups("full year")
    for margin, ruled_out in ((0.02, False), (0.06, True)):
        result = equivalence(*rates, margin, alternative="greater", method=method)
        assert (result.p_rounding.high <= 0.05) == ruled_out
