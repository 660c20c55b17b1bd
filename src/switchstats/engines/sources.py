"""Which files a path, glob, folder or list of these means, and what each claims to be."""

import glob
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from switchstats.errors import InputError

__all__ = ["PARQUET", "files_of", "is_path", "kind_of", "sha256_of"]

PARQUET, CSV, TSV = "parquet", ",", "\t"
_KINDS = {".parquet": PARQUET, ".pq": PARQUET, ".csv": CSV, ".tsv": TSV, ".txt": CSV}
_PACKED = (".gz", ".zst")


def is_path(source: object) -> bool:
    """Say whether a source is a path, or a list of paths, and not a frame.

    Examples
    --------
    >>> is_path("requests/*.parquet"), is_path({"a": [1]})
    (True, False)
    """
    if isinstance(source, str | Path):
        return True
    if not isinstance(source, list | tuple):
        return False
    return all(isinstance(one, str | Path) for one in cast("Sequence[object]", source))


def files_of(source: object) -> list[Path]:
    """Return every file that a source means, each once, in the order of their names.

    Raises
    ------
    InputError
        When nothing is there, or a named file is of no kind that is read here.
    """
    listed = isinstance(source, list | tuple)
    several = cast("Sequence[object]", source) if listed else [source]
    found = dict.fromkeys(path for one in several for path in _files(str(one)))
    if not found:
        raise InputError("no file to read", "name at least one CSV, TSV or Parquet file")
    for path in found:
        kind_of(path)
    return list(found)


def _files(text: str) -> Iterable[Path]:
    path = Path(text)
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.is_file() and _suffix(each))
        if not inside:
            raise InputError(
                "the folder holds no CSV, TSV or Parquet file", "check the folder", text
            )
        return inside
    if path.exists():
        return [path]
    matches = sorted(Path(match) for match in glob.glob(text, recursive=True))  # noqa: PTH207
    if not matches:
        raise InputError("there is no such file", "check its name and folder", text)
    return [
        file for match in matches for file in ([match] if match.is_file() else _files(str(match)))
    ]


def _suffix(path: Path) -> str | None:
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return _KINDS.get(suffixes[-1]) if suffixes else None


def kind_of(path: Path) -> str:
    r"""Return ``"parquet"``, or the character that separates the cells.

    Raises
    ------
    InputError
        For any other file.

    Examples
    --------
    >>> kind_of(Path("a.tsv.gz")) == "\t"
    True
    """
    kind = _suffix(path)
    if kind is None:
        raise InputError(
            "request rows are read from CSV, TSV and Parquet, and this is neither by its name",
            "save the rows as CSV, or give the file its right ending",
            str(path),
        )
    return kind


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
