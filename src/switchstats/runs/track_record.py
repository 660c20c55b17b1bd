"""Reads the track record of a study out of the folder of its runs."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from switchstats.errors import InputError
from switchstats.labels import Text, told
from switchstats.runs.damaged import unharmed
from switchstats.runs.load import load_run
from switchstats.runs.numbered import Past, folders_of_runs, past_run
from switchstats.runs.settings import settings_of_verdict
from switchstats.values import Counts, Finding, History, HistoryRow, Interval, PublishedTable

__all__ = ["Extent", "history", "history_with"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far the data of a run reach: what its line in the history says of them.

    Parameters
    ----------
    starts
        First days of its periods.
    last_day, requests
        ``None`` for a printed table.
    revised
        Values of the run before that changed.
    """

    starts: tuple[str, ...] = ()
    last_day: str | None = None
    requests: int | None = None
    revised: int = 0

    @classmethod
    def of(cls, data: Counts | PublishedTable | None, revised: int) -> Self:
        """Return the extent of what a run studied."""
        if not isinstance(data, Counts):
            return cls(revised=revised)
        end = max(period.end for period in data.periods)
        return cls(
            starts=tuple(str(period.start) for period in data.periods),
            last_day=(end - timedelta(days=1)).isoformat(),
            requests=data.requests,
            revised=revised,
        )

    @classmethod
    def of_past(cls, past: Past) -> Self:
        """Return the extent of a completed run; before manifests said it, from its counts."""
        said: Mapping[str, Any] | None = past.run.get("extent")
        if said is None:
            return cls.of(load_run(past.folder).counts, _revised(past))
        return cls(
            starts=tuple(said["starts"]),
            last_day=said["last_day"],
            requests=said["requests"],
            revised=said["revised"],
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "starts": list(self.starts),
            "last_day": self.last_day,
            "requests": self.requests,
            "revised": self.revised,
        }


def history(out: str | Path) -> History:
    """Return the runs in a folder of runs; those that are damaged are named beside the others.

    Raises
    ------
    InputError
        When there is none.
    """
    folders = folders_of_runs(Path(out))
    if not folders:
        raise InputError("no run is there", "name the folder that a study file calls out", str(out))
    rows: list[HistoryRow] = []
    known: set[str] = set()
    damaged: list[Text] = []
    for folder in folders:
        try:
            row, starts = _row(past_run(folder), known)
        except InputError as error:
            damaged.append(Text(ja=told(error, "ja"), en=told(error, "en")))
        else:
            rows.append(row)
            known |= starts
    return History(tuple(rows), tuple(damaged))


def history_with(
    past: Sequence[Past], number: int, finding: Finding, extent: Extent, asked: Mapping[str, Any]
) -> History:
    """Return the runs of the past and one that is being made, whose line has no clock yet.

    Parameters
    ----------
    past
        Completed runs, the oldest first.
    number, finding, extent
        Of the run that is being made: its headline and its data.
    asked
        What its manifest will say of the ``study`` that was asked and of the ``look``.
    """
    rows: list[HistoryRow] = []
    known: set[str] = set()
    for each in past:
        before, starts = _row(each, known)
        rows.append(before)
        known |= starts
    verdict, deciding = finding.verdict, finding.deciding
    row = HistoryRow(
        number=number,
        created="",
        last_day=extent.last_day,
        requests=extent.requests,
        deciding_study=None if deciding is None else deciding.study,
        estimand=verdict.estimand,
        outcome=verdict.outcome.value,
        estimate=verdict.estimate,
        bound=verdict.bound,
        margin=verdict.margin,
        n_new=len(set(extent.starts) - known),
        n_revised=extent.revised,
        **_asked(asked),
    )
    return History((*rows, row))


def _row(past: Past, known: AbstractSet[str]) -> tuple[HistoryRow, set[str]]:
    """Return the row of a run after those whose periods are known, and the first days of its own.

    Raises
    ------
    InputError
        When the run is damaged.
    """
    run = load_run(past.folder)
    with unharmed(past.folder):
        extent = Extent.of_past(past)
        verdict, deciding = run.findings[0].verdict, run.findings[0].deciding
        row = HistoryRow(
            number=past.number,
            created=run.created,
            last_day=extent.last_day,
            requests=extent.requests,
            deciding_study=None if deciding is None else deciding.study,
            estimand=verdict.get("estimand"),
            outcome=run.findings[0].outcome,
            estimate=verdict["estimate"],
            bound=_bound(verdict["bound"]),
            margin=verdict["margin"],
            n_new=len(set(extent.starts) - known),
            n_revised=extent.revised,
            **_asked(past.run),
        )
    return row, set(extent.starts)


def _asked(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return which look a run was and what of its study file bears on the verdict."""
    study: Mapping[str, Any] = run.get("study") or {}
    looks: Mapping[str, Any] = study.get("looks") or {}
    look: Mapping[str, Any] = run.get("look") or {}
    return {
        "look": look.get("number"),
        "planned_looks": None if looks.get("spending") == "open" else looks.get("planned"),
        "settings": settings_of_verdict(study) if study else {},
    }


def _bound(plain: Mapping[str, Any] | None) -> Interval | None:
    if plain is None:
        return None
    return Interval(plain["low"], plain["high"], plain["kind"], plain["level"])


def _revised(past: Past) -> int:
    changes = past.folder / "data" / "changes.json"
    if not changes.is_file():
        return 0
    return len(json.loads(changes.read_text(encoding="utf-8"))["revisions"])
