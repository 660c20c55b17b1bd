"""Reads the track record of a study out of the folder of its runs."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from switchstats.errors import InputError
from switchstats.runs.load import load_run
from switchstats.runs.numbered import past_runs
from switchstats.values import Counts, History, HistoryRow, Interval

__all__ = ["history"]


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
                margin=verdict["margin"],
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
