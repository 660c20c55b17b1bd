"""Permutation p-values of many data sets at once, for simulated ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.inference.data_sets import read_data_sets
from switchstats.inference.permuted.memberships import plan_memberships
from switchstats.inference.permuted.permutation import PermutedStatistic
from switchstats.inference.samples import Floats
from switchstats.inference.splits import subset_sums
from switchstats.values.result import Weighting

__all__ = ["exact_p_values", "permutation_p_values"]

# Relative to the largest rate, or the statistic: closer ones tie.
_SAME = 1e-12
_SAME_STATISTIC = 1e-10
_SUBSETS_AT_ONCE = 1_000_000
_CELLS_AT_ONCE = 65_536
_COLUMNS_AT_ONCE = _ROWS_AT_ONCE = 1_024
# What can be tried in full: differences of means need no split one by one.
_MAX_SPLITS = {"means": 1_000_000, "other": 5_000}


def permutation_p_values(  # noqa: PLR0913 -- the data, the test and the draw
    errors: ArrayLike,
    requests: ArrayLike,
    first: ArrayLike,
    *,
    weighting: Weighting = "equal",
    statistic: PermutedStatistic = "difference",
    max_splits: int | None = None,
    n_draws: int = 1_999,
    seed: int | None = None,
) -> Floats:
    """Return two-sided `permutation` p-values of no difference, one a data set.

    Parameters
    ----------
    errors, requests
        Shape (..., k): one entry a retailer.
    first
        Shape (k,): whether the retailer belongs to the first group.
    weighting, statistic
        As in `permutation`.
    max_splits
        Every split is used when there are at most so many: by default 1,000,000 for the difference
        with equal weights, which sorts sums instead of trying splits, else 5,000.
    n_draws, seed
        Otherwise the same random splits are used for every data set.

    Returns
    -------
    ndarray
        Shape (...). NaN where a retailer has no requests, or, studentised, where no group varies or
        one has a single retailer.

    Raises
    ------
    UsageError
        When a random draw lacks its seed, or a number is out of its range.

    Examples
    --------
    >>> first = [True, True, True, True, False, False, False]
    >>> errors = [[21, 19, 20, 22, 15, 16, 14], [20, 19, 20, 22, 20, 19, 22]]
    >>> permutation_p_values(errors, np.full((2, 7), 100), first) * 35
    array([ 1., 35.])
    """
    data = read_data_sets(errors, requests, first)
    n, m = data.n, data.m
    equal = weighting == "equal"
    means = equal and statistic == "difference"
    most = _MAX_SPLITS["means" if means else "other"] if max_splits is None else max_splits
    if means and comb(n + m, n) <= most:
        return data.spread_out(exact_p_values(data.rates, n))
    if statistic == "studentised" and min(n, m) == 1:
        return np.full(data.shape, np.nan)
    splits = plan_memberships(np.arange(n + m) < n, max_splits=most, n_draws=n_draws, seed=seed)
    outcome, weight = (
        (data.rates, np.ones_like(data.requests)) if equal else (data.errors, data.requests)
    )
    pieces = list(_pieces(splits.columns()))
    drawn = 0 if splits.n_draws is None else 1
    return data.spread_out(_tried(outcome, weight, n, pieces, drawn, statistic))


def exact_p_values(values: Floats, n: int) -> Floats:
    """Return exact two-sided p-values of the difference of means, one a row of `values`.

    A split that exchanges r retailers has a difference beyond the observed one when the sum of
    those who enter is beyond that of those who leave. Both groups' subsets are sorted by their sum
    and counted by bisection, so that the work grows with the number of subsets, not of splits.

    Parameters
    ----------
    values
        Shape (data sets, k), the first group's `n` retailers first.

    Examples
    --------
    >>> exact_p_values(np.array([[4.0, 3.0, 1.0, 2.0, 0.0]]), 2)
    array([0.2])
    """
    k = values.shape[1]
    m = k - n
    subsets = sum(comb(n, size) + comb(m, size) for size in range(min(n, m) + 1))
    at_once = max(1, _SUBSETS_AT_ONCE // subsets)
    extreme = np.empty(values.shape[0])
    for start in range(0, values.shape[0], at_once):
        block = values[start : start + at_once]
        difference = block[:, :n].mean(axis=1) - block[:, n:].mean(axis=1)
        centred = block - block.mean(axis=1, keepdims=True)
        upward = np.where(difference < 0, -1.0, 1.0)[:, None] * centred
        extreme[start : start + at_once] = _extreme(upward, n, np.abs(difference))
    return np.minimum(extreme / comb(k, n), 1.0)


def _extreme(values: Floats, n: int, difference: Floats) -> Floats:
    """Count the splits as extreme as the observed one, whose difference is not negative."""
    m = values.shape[1] - n
    slack = _SAME * np.abs(values).max(axis=1)
    # A split's difference is the observed one minus (leaving - entering) * (1 / n + 1 / m).
    opposite = 2 * difference / (1 / n + 1 / m)
    most = min(n, m)
    leaving, entering = subset_sums(values[:, :n], most), subset_sums(values[:, n:], most)
    counts = np.ones(values.shape[0])
    for size in range(1, most + 1):
        out, inn = np.sort(leaving[size], axis=1), np.sort(entering[size], axis=1)
        for place in range(counts.size):
            beside = out[place] - slack[place]
            counts[place] += beside.size * inn.shape[1] - _pairs_up_to(beside, inn[place], "left")
            if n != m:
                across = out[place] - opposite[place] + slack[place]
                counts[place] += _pairs_up_to(across, inn[place], "right")
    return 2 * counts if n == m else counts


def _pairs_up_to(limits: Floats, ordered: Floats, side: Literal["left", "right"]) -> int:
    """Count, over all limits, the values below ("left") or not above ("right") each."""
    return int(np.searchsorted(ordered, limits, side=side).sum())


def _pieces(blocks: Iterator[Floats]) -> Iterator[Floats]:
    for block in blocks:
        for start in range(0, block.shape[1], _COLUMNS_AT_ONCE):
            yield block[:, start : start + _COLUMNS_AT_ONCE]


def _tried(
    outcome: Floats,
    weight: Floats,
    n: int,
    pieces: list[Floats],
    drawn: int,
    statistic: PermutedStatistic,
) -> Floats:
    """Return the share of these splits that are as extreme; of draws with the observed one."""
    observed = np.zeros((outcome.shape[1], 1))
    observed[:n] = 1
    n_counted = drawn + sum(piece.shape[1] for piece in pieces)
    p_values = np.empty(outcome.shape[0])
    for start in range(0, outcome.shape[0], _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        data = _DataSets.of(outcome[rows], weight[rows])
        own = np.concatenate(list(data.statistics(observed, statistic)), axis=1)[:, :, 0]
        count = np.full(own.shape[1], drawn)
        for piece in pieces:
            count += data.count(piece, statistic, own)
        defined = (own[1] > (_SAME * data.largest) ** 2) & np.isfinite(own[1])
        p_values[rows] = np.where(defined, count / n_counted, np.nan)
    return p_values


@dataclass(frozen=True, slots=True, eq=False)
class _DataSets:
    """Outcomes beyond the pooled rate, and weights, shape (data sets, retailers)."""

    away: Floats
    weight: Floats
    largest: Floats

    @classmethod
    def of(cls, outcome: Floats, weight: Floats) -> "_DataSets":
        pooled = outcome.sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)
        return cls(outcome - pooled * weight, weight, (outcome / weight).max(axis=1))

    def count(self, splits: Floats, statistic: PermutedStatistic, own: Floats) -> NDArray[np.intp]:
        """Count the splits whose statistic reaches the data set's own, compared crosswise."""
        counts: list[NDArray[np.intp]] = []
        done = 0
        for squares, errors in self.statistics(splits, statistic):
            rows = slice(done, done + squares.shape[0])
            square, error = own[:, rows, None]
            least = (_SAME * self.largest[rows, None]) ** 2
            reached = (square * (1 - _SAME_STATISTIC)) * errors - least * error
            counts.append(np.count_nonzero(squares * error >= reached, axis=1))
            done = rows.stop
        return np.concatenate(counts)

    def statistics(self, splits: Floats, statistic: PermutedStatistic) -> Iterator[Floats]:
        """Yield squared differences and squared errors (else 1), shape (2, data sets, splits).

        Sums are made for all data sets at once, what follows for as many as fit into the cache.
        """
        inside, above = self.weight @ splits, self.away @ splits
        at_once = max(1, _CELLS_AT_ONCE // splits.shape[1])
        for start in range(0, inside.shape[0], at_once):
            rows = slice(start, start + at_once)
            outside = self.weight[rows].sum(axis=1, keepdims=True) - inside[rows]
            square = (above[rows] * (1 / inside[rows] + 1 / outside)) ** 2
            if statistic == "difference":
                yield np.stack([square, np.ones_like(square)])
            else:
                sizes = inside[rows], outside
                yield np.stack([square, self._squared_error(rows, splits, sizes, above[rows])])

    def _squared_error(
        self, rows: slice, splits: Floats, sizes: tuple[Floats, Floats], above: Floats
    ) -> Floats:
        """Return the jackknife's; infinite where a group has a single retailer."""
        means = above / sizes[0], -above / sizes[1]
        belongs = splits > 0
        # Every retailer is first taken for a member of the larger group, then mended where not.
        many = 0 if 2 * np.count_nonzero(belongs[:, 0]) > belongs.shape[0] else 1
        elsewhere = ~belongs if many == 0 else belongs
        error, part = np.zeros_like(above), np.empty_like(above)
        with np.errstate(divide="ignore", invalid="ignore"):
            for place, others in enumerate(elsewhere):
                away, weight = self.away[rows, place, None], self.weight[rows, place, None]
                np.multiply(means[many], weight, out=part)
                np.subtract(away, part, out=part)
                part /= sizes[many] - weight
                at = np.flatnonzero(others)
                mean, size = means[1 - many][:, at], sizes[1 - many][:, at]
                part[:, at] = (away - mean * weight) / (size - weight)
                part *= part
                error += part
        return np.where(np.isfinite(error), error, np.inf)
