"""The exact permutation test of means without trying any split: rates on a grid are convolved."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.permuted.acceptance import most_rejected
from switchstats.inference.permuted.result import point_caution
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats, Samples
from switchstats.values import Interval, TestResult

__all__ = ["permute_on_grid"]

# Rates with so many decimals, as fractions, are looked for on a grid: 17.35 % has four.
_DECIMALS = range(2, 7)
_ON_GRID = 1e-6
# Additions that the convolution may take, and counts that it may make: less than a second.
_MOST_WORK = 1_000_000_000
_MOST_CELLS = 500_000
_MOST_COUNT = 1e300


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """How many ways there are to exchange r members with given sums, in units of the grid.

    Parameters
    ----------
    unit
        Width of the grid.
    span
        Units between the least and the greatest rate.
    leaving
        ``leaving[r, a]``: subsets of r members of the first group with sum a.
    entering
        ``entering[r, b]``: subsets of r members of the second with sum at most b.
    n, m
        Sizes of the groups.
    difference
        Observed difference of means.
    tolerance
        Nulls closer than this are the same.
    """

    unit: float
    span: int
    leaving: Floats
    entering: Floats
    n: int
    m: int
    difference: float
    tolerance: float

    def p_value(self, null: float, alternative: Direction) -> float:
        """Return the share of splits that are as extreme as the observed one at this null."""
        count = 1.0
        for size in range(1, self.leaving.shape[0]):
            count += self._as_extreme(size, null, alternative)
        return min(1.0, count / float(math.comb(self.n + self.m, self.n)))

    def _as_extreme(self, size: int, null: float, alternative: Direction) -> float:
        """Count exchanges of this size, as `permute_means` does for every split by itself."""
        if alternative == "less":
            return self._at_least(size, null - self.tolerance)
        if alternative == "greater":
            return self._at_most(size, null + self.tolerance)
        exchanged = size * (self.n + self.m)
        kept = 2 * self.n * self.m - exchanged
        away = null - self.difference
        if kept == 0 or abs(away) <= self.tolerance:
            return float(self.leaving[size].sum() * self.entering[size, -1])
        mirrored = self.difference - away * kept / exchanged
        ends = sorted((null, mirrored))
        return self._at_most(size, ends[0] + self.tolerance) + self._at_least(
            size, ends[1] - self.tolerance
        )

    def _at_least(self, size: int, shift: float) -> float:
        """Count the exchanges in which the mean leaving minus the mean entering is at least it."""
        return self._entering_at_most(size, -math.ceil(shift * size / self.unit))

    def _at_most(self, size: int, shift: float) -> float:
        every = float(self.leaving[size].sum() * self.entering[size, -1])
        return every - self._entering_at_most(size, -math.floor(shift * size / self.unit) - 1)

    def _entering_at_most(self, size: int, above: int) -> float:
        """Count the exchanges in which those entering have at most the leaving sum plus `above`."""
        width = size * self.span + 1
        leaving, entering = self.leaving[size, :width], self.entering[size, :width]
        start, stop = min(max(0, -above), width), min(max(0, width - above), width)
        some = leaving[start:stop] @ entering[start + above : stop + above] if start < stop else 0
        return float(some + leaving[stop:].sum() * entering[-1])


def permute_on_grid(samples: Samples, question: Question) -> TestResult | None:
    """Return the exact test when the rates lie on a decimal grid, else ``None``.

    All that the test needs of a split are how many retailers it exchanges and the sums over those
    who leave and who enter. Adding one retailer after another counts the subsets of each group by
    size and sum, and the counts of both groups combine. The p-value falls on either side of the
    observed difference, so that the limits are found by halving.

    ``None`` too when the counts would take too long, and for printed rates in the two-sided test of
    unequal groups, whose p-value is not monotone in the rates.
    """
    n, m = samples.n_by_group
    if samples.printed and question.alternative == "two-sided" and n != m:
        return None
    tolerance = samples.tolerance(question.null)
    grids = [
        _grid(first, second, tolerance)
        for first, second in (
            (samples.first.value, samples.second.value),
            *(_corners(samples) if samples.printed else ()),
        )
    ]
    if any(grid is None for grid in grids):
        return None
    observed, *corners = (grid for grid in grids if grid is not None)
    interval = _interval(observed, question)
    return TestResult(
        method="permutation",
        estimand="equal_weight_difference",
        weighting="equal",
        estimate=samples.difference,
        null=question.null,
        alternative=question.alternative,
        p_value=observed.p_value(question.null, question.alternative),
        interval=interval,
        n_units=samples.n_units,
        n_by_group=samples.n_by_group,
        n_effective=float(samples.n_units),
        statistic=samples.difference - question.null,
        p_rounding=_range(corners, question) if corners else None,
        period=samples.period,
        cautions=point_caution(interval, tolerance),
        notes=samples.notes,
    )


def _corners(samples: Samples) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the rates at which the difference is least and greatest, and p-values extreme."""
    first, second = samples.first, samples.second
    return (first.low, second.high), (first.high, second.low)


def _grid(first: Floats, second: Floats, tolerance: float) -> _Grid | None:
    """Return the counts of both groups' subsets, ``None`` when the rates fit no small grid."""
    pooled = np.concatenate([first, second])
    n, m = first.size, second.size
    most = min(n, m)
    for decimals in _DECIMALS:
        scaled = pooled * 10**decimals
        units = np.rint(scaled)
        if (np.abs(scaled - units) <= _ON_GRID).all():
            break
    else:
        return None
    steps = (units - units.min()).astype(np.int64)
    width = max(1, int(np.gcd.reduce(steps)))
    steps //= width
    span = int(steps.max())
    cells = most**2 * span
    if (n + m) * cells > _MOST_WORK or cells > _MOST_CELLS or math.comb(n + m, n) > _MOST_COUNT:
        return None
    return _Grid(
        width / 10**decimals,
        span,
        _subsets(steps[:n], most, span),
        np.cumsum(_subsets(steps[n:], most, span), axis=1),
        n,
        m,
        float(np.mean(first) - np.mean(second)),
        tolerance,
    )


def _subsets(steps: NDArray[np.int64], most: int, span: int) -> Floats:
    """Count the subsets by size and sum; exact as long as the counts stay below 2**53."""
    counts = np.zeros((most + 1, most * span + 1))
    counts[0, 0] = 1
    for place, step in enumerate(steps.tolist()):
        for size in range(min(place + 1, most), 0, -1):
            width = (size - 1) * span + 1
            counts[size, step : step + width] += counts[size - 1, :width]
    return counts


def _interval(grid: _Grid, question: Question) -> Interval:
    total = math.comb(grid.n + grid.m, grid.n)
    # Half a split below the share that is no longer rejected.
    needed = (most_rejected(question.alpha, total) + 0.5) / total

    def accepted(null: float) -> bool:
        return grid.p_value(null, question.alternative) > needed

    # No end of a split's nulls lies farther out, see `permute_means`.
    reach = 2 * (grid.n + grid.m) * grid.unit * (grid.span + 1)
    low = high = None
    if question.alternative != "less":
        low = _limit(accepted, grid.difference, grid.difference - reach, grid.tolerance)
    if question.alternative != "greater":
        high = _limit(accepted, grid.difference, grid.difference + reach, -grid.tolerance)
    return question.interval(low, high)


def _limit(
    accepted: Callable[[float], bool], inside: float, outside: float, tolerance: float
) -> float | None:
    """Return the last accepted null on the way, ``None`` when all are; ties are taken off again."""
    if accepted(outside):
        return None
    while abs(outside - inside) > abs(tolerance) / 8:
        middle = (inside + outside) / 2
        if accepted(middle):
            inside = middle
        else:
            outside = middle
    return inside + tolerance


def _range(corners: list[_Grid], question: Question) -> Interval:
    p_values = [corner.p_value(question.null, question.alternative) for corner in corners]
    least, greatest = (corner.difference - question.null for corner in corners)
    around = least <= corners[0].tolerance and greatest >= -corners[0].tolerance
    high = 1.0 if question.alternative == "two-sided" and around else max(p_values)
    return Interval(min(p_values), high, "rounding")
