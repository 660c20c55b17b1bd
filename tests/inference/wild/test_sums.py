"""Sums under weights: every pattern, and the moments of random ones."""

from itertools import product

import numpy as np
import pytest

from switchstats.inference.wild.sums import (
    POINTS,
    all_patterns,
    pattern_sums,
    random_sums,
    random_weights,
)

# Sums of a few doubles.
TOLERANCE = 1e-12
STD_ERRORS = 4
N_DRAWS = 40_000
# More clusters than a table holds.
K = 12


@pytest.mark.parametrize("weights", POINTS)
def test_points_have_mean_0_and_variance_1(weights):
    points = POINTS[weights]
    assert points.mean() == pytest.approx(0, abs=TOLERANCE)
    assert np.mean(points**2) == pytest.approx(1, rel=TOLERANCE)


@pytest.mark.parametrize("weights", POINTS)
def test_every_pattern_is_summed(weights):
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(2, 4))
    points = POINTS[weights]
    expected = [columns @ np.array(v) for v in product(points, repeat=4)]
    found = pattern_sums(points, columns)
    assert found.shape == (points.size**4, 2)
    assert np.sort(found, axis=0) == pytest.approx(np.sort(expected, axis=0), rel=TOLERANCE)


@pytest.mark.parametrize("weights", POINTS)
def test_patterns_come_without_their_mirrors(weights):
    patterns = all_patterns(weights, 3)
    both = {tuple(row) for row in np.concatenate([patterns, -patterns])}
    assert both == set(product(POINTS[weights], repeat=3))


@pytest.mark.parametrize("weights", POINTS)
@pytest.mark.parametrize("k", [1, 9, 10, 11, 61])
def test_random_sums_have_the_moments_of_the_weights(weights, k):
    rng = np.random.default_rng(k)
    columns, squared = rng.normal(size=(2, k)), rng.normal(size=(1, k))
    sums, squares = random_sums(columns, squared, weights, N_DRAWS, np.random.default_rng(2))
    assert sums.shape == (2, N_DRAWS)
    spread = np.sqrt(np.sum(columns**2, axis=1))
    assert (np.abs(sums.mean(axis=1)) < STD_ERRORS * spread / N_DRAWS**0.5).all()
    # a sum of bounded weights has a kurtosis of at most 3
    relative = sums.var(axis=1) / spread**2 - 1
    assert (np.abs(relative) < STD_ERRORS * (2 / N_DRAWS) ** 0.5).all()
    fourth = np.mean(POINTS[weights] ** 4) - 1
    error = (fourth * np.sum(squared**2) / N_DRAWS) ** 0.5
    assert abs(squares.mean() - squared.sum()) <= STD_ERRORS * error + TOLERANCE


@pytest.mark.parametrize("weights", POINTS)
def test_weights_of_different_clusters_are_unrelated(weights):
    # one column a cluster gives the weights themselves
    sums, squares = random_sums(np.eye(K), np.eye(K), weights, N_DRAWS, np.random.default_rng(3))
    assert set(np.round(np.unique(sums), 12)) == set(np.round(POINTS[weights], 12))
    correlation = np.einsum("ji,ki->jk", sums, sums) / N_DRAWS
    np.fill_diagonal(correlation, 0)
    # 66 pairs, of which neighbours in a table are the likeliest to go wrong
    assert np.abs(correlation).max() < STD_ERRORS / N_DRAWS**0.5
    assert np.allclose(squares, sums**2, rtol=TOLERANCE)


def test_the_same_seed_gives_the_same_draws():
    columns = np.arange(30.0).reshape(2, 15)
    one, other = (
        random_sums(columns, columns, "webb", 20_000, np.random.default_rng(5)) for _ in range(2)
    )
    assert np.array_equal(one[0], other[0])
    assert np.array_equal(one[1], other[1])


def test_random_weights_take_all_points():
    drawn = random_weights("webb", (500, 3), np.random.default_rng(1))
    assert drawn.shape == (500, 3)
    assert set(np.unique(drawn)) == set(POINTS["webb"])
