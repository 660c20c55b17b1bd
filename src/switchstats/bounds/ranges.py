"""What each test could have said, over everything that the printed digits leave open."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from switchstats.bounds.identified import Identified
from switchstats.bounds.naive import Box, unit_z_range
from switchstats.errors import NotAnswerableError
from switchstats.inference import permutation, rank_sum, welch
from switchstats.labels import Text, text
from switchstats.values import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchstats.values import PrintedRate, RoundingRule, TestResult

__all__ = ["NaiveThreshold", "RangedTest", "TestRange", "naive_range", "rounding_range"]

RangedTest = Literal["permutation", "welch", "rank_sum", "pooled_z"]

_CRITICAL = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class NaiveThreshold:
    """Total number of requests from which the naive test calls the printed gap significant at 5 %.

    Parameters
    ----------
    best
        With the volumes and digits that make it easiest; ``None``: with no number.
    worst
        With those that make it hardest; ``None``: with no number.
    """

    best: int | None
    worst: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRange:
    """Range of a test's p-value, and of its statistic where that is known.

    Parameters
    ----------
    test
        Its name.
    p_value, statistic
        Proved from outside, attained from inside.
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
    """Return the range of an equal-weight test, on which volumes have no bearing."""
    result: TestResult
    if test == "permutation":
        result = permutation(first, second, rounding=rounding, seed=seed)
    elif test == "welch":
        result = welch(first, second, rounding=rounding)
    else:
        result = rank_sum(first, second, rounding=rounding)
    if result.p_rounding is None:
        raise NotAnswerableError(f"the range of {test}", "the rates are not printed ones", "text")
    p = result.p_value
    return TestRange(
        test=test,
        p_value=Identified(
            Interval(result.p_rounding.low, result.p_rounding.high, "identified"),
            Interval(p, p, "identified"),
        ),
        notes=(text("bounds.volumes_do_not_matter"), *result.notes),
    )


def naive_range(box: Box, total: int | None) -> TestRange:
    """Return the range of the naive pooled z for a total number of requests.

    Raises
    ------
    NotAnswerableError
        Without a total: from z = 0 to any size, everything is possible.
    """
    if total is None:
        raise NotAnswerableError(
            "the naive test", "the table prints no volumes", "a total number of requests"
        )
    found = unit_z_range(box)
    root = math.sqrt(total)
    outer, inner = (found.low, found.high), (found.attained_low, found.attained_high)
    return TestRange(
        test="pooled_z",
        statistic=Identified(
            Interval(root * outer[0], root * outer[1], "identified"),
            Interval(root * inner[0], root * max(inner), "identified"),
        ),
        p_value=Identified(_p_range(outer, root), _p_range(inner, root)),
        threshold=NaiveThreshold(
            best=_needed(max(abs(inner[0]), abs(inner[1]))),
            worst=None if outer[0] <= 0 <= outer[1] else _needed(min(map(abs, inner))),
        ),
        notes=(text("bounds.naive"),),
    )


def _p_range(ends: tuple[float, float], root: float) -> Interval:
    sizes = [abs(root * end) for end in ends]
    least = 0.0 if ends[0] <= 0 <= ends[1] else min(sizes)
    return Interval(_two_sided(max(sizes)), _two_sided(least), "identified")


def _two_sided(z: float) -> float:
    return math.erfc(z / math.sqrt(2))


def _needed(unit: float) -> int | None:
    return math.ceil((_CRITICAL / unit) ** 2) if unit > 0 else None
