"""What is asked of two groups: the direction, the null difference and the confidence level."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal, get_args

from switchstats.errors import UsageError
from switchstats.values import Interval

__all__ = ["Direction", "Question", "check_level"]

Direction = Literal["two-sided", "less", "greater"]


@dataclass(frozen=True, slots=True)
class Question:
    """A hypothesis about the difference first group minus second group.

    Parameters
    ----------
    alternative
        ``"less"``: the first group's rates are lower than `null` allows; ``"greater"``: higher;
        ``"two-sided"``: either.
    null
        The difference under the null hypothesis, as a fraction of requests.
    level
        Confidence of the interval; the test at 1 - `level` belongs to it.

    Raises
    ------
    UsageError
        When one of them is out of its range.

    Examples
    --------
    >>> Question("less", 0.0, 0.95).interval(None, 0.03)
    Interval(low=None, high=0.03, kind='confidence', level=0.95)
    """

    alternative: Direction
    null: float
    level: float

    def __post_init__(self) -> None:
        if self.alternative not in get_args(Direction):
            raise UsageError(
                f"alternative must be 'two-sided', 'less' or 'greater', not {self.alternative!r}"
            )
        if not isfinite(self.null):
            raise UsageError(f"null must be a finite difference of rates, not {self.null}")
        check_level(self.level)

    @property
    def alpha(self) -> float:
        """The level's complement: a test with a p-value of at most this rejects."""
        return _complement(self.level)

    def interval(self, low: float | None, high: float | None) -> Interval:
        """Return the confidence interval with these ends at this level."""
        return Interval(low, high, "confidence", self.level)


def check_level(level: float) -> None:
    """Refuse a level that is not strictly between 0 and 1."""
    if not 0 < _complement(level) < 1:
        raise UsageError(f"level must be between 0 and 1, such as 0.95, not {level}")


def _complement(level: float) -> float:
    # 1 - 0.9 is a little less than 0.1, which would let a p-value of 2/20 pass.
    return round(1 - level, 15)
