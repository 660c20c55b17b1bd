"""Probability of a set of tables when the rates differ by a given amount, as a function of one."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from switchstats.inference.groups import Ints
from switchstats.inference.two_by_two.log_mass import log_factorial_rest
from switchstats.inference.two_by_two.requests import Floats

__all__ = ["ApartCurve", "TableSet"]

_LEAST_CELLS = 16
_MOST_NUMBERS = 2_000_000
_LARGE = 1e100
# A rate of 0, and one minus a rate of 1, are taken as this, so that slopes are finite.
_LEAST = 1e-280


@dataclass(frozen=True, slots=True, eq=False)
class TableSet:
    """Tables by the errors of the first group, 0 to all: those with few or many of the second.

    Parameters
    ----------
    few
        The set holds up to so many errors of the second group; -1 for none.
    many
        It holds so many and more; one above all requests for none.
    """

    few: Ints
    many: Ints

    @classmethod
    def with_few(cls, few: Ints, n0: int) -> "TableSet":
        """Return the set that holds few errors of the second group only."""
        return cls(few, np.full(few.size, n0 + 1))

    @classmethod
    def with_many(cls, many: Ints) -> "TableSet":
        """Return the set that holds many errors of the second group only."""
        return cls(np.full(many.size, -1), many)


@dataclass(frozen=True, slots=True, eq=False)
class ApartCurve:
    """Probability of a set of tables at each rate of the second group.

    Parameters
    ----------
    tables
        The set.
    n1, n0
        Requests of both groups.
    difference
        Rate of the first group minus rate of the second.
    """

    tables: TableSet
    n1: int
    n0: int
    difference: float

    @property
    def points(self) -> Floats:
        """Rates of the second group from the least to the largest possible one, to start from."""
        low, high = max(0.0, -self.difference), min(1.0, 1.0 - self.difference)
        if low >= high:
            return np.array([low])
        cells = max(_LEAST_CELLS, round(np.pi * np.sqrt(self.n1 + self.n0)))
        return low + (high - low) * np.sin(np.linspace(0, np.pi / 2, cells + 1)) ** 2

    def sample(self, at: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities and their slopes at these rates."""
        parts = [self._sample(at[rows]) for rows in self._chunks(at.size)]
        values, slopes = zip(*parts, strict=True)
        return np.concatenate(values), np.concatenate(slopes)

    def ceiling(self, low: Floats, high: Floats) -> Floats:
        """Return bounds of the probability between two rates.

        A set with few errors of the second group, when it holds with a table those with more of the
        first, is likelier the higher the first rate and the lower the second; so it is at most as
        likely as at the highest first and the lowest second rate in reach. With many, conversely.
        """
        if np.any(np.diff(self.tables.few) < 0) or np.any(np.diff(self.tables.many) < 0):
            return np.ones_like(low)
        parts: list[Floats] = []
        for rows in self._chunks(low.size):
            (first_low, _), (first_high, _) = self._first(low[rows]), self._first(high[rows])
            (second_low, _), (second_high, _) = self._second(low[rows]), self._second(high[rows])
            few = np.einsum("ij,ij->i", first_high, self._few(second_low))
            parts.append(few + np.einsum("ij,ij->i", first_low, self._many(second_high)))
        return np.minimum(np.concatenate(parts), 1.0)

    def fourth(self, low: Floats, high: Floats, ceiling: Floats) -> Floats:
        """Return bounds of the fourth derivative.

        As of a common rate: the covariance of belonging to the set with a polynomial whose variance
        is at most 24 times the fourth power of both groups' information; or 8 N^4.
        """
        n = self.n1 + self.n0
        spread = np.sqrt(np.minimum(ceiling, 0.5) * (1 - np.minimum(ceiling, 0.5)))
        with np.errstate(divide="ignore"):
            information = self.n0 / _least_variance(low, high) + self.n1 / _least_variance(
                low + self.difference, high + self.difference
            )
        by_information = spread * np.sqrt(24) * np.minimum(information, _LARGE) ** 2
        return np.minimum(by_information, 8.0 * float(n) ** 4)

    def _chunks(self, size: int) -> list[slice]:
        rows = max(1, _MOST_NUMBERS // (self.n1 + self.n0))
        return [slice(start, start + rows) for start in range(0, size, rows)]

    def _sample(self, at: Floats) -> tuple[Floats, Floats]:
        mass, score = self._first(at)
        other_mass, other_score = self._second(at)
        inside, inside_score = (
            self._few(part) + self._many(part) for part in (other_mass, other_mass * other_score)
        )
        values = np.einsum("ij,ij->i", mass, inside)
        slopes = np.einsum("ij,ij,ij->i", mass, score, inside)
        return values, slopes + np.einsum("ij,ij->i", mass, inside_score)

    def _first(self, at: Floats) -> tuple[Floats, Floats]:
        return _binomial(self.n1, at + self.difference)

    def _second(self, at: Floats) -> tuple[Floats, Floats]:
        return _binomial(self.n0, at)

    def _few(self, mass: Floats) -> Floats:
        """Return, by errors of the first group, the mass of the second where it has few."""
        below = np.zeros((mass.shape[0], mass.shape[1] + 1))
        np.cumsum(mass, axis=1, out=below[:, 1:])
        return below[:, self.tables.few + 1]

    def _many(self, mass: Floats) -> Floats:
        above = np.zeros((mass.shape[0], mass.shape[1] + 1))
        np.cumsum(mass[:, ::-1], axis=1, out=above[:, 1:])
        return above[:, self.n0 + 1 - self.tables.many]


@lru_cache(maxsize=4)
def _log_ways(n: int) -> Floats:
    """Return the logarithms of the binomial coefficients."""
    from scipy.special import xlogy

    count = np.arange(n + 1, dtype=float)
    others = count[::-1]
    log_ways = log_factorial_rest(np.array(float(n))) - (
        xlogy(count, count / n)
        + xlogy(others, others / n)
        + log_factorial_rest(count)
        + log_factorial_rest(others)
    )
    log_ways.flags.writeable = False
    return log_ways


def _binomial(n: int, rate: Floats) -> tuple[Floats, Floats]:
    """Return binomial probabilities, and what the rate's slope multiplies them by."""
    count = np.arange(n + 1, dtype=float)
    others = n - count
    row, rest = (np.maximum(part, _LEAST)[:, None] for part in (rate, 1 - rate))
    mass = np.exp(_log_ways(n) + count * np.log(row) + others * np.log(rest))
    return mass, count / row - others / rest


def _least_variance(low: Floats, high: Floats) -> Floats:
    return np.maximum(np.minimum(low * (1 - low), high * (1 - high)), 0.0)
