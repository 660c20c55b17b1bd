"""Makes one numbered run: data, findings, pages, and the manifest of all of it."""

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from switchstats import studies
from switchstats.errors import NotAnswerableError
from switchstats.inputs.mended import write_quarantine
from switchstats.labels import confidence, text
from switchstats.runs.damaged import unharmed
from switchstats.runs.flags import Flag, Revision, flags_of, repeated_files, revisions_of
from switchstats.runs.found import FoundFiles, Source
from switchstats.runs.gather import gather
from switchstats.runs.lettered import lettered
from switchstats.runs.looks import level_of_look
from switchstats.runs.manifest import write_manifest
from switchstats.runs.numbered import Past
from switchstats.runs.output import output_folder
from switchstats.runs.stored import read_counts_of, write_counts
from switchstats.runs.study_file import StudyFile
from switchstats.runs.study_run import StudyRun
from switchstats.runs.track_record import Extent, history_with
from switchstats.runs.written import write_finding
from switchstats.studies import AccessEnd, access_ends
from switchstats.studies.refusal import refused_item
from switchstats.values import Check, Counts, Finding, Loaded, PublishedTable

__all__ = ["make_run", "published_of", "run_designs", "study_key"]

_DATA = "data"


def make_run(study: StudyFile, found: FoundFiles, past: Sequence[Past], cache: Path) -> StudyRun:
    """Read, compute and write the run after those of the past; see `run_study`."""
    number = past[-1].number + 1 if past else 1
    clock = _Clock()
    loaded, read = None, 0
    if study.data.kind == "published":
        data: Counts | PublishedTable = published_of(study, found.sources)
        revisions, flags = (), ()
    else:
        loaded, read = gather(study.data, found, cache / "loads")
        loaded = replace(loaded, counts=_asked(loaded.counts, study))
        data, revisions, flags = loaded.counts, *_since(loaded, past)
    flags = (*flags, *repeated_files(found.repeats))
    clock.lap("reading")
    sources = [{"name": name, "sha256": sha} for _, name, sha in found.sources]
    look = _look_at(sources, past)
    level = level_of_look(study.level, study.looks, look)
    findings = run_designs(study, data, level, look)
    if loaded is not None:
        findings = tuple(_from_inputs(each, loaded) for each in findings)
    clock.lap("studies")
    extent = Extent.of(data, len(revisions))
    asked = _asked_and_looked(study, look, level)
    record = history_with(past, number, findings[0], extent, asked) if past else None
    with output_folder(study.out / f"{number:04d}") as folder:
        _write_data(data, revisions, flags, folder / _DATA)
        _write_rejected(study, loaded, folder / _DATA)
        shutil.copyfile(study.path, folder / "study.toml")
        write = partial(
            write_finding,
            languages=study.languages,
            loaded=loaded,
            title=study.title,
            news=tuple(flag.text for flag in flags),
        )
        write(findings[0], folder, record=record)
        for finding in findings[1:]:
            own = folder / finding.study
            own.mkdir()
            write(finding, own)
        clock.lap("writing")
        run = {
            "number": number,
            "fingerprint": found.fingerprint,
            "title": study.title,
            **asked,
            "deliveries": sources,
            "account": None if loaded is None else loaded.account.to_dict(),
            "extent": extent.to_dict(),
            "flags": [flag.to_dict() for flag in flags],
            "seconds": clock.seconds,
        }
        write_manifest(folder, findings[0].provenance, tuple(study.languages), run)
    return StudyRun(
        number=number,
        folder=study.out / f"{number:04d}",
        new=True,
        findings=findings,
        flags=flags,
        read=read,
    )


def _look_at(sources: Sequence[Mapping[str, str]], past: Sequence[Past]) -> int:
    """Return which look at the data this is; the same files once more are none of their own."""
    if not past:
        return 1
    last = past[-1].run
    return int(last["look"]["number"]) + (list(sources) != last["deliveries"])


def _asked_and_looked(study: StudyFile, look: int, level: float) -> dict[str, object]:
    """Return what the manifest says of the study file and of this look."""
    plain = json.loads(json.dumps(study.plain, default=str))
    return {"study": plain, "look": {"number": look, "level": level}}


def run_designs(
    study: StudyFile,
    data: Counts | PublishedTable,
    level: float,
    look: int,
    *,
    only_first: bool = False,
) -> tuple[Finding, ...]:
    """Return the findings of a study's designs, the headline's first.

    Raises
    ------
    NotAnswerableError
        When the first design refuses these data. Others that do are left out, and the first says
        so in its checks.
    """
    found: list[Finding] = []
    refused: list[Check] = []
    for place, name in enumerate(study.studies[:1] if only_first else study.studies):
        try:
            found.append(_design(name, study, level).run(data))
        except NotAnswerableError as error:
            if place == 0:
                raise
            title = text(f"study_name.{study_key(name)}")
            why = refused_item(study_key(name), error).reason
            words = text("check.study_refused", study=title, why=why)
            refused.append(Check(f"not_run_{study_key(name)}", None, words))
    first = found[0]
    looks = _look(study, level, look)
    reasons = (*first.verdict.reasons, *(check.text for check in looks))
    first = replace(
        first,
        checks=(*first.checks, *refused, *looks),
        verdict=replace(first.verdict, reasons=reasons),
    )
    return (first, *found[1:])


def _from_inputs(finding: Finding, loaded: Loaded) -> Finding:
    """Return a finding that names the files it was made from."""
    provenance = replace(finding.provenance, inputs=loaded.provenance.inputs)
    return replace(finding, provenance=provenance)


def _design(name: str, study: StudyFile, level: float) -> Any:
    options: dict[str, Any] = {
        "margin": study.margin,
        "groups": study.groups,
        "level": level,
        "power": study.power,
        "seed": study.seed,
    }
    if study.ends and name not in ("GroupComparison", "RetailerByRetailer", "PublishedOnly"):
        fields = {each.retailer: each.fields for each in access_ends()}
        options["ends"] = tuple(
            AccessEnd(retailer, day, fields.get(retailer, ()))
            for retailer, day in study.ends.items()
        )
    return getattr(studies, name)(**options)


def _look(study: StudyFile, level: float, look: int) -> tuple[Check, ...]:
    """Say which look this is, and how it was paid for."""
    if study.looks is None:
        return () if look == 1 else (Check("look", None, text("flag.look_unpaid", look=look)),)
    planned = (
        text("flag.look_open")
        if study.looks.planned is None or study.looks.spending == "open"
        else text("flag.look_planned", planned=study.looks.planned)
    )
    words = text(
        "flag.look",
        look=look,
        planned=planned,
        level=confidence(study.level),
        this_level=confidence(level),
    )
    return (Check("look", None, words),)


def study_key(name: str) -> str:
    """Return a design's name as the catalogue has it.

    Examples
    --------
    >>> study_key("BeforeAfter")
    'before_after'
    """
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def published_of(study: StudyFile, sources: Sequence[Source]) -> PublishedTable:
    """Return the table of the last file."""
    from switchstats.facts import read_registry
    from switchstats.readers import read_published

    registry = study.data.registry
    known = None if registry is None else read_registry(registry)
    return read_published(sources[-1][0], registry=known)


def _asked(counts: Counts, study: StudyFile) -> Counts:
    """Return the counts of the period and under the names that the study asks for."""
    if study.period is not None:
        counts = counts.during(study.period)
    if study.letters:
        counts = lettered(counts, study.groups[1], study.out / "letters.key.json")
    return counts


def _since(loaded: Loaded, past: Sequence[Past]) -> tuple[tuple[Revision, ...], tuple[Flag, ...]]:
    """Return what changed since the last run of counts, and what to look at."""
    last = next((each for each in reversed(past) if (each.folder / _DATA).is_dir()), None)
    if last is None:
        return (), flags_of((loaded.counts, loaded.account), None, ())
    with unharmed(last.folder):
        before = read_counts_of(last.folder / _DATA)
    revisions = revisions_of(before, loaded.counts)
    account = last.run["account"]
    return revisions, flags_of((loaded.counts, loaded.account), (before, account), revisions)


def _write_data(
    data: Counts | PublishedTable,
    revisions: Sequence[Revision],
    flags: Sequence[Flag],
    folder: Path,
) -> None:
    if isinstance(data, PublishedTable):
        return
    folder.mkdir()
    write_counts(data, folder)
    changes = {
        "revisions": [each.to_dict() for each in revisions],
        "flags": [each.to_dict() for each in flags],
    }
    text = json.dumps(changes, ensure_ascii=False, indent=1) + "\n"
    (folder / "changes.json").write_text(text, encoding="utf-8")


def _write_rejected(study: StudyFile, loaded: Loaded | None, folder: Path) -> None:
    """Write the rejected rows, unless letters are there to hide the names in their cells."""
    if loaded is not None and len(loaded.quarantine) and not study.letters:
        write_quarantine(loaded, folder / "rejected.csv", language=study.languages[0])


class _Clock:
    """Seconds of each part of a run; they stand in the manifest alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now
