"""What is asked of request rows: the estimand, what is told apart, and which days are settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Integral
from typing import Literal, get_args

from switchstats.errors import NotAnswerableError, UsageError

__all__ = ["Estimand", "Question", "day_named", "strata_named"]

Estimand = Literal["first_attempt", "all_attempts", "cases"]

_COLUMNS_OF: dict[str, tuple[str, ...]] = {
    "area": ("area",),
    "losing": ("losing",),
    "losing_group": ("losing",),
    "home": ("area",),
    "reason": (),
    "voltage": ("voltage",),
    "attempt": ("attempt",),
}


def day_named(as_of: object) -> date | None:
    """Return the day of the extract that a user names, of a time its day.

    Raises
    ------
    UsageError
        When it is no day, such as a text.

    Examples
    --------
    >>> day_named("2023-03-31")
    Traceback (most recent call last):
    switchstats.errors.UsageError: as_of is a day such as date(2023, 3, 31), not '2023-03-31'
    """
    if isinstance(as_of, datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, date):
        return as_of
    raise UsageError(f"as_of is a day such as date(2023, 3, 31), not {as_of!r}")


def strata_named(strata: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the strata that a user names, in the order of those that there are.

    Raises
    ------
    UsageError
        For one that there is not, or a text instead of a list.

    Examples
    --------
    >>> strata_named(["home", "area"], ("area", "home"))
    ('area', 'home')
    """
    if isinstance(strata, str):
        raise UsageError(f"strata is a list of names, such as [{strata!r}]")
    for name in strata:
        if name not in known:
            raise UsageError(f"unknown stratum {name!r}; there are {', '.join(known)}")
    return tuple(name for name in known if name in strata)


@dataclass(frozen=True, slots=True)
class Question:
    """The choices of one load.

    Parameters
    ----------
    estimand
        Which rows count, see `read_requests`.
    strata
        Columns that survive, see `strata_named`.
    settle_days, cases_days
        Days, see `read_requests`.
    as_of
        Day of the extract, or ``None`` for the last day in the data.
    month
        Whether counts are by calendar month.

    Raises
    ------
    UsageError
        For an unknown estimand, or what is no number of days.
    """

    estimand: Estimand
    strata: tuple[str, ...]
    settle_days: int
    cases_days: int
    as_of: date | None
    month: bool

    def __post_init__(self) -> None:
        if self.estimand not in get_args(Estimand):
            known = ", ".join(get_args(Estimand))
            raise UsageError(f"unknown estimand {self.estimand!r}; there are {known}")
        for days in (self.settle_days, self.cases_days):
            if isinstance(days, bool) or not isinstance(days, Integral) or days < 0:
                raise UsageError("settle_days and cases_days are whole numbers of days from 0")

    def linked(self, present: Sequence[str]) -> bool:
        """Say whether requests at one supply point must be linked."""
        return self.estimand == "cases" or (
            self.estimand == "first_attempt" and "attempt" not in present
        )

    def needed(self, present: Sequence[str]) -> set[str]:
        """Return the columns that no row may leave blank.

        Raises
        ------
        NotAnswerableError
            When a needed column is not there.
        """
        needed = {"submitted", "gaining", "outcome"}
        for stratum in self.strata:
            needed.update(_COLUMNS_OF[stratum])
        if stratum := next((s for s in self.strata if set(_COLUMNS_OF[s]) - set(present)), None):
            column = _COLUMNS_OF[stratum][0]
            raise NotAnswerableError(
                f"counts by {stratum}", f"the rows have no {column}", f"a column {column}"
            )
        if "reason" in self.strata and "reasons" not in present:
            raise NotAnswerableError(
                "counts by reason", "the rows have no reasons", "a column reasons"
            )
        if self.linked(present):
            if "supply_point" not in present:
                columns = "supply_point" if self.estimand == "cases" else "attempt or supply_point"
                raise NotAnswerableError(
                    f"the estimand {self.estimand}",
                    "repeated requests cannot be told from first ones",
                    f"a column {columns}",
                )
            needed.add("supply_point")
        elif self.estimand == "first_attempt":
            needed.add("attempt")
        return needed

    def to_dict(self) -> dict[str, object]:
        """Return plain types."""
        return {
            "estimand": self.estimand,
            "strata": list(self.strata),
            "settle_days": self.settle_days,
            "cases_days": self.cases_days,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "month": self.month,
        }

    def last_settled(self, as_of: date) -> int:
        """Return the last day, as an ordinal, whose requests count.

        A case also needs its whole window, or the last cases could not yet be accepted.
        """
        days = self.settle_days
        if self.estimand == "cases":
            days = max(days, self.cases_days)
        return as_of.toordinal() - days
