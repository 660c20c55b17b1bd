"""Mistakes in a study file, all of them at once, each with its line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.errors import InputError

__all__ = ["Problem", "line_of", "refuse"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake.

    Parameters
    ----------
    line
        From 1; ``None`` where a key is missing.
    key
        With the name of its table, such as ``data.files``.
    what, mend
        What is wrong and what to do about it.
    """

    line: int | None
    key: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"line {self.line}, " if self.line is not None else ""
        return f"{place}{self.key}: {self.what} ({self.mend})"


def refuse(problems: Sequence[Problem], file: str) -> None:
    """Raise one error that lists every mistake, in the order of lines.

    Raises
    ------
    InputError
        When there is any.
    """
    if not problems:
        return
    listed = sorted(problems, key=lambda each: (each.line is None, each.line or 0))
    if len(listed) == 1:
        (one,) = listed
        raise InputError(f"{one.key}: {one.what}", one.mend, file, one.line)
    lines = "".join(f"\n  - {each}" for each in listed)
    raise InputError(f"{len(listed)} mistakes", f"correct each of these:{lines}", file)


def line_of(text: str, table: str, key: str) -> int | None:
    r"""Return the line of a key, or of its table's head, from 1.

    Examples
    --------
    >>> line_of('a = 1\n[data]\na = 2\n', "data", "a")
    3
    """
    current = ""
    head: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        found = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if found and "=" not in line.partition("]")[0]:
            current = found[1].replace('"', "").replace(" ", "")
            if current in (f"{table}.{key}" if table else key, table) and head is None:
                head = number
            if current == (f"{table}.{key}" if table else key):
                return number
        elif current == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*(=|\.)", line):
            return number
    return head
