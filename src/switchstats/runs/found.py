"""The files of a run by digest, in the order of their delivery, and what tells runs apart."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from switchstats.errors import InputError
from switchstats.inputs.paths import files_of
from switchstats.runs.fingerprint import digests_of
from switchstats.runs.numbered import Past
from switchstats.runs.study_file import StudyFile
from switchstats.version import __version__

__all__ = ["FoundFiles", "Source", "find_files"]

# path, name for messages, sha256
Source = tuple[Path, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFiles:
    """What a run is made from.

    Parameters
    ----------
    sources
        Files of different content, the earliest delivery first.
    repeats
        Names of files that hold what another holds, byte by byte, each with the other's name.
    mended
        Files of rejected rows with the right cells.
    others
        Digests of the mapping and the registry that reading depends on.
    fingerprint
        Of all files, the study file and the version: with the same one nothing is new.
    """

    sources: tuple[Source, ...]
    repeats: tuple[tuple[str, str], ...]
    mended: tuple[Source, ...]
    others: Mapping[str, str]
    fingerprint: str


def find_files(study: StudyFile, past: Sequence[Past], cache: Path) -> FoundFiles:
    """Return the files of a study in the order in which runs first saw them, new ones by name.

    Mended rows are no data, although they may stand in the folder of the data.
    """
    corrected = files_of([*study.data.mended])[0] if study.data.mended else []
    beside = {path for path, _ in corrected}
    found = [each for each in files_of([*study.data.files])[0] if each[0] not in beside]
    if not found:
        raise InputError("no file was named", "name a file, a folder or a pattern", "data.files")
    own = {
        name: path
        for name, path in (("mapping", study.data.mapping), ("registry", study.data.registry))
        if isinstance(path, Path)
    }
    paths = [path for path, _ in (*found, *corrected)]
    digests = digests_of([*paths, *own.values()], cache / "files.json")
    others = {name: digests[path] for name, path in own.items()}
    if isinstance(study.data.mapping, Mapping):
        others["mapping"] = json.dumps(study.data.mapping, sort_keys=True, default=str)
    listed = [(path, name, digests[path]) for path, name in found]
    whole: dict[str, object] = {
        "files": sorted([name, sha] for _, name, sha in listed),
        "others": others,
        "study": study.plain,
        "version": __version__,
    }
    mended = tuple((path, name, digests[path]) for path, name in corrected)
    if mended:
        whole["mended"] = sorted(sha for _, _, sha in mended)
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str)
    first: dict[str, str] = {}
    for _, name, sha in listed:
        first.setdefault(sha, name)
    return FoundFiles(
        sources=_in_order([each for each in listed if first[each[2]] == each[1]], past),
        repeats=tuple((name, first[sha]) for _, name, sha in listed if first[sha] != name),
        mended=mended,
        others=others,
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
    )


def _in_order(sources: Sequence[Source], past: Sequence[Past]) -> tuple[Source, ...]:
    seen: dict[str, int] = {}
    for each in past:
        for delivery in each.run["deliveries"]:
            seen.setdefault(delivery["sha256"], len(seen))
    return tuple(sorted(sources, key=lambda each: (seen.get(each[2], len(seen)), each[1])))
