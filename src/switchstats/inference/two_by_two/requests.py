"""What every comparison that treats requests as independent has in common."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import UsageError
from switchstats.inference.groups import Data, TwoGroups, read_two_groups
from switchstats.inference.question import Direction, Question
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import Caution, Interval, Scale, TestResult

__all__ = [
    "Answer",
    "Floats",
    "Table",
    "check_difference",
    "given",
    "normal_p_value",
    "normal_p_values",
    "read_table",
    "tail_of",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Errors and requests of two groups, summed over their retailers.

    Parameters
    ----------
    e1, n1, e0, n0
        Errors and requests of the first group, then of the second.
    two
        The groups they were summed from.
    """

    e1: int
    n1: int
    e0: int
    n0: int
    two: TwoGroups

    @property
    def cells(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The four numbers as arrays of one entry."""
        e1, n1, e0, n0 = (np.array([float(number)]) for number in self.numbers)
        return e1, n1, e0, n0

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """The four numbers."""
        return self.e1, self.n1, self.e0, self.n0

    @property
    def difference(self) -> float:
        """Rate of the first group minus rate of the second, rounded once."""
        return (self.e1 * self.n0 - self.e0 * self.n1) / (self.n1 * self.n0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a test of a table found; the rest of its result follows from table and question.

    Parameters
    ----------
    p_value, interval
        Of one procedure.
    statistic, std_error
        Where the method has them and they are finite.
    quantities, notes
        As in `TestResult`.
    """

    p_value: float
    interval: Interval | None
    statistic: float | None = None
    std_error: float | None = None
    quantities: Mapping[str, float] = field(default_factory=dict[str, float])
    notes: tuple[Text, ...] = ()

    def result(
        self,
        table: Table,
        question: Question,
        method: str,
        *,
        estimand: str = "request_weighted_difference",
        scale: Scale = "difference",
        estimate: float | None = None,
    ) -> TestResult:
        """Return it as a `TestResult`, with the caution that it treats requests as units."""
        infinite = self.statistic is not None and not math.isfinite(self.statistic)
        return TestResult(
            method=method,
            estimand=estimand,
            weighting="requests",
            estimate=table.difference if estimate is None else estimate,
            null=question.null,
            alternative=question.alternative,
            p_value=self.p_value,
            interval=self.interval,
            n_units=table.n1 + table.n0,
            n_by_group=(table.n1, table.n0),
            n_effective=float(table.n1 + table.n0),
            scale=scale,
            units="requests",
            statistic=None if infinite else self.statistic,
            std_error=self.std_error,
            period=table.two.period,
            quantities=self.quantities,
            cautions=(Caution.of("requests_as_units"),),
            notes=(*table.two.notes, *self.notes),
        )


def given(e1: Data, *others: "ArrayLike | None") -> tuple[Data, ...]:
    """Return the arguments that were given: counts, or four numbers."""
    return (e1, *(part for part in others if part is not None))


def read_table(
    data: Sequence[Data], *, test: str, groups: tuple[str, str], period: Period | None
) -> Table:
    """Return the errors and requests of two groups; arguments as of `read_two_groups`."""
    two = read_two_groups(data, test=test, groups=groups, period=period)
    return Table(*two.totals, two)


def check_difference(question: Question) -> Question:
    """Return the question; refuse a null that no two rates can differ by."""
    if abs(question.null) > 1:
        raise UsageError(f"null must be a difference of rates, from -1 to 1, not {question.null}")
    return question


def tail_of(question: Question) -> float:
    """Return the probability left out beyond each end of the interval."""
    return question.alpha / 2 if question.alternative == "two-sided" else question.alpha


def normal_p_values(z: Floats) -> Floats:
    """Return two-sided p-values of normal statistics; those of NaN are NaN."""
    from scipy.special import ndtr

    return 2 * ndtr(-np.abs(z))


def normal_p_value(z: float, alternative: Direction) -> float:
    """Return the p-value of a normal statistic, which may be infinite."""
    from scipy.special import ndtr

    if alternative == "two-sided":
        return 2 * float(ndtr(-abs(z)))
    return float(ndtr(z if alternative == "less" else -z))
