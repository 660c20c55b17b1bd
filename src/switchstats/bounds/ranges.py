"""What each test could have said, over everything that the printed digits leave open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from switchstats.bounds.identified import Identified, downward, upward
from switchstats.bounds.naive import UnitRange
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import permutation, rank_sum, welch
from switchstats.inference.means_rounding import variance_range
from switchstats.inference.samples import Samples, read_rates
from switchstats.labels import Text, text
from switchstats.values import Interval, Shown

if TYPE_CHECKING:
    from switchstats.values import PrintedRate, RoundingRule, TestResult

__all__ = [
    "NaiveThreshold",
    "RangedTest",
    "TestRange",
    "hull_of_tests",
    "naive_range",
    "rounding_range",
]

RangedTest = Literal["permutation", "welch", "rank_sum", "pooled_z", "request_weighted"]

_CRITICAL = 1.959963984540054
# Outward slack of a p-value computed in doubles, a share of it.
_SLACK = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class NaiveThreshold(Shown):
    """Total number of requests from which the naive test calls the printed gap significant at 5 %.

    Parameters
    ----------
    best
        With the volumes and digits that make it easiest, as far as they are attained; ``None``:
        with no number.
    worst
        With those that make it hardest, whatever they are; ``None``: with no number.
    """

    best: int | None
    worst: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRange(Shown):
    """Range of a test's p-value and statistic.

    Parameters
    ----------
    test
        Its name.
    p_value, statistic
        Proved from outside, attained from inside. The statistic is the difference of mean rates of
        ``"permutation"``, t, U, or z.
    threshold
        For the naive test.
    notes
        What the range rests on.
    """

    __test__ = False  # not a pytest class

    test: RangedTest
    p_value: Identified
    statistic: Identified | None = None
    threshold: NaiveThreshold | None = None
    notes: tuple[Text, ...] = ()


def rounding_range(
    test: RangedTest,
    first: "Sequence[PrintedRate]",
    second: "Sequence[PrintedRate]",
    rounding: "RoundingRule",
    seed: int,
) -> TestRange:
    """Return the range of an equal-weight test, on which volumes have no bearing.

    Attained are the values at the printed rates and at the corners in which each group's rates are
    all low or all high; ends of rounding intervals count as reached, though half up and truncation
    come only as near as one likes to the high ones.
    """
    result = _run(test, first, second, rounding, seed)
    if result.p_rounding is None or result.p_rounding.low is None or result.p_rounding.high is None:
        raise NotAnswerableError(f"the range of {test}", "the rates are not printed ones", "text")
    samples = read_rates(
        (first, second), test=test, groups=("incumbent", "entrant"), period=None, rounding=rounding
    )
    corners = [_run(test, *rates, rounding, seed) for rates in _corners(samples)]
    values = [each.p_value for each in (result, *corners)]
    low = min(result.p_rounding.low, *values)
    high = max(result.p_rounding.high, *values)
    return TestRange(
        test=test,
        p_value=Identified(
            Interval(low, high, "identified"), Interval(min(values), max(values), "identified")
        ),
        statistic=_statistic(test, samples, first, second, rounding, (result, *corners)),
        notes=(text("bounds.volumes_do_not_matter"), *result.notes),
    )


def _run(
    test: RangedTest,
    first: "Sequence[PrintedRate] | list[float]",
    second: "Sequence[PrintedRate] | list[float]",
    rounding: "RoundingRule",
    seed: int,
) -> "TestResult":
    if test == "permutation":
        return permutation(first, second, rounding=rounding, seed=seed)
    if test == "welch":
        return welch(first, second, rounding=rounding)
    if test == "rank_sum":
        return rank_sum(first, second, rounding=rounding)
    raise UsageError(f"no test {test!r}: permutation, welch, rank_sum or pooled_z")


def _corners(samples: Samples) -> list[tuple[list[float], list[float]]]:
    one, other = samples.first, samples.second
    return [
        (one.low.tolist(), other.high.tolist()),
        (one.high.tolist(), other.low.tolist()),
    ]


def _statistic(
    test: RangedTest,
    samples: Samples,
    first: "Sequence[PrintedRate]",
    second: "Sequence[PrintedRate]",
    rounding: "RoundingRule",
    results: "Sequence[TestResult]",
) -> Identified:
    """Return the range of the difference, of t or of U; that of t is proved but may be too wide."""
    if test == "permutation":
        ends = [[each.bounds(rounding) for each in rates] for rates in (first, second)]
        (low, high), (least, most) = (
            tuple(sum((pair[end] for pair in pairs), Fraction(0)) / len(pairs) for end in (0, 1))
            for pairs in ends
        )
        exact = (low - most, high - least)
        return Identified(
            Interval(downward(exact[0]), upward(exact[1]), "identified"),
            Interval(upward(exact[0]), downward(exact[1]), "identified"),
        )
    if test == "rank_sum":
        pairs = [(a.bounds(rounding), b.bounds(rounding)) for a in first for b in second]
        surely = float(sum(a[0] >= b[1] for a, b in pairs))
        possibly = float(sum(a[1] > b[0] for a, b in pairs))
        both = Interval(surely, possibly, "identified")
        return Identified(both, both)
    low, high = _t_range(samples)
    seen = [each.statistic for each in results if each.statistic is not None]
    low, high = min(low, *seen), max(high, *seen)
    return Identified(
        Interval(low, high, "identified")
        if math.isfinite(high - low)
        else Interval(None, None, "identified"),
        Interval(min(seen), max(seen), "identified"),
    )


def _t_range(samples: Samples) -> tuple[float, float]:
    """Return limits of t: difference and standard error each at an end of its own."""
    errors = [
        math.sqrt(
            sum(variance_range(group)[end] / group.n for group in (samples.first, samples.second))
        )
        for end in (0, 1)
    ]
    low, high = samples.difference_range
    ends = (
        _ratio(low, errors[0] if low < 0 else errors[1]),
        _ratio(high, errors[1] if high < 0 else errors[0]),
    )
    return ends[0] - _SLACK * abs(ends[0]), ends[1] + _SLACK * abs(ends[1])


def _ratio(difference: float, error: float) -> float:
    if error > 0:
        return difference / error
    return math.copysign(math.inf, difference) if difference else 0.0


def naive_range(
    found: tuple[UnitRange, UnitRange | None],
    total: int | None,
    whatever_total: tuple[UnitRange, UnitRange | None] | None = None,
) -> TestRange:
    """Return the range of the naive pooled z for a total number of requests.

    Parameters
    ----------
    found
        Proved and attained range for one request in all; the latter is ``None`` where none is
        known.
    total
        Number of requests of both groups.
    whatever_total
        The same when the total is not known, for the threshold.

    Raises
    ------
    NotAnswerableError
        Without a total: from z = 0 to any size, everything is possible.
    """
    if total is None:
        raise NotAnswerableError(
            "the naive test", "the table prints no volumes", "a total number of requests"
        )
    outer, inner = found[0].outward, None if found[1] is None else found[1].inward
    hardest, easiest = whatever_total or found
    root = math.sqrt(total)
    least, most = (_two_sided(root * size) for size in (outer.greatest_size, outer.least_size))
    return TestRange(
        test="pooled_z",
        statistic=Identified(
            Interval(
                math.nextafter(root * outer.low, -math.inf),
                math.nextafter(root * outer.high, math.inf),
                "identified",
            ),
            None if inner is None else Interval(root * inner.low, root * inner.high, "identified"),
        ),
        p_value=Identified(
            Interval(least * (1 - _SLACK), min(most * (1 + _SLACK), 1.0), "identified"),
            None
            if inner is None
            else Interval(
                _two_sided(root * inner.greatest_size),
                _two_sided(root * inner.least_size),
                "identified",
            ),
        ),
        threshold=NaiveThreshold(
            best=_needed((easiest or hardest).greatest_size),
            worst=_needed(hardest.outward.least_size),
        ),
        notes=(text("bounds.naive"),),
    )


def _two_sided(z: float) -> float:
    return math.erfc(z / math.sqrt(2))


def _needed(unit: float) -> int | None:
    return math.ceil((_CRITICAL / unit) ** 2) if unit > 0 else None


def hull_of_tests(found: Sequence[TestRange]) -> TestRange:
    """Return the ranges that cover those of one test under each of several rules."""
    first = found[0]
    if len(found) == 1:
        return first
    statistics = [each.statistic for each in found if each.statistic is not None]
    return TestRange(
        test=first.test,
        p_value=_covering([each.p_value for each in found]),
        statistic=_covering(statistics) if statistics else None,
        notes=first.notes,
    )


def _covering(found: Sequence[Identified]) -> Identified:
    attained = [each.attained for each in found if each.attained is not None]
    return Identified(
        _cover([each.interval for each in found]), _cover(attained) if attained else None
    )


def _cover(intervals: Sequence[Interval]) -> Interval:
    lows, highs = zip(*((each.low, each.high) for each in intervals), strict=True)
    return Interval(
        None if None in lows else min(lows), None if None in highs else max(highs), "identified"
    )
