"""From a study file to a complete run: what is new is read, everything is written, once."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchstats.errors import SwitchstatsError
from switchstats.inputs.paths import files_of
from switchstats.runs.fingerprint import digests_of
from switchstats.runs.numbered import Past, forget_torn, lock, past_runs, point_latest
from switchstats.runs.study_file import StudyFile, read_study
from switchstats.version import __version__

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inputs:
    """The files of a run by digest, and what tells this run from others."""

    paths: dict[Path, str]
    names: dict[Path, str]
    others: dict[str, str]
    fingerprint: str


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
        seconds = round(time.perf_counter() - started, 3)
        outcome = "new run" if done.new else "nothing new"
        _log(study.out, {"outcome": outcome, "run": done.number, "seconds": seconds})
        return done


def _run(study: StudyFile, *, force: bool) -> StudyRun:
    cache = study.out / _CACHE
    cache.mkdir(parents=True, exist_ok=True)
    inputs = _inputs(study, cache)
    past = past_runs(study.out)
    if past:
        point_latest(study.out, past[-1].number)
    if past and past[-1].run["fingerprint"] == inputs.fingerprint and not force:
        return StudyRun(number=past[-1].number, folder=past[-1].folder, new=False)
    from switchstats.runs.made import make_run

    number = past[-1].number + 1 if past else 1
    made = make_run(
        study,
        number=number,
        sources=_in_order(inputs, past),
        repeats=_repeats(inputs),
        others=inputs.others,
        fingerprint=inputs.fingerprint,
        past=past,
        cache=cache,
    )
    point_latest(study.out, number)
    return made


def _inputs(study: StudyFile, cache: Path) -> _Inputs:
    found, _ = files_of([*study.data.files])
    own = {
        name: path
        for name, path in (("mapping", study.data.mapping), ("registry", study.data.registry))
        if isinstance(path, Path)
    }
    digests = digests_of([path for path, _ in found] + [*own.values()], cache / "files.json")
    names = dict(found)
    others = {name: digests[path] for name, path in own.items()}
    if isinstance(study.data.mapping, Mapping):
        others["mapping"] = json.dumps(study.data.mapping, sort_keys=True, default=str)
    whole: dict[str, object] = {
        "files": sorted([names[path], digests[path]] for path, _ in found),
        "others": others,
        "study": json.loads(json.dumps(study.plain, default=str)),
        "version": __version__,
    }
    return _Inputs(
        paths={path: digests[path] for path, _ in found},
        names=names,
        others=others,
        fingerprint=_digest(whole),
    )


def _digest(plain: Mapping[str, object]) -> str:
    import hashlib

    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _in_order(inputs: _Inputs, past: Sequence[Past]) -> list[tuple[Path, str, str]]:
    """Return the files in the order in which runs first saw their content, new ones by name."""
    seen: dict[str, int] = {}
    for each in past:
        for delivery in each.run["deliveries"]:
            seen.setdefault(delivery["sha256"], len(seen))
    listed = [(path, inputs.names[path], sha) for path, sha in inputs.paths.items()]
    once = {sha: (path, name, sha) for path, name, sha in reversed(listed)}
    return sorted(once.values(), key=lambda each: (seen.get(each[2], len(seen)), each[1]))


def _repeats(inputs: _Inputs) -> list[tuple[str, str]]:
    """Return files that hold what another one holds, byte by byte, each with that other's name."""
    first: dict[str, str] = {}
    pairs = (
        (first.setdefault(sha, inputs.names[path]), path) for path, sha in inputs.paths.items()
    )
    return [(inputs.names[path], name) for name, path in pairs if name != inputs.names[path]]


def _log(out: Path, entry: Mapping[str, Any]) -> None:
    from datetime import UTC, datetime

    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), **entry}
    with (out / _LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
