"""The nulls at which each split is as extreme as the observed one: a p-value and its interval."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.values import Interval

__all__ = ["Acceptance", "acceptance_ends", "most_rejected"]


@dataclass(frozen=True, slots=True, eq=False)
class Acceptance:
    """For every split the interval of nulls at which it is as extreme as the observed one.

    Every interval holds the estimate, so that the share of splits that are as extreme falls on
    either side of it, and the limits are order statistics of the ends.

    Parameters
    ----------
    low, high
        Ends, one entry a split; infinite where a side has none.
    always
        Splits without an entry, as extreme at every null: the observed one among them.
    each
        Splits for which each entry stands.
    """

    low: Floats
    high: Floats
    always: int
    each: int = 1

    @property
    def total(self) -> int:
        """Splits counted, the observed one included."""
        return self.always + self.each * self.low.size

    def p_value(self, null: float, tolerance: float) -> float:
        """Return the share of splits as extreme as the observed one, ties within `tolerance`."""
        extreme = (self.low <= null + tolerance) & (self.high >= null - tolerance)
        return (self.always + self.each * int(np.count_nonzero(extreme))) / self.total

    def interval(self, question: Question) -> Interval:
        """Return the nulls whose p-value exceeds 1 - level."""
        needed = most_rejected(question.alpha, self.total) + 1 - self.always
        rank = -(-needed // self.each)
        return question.interval(_smallest(self.low, rank), _negative(_smallest(-self.high, rank)))


def most_rejected(alpha: float, total: int) -> int:
    """Return the greatest count whose share of `total` is at most `alpha`."""
    count = math.floor(alpha * total)
    return count + 1 if (count + 1) / total <= alpha else count


def acceptance_ends(
    away: Floats, above: Floats, below: Floats, slack: Floats, alternative: Direction
) -> tuple[Floats, Floats]:
    r"""Return the ends of each split's interval of nulls, measured from the estimate.

    A statistic that falls linearly in the null :math:`d + x`, where d is the estimate, is
    :math:`(w - b x) / q` in a split and :math:`-x` in the observed one, with :math:`|b| \le q`.
    The split is at least as high when :math:`w \ge -x (q - b)`; its absolute value is at least as
    large when x lies between :math:`w / (q + b)` and :math:`-w / (q - b)`.

    Parameters
    ----------
    away
        w: how far a split's statistic is from 0 when the null is the estimate.
    above, below
        q + b and q - b, neither negative.
    slack
        What w may be off by rounding; the ends move outward by as much, so that ties count.
    alternative
        Which comparison.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> acceptance_ends(0.3 * one, 1.5 * one, 0.5 * one, 0 * one, "two-sided")
    (array([-0.6]), array([0.2]))
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        if alternative == "greater":
            low, high = -(away + slack) / below, np.full_like(away, np.inf)
        elif alternative == "less":
            low, high = np.full_like(away, -np.inf), (slack - away) / below
        else:
            outward = away + np.copysign(slack, away)
            ends = outward / above, -outward / below
            low, high = np.minimum(*ends), np.maximum(*ends)
    if not (above.all() and below.all()):
        tied = np.abs(away) <= slack
        _settle(low, high, (above == 0, below == 0, tied), alternative)
    return low, high


def _settle(
    low: Floats,
    high: Floats,
    where: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
    alternative: Direction,
) -> None:
    """Fill in the ends of splits that leave a group empty, or both groups as they were or swapped.

    Without one of the groups the statistic is 0, which is extreme at the estimate alone. As they
    were or swapped it is as extreme at every null, unless it is in some of the strata only, the
    others lacking a group: then it differs by what those had added, and the infinite end is right.

    Parameters
    ----------
    low, high
        Changed in place.
    where
        Splits with none of q + b, none of q - b, and no w.
    """
    no_above, no_below, tied = where
    always = (no_below | no_above if alternative == "two-sided" else no_below) & tied
    low[always], high[always] = -np.inf, np.inf
    empty = no_above & no_below
    if alternative != "less":
        low[empty] = 0.0
    if alternative != "greater":
        high[empty] = 0.0


def _smallest(ends: Floats, rank: int) -> float | None:
    """Return the `rank`-th smallest end, ``None`` when that is no finite number."""
    if rank < 1 or ends.size == 0:
        return None
    place = min(rank, ends.size) - 1
    end = float(np.partition(ends, place)[place])
    return end if math.isfinite(end) else None


def _negative(end: float | None) -> float | None:
    return None if end is None else -end
