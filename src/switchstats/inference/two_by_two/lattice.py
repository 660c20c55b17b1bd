"""Few points and weights that sum a smooth function over many whole numbers."""

from functools import lru_cache

import numpy as np

from switchstats.inference.two_by_two.requests import Floats

__all__ = ["lattice_rule"]

_NODES = 32
_DIRECT = 256


def lattice_rule(count: int) -> tuple[Floats, Floats]:
    """Return points and weights whose weighted sum stands for that over 0, 1, ..., count - 1.

    Exact for polynomials of degree 63 on each of about eight panels; the numbers themselves, with
    weight 1, when there are few.

    Notes
    -----
    Each panel has Gauss's rule for the sum over equidistant points: nodes are the roots of a
    discrete Chebyshev (Gram) polynomial, found with the weights as eigenvalues of its recurrence.
    Where the function falls by less than some 20 natural logarithms over a panel, it loses nothing.

    Sources: G. H. Golub and J. H. Welsch, Mathematics of Computation 23 (1969) 221-230; recurrence:
    W. Gautschi, Orthogonal Polynomials: Computation and Approximation (2004), table 1.2.

    Examples
    --------
    >>> points, weights = lattice_rule(10**9)
    >>> points.size < 1000, round(weights.sum())
    (True, 1000000000)
    """
    if count <= _DIRECT:
        return np.arange(float(count)), np.ones(count)
    length = 1 << (count // 8).bit_length() - 1
    points: list[Floats] = []
    weights: list[Floats] = []
    start = 0
    while count - start > _NODES:
        while length > count - start:
            length //= 2
        nodes, shares = _panel(max(length, _NODES))
        points.append(start + nodes)
        weights.append(shares)
        start += max(length, _NODES)
    rest = np.arange(start, float(count))
    return np.concatenate([*points, rest]), np.concatenate([*weights, np.ones(rest.size)])


@lru_cache(maxsize=64)
def _panel(length: int) -> tuple[Floats, Floats]:
    order = np.arange(1.0, _NODES)
    beside = order * np.sqrt((float(length) ** 2 - order**2) / (4 * (4 * order**2 - 1)))
    matrix = np.diag(beside, 1) + np.diag(beside, -1)
    nodes, vectors = np.linalg.eigh(matrix)
    points, weights = nodes + (length - 1) / 2, length * vectors[0] ** 2
    points.flags.writeable = weights.flags.writeable = False
    return points, weights
