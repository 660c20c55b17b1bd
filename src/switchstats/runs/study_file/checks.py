"""Whether one value of a study file is what its key may hold."""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from switchstats.errors import InputError, UsageError
from switchstats.inputs.masks import holds_supply_point
from switchstats.inputs.paths import files_of
from switchstats.periods import parse_period
from switchstats.runs.study_file.fields import Field

__all__ = ["checked_value"]


def checked_value(field: Field, value: object, folder: Path) -> object:
    """Return a value as the study needs it.

    Raises
    ------
    UsageError
        Of two parts with a semicolon between: what is wrong; what to do.
    """
    if field.kind == "table":
        return _mapping_or_ends(value, folder)
    checked = _CHECKS[field.kind](value, folder)
    if field.choices:
        _refuse_others(field, checked)
    return checked


def _refuse_others(field: Field, checked: object) -> None:
    listed = cast("tuple[str, ...]", checked if isinstance(checked, tuple) else (checked,))
    for each in listed:
        if each not in field.choices:
            near = get_close_matches(each, field.choices, n=1)
            mend = f"did you mean {near[0]}?" if near else f"one of {', '.join(field.choices)}"
            raise UsageError(f"{each!r} is none of those allowed; {mend}")


def _text(value: object, folder: Path) -> str:
    del folder
    if not isinstance(value, str) or not value.strip():
        raise UsageError("not a text; write it in quotes")
    if holds_supply_point(value):
        raise UsageError("it holds a number that may be a supply point; leave the number out")
    return value


def _number(value: object, folder: Path) -> float:
    del folder
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise UsageError("not a number from 0; write one such as 0.02")
    return value


def _fraction(value: object, folder: Path) -> float:
    number = _number(value, folder)
    if not 0 <= number < 1:
        raise UsageError(f"{number} is not a fraction from 0 to below 1; 2 points are 0.02")
    return float(number)


def _whole(value: object, folder: Path) -> int:
    del folder
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UsageError("not a whole number from 0; write one such as 12")
    return value


def _date(value: object, folder: Path) -> date:
    del folder
    if type(value) is not date:
        raise UsageError("not a day; write it as 2023-03-31, without quotes")
    return value


def _texts(value: object, folder: Path) -> tuple[str, ...]:
    listed = cast("list[object]", value) if isinstance(value, list) else [value]
    texts = tuple(_text(each, folder) for each in listed)
    if not texts or len(set(texts)) < len(texts):
        raise UsageError("empty, or one of them twice; name each once")
    return texts


def _file(value: object, folder: Path) -> Path:
    path = folder / _text(value, folder)
    if not path.is_file():
        raise UsageError("there is no such file; check its name and folder")
    return path


def _folder(value: object, folder: Path) -> Path:
    """Return a path below the study's own folder; nothing is ever written elsewhere."""
    path = folder / _text(value, folder)
    if not path.resolve().is_relative_to(folder.resolve()) or path.resolve() == folder.resolve():
        raise UsageError("outside of the study's own folder; name a folder below it")
    return path


def _files(value: object, folder: Path) -> tuple[Path, ...]:
    found = tuple(folder / text for text in _texts(value, folder))
    for path in found:
        try:
            files_of(path)
        except InputError as error:
            raise UsageError(f"{error.problem}; {error.mend}") from None
    return found


def _period(value: object, folder: Path) -> object:
    try:
        return parse_period(_text(value, folder))
    except (UsageError, InputError) as error:
        problem = error.problem if isinstance(error, InputError) else str(error)
        raise UsageError(f"{problem}; write 2022-04..2023-02") from None


_CHECKS: Mapping[str, Callable[[object, Path], object]] = {
    "text": _text,
    "number": _number,
    "fraction": _fraction,
    "whole": _whole,
    "date": _date,
    "texts": _texts,
    "period": _period,
    "file": _file,
    "files": _files,
    "folder": _folder,
}


def _mapping_or_ends(value: object, folder: Path) -> object:
    if isinstance(value, str):
        return _file(value, folder)
    if not isinstance(value, dict):
        raise UsageError("not a table; write lines below its head in brackets")
    return cast("dict[str, Any]", value)
