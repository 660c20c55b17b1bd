"""A user's own words for the columns: canonical name → their column, in a dict or a TOML file."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from switchstats.errors import InputError, UsageError
from switchstats.inputs.encodings import codec_of
from switchstats.inputs.paths import refuse_pipe
from switchstats.inputs.sheet import raw_of, shown

__all__ = ["Layout", "Names", "UserMapping", "read_mapping"]

_TABLES = ("constants", "values", "year", "layout", "name", "encoding")


@dataclass(frozen=True, slots=True)
class Names:
    """What a mapping may name, and when two heads or values are the same.

    Parameters
    ----------
    columns, constants, values
        Canonical names of columns, of constants, and of columns whose values may be mapped.
    fold, same_value
        Return heads and values without what people write differently.
    """

    columns: tuple[str, ...]
    constants: tuple[str, ...]
    values: tuple[str, ...]
    fold: Callable[[str], str]
    same_value: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the columns of one maker's files are named.

    Parameters
    ----------
    name
        For reports; ``None`` where there is only one.
    columns
        Canonical name → their head; ``None`` leaves a column unread.
    constants
        Canonical name → its value in every row.
    values
        Canonical name → {their value, folded → ours}.
    year
        Calendar year of days and months without one.
    fold, same_value
        Return heads and values without what people write differently.
    """

    name: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    year: int | None = None
    fold: Callable[[str], str] = field(default=str, repr=False, compare=False)
    same_value: Callable[[str], str] = field(default=str, repr=False, compare=False)

    def words(self) -> dict[str, str]:
        """Return folded head → canonical name."""
        return {self.fold(head): name for name, head in self.columns.items() if head is not None}

    @property
    def unread(self) -> frozenset[str]:
        """Canonical names whose columns are left alone, as where a constant stands for them."""
        left = (name for name, head in self.columns.items() if head is None)
        return frozenset((*left, *self.constants))

    def ours(self, key: str, text: str) -> str:
        """Return our value for theirs, theirs where nothing else was said."""
        return self.values.get(key, {}).get(self.same_value(text), text)

    def to_dict(self) -> dict[str, object]:
        """Return plain types."""
        return {
            "name": self.name,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "values": {name: dict(pairs) for name, pairs in self.values.items()},
            "year": self.year,
        }


@dataclass(frozen=True, slots=True)
class UserMapping:
    """A whole mapping: layouts to try in order, and the encoding of all text files."""

    layouts: tuple[Layout, ...]
    encoding: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Return plain types."""
        return {
            "layouts": [layout.to_dict() for layout in self.layouts],
            "encoding": self.encoding,
        }


def read_mapping(mapping: Mapping[str, object] | str | Path | None, names: Names) -> UserMapping:
    """Check a mapping given as a dict or as a TOML file.

    Parameters
    ----------
    mapping
        Canonical name → column (``None`` or an empty text leaves the column unread); optional
        ``constants``, ``values``, ``year`` and ``encoding``; or a list ``layout`` of such tables,
        each perhaps with a ``name``. What stands outside of the list holds for each.
    names
        The canonical names.

    Raises
    ------
    UsageError
        For a dict with an unknown name or a value of the wrong kind.
    InputError
        The same for a file, or when it cannot be read as TOML.

    Examples
    --------
    >>> names = Names(("retailer",), ("retailer",), ("retailer",), str.casefold, str)
    >>> read_mapping({"retailer": "社名", "year": 2022}, names).layouts[0].words()
    {'社名': 'retailer'}
    """
    if mapping is None:
        return UserMapping((Layout(fold=names.fold, same_value=names.same_value),))
    if not isinstance(mapping, str | Path):
        return _checked(mapping, names)
    path = Path(mapping)
    refuse_pipe(path)
    try:
        return _checked(tomllib.loads(path.read_text(encoding="utf-8-sig")), names)
    except OSError:
        raise InputError(
            "the mapping cannot be opened", "check the file's name and place", str(path)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mend = 'write lines such as period = "対象年月", and save it as UTF-8'
        raise InputError(f"the mapping is no TOML ({error})", mend, path.name) from None
    except UsageError as error:
        raise InputError(str(error), "correct the mapping", path.name) from None


def _checked(mapping: Mapping[str, object], names: Names) -> UserMapping:
    encoding = mapping.get("encoding")
    if encoding is not None:
        if not isinstance(encoding, str):
            raise UsageError("'encoding' in a mapping is a name such as 'cp932'")
        codec_of(encoding)
    common = {key: value for key, value in mapping.items() if key not in ("layout", "encoding")}
    listed = mapping.get("layout")
    if listed is None:
        return UserMapping((_layout(common, names),), encoding)
    if isinstance(listed, str) or not isinstance(listed, Sequence) or not listed:
        raise UsageError("'layout' in a mapping is a list of tables")
    layouts: list[Layout] = []
    for number, item in enumerate(cast("Sequence[object]", listed), start=1):
        own = _table(item, "layout")
        if nested := next((key for key in ("layout", "encoding") if key in own), None):
            raise UsageError(f"{nested!r} stands outside of the layouts: it holds for all files")
        layouts.append(_layout({"name": str(number), **common, **own}, names))
    return UserMapping(tuple(layouts), encoding)


def _layout(mapping: Mapping[str, object], names: Names) -> Layout:
    columns = {key: value for key, value in mapping.items() if key not in _TABLES}
    year = mapping.get("year")
    # a column when it is text, the year of bare months when it is a number
    if isinstance(year, str) and "year" in names.columns:
        columns["year"] = year
    elif year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise UsageError("'year' in a mapping is a calendar year such as 2022, or a column's head")
    name = mapping.get("name")
    heads = _columns(columns, names)
    constants = _constants(mapping.get("constants", {}), names)
    if both := next((name for name in constants if heads.get(name)), None):
        raise UsageError(f"a mapping gives {both!r} both a column and a constant")
    return Layout(
        None if name is None else str(name),
        heads,
        constants,
        _values(mapping.get("values", {}), names),
        year if isinstance(year, int) else None,
        names.fold,
        names.same_value,
    )


def _columns(columns: Mapping[str, object], names: Names) -> dict[str, str | None]:
    made: dict[str, str | None] = {}
    for name, head in columns.items():
        _refuse_unknown(name, names.columns, "a mapping knows no column", _TABLES)
        if head is not None and not isinstance(head, str):
            raise UsageError(f"the column of {name!r} in a mapping must be its head, as text")
        made[name] = head if head and names.fold(head) else None
    heads = [names.fold(head) for head in made.values() if head is not None]
    if len(set(heads)) < len(heads):
        raise UsageError("a mapping names one column twice")
    return made


def _constants(constants: object, names: Names) -> dict[str, str]:
    table = _table(constants, "constants")
    for name in table:
        _refuse_unknown(name, names.constants, "the constants of a mapping know no")
    return {name: shown(raw_of(value)) for name, value in table.items()}


def _values(values: object, names: Names) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for name, pairs in _table(values, "values").items():
        _refuse_unknown(name, names.values, "the values of a mapping know no column")
        made[name] = {}
        for theirs, ours in _table(pairs, f"values.{name}").items():
            value = shown(raw_of(ours))
            if made[name].setdefault(names.same_value(theirs), value) != value:
                raise UsageError(f"a mapping gives the value {theirs!r} of {name} two meanings")
    return made


def _refuse_unknown(
    name: str, known: tuple[str, ...], words: str, more: tuple[str, ...] = ()
) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.0)[0]
        listed = ", ".join((*known, *more))
        raise UsageError(f"{words} {name!r}; the nearest is {near!r}, and all are {listed}")


def _table(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise UsageError(f"{name!r} in a mapping is a table")
    return {str(key): item for key, item in cast("Mapping[object, object]", value).items()}
