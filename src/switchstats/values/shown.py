"""How a value shows itself in Jupyter: its fields by name, in the language that is set."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from html import escape
from typing import TYPE_CHECKING, cast

from switchstats.labels import (
    Language,
    Text,
    catalogue,
    display_language,
    group_name,
    label,
    p_value,
    percent,
    points,
    signed_points,
)
from switchstats.periods import Period, format_period
from switchstats.values.html import html_table

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance

__all__ = ["Brief", "Shown", "Write", "frame_table"]

_MOST_ROWS = 40
Write = Callable[[float], str]
# Fields whose numbers have a unit of their own; all others are written as they stand.
_PERCENT = frozenset(
    {"rate", "before", "after", "shrunk", "shrunk_interval", "limits", "level", "power"}
    | {"wanted", "nominal", "covered", "uncovered", "weight", "first_rate", "second_rate"}
    | {"standard_rate", "target", "largest_share", "pooled_rate"}
)
_POINTS = frozenset({"shift", "change", "bound", "difference"})
_SIZES_IN_POINTS = frozenset({"margin", "detectable", "smallest_margin", "effect", "least_effect"})
# Fields whose unit is that of the estimate.
_OF_ESTIMATE = frozenset({"estimate", "null", "interval", "std_error"})
_P_VALUES = frozenset({"p_value", "p_adjusted", "p_rounding"})
# Fields that hold a code, and the section of the catalogue with its words.
_SECTIONS = {
    "method": "method.",
    "test": "method.",
    "estimand": "estimand.",
    "alternative": "alternative.",
    "outcome": "outcome.",
    "grade": "grade_name.",
    "study": "study_name.",
    "deciding_study": "study_name.",
    "weighting": "weighting.",
    "units": "units.",
    "kind": "kind.",
    "unit": "unit.",
    "statistic": "statistic_name.",
}
_GROUPS = frozenset({"group", "groups", "first", "second", "growing"})


class Shown:
    """Gives a value type a table of its fields in Jupyter.

    The language is that of the value where it has one, else `display_language`. Numbers keep the
    unit that the field's name says: rates in percent, differences of rates in points, everything
    else as it stands. What is absent, or kept out of
    `repr`, is left out; long lists are cut, and say so.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        language = cast("Language", getattr(self, "language", None) or display_language())
        words = "".join(f"<p>{escape(said[language])}</p>" for said in self._said())
        return words + _fields_table(self, language)

    def _said(self) -> tuple[Text, ...]:
        """Return sentences that stand before the fields."""
        return ()


class Brief(Shown):
    """A value that one cell holds, in its own words."""

    __slots__ = ()

    def in_words(self, write: "Write") -> Text:
        """Return it in a few words; `write` turns its numbers into the reader's unit."""
        raise NotImplementedError

    def _said(self) -> tuple[Text, ...]:
        return (self.in_words(_plain),)


def _fields_table(value: object, language: Language) -> str:
    """Return a row a field; a list of values is a table below."""
    rows: list[tuple[str, str]] = []
    below: list[str] = []
    for name, item in _fields(value):
        listed = _listed(item)
        if listed:
            title = escape(_name(value, name, language))
            below.append(f"<p>{title}</p>{_list_table(listed, language)}")
        elif not _absent(item):
            words = _words(value, name, item, language)
            rows.append((_name(value, name, language), words))
    head = (label("fields.field", language), label("fields.value", language))
    return html_table(head, rows) + "".join(below)


def _listed(item: object) -> tuple[object, ...]:
    """Return the values of a field that is a list of them, else nothing."""
    held = cast("tuple[object, ...]", item) if isinstance(item, tuple) else ()
    return held if all(_is_value(each) for each in held) else ()


def frame_table(frame: "pd.DataFrame", language: Language) -> str:
    """Return the first rows of a frame under the names of its columns, periods in words.

    Of rows that differ only by the reason of an error, the first alone shows the requests that all
    of them share.
    """
    shown = _with_periods(frame.head(_MOST_ROWS).astype(object), language)
    if {"reason", "requests"} <= set(shown.columns):
        cell = [name for name in shown.columns if name not in ("reason", "errors")]
        shown.loc[shown.duplicated(cell), "requests"] = None
        shown = shown.rename(columns={"reason": "error_reason"})
    head = [label(f"field.{name}", language) for name in shown.columns]
    body = [
        ["" if each != each or each is None else str(each) for each in row]  # noqa: PLR0124 -- NaN
        for row in shown.itertuples(index=False)
    ]
    if len(frame) > _MOST_ROWS:
        body.append([label("fields.more", language, n=f"{len(frame) - _MOST_ROWS:,}")])
    return html_table(head, body)


def _with_periods(frame: "pd.DataFrame", language: Language) -> "pd.DataFrame":
    """Return a frame with one column of periods in place of their first days and days after."""
    if "period_start" not in frame.columns:
        return frame
    pairs = zip(frame["period_start"], frame["period_end"], strict=True)
    words = [format_period(Period(first.date(), after.date()), language) for first, after in pairs]
    place = list(frame.columns).index("period_start")
    frame = frame.drop(columns=["period_start", "period_end"])
    frame.insert(place, "period", words)
    return frame


def _list_table(values: tuple[object, ...], language: Language) -> str:
    head = [_name(values[0], name, language) for name, _ in _fields(values[0])]
    shown = values[:_MOST_ROWS]
    body = [[_words(each, name, item, language) for name, item in _fields(each)] for each in shown]
    if len(values) > len(shown):
        body.append([label("fields.more", language, n=f"{len(values) - len(shown):,}")])
    return html_table(head, body)


def _fields(value: object) -> list[tuple[str, object]]:
    known = fields(cast("DataclassInstance", value))
    names = [field.name for field in known if field.repr]
    return [
        (name, getattr(value, name))
        for name in names
        if not name.startswith("_") and name != "language"
    ]


def _is_value(item: object) -> bool:
    return is_dataclass(item) and not isinstance(item, (Text, Period, Brief, type))


def _absent(item: object) -> bool:
    return item is None or item in ((), {})


def _name(owner: object, field: str, language: Language) -> str:
    name = label(f"field.{field}", language)
    if field in _OF_ESTIMATE and _is_difference(owner):
        return label("fields.in_points", language, name=name)
    return name


def _words(owner: object, name: str, item: object, language: Language) -> str:
    """Return one field in words."""
    if _absent(item):
        return label("display.blank", language)
    if isinstance(item, Mapping):
        held = cast("Mapping[object, object]", item)
        return _comma(language).join(
            f"{_words(owner, '', key, language)}: {_words(owner, '', each, language)}"
            for key, each in held.items()
        )
    if isinstance(item, (tuple, list, frozenset)):
        parts = cast("tuple[object, ...]", item)
        return _comma(language).join(_words(owner, name, each, language) for each in parts)
    if isinstance(item, Brief):
        return item.in_words(_writer(owner, name))[language]
    if isinstance(item, Shown):
        return _comma(language).join(
            f"{_name(item, field, language)}: {_words(item, field, each, language)}"
            for field, each in _fields(item)
            if not _absent(each)
        )
    return _atom(owner, name, item, language)


def _atom(owner: object, name: str, item: object, language: Language) -> str:
    """Return a field that holds a single thing."""
    match item:
        case bool():
            return label("fields.yes" if item else "fields.no", language)
        case Text():
            return item[language]
        case Period():
            return format_period(item, language)
        case Enum() | str():
            return _catalogued(name, str(getattr(item, "key", item)), language)
        case int() | float():
            return _writer(owner, name)(item)
        case _:
            # an array says its length only
            size = getattr(item, "size", None)
            return str(item) if size is None else label("fields.array", language, n=f"{size:,}")


def _writer(owner: object, name: str) -> Write:
    """Return how a field's numbers are written."""
    by_unit = _BY_UNIT.get(str(getattr(owner, "unit", None)))
    if by_unit is not None:
        return by_unit
    if name in _OF_ESTIMATE:
        return _as_estimate(owner, name)
    units = (
        (_PERCENT, _percent),
        (_POINTS, signed_points),
        (_SIZES_IN_POINTS, points),
        (_P_VALUES, p_value),
    )
    return next((write for names, write in units if name in names), _plain)


def _as_estimate(owner: object, name: str) -> Write:
    if _is_difference(owner):
        return points if name == "std_error" else signed_points
    return _percent if hasattr(owner, "rate") else _plain


def _is_difference(owner: object) -> bool:
    """Say whether a value's estimate is a difference of rates."""
    has_one = hasattr(owner, "estimate") or hasattr(owner, "change")
    return has_one and getattr(owner, "scale", "difference") == "difference"


def _percent(number: float) -> str:
    return f"{percent(number, 2).rstrip('0').rstrip('.')} %"


def _plain(number: float) -> str:
    if isinstance(number, int):
        return f"{number:,}"
    return f"{number:.4g}" if math.isfinite(number) else "∞"


def _catalogued(field: str, code: str, language: Language) -> str:
    """Return the words of a code where its field has some, else the code."""
    if field in _GROUPS:
        return group_name(code)[language]
    found = catalogue().get(f"{_SECTIONS.get(field, '')}{code}")
    return code if found is None or "{" in found.en else found[language]


def _comma(language: Language) -> str:
    return "、" if language == "ja" else ", "


_BY_UNIT: dict[str, Write] = {
    "share": _percent,
    "difference": signed_points,
    "p_value": p_value,
    "requests": _plain,
}
