"""Sums over a group's retailers drawn again with replacement."""

import numpy as np

from switchstats.rates.ratio import Floats

__all__ = ["drawn_counts", "drawn_sums"]

_DRAWS_AT_ONCE = 16_384
# Tables of so many rows stay in a processor's cache, and rows of so many numbers are copied whole.
_MOST_ROWS = 4096
_COLUMNS_AT_ONCE = 4
_MOST_NARROW = 2**16


def drawn_sums(columns: Floats, n_draws: int, rng: np.random.Generator) -> Floats:
    """Return the sums of k rows drawn with replacement out of the k rows, by draw.

    Parameters
    ----------
    columns
        Shape (k, c).
    n_draws
        Number of draws.
    rng
        Source of randomness.

    Returns
    -------
    numpy.ndarray
        Shape (c, n_draws).

    Notes
    -----
    Several rows are drawn in one step, out of a table of the sums of all tuples of them, while the
    table is small.

    Examples
    --------
    >>> drawn_sums(np.array([[1.0], [1.0]]), 3, np.random.default_rng(1)).tolist()
    [[2.0, 2.0, 2.0]]
    """
    k = len(columns)
    table, size = columns, 1
    while len(table) * k <= _MOST_ROWS and size < k:
        table = (table[:, None] + columns).reshape(-1, columns.shape[1])
        size += 1
    steps = [*[_split(table)] * (k // size), *[_split(columns)] * (k % size)]
    sums = [np.zeros((n_draws, part.shape[1])) for part in _split(columns)]
    for start in range(0, n_draws, _DRAWS_AT_ONCE):
        some = [part[start : start + _DRAWS_AT_ONCE] for part in sums]
        rows = [np.empty_like(part) for part in some]
        codes = np.empty(len(some[0]), dtype=np.int64)
        for tables in steps:
            rows_of_all = len(tables[0])
            narrow = np.uint16 if rows_of_all <= _MOST_NARROW else np.int64
            codes[:] = rng.integers(0, rows_of_all, len(codes), dtype=narrow)
            for source, row, part in zip(tables, rows, some, strict=True):
                np.take(source, codes, axis=0, out=row, mode="clip")
                np.add(part, row, out=part)
    return np.concatenate(sums, axis=1).T.copy()


def drawn_counts(k: int, n_draws: int, rng: np.random.Generator) -> Floats:
    """Return how often each of k retailers is drawn in k draws, shape (k, n_draws).

    Examples
    --------
    >>> drawn_counts(3, 1000, np.random.default_rng(1)).sum(axis=0).tolist() == [3.0] * 1000
    True
    """
    narrow = np.uint16 if k <= _MOST_NARROW else np.int64
    drawn = rng.integers(0, k, (n_draws, k), dtype=narrow) + k * np.arange(n_draws)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n_draws * k)
    return counts.reshape(n_draws, k).T.astype(float)


def _split(columns: Floats) -> list[Floats]:
    return [
        np.ascontiguousarray(columns[:, start : start + _COLUMNS_AT_ONCE])
        for start in range(0, columns.shape[1], _COLUMNS_AT_ONCE)
    ]
