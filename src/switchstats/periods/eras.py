"""Japanese eras: their first and last days, and era years to and from calendar years."""

from dataclasses import dataclass
from datetime import date

__all__ = ["ERAS", "Era", "era_of"]


@dataclass(frozen=True, slots=True)
class Era:
    """An era from `start` up to but not including `end`.

    Parameters
    ----------
    letter, name
        As printed: ``"R"`` and ``"令和"``.
    year_one
        Calendar year of its first year (元年).
    start, end
        Days that can be written in this era.

    Examples
    --------
    >>> ERAS[-1].calendar_year(5), ERAS[-1].year(date(2019, 5, 1))
    (2023, 1)
    """

    letter: str
    name: str
    year_one: int
    start: date
    end: date

    def calendar_year(self, year: int) -> int:
        """Return the calendar year of era year `year`."""
        return self.year_one + year - 1

    def year(self, day: date) -> int:
        """Return the era year of `day`."""
        return day.year - self.year_one + 1


# Days before 1873 are left out: Japan then kept another calendar, whose dates are not these days.
# The day of a succession belongs to the new era (改元の政令).
ERAS = (
    Era("M", "明治", 1868, date(1873, 1, 1), date(1912, 7, 30)),
    Era("T", "大正", 1912, date(1912, 7, 30), date(1926, 12, 25)),
    Era("S", "昭和", 1926, date(1926, 12, 25), date(1989, 1, 8)),
    Era("H", "平成", 1989, date(1989, 1, 8), date(2019, 5, 1)),
    Era("R", "令和", 2019, date(2019, 5, 1), date.max),
)


def era_of(day: date) -> Era | None:
    """Return the era of `day`, ``None`` before 1873.

    Examples
    --------
    >>> [era_of(date(2019, 4, 30)).name, era_of(date(2019, 5, 1)).name]
    ['平成', '令和']
    """
    return next((era for era in ERAS if era.start <= day < era.end), None)
