"""Examples of P. Das Gupta, Standardization and Decomposition of Rates (1993), P23-186.

Inputs and effects as printed in the manual's tables, which the R package DasGuptR's README
recomputes to more digits; the tolerance is the last of those.
"""

import pytest

from switchstats.rates.decompose import das_gupta

# Half a unit of the last printed digit: earnings to 0.001, birth rates to 1e-6.
EARNINGS_TOLERANCE = 5e-4
RATE_TOLERANCE = 5e-7


def test_table_2_1_mean_earnings_as_product_of_two_factors():
    # white and black males, 1980: average earnings of earners, share who earned
    effects = das_gupta([16591, 0.825974], [10930, 0.717892])
    assert effects == pytest.approx([4369.913, 1487.262], abs=EARNINGS_TOLERANCE)


def test_table_2_2_birth_rate_as_product_of_three_factors():
    # Chile and Austria, 1981
    effects = das_gupta([84.90502, 0.75756, 0.51065], [51.78746, 0.45919, 0.52638])
    assert effects == pytest.approx([10.4340333, 10.5608476, -0.6670084], abs=RATE_TOLERANCE)


def test_table_2_3_nonmarital_births_as_product_of_four_factors():
    # United States, 1979 and 1971
    effects = das_gupta([32.7, 0.290, 0.473, 0.986], [25.3, 0.214, 0.279, 0.949])
    expected = [0.6889411, 0.8125381, 1.3829055, 0.1047547]
    assert effects == pytest.approx(expected, abs=RATE_TOLERANCE)


def test_table_2_4_total_fertility_as_product_of_five_factors():
    # South Korea, 1960 and 1970
    effects = das_gupta([0.72, 0.97, 0.97, 0.56, 16.158], [0.58, 0.76, 0.84, 0.66, 16.573])
    expected = [1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187]
    assert effects == pytest.approx(expected, abs=RATE_TOLERANCE)


def test_table_4_3_birth_rate_as_sum_over_ages_of_three_factors():
    # Taiwan: births of married women, share married, share of the population; seven age groups
    in_1970 = [
        [488, 452, 338, 156, 63, 22, 3],
        [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
        [0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019],
    ]
    in_1960 = [
        [393, 407, 369, 274, 184, 90, 16],
        [0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800],
        [0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018],
    ]
    effects = das_gupta(in_1970, in_1960)
    assert effects == pytest.approx([-7.285632, -2.720633, -1.565181], abs=RATE_TOLERANCE)


def test_table_5_1_headship_rates_as_mix_of_ages_and_rates():
    # United States, 1985 and 1970, per 100; with one mix these are Kitagawa's components
    shares_1985 = [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5]
    shares_1970 = [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9]
    rates_1985 = [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2]
    rates_1970 = [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8]
    effects = das_gupta(
        [[share / 100 for share in shares_1985], rates_1985],
        [[share / 100 for share in shares_1970], rates_1970],
    )
    assert effects == pytest.approx([1.2269, 1.7403], abs=5e-5)
