"""What is asked of request rows: the estimand, what is told apart, and which days are settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast, get_args

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.values import STRATA

__all__ = ["Estimand", "Question"]

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


@dataclass(frozen=True, slots=True)
class Question:
    """The choices of one load.

    Parameters
    ----------
    estimand
        Which rows count, see `read_requests`.
    strata
        Columns that survive, in the order of `STRATA`.
    settle_days, cases_days
        Days, see `read_requests`.
    as_of
        Day of the extract, or ``None`` for the last day in the data.
    month
        Whether counts are by calendar month.

    Raises
    ------
    UsageError
        For an unknown estimand or stratum, a negative number of days, or an `as_of` that is no day.
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
        for name in self.strata:
            if name not in STRATA:
                raise UsageError(f"unknown stratum {name!r}; there are {', '.join(STRATA)}")
        if self.as_of is not None and (
            not isinstance(cast("object", self.as_of), date) or isinstance(self.as_of, datetime)
        ):
            raise UsageError(f"as_of is a day such as date(2023, 4, 1), not {self.as_of!r}")
        if self.settle_days < 0 or self.cases_days < 0:
            raise UsageError("settle_days and cases_days must not be negative")

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
