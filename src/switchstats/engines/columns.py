"""Finds the columns of request rows by the text of their headers, never by position."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from switchstats.errors import InputError, UsageError

__all__ = ["CANONICAL", "Columns", "Mapped", "aliases", "find_columns", "fold", "read_mapping"]

CANONICAL = (
    *("request_id", "submitted", "gaining", "losing", "area", "supply_point"),
    *("outcome", "reasons", "attempt", "resolved", "voltage"),
)
_NEEDED = ("submitted", "gaining", "outcome")
_TABLES = ("constants", "values", "year")
_MARKS = re.compile(r"[\s_\-‐-―ー・()「」【】\[\]]")
_LOOKS_LIKE_DATA = re.compile(r"\d{6}|\d{4}[/年.-]\d")
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
    """

    columns: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    year: int | None = None

    def to_dict(self) -> dict[str, object]:
        """Return plain types."""
        return {
            **self.columns,
            "constants": dict(self.constants),
            "values": {name: dict(table) for name, table in self.values.items()},
            "year": self.year,
        }


@dataclass(frozen=True, slots=True)
class Columns:
    """Canonical name → header as it stands, and the headers that were not used."""

    found: Mapping[str, str]
    ignored: tuple[str, ...]
    constants: Mapping[str, str]


def fold(text: str) -> str:
    """Return a header or label without what people type differently.

    Examples
    --------
    >>> fold("エリア コード（ＡＢ）") == fold("ｴﾘｱｺｰﾄﾞab")
    True
    """
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def aliases(section: str) -> dict[str, str]:
    """Return folded alias → canonical word of one section of aliases.toml.

    Examples
    --------
    >>> aliases("headers")[fold("供給地点特定番号")]
    'supply_point'
    """
    raw = files("switchstats.engines").joinpath("aliases.toml").read_text(encoding="utf-8")
    tables = cast("dict[str, dict[str, list[str]]]", tomllib.loads(raw))
    return {fold(word): name for name, words in tables[section].items() for word in words}


def read_mapping(mapping: Mapping[str, object] | str | Path | None) -> Mapped:
    """Check a mapping given as a dict or as a TOML file.

    Raises
    ------
    InputError
        When the file is missing or no TOML.
    UsageError
        For a name that is not canonical, or a table of the wrong shape.

    Examples
    --------
    >>> read_mapping({"gaining": "社名", "constants": {"area": "03"}}).constants["area"]
    '03'
    """
    table = _mapping_file(Path(mapping)) if isinstance(mapping, str | Path) else mapping or {}
    columns = {name: value for name, value in table.items() if name not in _TABLES}
    constants, values, year = (table.get(name) for name in _TABLES)
    for part in (columns, constants or {}, values or {}):
        for name in _as_table(part):
            if name not in CANONICAL:
                near = get_close_matches(name, CANONICAL, n=1, cutoff=0.0)
                raise UsageError(
                    f"a mapping knows no column {name!r}; the nearest is {near[0]!r}, and all are "
                    f"{', '.join(CANONICAL)}"
                )
    if year is not None and not isinstance(year, int):
        raise UsageError("the year of a mapping must be a whole number, such as 2023")
    return Mapped(
        {name: str(value) if value else None for name, value in columns.items()},
        {name: str(value) for name, value in _as_table(constants or {}).items()},
        {
            name: {str(theirs): str(ours) for theirs, ours in _as_table(part).items()}
            for name, part in _as_table(values or {}).items()
        },
        year,
    )


def _as_table(part: object) -> Mapping[str, object]:
    if not isinstance(part, Mapping):
        raise UsageError("constants and values of a mapping must be tables (name = value)")
    return cast("Mapping[str, object]", part)


def _mapping_file(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(
            "the mapping cannot be opened", "check its name and folder", str(path)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"not a TOML file in UTF-8 ({error})", 'write lines such as gaining = "社名"', str(path)
        ) from None


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
    found: dict[str, str] = {}
    for name, header in mapped.columns.items():
        if header is not None:
            found[name] = _mapped_header(name, header, headers, file)
    known = aliases("headers")
    for header in headers:
        name = known.get(fold(header))
        settled = name in mapped.columns or name in mapped.constants
        if name is None or settled or header in found.values():
            continue
        if name in found:
            found[name] = _preferred(name, found[name], header, file)
        else:
            found[name] = header
    for name in _NEEDED:
        if name not in found and name not in mapped.constants:
            raise _missing(name, headers, file)
    ignored = tuple(header for header in headers if header not in found.values())
    return Columns(found, ignored, mapped.constants)


def _mapped_header(name: str, header: str, headers: Sequence[str], file: str) -> str:
    same = [each for each in headers if each == header] or [
        each for each in headers if fold(each) == fold(header)
    ]
    if len(same) != 1:
        number = "no column" if not same else f"{len(same)} columns"
        raise InputError(
            f"the mapping names {header!r}, and {number} of that name stand in the header"
            + _shown(headers),
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
    like = f"; the nearest is {looks!r}" if looks and not _LOOKS_LIKE_DATA.search(looks) else ""
    return InputError(
        f"no column for {name} is found{_shown(headers)}{like}",
        f'name it in the mapping: {name} = "its header"',
        file,
        field=name,
    )


def _shown(headers: Sequence[str]) -> str:
    """List headers for a message, unless the first row holds data, which may be personal."""
    if any(_LOOKS_LIKE_DATA.search(unicodedata.normalize("NFKC", header)) for header in headers):
        return " (the first row looks like data; a row of headers is needed)"
    names = ", ".join(repr(header[:40]) for header in headers[:_MOST_SHOWN])
    return f"; the headers are {names}" + (" …" if len(headers) > _MOST_SHOWN else "")
