"""Reads files together and, where that fails, each alone, so that one bad file hides no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from switchstats.errors import InputError

if TYPE_CHECKING:
    from switchstats.values import Loaded

__all__ = ["Trial", "tried"]

# Reads files into counts.
Reader = Callable[[Sequence[str | Path]], "Loaded"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of reading files.

    Parameters
    ----------
    loaded
        The files that could be read; ``None`` when none could, or not together.
    names
        Files that could be read, by themselves at least.
    failures
        File, pattern or folder → why it could not be read.
    error
        Why files that can be read one by one cannot be read together.
    left_out
        Files in folders that are no tables by their names.
    """

    loaded: "Loaded | None"
    names: tuple[str, ...]
    failures: dict[str, InputError]
    error: InputError | None
    left_out: tuple[str, ...]


def tried(sources: Sequence[str], read: Reader, alone: Reader) -> Trial:
    """Read files, folders and patterns, and say of each file whether it can be read.

    `alone` reads one file without what concerns several, such as mended cells.
    """
    from switchstats.inputs.paths import files_of

    failures: dict[str, InputError] = {}
    good: list[str] = []
    for source in sources:
        try:
            files_of(source)
            good.append(source)
        except InputError as error:
            failures[source] = error
    found, left_out = files_of(good) if good else ([], ())
    if not found:
        return Trial(None, (), failures, None, left_out)
    try:
        return Trial(read(good), tuple(name for _, name in found), failures, None, left_out)
    except InputError as error:
        problem = error
    readable: list[Path] = []
    for path, name in found:
        failure = _failure(path, alone)
        if failure is None:
            readable.append(path)
        else:
            failures[name] = failure
    if not readable:
        return Trial(None, (), failures, None, left_out)
    # fewer files are told apart by less of their folders
    names = tuple(name for _, name in files_of(readable)[0])
    if len(readable) < len(found):
        try:
            return Trial(read(readable), names, failures, None, left_out)
        except InputError as error:
            problem = error
    return Trial(None, names, failures, problem, left_out)


def _failure(path: Path, read: Reader) -> InputError | None:
    try:
        read([path])
    except InputError as error:
        return error
    return None
