"""The difference of two groups within strata, for any split of the retailers."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError
from switchstats.inference.samples import Floats

__all__ = ["Contrast", "Jackknife", "StratifiedDifference"]

# Relative to a cell's departure from its group's rate, and to its errors.
_SAME = 1e-12
_SAME_ERRORS = 1e-15
_CELLS_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """The statistic of some splits as a function of the null, as `acceptance_ends` takes it.

    At the null that lies x above the estimate it is (away - (above - below) x / 2) over
    (above + below) / 2.
    """

    away: Floats
    above: Floats
    below: Floats
    slack: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """Statistic and squared standard error of some splits as a function of the null.

    At the null that lies x above the estimate the statistic is `level` - `slope` x; the squared
    standard error, the sum of squared changes when one retailer is left out, is
    `square` - 2 `cross` x + `curve` x². Both are of a split without its one group: 0 and infinite.
    """

    level: Floats
    slope: Floats
    square: Floats
    cross: Floats
    curve: Floats

    @classmethod
    def joined(cls, blocks: Iterable["Jackknife"]) -> "Jackknife":
        """Return the splits of all blocks, one block after another."""
        columns = zip(
            *((one.level, one.slope, one.square, one.cross, one.curve) for one in blocks),
            strict=True,
        )
        return cls(*(np.concatenate(column) for column in columns))


@dataclass(frozen=True, slots=True, eq=False)
class StratifiedDifference:
    """The Mantel-Haenszel difference: within strata, weighted by n1 n0 / (n1 + n0) of each.

    With a single stratum it is the difference of the groups' (weighted) means.

    Parameters
    ----------
    outcome, weight
        Errors and requests, or rates and ones, of retailers by strata, shape (k, strata). No weight
        means no requests.
    first
        Whether each retailer belongs to the first group as observed.
    """

    outcome: Floats
    weight: Floats
    first: NDArray[np.bool_]

    @property
    def estimate(self) -> float:
        """The observed difference, first group minus second.

        Raises
        ------
        NotAnswerableError
            When no stratum has both groups.
        """
        of_first, total = self.weight[self.first].sum(axis=0), self.weight.sum(axis=0)
        shared = _over(of_first * (total - of_first), total)
        if not shared.any():
            raise NotAnswerableError(
                "difference within strata",
                "no stratum has requests of both groups",
                "a stratum in which both groups filed",
            )
        first, pooled = self.outcome[self.first].sum(axis=0), self.outcome.sum(axis=0)
        return float((first - _over(pooled * of_first, total)).sum() / shared.sum())

    @property
    def largest(self) -> float:
        """The largest rate of a retailer in a stratum."""
        return float(_over(self.outcome, self.weight).max())

    def contrast(self, splits: Floats) -> Contrast:
        """Return the difference of every split, one a column of `splits`.

        It is the sum, over the retailers of the split's first group, of their outcomes beyond what
        the stratum's pooled rate expects, over the sum of n1 n0 / (n1 + n0).
        """
        away = self._away
        scale = (_SAME * np.abs(away) + _SAME_ERRORS * np.abs(self.outcome)).sum(axis=1)
        moved = splits - self.first[:, None]
        mine = self.weight * self.first[:, None]
        total, of_first = self.weight.sum(axis=0)[:, None], mine.sum(axis=0)[:, None]
        staying, inside = mine.T @ splits, self.weight.T @ splits
        entering, leaving, outside = inside - staying, of_first - staying, total - inside
        remaining = total - of_first - entering
        return Contrast(
            away.sum(axis=1) @ moved,
            _over(staying * outside + remaining * inside, total).sum(axis=0),
            _over(entering * outside + leaving * inside, total).sum(axis=0),
            scale @ np.abs(moved),
        )

    def jackknife(self, splits: Floats) -> Jackknife:
        """Return difference and squared standard error of every split, one a column.

        With a single stratum the squared standard error is CR3's: the sum of the squares of
        (errors - rate times requests) over (the group's other requests).
        """
        parts = self._away, self.weight * self.first[:, None], self.weight
        if self.weight.shape[1] == 1:
            return _single_stratum([part[:, 0] for part in parts], splits)
        sums = [part.T @ splits for part in parts]
        totals = [part.sum(axis=0)[:, None] for part in parts]
        terms = _terms(sums, totals)
        whole = terms.sum(axis=1)
        level, slope = _ratios(whole)
        square, cross, curve = (np.zeros_like(level) for _ in range(3))
        for place, belongs in enumerate(splits):
            there = np.flatnonzero(self.weight[place])
            own = [part[place, there][:, None] for part in parts]
            changed = _terms(
                [each[there] - one * belongs for each, one in zip(sums, own, strict=True)],
                [each[there] - one for each, one in zip(totals, own, strict=True)],
            )
            without = _ratios(whole - terms[:, there].sum(axis=1) + changed.sum(axis=1))
            by_level, by_slope = without[0] - level, without[1] - slope
            square += by_level**2
            cross += by_level * by_slope
            curve += by_slope**2
        return _defined(level, slope, square, cross, curve)

    @property
    def _away(self) -> Floats:
        """Outcomes beyond the expected, the estimate taken off the first group; sums to 0."""
        null = self.outcome - self.estimate * self.weight * self.first[:, None]
        return null - _over(null.sum(axis=0), self.weight.sum(axis=0)) * self.weight


def _single_stratum(parts: list[Floats], splits: Floats) -> Jackknife:
    """Return `StratifiedDifference.jackknife` of one stratum, all retailers at once.

    Without a retailer its group's mean changes by (outcome - mean times weight) over the rest of
    the group's weight.
    """
    columns = max(1, _CELLS_AT_ONCE // splits.shape[0])
    return Jackknife.joined(
        _changes(parts, splits[:, start : start + columns])
        for start in range(0, max(1, splits.shape[1]), columns)
    )


def _changes(parts: list[Floats], splits: Floats) -> Jackknife:
    away, mine, weight = (part[:, None] for part in parts)
    inside = [part @ splits for part in parts]
    outside = [part.sum() - one for part, one in zip(parts, inside, strict=True)]
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = inside[0] / inside[2], outside[0] / outside[2]
        slopes = inside[1] / inside[2], outside[1] / outside[2]
        within = splits > 0
        rest = 1 / (np.where(within, inside[2], outside[2]) - weight)
        by_level = (away - np.where(within, *levels) * weight) * rest
        by_slope = (mine - np.where(within, *slopes) * weight) * rest
    sums = (
        np.einsum("ks,ks->s", *pair)
        for pair in ((by_level, by_level), (by_level, by_slope), (by_slope, by_slope))
    )
    return _defined(levels[0] - levels[1], slopes[0] - slopes[1], *sums)


def _defined(
    level: Floats, slope: Floats, square: Floats, cross: Floats, curve: Floats
) -> Jackknife:
    """Give a split that lacks a group, or all of it but one retailer, an infinite error."""
    undefined = ~np.isfinite(square)
    level[~np.isfinite(level)] = slope[~np.isfinite(slope)] = 0.0
    square[undefined] = np.inf
    cross[undefined] = curve[undefined] = 0.0
    return Jackknife(level, slope, square, cross, curve)


def _terms(sums: list[Floats], totals: list[Floats]) -> Floats:
    """Return each stratum's part of the two numerators, level and slope, and of the denominator."""
    (away, mine, weight), (all_away, all_mine, total) = sums, totals
    return np.stack(
        [
            away - _over(all_away * weight, total),
            mine - _over(all_mine * weight, total),
            _over(weight * (total - weight), total),
        ]
    )


def _ratios(summed: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return summed[0] / summed[2], summed[1] / summed[2]


def _over(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; 0 where a stratum is empty."""
    return np.divide(
        numerator,
        denominator,
        out=np.zeros(np.broadcast_shapes(numerator.shape, denominator.shape)),
        where=denominator > 0,
    )
