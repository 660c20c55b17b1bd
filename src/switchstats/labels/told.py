"""Tells an error in either language: its place, what is wrong, and what to do."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from switchstats.errors import InputError, SwitchstatsError, UsageError
from switchstats.labels.catalogue import label
from switchstats.labels.text import Language, Text

__all__ = ["SaidError", "SaidUsageError", "problem_of", "told", "worded"]

_PAGE = re.compile(r" \(page (\d+)\)$")
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(eq=False, kw_only=True)
class SaidError(InputError):
    """An input error whose problem is made up of words that stand in both languages already.

    Parameters
    ----------
    said
        The problem; `problem` is its English.

    Examples
    --------
    >>> error = SaidError("no rates", "add them", "t.csv", said=Text(ja="率がない", en="no rates"))
    >>> problem_of(error).ja
    '率がない'
    """

    said: Text


class SaidUsageError(UsageError):
    """The same for an argument out of its range.

    Examples
    --------
    >>> told(SaidUsageError(Text(ja="期間がない", en="no period")), "ja")
    '期間がない'
    """

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


def problem_of(error: SwitchstatsError) -> Text:
    """Return what is wrong in both languages."""
    if isinstance(error, SaidError | SaidUsageError):
        return error.said
    return worded(error.problem if isinstance(error, InputError) else str(error))


def told(error: SwitchstatsError, language: Language) -> str:
    """Return what an error says, in one language; a sentence without Japanese stays English.

    Examples
    --------
    >>> told(InputError("an empty file", "choose the file that holds the table", "t.csv"), "ja")
    't.csv：空のファイルである。対処：表のあるファイルを指定する。'
    """
    if language == "en":
        return str(error)
    own = getattr(error, "told", None)
    if own is not None:
        return own(language)
    if not isinstance(error, InputError):
        return problem_of(error).ja
    place = [
        None if error.file is None else _PAGE.sub(r"（\1ページ）", error.file),
        None if error.line is None else label("check_files.line", language, line=error.line),
        None if error.field is None else f"列「{error.field}」",
        None if error.value is None else f"値「{error.value}」",
    ]
    where = "、".join(part for part in place if part)
    message = f"{problem_of(error).ja}。対処：{worded(error.mend).ja}。"
    return f"{where}：{message}" if where else message


def worded(sentence: str) -> Text:
    """Return an error's problem or mend in both languages.

    Examples
    --------
    >>> worded("there is no month 13")
    Text(ja='13月はない', en='there is no month 13')
    """
    return Text(ja=_japanese(sentence) or sentence, en=sentence)


def _japanese(sentence: str) -> str | None:
    plain, patterns = _sentences()
    if sentence in plain:
        return plain[sentence]
    for pattern, japanese in patterns:
        if match := pattern.fullmatch(sentence):
            words = {name: _japanese(value) or value for name, value in match.groupdict().items()}
            return japanese.format(**words)
    return None


@cache
def _sentences() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Return sentences as they stand, and those with gaps, the most words first."""
    raw = files("switchstats.labels").joinpath("errors.toml").read_text(encoding="utf-8")
    listed = {str(en): str(ja) for en, ja in tomllib.loads(raw).items()}
    plain = {en: ja for en, ja in listed.items() if not _NAME.search(en)}
    gaps = sorted(listed.keys() - plain.keys(), key=lambda en: -len(_NAME.sub("", en)))
    return plain, [(_pattern(en), listed[en]) for en in gaps]


def _pattern(english: str) -> re.Pattern[str]:
    parts = _NAME.split(english)
    words = [re.escape(p) if at % 2 == 0 else f"(?P<{p}>.*?)" for at, p in enumerate(parts)]
    return re.compile("".join(words), re.DOTALL)
