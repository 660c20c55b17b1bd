"""Reads what a study asks for; what was read before and has not changed is taken from the cache."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from switchstats.inputs.mended import Corrections, read_mended
from switchstats.inputs.paths import files_of
from switchstats.inputs.steady import changed
from switchstats.runs.deliveries import Delivery, together
from switchstats.runs.found import FoundFiles, Source
from switchstats.runs.stored import restore, store
from switchstats.runs.study_file import Data
from switchstats.values import InputFile, Loaded, Quarantine, digest
from switchstats.version import __version__

__all__ = ["gather"]

# Kept are those of this study's files; a cache that outgrows this many loads is begun anew.
_MOST_KEPT = 2000


def gather(data: Data, found: FoundFiles, cache: Path) -> tuple[Loaded, int]:
    """Return everything that the files hold, and how many were read anew.

    Parameters
    ----------
    data
        How they are read.
    found
        The files, the earliest delivery first.
    cache
        Folder for what was read: it is keyed by the file's content, by how it is read and by this
        version of the package, and can be deleted at any time.

    Raises
    ------
    InputError
        As the readers.
    """
    settings: dict[str, object] = {
        "kind": data.kind,
        "encoding": data.encoding,
        "year": data.year,
        "strata": list(data.strata),
        "estimand": data.estimand,
        "settle_days": data.settle_days,
        "as_of": None if data.as_of is None else data.as_of.isoformat(),
        "cases_days": data.cases_days,
        "others": dict(found.others),
        "version": __version__,
    }
    groups = (
        [[each] for each in found.sources]
        if data.deliveries == "separate"
        else [list(found.sources)]
    )
    corrections = _corrections(found)
    deliveries: list[Delivery] = []
    anew = 0
    for group in groups:
        own = corrections.of(_inputs(group))
        key = digest(
            {
                **settings,
                "files": [[name, sha] for _, name, sha in group],
                **({"mended": _plain(own)} if own.cells else {}),
            }
        )
        loaded, fresh = _kept(data, group, own, cache / key)
        deliveries.append(Delivery(group[0][1], group[0][2], loaded))
        anew += len(group) * fresh
    whole = together(deliveries) if len(deliveries) > 1 else deliveries[0].loaded
    _refuse_too_many(whole, data.max_rejected)
    return whole, anew


def _corrections(found: FoundFiles) -> Corrections:
    """Return all mended cells.

    Raises
    ------
    InputError
        When a file of them changes meanwhile, or a cell is of none of the files that are studied.
    """
    corrections = read_mended([path for path, _, _ in found.mended])
    for file, (path, _, sha) in zip(corrections.files, found.mended, strict=True):
        if file.sha256 != sha:
            raise changed(path.name)
    corrections.refuse_strays(_inputs(found.sources))
    return corrections


def _inputs(group: Sequence[Source]) -> list[InputFile]:
    """Return files under the names that they have when they are read together."""
    digests = {path: sha for path, _, sha in group}
    return [InputFile(name, digests[path]) for path, name in files_of([*digests])[0]]


def _plain(corrections: Corrections) -> list[list[object]]:
    return sorted(
        [*place, mend.value, mend.raw, mend.digest] for place, mend in corrections.cells.items()
    )


def _kept(
    data: Data, group: Sequence[Source], corrections: Corrections, place: Path
) -> tuple[Loaded, bool]:
    """Return a load from its place in the cache, or read the files and keep it there."""
    if place.is_dir():
        try:
            return restore(place), False
        except (OSError, ValueError, KeyError, TypeError):
            shutil.rmtree(place, ignore_errors=True)  # torn or of another make
    loaded = _read(data, [path for path, _, _ in group], corrections)
    _refuse_changed(loaded, group)
    loaded = _told_apart(loaded, group)
    _make_room(place.parent)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".load-", dir=place.parent))
    try:
        store(loaded, fresh)
        fresh.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return loaded, True


def _refuse_changed(loaded: Loaded, group: Sequence[Source]) -> None:
    """Refuse files that are no longer those whose digests the run goes by."""
    read = {each.sha256 for each in loaded.provenance.inputs}
    for path, _, sha in group:
        if sha not in read:
            raise changed(path.name)


def _told_apart(loaded: Loaded, group: Sequence[Source]) -> Loaded:
    """Return a file that was read by itself under the name that tells it from all others."""
    (read, *more), name = _inputs(group), group[0][1]
    if more or read.name == name:
        return loaded
    rejected = loaded.quarantine.frame
    rejected["file"] = rejected["file"].replace({read.name: name})
    inputs = loaded.provenance.inputs
    named = (replace(each, name=name) if each == read else each for each in inputs)
    return replace(
        loaded,
        quarantine=Quarantine(rejected),
        understood=tuple(replace(each, file=name) for each in loaded.understood),
        provenance=replace(loaded.provenance, inputs=tuple(named)),
    )


def _read(data: Data, paths: Sequence[Path], corrections: Corrections) -> Loaded:
    given: list[str | Path] = [*paths]
    options: dict[str, Any] = {
        "mapping": data.mapping,
        "registry": data.registry,
        "year": data.year,
        "encoding": data.encoding,
        "mended": corrections,
    }
    if data.kind == "counts":
        from switchstats.readers import read_counts

        return read_counts(given, **options)
    from switchstats.engines import read_requests

    return read_requests(
        given,
        strata=data.strata,
        estimand=data.estimand,
        settle_days=data.settle_days,
        as_of=data.as_of,
        cases_days=data.cases_days,
        **options,
    )


def _refuse_too_many(loaded: Loaded, most: float | None) -> None:
    from switchstats.inputs.threshold import refuse_too_many

    refuse_too_many(loaded.quarantine.by_code(), loaded.account.read, most)


def _make_room(cache: Path) -> None:
    if cache.is_dir() and sum(1 for _ in cache.iterdir()) > _MOST_KEPT:
        shutil.rmtree(cache, ignore_errors=True)
