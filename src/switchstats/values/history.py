"""The runs of a study one below the other: what the headline said, and what it rested on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchstats.labels import Text, joined, text
from switchstats.values.interval import Interval
from switchstats.values.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["History", "HistoryRow", "changed_words", "decides_anew"]

_STUDY, _ESTIMAND = "deciding_study", "estimand"


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
    deciding_study
        Name of the design whose verdict the headline is; ``None`` where the run does not say.
    estimand
        Of the headline, a catalogue key below ``estimand.``.
    look, planned_looks
        Which look at the data it was, and of how many, where a number was planned.
    settings
        What of the study file bears on the verdict, by dotted key; empty where the run does not
        say.
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
    deciding_study: str | None = None
    estimand: str | None = None
    look: int | None = None
    planned_looks: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)

    @property
    def look_words(self) -> Text:
        """Which look it was, and of how many."""
        if self.look is None:
            return text("display.blank")
        if self.planned_looks is None:
            return Text(str(self.look), str(self.look))
        return text("history.look_of", look=self.look, planned=self.planned_looks)

    @property
    def study_words(self) -> Text:
        """The study that decides, by name."""
        if self.deciding_study is None:
            return text("display.blank")
        return text(f"study_name.{self.deciding_study}")


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

    @property
    def changes(self) -> tuple[tuple[str, ...], ...]:
        """Of each run, what its headline rests on otherwise than before.

        ``"deciding_study"`` and ``"estimand"``, where they are not those of the last estimate
        before, and settings by dotted key, where they are not those of the last run before. What
        one of the runs does not say is not compared.
        """
        return tuple(
            (*_of_estimate(row, self.rows[:place]), *_of_settings(row, self.rows[:place]))
            for place, row in enumerate(self.rows)
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a run; `changed` joins what changed by semicolons."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "run": row.number,
                    "created": row.created,
                    "last_day": row.last_day,
                    "requests": row.requests,
                    "look": row.look,
                    "planned_looks": row.planned_looks,
                    "deciding_study": row.deciding_study,
                    "estimand": row.estimand,
                    "outcome": row.outcome,
                    "estimate": row.estimate,
                    "low": None if row.bound is None else row.bound.low,
                    "high": None if row.bound is None else row.bound.high,
                    "changed": ";".join(changed),
                    "new_periods": row.n_new,
                    "revised": row.n_revised,
                }
                for row, changed in zip(self.rows, self.changes, strict=True)
            ]
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        table = self.to_frame().astype(object)
        runs = table.where(table.notna(), None).to_dict("records")
        return {
            "schema": "switchstats/history",
            "schema_version": "1.1",
            "runs": [
                run | {"changed": list(changed)}
                for run, changed in zip(runs, self.changes, strict=True)
            ],
            "damaged": [each.to_dict() for each in self.damaged],
        }


def changed_words(changed: Sequence[str]) -> Text:
    """Say what a headline rests on otherwise, with ◆ where another study decides, else with ◇.

    Examples
    --------
    >>> changed_words(["deciding_study", "margin"]).en
    '◆ deciding study, margin'
    """
    if not changed:
        return text("display.blank")
    words = [
        text(f"history.{each}") if each in (_STUDY, _ESTIMAND) else Text(each, each)
        for each in changed
    ]
    mark = "study_changed" if decides_anew(changed) else "terms_changed"
    return text(f"history.{mark}", what=joined(words))


def decides_anew(changed: Sequence[str]) -> bool:
    """Say whether another study decides than in the run before."""
    return _STUDY in changed


def _of_estimate(row: HistoryRow, past: Sequence[HistoryRow]) -> list[str]:
    before = next((each for each in reversed(past) if each.estimate is not None), None)
    if before is None or row.estimate is None:
        return []
    pairs = {
        _STUDY: (before.deciding_study, row.deciding_study),
        _ESTIMAND: (before.estimand, row.estimand),
    }
    return [name for name, (one, other) in pairs.items() if one and other and one != other]


def _of_settings(row: HistoryRow, past: Sequence[HistoryRow]) -> list[str]:
    before = next((each.settings for each in reversed(past) if each.settings), None)
    if before is None or not row.settings:
        return []
    keys = dict.fromkeys([*before, *row.settings])
    return [key for key in keys if before.get(key) != row.settings.get(key)]
