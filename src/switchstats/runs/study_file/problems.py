"""Mistakes in a study file, all of them at once, each with its line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.errors import InputError
from switchstats.labels import Language, Text, worded

__all__ = ["Problem", "StudyFileError", "line_of", "refuse"]


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
    mend: str | Text

    def told(self, language: Language) -> str:
        """Return it in one line of one language."""
        both = self.mend if isinstance(self.mend, Text) else worded(self.mend)
        what, mend = worded(self.what)[language], both[language].rstrip("。")
        if language == "ja":
            place = "" if self.line is None else f"{self.line}行目、"
            return f"{place}{self.key}：{what}（{mend}）"
        place = "" if self.line is None else f"line {self.line}, "
        return f"{place}{self.key}: {what} ({mend})"


class StudyFileError(InputError):
    """Everything that is wrong with a study file."""

    def __init__(self, problems: Sequence[Problem], file: str) -> None:
        listed = sorted(problems, key=lambda each: (each.line is None, each.line or 0))
        self.problems = tuple(listed)
        lines = "".join(f"\n  - {each.told('en')}" for each in listed)
        super().__init__(f"{_count(len(listed))}", f"correct each of these:{lines}", file)

    def told(self, language: Language) -> str:
        """Return all of it in one language."""
        if language == "en":
            return str(self)
        lines = "".join(f"\n  - {each.told('ja')}" for each in self.problems)
        return (
            f"{self.file}：{len(self.problems)}か所の誤りがある。対処：次のそれぞれを正す：{lines}"
        )


def refuse(problems: Sequence[Problem], file: str) -> None:
    """Raise one error that lists every mistake, in the order of lines.

    Raises
    ------
    StudyFileError
        When there is any.
    """
    if problems:
        raise StudyFileError(problems, file)


def _count(n: int) -> str:
    return "1 mistake" if n == 1 else f"{n} mistakes"


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
