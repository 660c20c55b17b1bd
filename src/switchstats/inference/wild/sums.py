"""Sums over clusters under bootstrap weights: every pattern of weights, or random ones.

Weights take few values, so a block of clusters has few patterns. The sums of a block under each of
its patterns are tabulated once and a draw looks up one row a block: 70 look-ups for 700 clusters,
and never a matrix of weights.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from switchstats.rates.ratio import Floats

__all__ = ["POINTS", "WildWeights", "all_patterns", "pattern_sums", "random_sums", "random_weights"]

WildWeights = Literal["rademacher", "webb"]

# Equally likely values with mean 0 and variance 1.
POINTS: dict[WildWeights, Floats] = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.array([-(1.5**0.5), -1.0, -(0.5**0.5), 0.5**0.5, 1.0, 1.5**0.5]),
}

# Clusters in a block; tables of 1024 and 1296 rows stay in a processor's cache.
_BLOCK: dict[WildWeights, int] = {"rademacher": 10, "webb": 4}
_CODES_IN_A_WORD = 6
_DRAWS_AT_ONCE = 16_384


def pattern_sums(points: Floats, columns: Floats) -> Floats:
    """Return the sums of weighted columns under every pattern of weights.

    Parameters
    ----------
    points
        Shape (m,): the values of a weight.
    columns
        Shape (c, ..., d): d clusters.

    Returns
    -------
    numpy.ndarray
        Shape (..., m^d, c).

    Examples
    --------
    >>> pattern_sums(np.array([-1.0, 1.0]), np.array([[1.0, 10.0]])).ravel().tolist()
    [-11.0, -9.0, 9.0, 11.0]
    """
    sums = np.zeros((*columns.shape[:-1], 1))
    for place in range(columns.shape[-1]):
        steps = points * columns[..., place, None]
        sums = (sums[..., None, :] + steps[..., None]).reshape(*columns.shape[:-1], -1)
    return np.ascontiguousarray(np.moveaxis(sums, 0, -1))


def random_sums(
    columns: Floats,
    squared: Floats,
    weights: WildWeights,
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Return the sums of columns times weights and of `squared` times squared weights, by draw.

    Parameters
    ----------
    columns, squared
        Shapes (c, k) and (c', k): k clusters.
    weights
        Distribution of the weights, independent over clusters and draws.
    n_draws
        Number of draws.
    rng
        Source of randomness.

    Returns
    -------
    tuple of numpy.ndarray
        Shapes (c, n_draws) and (c', n_draws); the latter (c', 1) for Rademacher weights, whose
        squares are 1.
    """
    points = POINTS[weights]
    block = _BLOCK[weights]
    n_blocks = -(-columns.shape[1] // block)
    signs_only = weights == "rademacher"
    tables = [pattern_sums(points, _in_blocks(columns, n_blocks, block))]
    if not signs_only:
        tables.append(pattern_sums(points**2, _in_blocks(squared, n_blocks, block)))
    sums = [np.empty((table.shape[-1], n_draws)) for table in tables]
    for start in range(0, n_draws, _DRAWS_AT_ONCE):
        size = min(_DRAWS_AT_ONCE, n_draws - start)
        part = [np.zeros((size, table.shape[-1])) for table in tables]
        rows = [np.empty_like(total) for total in part]
        for place, codes in enumerate(_codes(weights, n_blocks, size, rng)):
            for table, row, total in zip(tables, rows, part, strict=True):
                np.take(table[place], codes, axis=0, out=row, mode="clip")
                np.add(total, row, out=total)
        for total, found in zip(sums, part, strict=True):
            total[:, start : start + size] = found.T
    return sums[0], squared.sum(axis=1)[:, None] if signs_only else sums[1]


def all_patterns(weights: WildWeights, n_clusters: int) -> Floats:
    """Return every pattern of weights, up to a change of all signs, shape (patterns, clusters).

    Examples
    --------
    >>> all_patterns("rademacher", 2).tolist()
    [[1.0, -1.0], [1.0, 1.0]]
    """
    points = POINTS[weights]
    axes = [points[points > 0], *([points] * (n_clusters - 1))]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, n_clusters)


def random_weights(
    weights: WildWeights, shape: tuple[int, int], rng: np.random.Generator
) -> Floats:
    """Return independent weights."""
    points = POINTS[weights]
    return points[rng.integers(0, points.size, shape, dtype=np.uint8)]


def _in_blocks(columns: Floats, n_blocks: int, block: int) -> Floats:
    """Return the columns in blocks of clusters, the last filled up with clusters of nothing."""
    padded = np.zeros((columns.shape[0], n_blocks * block))
    padded[:, : columns.shape[1]] = columns
    return padded.reshape(columns.shape[0], n_blocks, block)


def _codes(
    weights: WildWeights, n_blocks: int, n_draws: int, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Yield, for each block, the number of the pattern of every draw."""
    n_patterns = POINTS[weights].size ** _BLOCK[weights]
    codes = np.empty(n_draws, dtype=np.int64)
    if weights == "webb":
        for _ in range(n_blocks):
            codes[:] = rng.integers(0, n_patterns, n_draws, dtype=np.uint16)
            yield codes
        return
    for start in range(0, n_blocks, _CODES_IN_A_WORD):
        # whole words, of which the highest bits are used, come four times as fast as numbers below
        # a bound
        words = rng.integers(0, 2**64, n_draws, dtype=np.uint64).view(np.int64)
        words >>= 1
        for _ in range(min(_CODES_IN_A_WORD, n_blocks - start)):
            yield np.bitwise_and(words, n_patterns - 1, out=codes)
            words >>= _BLOCK[weights]
