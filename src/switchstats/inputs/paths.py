"""Finds the files that a path, a pattern, a folder or a list of them stands for."""

import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from switchstats.errors import InputError
from switchstats.inputs.masks import refuse_supply_point

__all__ = ["Found", "files_of", "is_path", "refuse_pipe"]

_ENDINGS = frozenset((".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".pq"))
_COMPRESSED = frozenset((".gz", ".zst"))

Found = list[tuple[Path, str]]


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


def files_of(source: str | Path | Sequence[str | Path]) -> tuple[Found, tuple[str, ...]]:
    """Return files with their names for messages, and the names of files in folders left out.

    Parameters
    ----------
    source
        A path, a pattern with ``*`` (which may also fit folders), a folder (searched to its bottom
        for the endings of tables; hidden files and Excel's lock files are left out), or a list of
        these.

    Returns
    -------
    tuple
        Each file once, in the order given, sorted within a pattern or folder. A name has as much
        of the folder as tells it apart.

    Raises
    ------
    InputError
        When there is no such file, a pattern or folder holds none, or it is a pipe, of which
        nobody knows whether it ends.
    """
    given = [source] if isinstance(source, str | Path) else list(source)
    paths: list[Path] = []
    left_out: list[str] = []
    for item in given:
        found, others = _one(Path(item))
        paths += found
        left_out += others
    for path in paths:
        refuse_pipe(path)
        refuse_supply_point(path.name, "file")
    unique = list(dict.fromkeys(path.absolute() for path in paths))
    if not unique:
        raise InputError("no file was named", "name a file, a folder or a pattern")
    return list(zip(unique, _names(unique), strict=True)), tuple(left_out)


def refuse_pipe(path: Path) -> None:
    """Refuse a pipe or device, of which nobody knows whether it ends; a folder too."""
    if path.is_dir():
        raise InputError("a folder, not a file", "name the file that holds the table", str(path))
    if path.exists() and not path.is_file():
        raise InputError("a pipe or device, and no file", "save the rows as a file", str(path))


def _one(path: Path) -> tuple[list[Path], list[str]]:
    if path.is_dir():
        tables, others = _inside(path)
        if not tables:
            endings = ", ".join(sorted(_ENDINGS))
            raise InputError(
                "a folder without tables", f"put files into it that end in {endings}", str(path)
            )
        return tables, others
    if path.exists():
        return [path], []
    if not glob.has_magic(str(path)):
        raise InputError("there is no such file", "check its name and folder", str(path))
    files: list[Path] = []
    left_out: list[str] = []
    for match in sorted(Path(match) for match in glob.glob(str(path), recursive=True)):  # noqa: PTH207
        found, others = _inside(match) if match.is_dir() else ([match], [])
        files += found
        left_out += others
    if not files:
        problem = "there is no such file: none fits this pattern"
        raise InputError(problem, "check its folder and ending", str(path))
    return files, left_out


def _inside(folder: Path) -> tuple[list[Path], list[str]]:
    inside = sorted(item for item in folder.rglob("*") if item.is_file())
    tables = [item for item in inside if _is_table(item)]
    return tables, [item.name for item in inside if item not in set(tables)]


def _is_table(path: Path) -> bool:
    if path.name.startswith((".", "~$")):
        return False
    endings = [ending.casefold() for ending in path.suffixes]
    if endings and endings[-1] in _COMPRESSED:
        endings.pop()
    return bool(endings) and endings[-1] in _ENDINGS


def _names(paths: Iterable[Path]) -> list[str]:
    listed = list(paths)
    plain = [_shown(path.name) for path in listed]
    if len(set(plain)) == len(plain):
        return plain
    common = os.path.commonpath([path.parent for path in listed])
    return [_shown(path.relative_to(common).as_posix()) for path in listed]


def _shown(name: str) -> str:
    """Return a name without bytes of another encoding, which no output could hold."""
    return name.encode("utf-8", "backslashreplace").decode()
