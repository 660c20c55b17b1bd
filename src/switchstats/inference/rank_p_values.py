"""Rank-sum p-values of many data sets at once, for simulated ones."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.inference.data_sets import read_data_sets
from switchstats.inference.permuted.p_values import exact_p_values
from switchstats.inference.rank_null import EXACT_UNITS, counts_splits, rank_null
from switchstats.inference.samples import SAME, Floats

__all__ = ["rank_sum_p_values"]

# Ties make every data set's distribution its own. Up to so many splits, counting those costs less.
_MOST_SPLITS = 1_000_000


def rank_sum_p_values(errors: ArrayLike, requests: ArrayLike, first: ArrayLike) -> Floats:
    """Return two-sided `rank_sum` p-values of no shift, one a data set.

    Exact for up to 60 retailers, or without ties where `rank_sum` is; else the normal approximation
    of `rank_sum`, since ties make each data set's distribution its own.

    Parameters
    ----------
    errors, requests
        Shape (..., k): one entry a retailer.
    first
        Shape (k,): whether the retailer belongs to the first group.

    Returns
    -------
    ndarray
        Shape (...). NaN where a retailer has no requests.

    Examples
    --------
    >>> errors = [[21, 19, 20, 22, 15, 16, 14], [21, 19, 20, 22, 20, 16, 14]]
    >>> rank_sum_p_values(errors, np.full((2, 7), 100), [True] * 4 + [False] * 3) * 35
    array([2., 5.])
    """
    data = read_data_sets(errors, requests, first)
    ranks = _doubled_ranks(data.rates)
    k = data.n + data.m
    if not counts_splits(k, data.n):
        return data.spread_out(_normal(ranks, data.n))
    untied = 2 * np.arange(1, k + 1)
    tied = np.logical_or.reduce(np.sort(ranks, axis=1) != untied, axis=1)
    p_values = np.empty(tied.size)
    p_values[~tied] = _from_table(ranks[~tied], data.n)
    if k > EXACT_UNITS:
        p_values[tied] = _normal(ranks[tied], data.n)
    elif math.comb(k, data.n) <= _MOST_SPLITS:
        p_values[tied] = exact_p_values(ranks[tied].astype(float), data.n)
    else:
        for place in np.flatnonzero(tied):
            p_values[place] = _from_table(ranks[place : place + 1], data.n)[0]
    return data.spread_out(p_values)


def _doubled_ranks(rates: Floats) -> NDArray[np.int64]:
    """Return twice the midrank of every retailer in its data set."""
    order = np.argsort(rates, axis=1, kind="stable")
    ordered = np.take_along_axis(rates, order, axis=1)
    k = int(rates.shape[1])
    place = np.arange(k)
    higher = np.diff(ordered, axis=1) > SAME * ordered[:, -1:]
    starts = np.pad(higher, ((0, 0), (1, 0)), constant_values=True)
    ends = np.pad(higher, ((0, 0), (0, 1)), constant_values=True)
    lowest = np.maximum.accumulate(np.where(starts, place, 0), axis=1)
    highest = np.minimum.accumulate(np.where(ends, place, k)[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, lowest + highest + 2, axis=1)
    return ranks


def _from_table(ranks: NDArray[np.int64], n: int) -> Floats:
    """Return exact p-values of data sets that have the same ranks, dealt out differently."""
    if not ranks.size:
        return np.empty(0)
    null = rank_null(np.sort(ranks[0]), n)
    sums = ranks[:, :n].sum(axis=1)
    distinct, place = np.unique(sums, return_inverse=True)
    return np.array([null.p_value(int(each), "two-sided") for each in distinct])[place]


def _normal(ranks: NDArray[np.int64], n: int) -> Floats:
    """Return the p-values of `rank_null` beyond the reach of exact counts."""
    from scipy.special import ndtr

    k = ranks.shape[1]
    # The midranks' own variance is that with the correction for ties.
    sd = np.sqrt(n * (k - n) / (k * (k - 1)) * ((ranks - (k + 1.0)) ** 2).sum(axis=1))
    distance = np.abs(ranks[:, :n].sum(axis=1) - n * (k + 1))
    beyond = np.maximum(distance - 1, 0) / np.where(sd > 0, sd, np.inf)
    return np.minimum(1.0, 2 * np.asarray(ndtr(-beyond), dtype=float))
