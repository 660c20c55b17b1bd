"""What the name of a file claims it to be, and the digest of its bytes."""

import hashlib
from pathlib import Path
from threading import Event

from switchstats.engines.streams import CHUNK, readable
from switchstats.errors import InputError

__all__ = ["PARQUET", "kind_of", "separator_of", "sha256_of"]

PARQUET, CSV, TSV = "parquet", ",", "\t"
_KINDS = {".parquet": PARQUET, ".pq": PARQUET, ".csv": CSV, ".tsv": TSV, ".txt": CSV}
_PACKED = (".gz", ".zst")


def kind_of(path: Path) -> str:
    r"""Return ``"parquet"``, or the character that separates the cells, by the name of a file.

    Raises
    ------
    InputError
        For any other name.

    Examples
    --------
    >>> kind_of(Path("a.tsv.gz")) == "\t"
    True
    """
    kind = _by_name(path)
    if kind is None:
        raise InputError(
            "request rows are read from CSV, TSV and Parquet, and this is neither by its name",
            "save the rows as CSV, or give the file its right ending",
            str(path),
        )
    return kind


def separator_of(path: Path) -> str:
    r"""Return the character that separates the cells of a text file, as its name says.

    Examples
    --------
    >>> separator_of(Path("a.tsv.gz")), separator_of(Path("a.dat"))
    ('\t', ',')
    """
    return TSV if _by_name(path) == TSV else CSV


def _by_name(path: Path) -> str | None:
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return _KINDS.get(suffixes[-1]) if suffixes else None


def sha256_of(path: Path, name: str, stopped: Event) -> str:
    """Return the sha256 of a file's bytes, or of those until it is no longer needed."""
    digest = hashlib.sha256()
    with readable(name), path.open("rb") as stream:
        while not stopped.is_set() and (piece := stream.read(CHUNK)):
            digest.update(piece)
    return digest.hexdigest()
