"""Finds the columns of request rows by the text of their headers, never by position."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from switchstats.engines.showable import shown_head
from switchstats.errors import InputError, UsageError
from switchstats.inputs.mapping import Layout, Names
from switchstats.inputs.mapping import read_mapping as read_any_mapping
from switchstats.inputs.words import fold, words

__all__ = [
    "CANONICAL",
    "Columns",
    "Mapped",
    "Understanding",
    "aliases",
    "find_columns",
    "fold",
    "header_names",
    "read_mapping",
    "same_value",
]

CANONICAL = (
    *("request_id", "submitted", "gaining", "losing", "area", "supply_point"),
    *("outcome", "reasons", "attempt", "resolved", "voltage"),
)
_NEEDED = ("submitted", "gaining", "outcome")
_CLEANED = tuple(name for name in CANONICAL if name not in ("request_id", "supply_point"))
_LOOKS_LIKE_DATA = re.compile(
    r"\d{6}|\d{4}[/年.-]\d|(?:明治|大正|昭和|平成|令和|\b[MTSHR])\s*(?:\d{1,2}|元)\s*[/年.-]"
)
_MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Mapped:
    """A user's mapping, checked.

    Parameters
    ----------
    columns
        Canonical name → their header; ``None`` leaves a column unread.
    constants
        Canonical name → one value for every row.
    values
        Canonical name → {their value → ours}.
    year
        Calendar year of dates without one.
    encoding
        Of all text files; detected where there is none.
    layouts
        Columns and constants of several makers, to be tried in order; empty where there is one.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    year: int | None = None
    encoding: str | None = None
    layouts: tuple[Layout, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """Their header → canonical name, of all layouts."""
        tables = (self.columns, *(layout.columns for layout in self.layouts))
        return {head: name for table in tables for name, head in table.items() if head}

    def to_dict(self) -> dict[str, object]:
        """Return plain types."""
        return {
            **self.columns,
            "constants": dict(self.constants),
            "values": {name: dict(table) for name, table in self.values.items()},
            "year": self.year,
            "encoding": self.encoding,
            "layouts": [layout.to_dict() for layout in self.layouts],
        }


@dataclass(frozen=True, slots=True)
class Columns:
    """Canonical name → header as it stands, the headers not used, constants, the layout's name."""

    found: Mapping[str, str]
    ignored: tuple[str, ...]
    constants: Mapping[str, str]
    layout: str | None = None


@cache
def aliases(section: str) -> dict[str, str]:
    """Return folded alias → canonical word: of ``"headers"``, or of a section of `words`.

    Examples
    --------
    >>> aliases("headers")[fold("供給地点特定番号")]
    'supply_point'
    """
    if section != "headers":
        return words(section)
    raw = files("switchstats.engines").joinpath("aliases.toml").read_text(encoding="utf-8")
    tables = cast("dict[str, dict[str, list[str]]]", tomllib.loads(raw))
    return {fold(word): name for name, heads in tables[section].items() for word in heads}


def same_value(cell: str) -> str:
    """Return a cell without what people type differently, for the values of a mapping.

    Examples
    --------
    >>> same_value("ＯＫ ") == same_value("ok"), same_value("-") == same_value("")
    (True, False)
    """
    return "".join(unicodedata.normalize("NFKC", cell).split()).casefold()


def header_names(mapped: Mapped) -> dict[str, str]:
    """Return every header that is understood, folded → canonical name."""
    return aliases("headers") | {fold(head): name for head, name in mapped.headers.items()}


def read_mapping(mapping: Mapping[str, object] | str | Path | None) -> Mapped:
    """Check a mapping given as a dict or as a TOML file.

    See `switchstats.inputs.mapping.read_mapping`. Rows of all files are checked together: so
    ``values`` and ``year`` hold for all layouts, and stand outside of them.

    Raises
    ------
    InputError
        When the file is missing, no TOML, or wrong.
    UsageError
        For a name that is not canonical, or a table of the wrong shape.

    Examples
    --------
    >>> read_mapping({"gaining": "社名", "constants": {"area": "03"}}).constants["area"]
    '03'
    """
    read = read_any_mapping(mapping, Names(CANONICAL, CANONICAL, _CLEANED, fold, same_value))
    first = read.layouts[0]
    if any((one.values, one.year) != (first.values, first.year) for one in read.layouts):
        raise UsageError(
            "in a mapping of request rows, 'values' and 'year' stand outside of the layouts: they "
            "hold for all files"
        )
    if len(read.layouts) > 1:
        return Mapped({}, {}, first.values, first.year, read.encoding, read.layouts)
    return Mapped(first.columns, first.constants, first.values, first.year, read.encoding)


def find_columns(headers: Sequence[str], mapped: Mapped, file: str) -> Columns:
    """Return which header holds which canonical column.

    Parameters
    ----------
    headers
        As they stand in the file or frame.
    mapped
        The user's mapping, which goes before the aliases.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        When two headers stand for one column, a mapped header is missing, or submitted, gaining
        or outcome is not found; the message lists the headers.

    Examples
    --------
    >>> found = find_columns(["申込日", "新小売", "結果", "備考"], Mapped(), "a.csv")
    >>> found.found["gaining"], found.ignored
    ('新小売', ('備考',))
    """
    mine = {fold(header) for header in headers}
    fitting = (one for one in mapped.layouts if set(one.words()) <= mine)
    layout = next(fitting, next(iter(mapped.layouts), None))
    if layout is None:
        layout = Layout(columns=mapped.columns, constants=mapped.constants)
    found = {
        name: _mapped_header(name, header, headers, file)
        for name, header in layout.columns.items()
        if header is not None
    }
    known = aliases("headers")
    for header in headers:
        name = known.get(fold(header))
        settled = name in layout.columns or name in layout.constants
        if name is None or settled or header in found.values():
            continue
        if name in found:
            found[name] = _preferred(name, found[name], header, file)
        else:
            found[name] = header
    for name in _NEEDED:
        if name not in found and name not in layout.constants:
            raise _missing(name, headers, file)
    # the first row may hold data, or a head may have been overwritten with some
    known = aliases("headers")
    left = (header for header in headers if header not in found.values())
    ignored = tuple(shown_head(header, known) for header in left)
    return Columns(found, ignored, layout.constants, layout.name)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What an engine asks of each file's header, under one mapping.

    `begin` is told the name of each file, as it is opened.
    """

    mapped: Mapped
    begin: Callable[[str], None] = field(default=lambda _file: None)

    def __call__(self, headers: Sequence[str], file: str) -> Columns:
        """Return which header holds which canonical column, see `find_columns`."""
        self.begin(file)
        return find_columns(headers, self.mapped, file)

    def n_known(self, cells: Sequence[str]) -> int:
        """Return how many cells are headers that are understood."""
        known = header_names(self.mapped)
        return sum(fold(cell) in known for cell in cells)


def _mapped_header(name: str, header: str, headers: Sequence[str], file: str) -> str:
    same = [each for each in headers if each == header] or [
        each for each in headers if fold(each) == fold(header)
    ]
    if len(same) != 1:
        number = (
            f"{len(same)} columns of that name stand" if same else "no column of that name stands"
        )
        raise InputError(
            f"the mapping names {header!r}, and {number} in the header{_shown(headers)}",
            f"correct the mapping of {name}",
            file,
        )
    return same[0]


def _preferred(name: str, first: str, second: str, file: str) -> str:
    """Of two headers for one column only the canonical name itself is beyond doubt."""
    exact = [header for header in (first, second) if header == name]
    if len(exact) == 1:
        return exact[0]
    raise InputError(
        f"two columns can be {name}: {first!r} and {second!r}",
        f'say which in the mapping: {name} = "{first}"',
        file,
    )


def _missing(name: str, headers: Sequence[str], file: str) -> InputError:
    near = get_close_matches(
        fold(name), [fold(header) for header in headers], n=1, cutoff=0.5
    ) or get_close_matches(
        max((a for a, c in aliases("headers").items() if c == name), key=len),
        [fold(header) for header in headers],
        n=1,
        cutoff=0.3,
    )
    looks = next((h for h in headers if near and fold(h) == near[0]), None)
    is_head = looks is not None and shown_head(looks, aliases("headers")) == looks
    like = f"; the nearest is {looks!r}" if is_head and not _are_data(headers) else ""
    return InputError(
        f"no column for {name} is found{_shown(headers)}{like}",
        f'name it in the mapping: {name} = "its header"',
        file,
        field=name,
    )


def _shown(headers: Sequence[str]) -> str:
    """List headers for a message, unless the first row holds data, which may be personal."""
    if _are_data([unicodedata.normalize("NFKC", header) for header in headers]):
        return " (the first row looks like data; a row of headers is needed)"
    known = aliases("headers")
    names = ", ".join(repr(shown_head(header[:40], known)) for header in headers[:_MOST_SHOWN])
    return f"; the headers are {names}" + (" …" if len(headers) > _MOST_SHOWN else "")


def _are_data(cells: Sequence[str]) -> bool:
    """Whether a row holds data: days, or with no known header among it any digit or outcome."""
    if any(_LOOKS_LIKE_DATA.search(cell) for cell in cells):
        return True
    if any(fold(cell) in aliases("headers") for cell in cells):
        return False
    return any(re.search(r"\d", cell) or fold(cell) in aliases("outcome") for cell in cells)
