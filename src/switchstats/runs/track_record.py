"""The runs of a study one below the other: what the headline said, and what it rested on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchstats.errors import InputError
from switchstats.runs.load import load_run
from switchstats.runs.numbered import past_runs
from switchstats.values import Counts, Interval, Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["History", "HistoryRow", "history"]


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
    n_new: int
    n_revised: int


@dataclass(frozen=True, slots=True)
class History(Shown):
    """All completed runs of a study file, the oldest first."""

    rows: tuple[HistoryRow, ...]

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
        return {
            "schema": "switchstats/history",
            "schema_version": "1.0",
            "runs": self.to_frame()
            .astype(object)
            .where(lambda t: t.notna(), None)
            .to_dict("records"),
        }


def history(out: str | Path) -> History:
    """Return the runs in a folder of runs.

    Raises
    ------
    InputError
        When there is none.
    """
    past = past_runs(Path(out))
    if not past:
        raise InputError("no run is there", "name the folder that a study file calls out", str(out))
    rows: list[HistoryRow] = []
    known: set[str] = set()
    for each in past:
        run = load_run(each.folder)
        counts = run.counts
        starts = {str(period.start) for period in (() if counts is None else counts.periods)}
        verdict = run.findings[0].verdict
        flags: list[Mapping[str, Any]] = each.run["flags"]
        rows.append(
            HistoryRow(
                number=each.number,
                created=run.created,
                last_day=None if counts is None else _last_day(counts),
                requests=None if counts is None else counts.requests,
                outcome=run.findings[0].outcome,
                estimate=verdict["estimate"],
                bound=_bound(verdict["bound"]),
                n_new=len(starts - known),
                n_revised=_revised(each.folder, flags),
            )
        )
        known |= starts
    return History(tuple(rows))


def _last_day(counts: Counts) -> str:
    end = max(period.end for period in counts.periods)
    return (end - timedelta(days=1)).isoformat()


def _bound(plain: Mapping[str, Any] | None) -> Interval | None:
    if plain is None:
        return None
    return Interval(plain["low"], plain["high"], plain["kind"], plain["level"])


def _revised(folder: Path, flags: list[Mapping[str, Any]]) -> int:
    import json

    changes = folder / "data" / "changes.json"
    if not flags or not changes.is_file():
        return 0
    return len(json.loads(changes.read_text(encoding="utf-8"))["revisions"])
