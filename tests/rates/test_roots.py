"""Many roots at once, by hand."""

import numpy as np

from switchstats.rates.roots import roots_between

# A root is found to the last digits of a double.
TOLERANCE = 4e-16


def test_roots_of_many_functions_are_found_to_the_last_digits():
    powers = np.array([1.0, 2.0, 3.0, 9.0, 31.0])
    ours = roots_between(lambda x: x**powers - 2, np.zeros(5), np.full(5, 3.0))
    assert np.all(np.abs(ours / 2 ** (1 / powers) - 1) <= TOLERANCE)


def test_a_root_near_zero_keeps_its_digits():
    ours = roots_between(lambda x: x - 1e-13, np.zeros(1), np.ones(1))
    assert ours[0] == 1e-13


def test_a_jump_is_found_too():
    ours = roots_between(lambda x: np.where(x < 0.3, -1.0, 1.0), np.zeros(1), np.ones(1))
    assert abs(ours[0] - 0.3) <= TOLERANCE


def test_without_a_change_of_sign_the_nearer_end_is_returned():
    ends = roots_between(lambda x: x + np.array([0.5, -3.0]), np.zeros(2), np.ones(2))
    assert ends.tolist() == [0.0, 1.0]


def test_an_end_that_is_a_root_is_returned():
    assert roots_between(lambda x: x * (x - 2), np.zeros(1), np.ones(1))[0] == 0.0
