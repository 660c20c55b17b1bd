"""How an outsider could tell who stands behind a label: by words, or by other tables."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from switchstats.bounds.label_key import LabelKey
from switchstats.bounds.linkage import Evidence, can_be_one, evidence_of, forced_pairs
from switchstats.errors import UsageError
from switchstats.facts import registry_key
from switchstats.labels import Text, joined, text
from switchstats.values import (
    PublishedTable,
    Retailer,
    Shown,
    TableRow,
    anonymous_letters,
    anonymous_retailer,
)

__all__ = ["Leak", "linked_rows", "names_left", "whose"]

_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Leak(Shown):
    """One way in which a retailer could be told.

    Parameters
    ----------
    kind
        ``"name_left"``: its name stands in the words around the table; ``"unique_rates"``: a
        published table names it beside rates that only its label can have; ``"label_moved"``: a
        published table shows its rates under another label; ``"label_reused"``: a published table
        shows somebody else under its label.
    message
        The same in words. They name the retailer: for whoever holds the key.
    """

    kind: Literal["name_left", "unique_rates", "label_moved", "label_reused"]
    message: Text


def names_left(
    hidden: PublishedTable,
    table: PublishedTable,
    groups: Sequence[str],
    aliases: Mapping[str, Sequence[str]],
) -> Iterator[Leak]:
    """Yield every place in the words around a table that still names a hidden retailer."""
    places = list(_words_around(hidden))
    for each in table.retailers:
        if each.group not in groups:
            continue
        names = (each.retailer, each.name.ja, each.name.en, *aliases.get(each.retailer, ()))
        for place, words in places:
            if any(_stands_in(name, words) for name in names):
                fields = {"name": each.name, "place": text(f"anonymous.place_{place}")}
                yield Leak("name_left", text("anonymous.name_left", **fields))


def _words_around(table: PublishedTable) -> Iterator[tuple[str, Text]]:
    source = table.source
    yield "table", Text(table.name, table.name)
    yield "title", source.title
    yield "document", source.document
    yield "credit", source.credit
    for note in source.notes:
        yield "note", note
    for column in table.periods:
        yield "period", column.label


def _stands_in(name: str, words: Text) -> bool:
    """Whether a name stands in words: as a word if it is ASCII, anywhere if it is not."""
    if name.isascii():
        if len(name.strip()) < _SHORTEST_NAME:
            return False
        pattern = rf"(?<![0-9a-z]){re.escape(name.strip().casefold())}(?![0-9a-z])"
        texts = (unicodedata.normalize("NFKC", each).casefold() for each in (words.ja, words.en))
        return any(re.search(pattern, each) for each in texts)
    key = registry_key(name)
    return bool(key) and any(key in registry_key(each) for each in (words.ja, words.en))


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A row of an earlier table."""

    table: PublishedTable
    name: Text
    retailer: str
    evidence: Evidence

    @property
    def cells(self) -> Text:
        labels = {column.period: column.label for column in self.table.periods}
        return joined(
            Text(*(f"{labels[period][language]} {rate.text}" for language in ("ja", "en")))
            for period, (rate, _) in self.evidence.rates.items()
        )


def linked_rows(
    table: PublishedTable, key: LabelKey, group: str, previous: Sequence[PublishedTable]
) -> list[Leak]:
    """Return what a reader who pools all tables can tell about the rows of a group."""
    labels = key.labels[group]
    here = {labels[whose(row).retailer]: evidence_of(table, row) for row in table.members(group)}
    leaks: list[Leak] = []
    pooled = dict(here)
    named: dict[str, list[_Earlier]] = {}
    for earlier in previous:
        labelled: dict[str, _Earlier] = {}
        for row in earlier.members(group):
            who = whose(row)
            found = _Earlier(earlier, who.name, who.retailer, evidence_of(earlier, row))
            letters = anonymous_letters(who.name.ja, group) or anonymous_letters(who.name.en, group)
            if letters is None:
                named.setdefault(_identity(who, table), []).append(found)
            else:
                labelled[letters[1]] = found
        moved = _moved(labelled, here, group)
        leaks += moved
        if not moved:
            for letters, found in labelled.items():
                if letters in pooled:
                    pooled[letters] = pooled[letters] + found.evidence
    return leaks + _identified(named, pooled, labels, group)


def _identity(who: Retailer, table: PublishedTable) -> str:
    """Return the identifier in the draft of a retailer of another table, by any of its names."""
    for each in table.retailers:
        names = {registry_key(name) for name in (each.name.ja, each.name.en)}
        if who.retailer == each.retailer or registry_key(who.name.ja) in names:
            return each.retailer
    return who.retailer


def _moved(
    labelled: Mapping[str, _Earlier], here: Mapping[str, Evidence], group: str
) -> list[Leak]:
    """Return labels of an earlier table that another retailer bears here."""
    leaks: list[Leak] = []
    for letters, found in labelled.items():
        if letters in here and not can_be_one(found.evidence, here[letters]):
            leaks.append(
                _leak("label_reused", found, label=anonymous_retailer(group, letters).name)
            )
    for before, now in _told([each.evidence for each in labelled.values()], list(here.values())):
        letters, label = list(labelled)[before], list(here)[now]
        if letters != label:
            name = anonymous_retailer(group, label).name
            found = labelled[letters]
            leaks.append(_leak("label_moved", found, before=found.name, label=name))
    return leaks


def _identified(
    named: Mapping[str, Sequence[_Earlier]],
    pooled: Mapping[str, Evidence],
    labels: Mapping[str, str],
    group: str,
) -> list[Leak]:
    """Return retailers whose label a reader of tables with names can tell."""
    leaks: list[Leak] = []
    evidence = [_pool([each.evidence for each in rows]) for rows in named.values()]
    for before, now in _told(evidence, list(pooled.values())):
        identity, label = list(named)[before], list(pooled)[now]
        if labels.get(identity) == label:
            name = anonymous_retailer(group, label).name
            leaks += [
                _leak("unique_rates", found, name=found.name, label=name)
                for found in named[identity]
            ]
    return leaks


def _pool(rows: Sequence[Evidence]) -> Evidence:
    first, *others = rows
    for each in others:
        first += each
    return first


def _told(before: Sequence[Evidence], now: Sequence[Evidence]) -> list[tuple[int, int]]:
    """Return the pairs that a reader would make: rows that print comparable rates and fit.

    A row that prints nothing comparable fits every other one, but suggests nothing; it does not
    hide the one whose digits do fit.
    """
    if not before or not now:
        return []
    alike = [
        [first.comparable(second) and can_be_one(first, second) for second in now]
        for first in before
    ]
    return list(forced_pairs(alike))


def _leak(
    kind: Literal["unique_rates", "label_moved", "label_reused"], found: _Earlier, **fields: Text
) -> Leak:
    words = text(f"anonymous.{kind}", table=found.table.name, cells=found.cells, **fields)
    return Leak(kind, words)


def whose(row: TableRow) -> Retailer:
    """Return the retailer of a row that must have one."""
    if row.retailer is None:
        raise UsageError("a row of a published table needs its retailer")
    return row.retailer
