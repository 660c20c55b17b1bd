"""Reads what a study asks for; what was read before and has not changed is taken from the cache."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from switchstats.inputs.steady import changed
from switchstats.runs.deliveries import Delivery, together
from switchstats.runs.found import FoundFiles, Source
from switchstats.runs.stored import restore, store
from switchstats.runs.study_file import Data
from switchstats.values import Loaded, digest
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
    deliveries: list[Delivery] = []
    anew = 0
    for group in groups:
        key = digest({**settings, "files": [[name, sha] for _, name, sha in group]})
        loaded, fresh = _kept(data, group, cache / key)
        deliveries.append(Delivery(group[0][1], group[0][2], loaded))
        anew += len(group) * fresh
    whole = together(deliveries) if len(deliveries) > 1 else deliveries[0].loaded
    _refuse_too_many(whole, data.max_rejected)
    return whole, anew


def _kept(data: Data, group: Sequence[Source], place: Path) -> tuple[Loaded, bool]:
    """Return a load from its place in the cache, or read the files and keep it there."""
    if place.is_dir():
        try:
            return restore(place), False
        except (OSError, ValueError, KeyError, TypeError):
            shutil.rmtree(place, ignore_errors=True)  # torn or of another make
    loaded = _read(data, [path for path, _, _ in group])
    _refuse_changed(loaded, group)
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


def _read(data: Data, paths: Sequence[Path]) -> Loaded:
    given: list[str | Path] = [*paths]
    options: dict[str, Any] = {
        "mapping": data.mapping,
        "registry": data.registry,
        "year": data.year,
        "encoding": data.encoding,
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
