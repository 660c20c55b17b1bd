"""Two groups within strata, read once, and what every result about them has in common."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from switchstats.errors import UsageError
from switchstats.inference.groups import Data, Ints
from switchstats.inference.question import Question
from switchstats.inference.strata import Strata, read_strata
from switchstats.inference.stratified.retailers import RetailerCells, read_retailers
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.values import Caution, Interval, Scale, TestResult, Units

__all__ = ["Answer", "Compared", "check_ratio", "compare", "exponential"]

# Below so many degrees of freedom the t distribution is a rough guide.
_FEW_DF = 4
_LARGEST_LOG = 700.0


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The strata in which both groups file.

    Parameters
    ----------
    tables
        Errors and requests of both groups, shape (strata, 4): e1, n1, e0, n0.
    retailers
        The same by retailer; ``None`` when requests are the units.
    period
        What the counts span, when they say.
    notes
        What was left out.
    """

    tables: Ints
    retailers: RetailerCells | None
    period: Period | None
    notes: tuple[Text, ...]

    @property
    def n_by_group(self) -> tuple[int, int]:
        """Units in the first and in the second group."""
        if self.retailers is None:
            return int(self.tables[:, 1].sum()), int(self.tables[:, 3].sum())
        first = self.retailers.first
        return int(first.sum()), int((~first).sum())

    @property
    def n_effective(self) -> float:
        """Units of equal weight that would weigh the same, summed over the groups."""
        if self.retailers is None:
            return float(sum(self.n_by_group))
        first, second = self.retailers.effective
        return float(first + second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a test of strata found; the rest of its result follows from the data and question."""

    method: str
    estimand: str
    scale: Scale
    estimate: float
    p_value: float
    interval: Interval | None
    statistic: float | None = None
    df: float | None = None
    std_error: float | None = None
    quantities: Mapping[str, float] = field(default_factory=dict[str, float])
    notes: tuple[Text, ...] = ()

    def result(self, data: Compared, question: Question) -> TestResult:
        """Return it as a `TestResult`, with the caution that requests are taken as units."""
        return TestResult(
            method=self.method,
            estimand=self.estimand,
            weighting="strata",
            estimate=self.estimate,
            null=question.null,
            alternative=question.alternative,
            p_value=self.p_value,
            interval=self.interval,
            n_units=sum(data.n_by_group),
            n_by_group=data.n_by_group,
            n_effective=data.n_effective,
            scale=self.scale,
            units="requests" if data.retailers is None else "retailers",
            statistic=self.statistic,
            df=self.df,
            std_error=self.std_error,
            period=data.period,
            quantities=self.quantities,
            cautions=self._cautions(data),
            notes=(*data.notes, *self.notes),
        )

    def _cautions(self, data: Compared) -> tuple[Caution, ...]:
        if data.retailers is None:
            return (Caution.of("requests_as_units"),)
        if self.df is not None and self.df < _FEW_DF:
            return (Caution.of("few_degrees_of_freedom", df=f"{self.df:.1f}"),)
        return ()


def compare(
    data: Sequence[Data],
    *,
    test: str,
    by: Sequence[str],
    groups: tuple[str, str],
    period: Period | None,
    units: Units | None,
) -> Compared:
    """Return the strata that compare the groups; arguments as of `read_strata`.

    Parameters
    ----------
    units
        What is independent; ``None`` for retailers where they are known, else requests.

    Raises
    ------
    UsageError
        For other units.
    NotAnswerableError
        When no stratum compares the groups, or retailers are wanted and not known or too few.
    """
    if units is not None and units not in get_args(Units):
        raise UsageError(f"units must be 'retailers' or 'requests', not {units!r}")
    strata = read_strata(data, test=test, by=by, groups=groups, period=period)
    chosen = units or ("requests" if strata.retailer is None else "retailers")
    tables = strata.tables
    both = (tables[:, 1] > 0) & (tables[:, 3] > 0)
    return Compared(
        tables[both],
        read_retailers(strata, test) if chosen == "retailers" else None,
        strata.period,
        _left_out(strata, int((~both).sum())),
    )


def check_ratio(question: Question) -> Question:
    """Return the question; refuse a null that is no ratio."""
    if not question.null > 0 or not math.isfinite(question.null):
        raise UsageError(f"null must be a ratio above 0, such as 1, not {question.null}")
    return question


def exponential(log_ratio: float | None) -> float | None:
    """Return the ratio, ``None`` where it is unbounded or absent."""
    if log_ratio is None or log_ratio > _LARGEST_LOG:
        return None
    return math.exp(log_ratio)


def _left_out(strata: Strata, one_sided: int) -> tuple[Text, ...]:
    if not one_sided:
        return ()
    return (text("inference.one_sided_strata", n=one_sided, total=strata.n_strata),)
