"""The public doors to printed tables of rates: bundled ones by name, files, pasted text."""

import hashlib
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from switchstats.bundled import bundled_path
from switchstats.errors import UsageError
from switchstats.facts import registry as bundled_registry
from switchstats.labels import Text
from switchstats.readers.files import FoundTable, bytes_of, table_in_bytes, table_in_text
from switchstats.readers.interpret import interpret
from switchstats.readers.layout import RetailerLookup
from switchstats.readers.plausible import Implausible, implausible
from switchstats.readers.surroundings import surroundings
from switchstats.values import PublishedTable, RoundingRule, Source

__all__ = [
    "Inspected",
    "inspect_published",
    "load_published",
    "read_published",
    "read_published_text",
]

_FOLDER = "published"


@dataclass(frozen=True, slots=True)
class Inspected:
    """A table as read, and every rate in it that cannot be, whatever the volumes."""

    table: PublishedTable
    implausible: tuple[Implausible, ...]


def load_published(name: str) -> PublishedTable:
    """Return a printed table that ships with the package.

    Parameters
    ----------
    name
        ``"egc-083"``: the error rates of ten incumbents and ten entrants that the Electricity and
        Gas Market Surveillance Commission printed on 27 March 2023.

    Raises
    ------
    UsageError
        For an unknown name; the message lists the known ones.

    Examples
    --------
    >>> table = load_published("egc-083")
    >>> table.name, table.source.page, len(table.rows)
    ('egc-083', 17, 20)
    """
    known = sorted(path.stem for path in bundled_path(_FOLDER).glob("*.toml"))
    if name not in known:
        raise UsageError(f"no bundled table is called {name!r}; known: {', '.join(known)}")
    about = tomllib.loads(bundled_path(_FOLDER, f"{name}.toml").read_text(encoding="utf-8"))
    path = bundled_path(_FOLDER, f"{name}.csv")
    table = read_published(path, rounding=about["rounding"], name=name)
    source = Source(
        title=_text(about["title"]),
        document=_text(about["document"]),
        page=about["page"],
        credit=_text(about["credit"]),
        notes=tuple(_text(note) for note in about["notes"]),
        file=table.source.file,
        sha256=table.source.sha256,
    )
    return replace(table, source=source)


def read_published(
    path: str | Path,
    *,
    registry: RetailerLookup | None = None,
    rounding: RoundingRule = "half_up",
    check: bool = True,
    name: str | None = None,
) -> PublishedTable:
    """Read a printed table of rates from a file.

    The kind is found out by content: a tidy CSV (columns retailer, period, rate_pct, perhaps
    group and row), the wide layout of the slide as CSV, text copied from a document, or a PDF.
    Text may be UTF-8, UTF-16 with a byte-order mark, CP932 or EUC-JP.

    Parameters
    ----------
    path
        The file.
    registry
        Who the retailers are; the twenty of the bundled table by default. Pass a
        `Labelled` of it to know labels such as 新電力K besides.
    rounding
        Rule under which the printed digits are read.
    check
        Whether to refuse rates that no volumes allow (`refuse_impossible`); `inspect_published`
        lists them.
    name
        Name of the table; by default that of the file without its ending.

    Returns
    -------
    PublishedTable
        Its source holds the file's name and digest, and the title, credit line and notes found
        around the table, in the language found.

    Raises
    ------
    InputError
        With file, line or page, field, value and the mend, for anything that cannot be read as a
        table of rates.
    UsageError
        For an unknown rounding rule.
    """
    read = inspect_published(path, registry=registry, rounding=rounding, name=name)
    return _checked(read) if check else read.table


def inspect_published(
    path: str | Path,
    *,
    registry: RetailerLookup | None = None,
    rounding: RoundingRule = "half_up",
    name: str | None = None,
) -> Inspected:
    """Read a printed table with everything in it that cannot be, instead of refusing it.

    Parameters and errors are those of `read_published`; what cannot be read at all is still
    refused.
    """
    path = Path(path)
    content = bytes_of(path)
    known = bundled_registry() if registry is None else registry
    found = table_in_bytes(content, path, known)
    source = _source(found, path.name, hashlib.sha256(content).hexdigest())
    return _inspected(found, source, known, rounding, name or path.stem)


def read_published_text(
    text: str,
    *,
    registry: RetailerLookup | None = None,
    rounding: RoundingRule = "half_up",
    check: bool = True,
    name: str = "pasted",
) -> PublishedTable:
    r"""Read a printed table of rates from text, as pasted from a document or a sheet.

    Parameters are those of `read_published`; the digest is that of the text in UTF-8.

    Raises
    ------
    InputError
        As `read_published`; lines are those of the text.
    UsageError
        For an unknown rounding rule.

    Examples
    --------
    >>> table = read_published_text("新電力 2022年4～12月 2023年1～2月\n新電力 A 21.2％ 17.0％")
    >>> table.rows[0].retailer.retailer, [cell.text for cell in table.rows[0].cells]
    ('entrant-a', ['21.2', '17.0'])
    """
    known = bundled_registry() if registry is None else registry
    found = table_in_text(text, "pasted text", known)
    source = _source(found, None, hashlib.sha256(text.encode("utf-8")).hexdigest())
    read = _inspected(found, source, known, rounding, name)
    return _checked(read) if check else read.table


def _inspected(
    found: FoundTable, source: Source, registry: RetailerLookup, rounding: RoundingRule, name: str
) -> Inspected:
    if rounding not in get_args(RoundingRule):
        raise UsageError(f"unknown rounding rule: {rounding!r}")
    reading = interpret(found.layout, registry, name=name, source=source, rounding=rounding)
    return Inspected(reading.table, implausible(reading.table, reading.cells, reading.counted))


def _checked(read: Inspected) -> PublishedTable:
    for each in read.implausible:
        raise each.error()
    return read.table


def _source(found: FoundTable, file: str | None, sha256: str) -> Source:
    around = surroundings(found.lines, found.layout)
    where = file or "pasted text"
    return Source(
        title=_same(around.title or where),
        document=_same(where),
        page=found.page,
        credit=_same(around.credit or where),
        notes=tuple(_same(note) for note in around.notes),
        file=file,
        sha256=sha256,
    )


def _same(words: str) -> Text:
    return Text(ja=words, en=words)


def _text(words: dict[str, Any]) -> Text:
    return Text(ja=words["ja"], en=words["en"])
