"""A span of days, half-open, which is what every printed period means."""

from dataclasses import dataclass
from datetime import date

from switchstats.errors import UsageError

__all__ = ["Period"]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to but not including `end`.

    Two labels for the same days are the same period. Periods sort by start, then end.

    Parameters
    ----------
    start
        First day.
    end
        The day after the last day.

    Raises
    ------
    UsageError
        When `end` is not after `start`.

    Examples
    --------
    >>> from datetime import date
    >>> fiscal = Period(date(2022, 4, 1), date(2023, 3, 1))
    >>> winter = Period(date(2023, 1, 1), date(2023, 3, 1))
    >>> fiscal.contains(winter), winter.contains(fiscal), fiscal.n_days
    (True, False, 334)
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise UsageError(f"a period must end after it starts: {self.start} .. {self.end}")

    @property
    def n_days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    def contains(self, other: "Period") -> bool:
        """Whether every day of `other` is a day of this period."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Period") -> bool:
        """Whether at least one day belongs to both."""
        return self.start < other.end and other.start < self.end

    def to_dict(self) -> dict[str, str]:
        """Return ISO dates under ``start`` and ``end`` (`end` excluded)."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}
