"""The shifts that a rank test does not reject: its confidence limits by inversion."""

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from switchstats.inference.question import Question
from switchstats.inference.samples import Floats, Samples

__all__ = ["RankOutcome", "rank_limits"]


class RankOutcome(NamedTuple):
    """The doubled rank sum of the first group and the p-value at one shift."""

    doubled_sum: int
    p_value: float


def rank_limits(
    samples: Samples, question: Question, outcome: Callable[[float], RankOutcome]
) -> tuple[float | None, float | None]:
    """Return the least and greatest shift that is not rejected, ``None`` without bound.

    Between two neighbouring differences of a first and a second rate the ranks stay as they are,
    so the test has one outcome at each difference and one in each gap. These are taken as places
    in ascending order: even places are gaps, odd ones differences. The rank sum never rises from
    place to place. Heavy ties can make the two-sided test reject every shift; then the least
    rejected place is returned.
    """
    differences = _distinct(samples, question)
    n_places = 2 * differences.size + 1
    centre = samples.first.n * (samples.n_units + 1)

    def at(place: int) -> RankOutcome:
        return outcome(_shift(differences, place))

    def accepted(place: int) -> bool:
        return at(place).p_value > question.alpha

    if question.alternative == "less":
        first, last = 0, _first_where(lambda place: not accepted(place), 0, n_places) - 1
    elif question.alternative == "greater":
        first, last = _first_where(accepted, 0, n_places), n_places - 1
    else:
        # The p-value rises up to here and falls from here on.
        top = _first_where(lambda place: at(place).doubled_sum <= centre, 0, n_places)
        first = _first_where(accepted, 0, top)
        last = _first_where(lambda place: not accepted(place), top, n_places) - 1
        if first > last:
            first = last = max(top - 1, top, key=lambda place: at(place).p_value)
    low = None if first == 0 else float(differences[(first - 1) // 2])
    high = None if last == n_places - 1 else float(differences[last // 2])
    return low, high


def _first_where(holds: Callable[[int], bool], start: int, stop: int) -> int:
    """Return the first place where `holds`, `stop` if none; once it holds it keeps holding."""
    return start + bisect_left(range(start, stop), True, key=holds)  # noqa: FBT003


def _distinct(samples: Samples, question: Question) -> Floats:
    ordered = np.sort(samples.first.value[:, None] - samples.second.value, axis=None)
    steps = np.diff(ordered, prepend=-np.inf)
    return ordered[steps > samples.tolerance(question.null)]


def _shift(differences: Floats, place: int) -> float:
    """Return a shift at this place: a difference, or a number inside the gap."""
    beyond = float(np.max(np.abs(differences))) or 1.0
    after = place // 2
    if place % 2:
        return float(differences[after])
    if after == 0:
        return float(differences[0]) - beyond
    if after == differences.size:
        return float(differences[-1]) + beyond
    return float(differences[after - 1] + differences[after]) / 2
