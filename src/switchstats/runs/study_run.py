"""From a study file to a complete run: what is new is read, everything is written, once."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchstats.errors import SwitchstatsError
from switchstats.runs.found import find_files
from switchstats.runs.numbered import forget_torn, lock, past_runs, point_latest
from switchstats.runs.study_file import StudyFile, read_study
from switchstats.whole_file import cannot_be_written

if TYPE_CHECKING:
    from switchstats.runs.flags import Flag
    from switchstats.values import Finding

__all__ = ["StudyRun", "run_study"]

_CACHE = ".cache"
_LOG = "log.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRun:
    """What one call did.

    Parameters
    ----------
    number
        Of the run, from 1.
    folder
        Where it is.
    new
        ``False`` where nothing had changed since that run, so that none was made.
    findings
        Of a new run.
    flags
        What to look at in its data.
    read
        Files that were read anew.
    """

    number: int
    folder: Path
    new: bool
    findings: "tuple[Finding, ...]" = ()
    flags: "tuple[Flag, ...]" = ()
    read: int = 0


def run_study(path: str | Path, *, force: bool = False) -> StudyRun:
    """Run a study file: read what is new, compute, and write a numbered run.

    Parameters
    ----------
    path
        The study file; its ``out`` is the folder of its runs.
    force
        Make a run even where nothing has changed.

    Returns
    -------
    StudyRun
        The new run, or the last one where its files, settings and version are the same.

    Raises
    ------
    InputError
        For mistakes in the file, data that cannot be read, or a second run at the same time.
    NotAnswerableError
        When the first study cannot be run on these data.

    Notes
    -----
    A run appears whole: it is written beside and moved into place, and only then ``latest`` leads
    to it. A run that is killed leaves the last one as it was. Every attempt has a line in
    ``log.jsonl``.
    """
    study = read_study(path)
    with lock(study.out):
        forget_torn(study.out)
        started = time.perf_counter()
        try:
            done = _run(study, force=force)
        except SwitchstatsError as error:
            _log(study.out, {"outcome": "failed", "error": str(error)})
            raise
        except OSError as error:
            problem = cannot_be_written("the folder of runs", error, study.out)
            _log(study.out, {"outcome": "failed", "error": str(problem)})
            raise problem from None
        seconds = round(time.perf_counter() - started, 3)
        outcome = "new run" if done.new else "nothing new"
        _log(study.out, {"outcome": outcome, "run": done.number, "seconds": seconds})
        return done


def _run(study: StudyFile, *, force: bool) -> StudyRun:
    cache = study.out / _CACHE
    cache.mkdir(parents=True, exist_ok=True)
    past = past_runs(study.out)
    found = find_files(study, past, cache)
    if past:
        point_latest(study.out, past[-1].number)
    if past and past[-1].run["fingerprint"] == found.fingerprint and not force:
        return StudyRun(number=past[-1].number, folder=past[-1].folder, new=False)
    from switchstats.runs.made import make_run

    made = make_run(study, found, past, cache)
    point_latest(study.out, made.number)
    return made


def _log(out: Path, entry: Mapping[str, Any]) -> None:
    from datetime import UTC, datetime

    """Add a line; a disk that has no room for it is no reason to lose the run."""
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **entry}
    with suppress(OSError), (out / _LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
