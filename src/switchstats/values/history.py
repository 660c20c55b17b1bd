"""The runs of a study one below the other: what the headline said, and what it rested on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchstats.labels import Text
from switchstats.values.interval import Interval
from switchstats.values.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["History", "HistoryRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow(Shown):
    """One run and its headline.

    Parameters
    ----------
    number, created
        Which run, and when.
    last_day
        Last day of the data.
    requests
        Counted.
    outcome, estimate, bound
        Of the headline's verdict; `bound` at the level of that look.
    margin
        The user's Δ in that run.
    n_new, n_revised
        Periods that were new, and values of the run before that changed.
    """

    number: int
    created: str
    last_day: str | None
    requests: int | None
    outcome: str
    estimate: float | None
    bound: Interval | None
    margin: float | None
    n_new: int
    n_revised: int


@dataclass(frozen=True, slots=True)
class History(Shown):
    """All completed runs of a study file, the oldest first.

    Parameters
    ----------
    rows
        Those that can be read.
    damaged
        What is wrong with each other one: its folder, and how to go on.
    """

    rows: tuple[HistoryRow, ...]
    damaged: tuple[Text, ...] = ()

    @property
    def has_estimates(self) -> bool:
        """Whether any run has an estimate, so that there is something to draw."""
        return any(row.estimate is not None for row in self.rows)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a run."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "run": row.number,
                    "created": row.created,
                    "last_day": row.last_day,
                    "requests": row.requests,
                    "outcome": row.outcome,
                    "estimate": row.estimate,
                    "low": None if row.bound is None else row.bound.low,
                    "high": None if row.bound is None else row.bound.high,
                    "new_periods": row.n_new,
                    "revised": row.n_revised,
                }
                for row in self.rows
            ]
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        table = self.to_frame().astype(object)
        return {
            "schema": "switchstats/history",
            "schema_version": "1.0",
            "runs": table.where(table.notna(), None).to_dict("records"),
            "damaged": [each.to_dict() for each in self.damaged],
        }
