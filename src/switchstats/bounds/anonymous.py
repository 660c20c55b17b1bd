"""Hides who is who in a table behind labels, and refuses where an outsider could still tell."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from switchstats.bounds.label_key import LabelKey
from switchstats.bounds.linkage import Evidence, can_be_one, evidence_of, forced_pairs
from switchstats.errors import SwitchstatsError, UsageError
from switchstats.facts import registry_key
from switchstats.labels import Text, joined, text
from switchstats.values import (
    PublishedTable,
    Retailer,
    TableRow,
    anonymous_letters,
    anonymous_retailer,
    label_place,
)

__all__ = ["Anonymised", "IdentityLeakError", "Leak", "anonymous_table"]

_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Leak:
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


class IdentityLeakError(SwitchstatsError):
    """A table that would give an identity away, refused with every leak that was found."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        self.leaks = tuple(leaks)
        super().__init__(" ".join(leak.message.en for leak in self.leaks))


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A table without names, and the key that it needs.

    Parameters
    ----------
    table
        For publication.
    key
        With a label for everybody; never for publication.
    cautions
        What labels cannot hide, such as who is new.
    """

    table: PublishedTable
    key: LabelKey
    cautions: tuple[Text, ...] = ()


def anonymous_table(
    table: PublishedTable,
    key: LabelKey,
    groups: Sequence[str] = ("entrant",),
    previous: Sequence[PublishedTable] = (),
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> Anonymised:
    """Put labels in the place of the retailers of some groups.

    Parameters
    ----------
    table
        The draft, with names.
    key
        The key of earlier tables, or a new one; retailers that it lacks get the next labels.
    groups
        Whom to hide.
    previous
        Tables that an outsider has, with names or with labels.
    aliases
        By identifier, further names that must not be left in the words around the table.

    Returns
    -------
    Anonymised
        Rows of a hidden group stand in the order of their labels, and lose identifier, name and
        home area; the draft's file name and digest are left out, since with the digest a guess of
        who is who could be tried.

    Raises
    ------
    IdentityLeakError
        With every leak, when an identity could be told.
    UsageError
        When the table lacks a group, or a row to hide bears a label already.

    Notes
    -----
    What labels cannot hide: that the same label is the same retailer in every table made with one
    key, so that who is recognised once is recognised everywhere; who is new and who has left, where
    that is known from elsewhere; and the rates themselves, to those who know a retailer's. Only
    tables that are passed as `previous` are looked at. Rows of two tables count as linked when
    their printed digits fit each other and no other pairing of the rows fits as well.
    """
    before = key
    for group in groups:
        _refuse_labelled(table, group)
        key = key.extended(
            group, [each.retailer for each in table.retailers if each.group == group]
        )
    hidden = replace(
        table,
        rows=_rows(table, groups, key),
        source=replace(table.source, file=None, sha256=None),
    )
    leaks = [*_names_left(hidden, table, groups, aliases or {})]
    for group in groups:
        leaks += _links(table, key, group, previous)
    if leaks:
        raise IdentityLeakError(leaks)
    cautions = [each for group in groups for each in _cautions(table, before, key, group)]
    return Anonymised(hidden, key, tuple(cautions))


def _refuse_labelled(table: PublishedTable, group: str) -> None:
    members = [each for each in table.retailers if each.group == group]
    if not members:
        raise UsageError(f"the table has no group {group!r}; it has {', '.join(table.groups)}")
    for each in members:
        if anonymous_letters(each.name.ja, group) or anonymous_letters(each.name.en, group):
            raise UsageError(
                f"{each.name.en!r} is a label already: labels are put on a draft with names"
            )


def _rows(table: PublishedTable, groups: Sequence[str], key: LabelKey) -> tuple[TableRow, ...]:
    """Return the rows, those of each hidden group in its places in the order of the labels."""
    hidden = {
        group: iter(
            sorted(
                (_hidden(row, key) for row in table.members(group)),
                key=lambda pair: label_place(pair[0]),
            )
        )
        for group in groups
    }
    return tuple(next(hidden[row.group])[1] if row.group in hidden else row for row in table.rows)


def _hidden(row: TableRow, key: LabelKey) -> tuple[str, TableRow]:
    letters = key.labels[row.group][_whose(row).retailer]
    return letters, replace(row, retailer=anonymous_retailer(row.group, letters))


def _whose(row: TableRow) -> Retailer:
    if row.retailer is None:
        raise UsageError("a row of a published table needs its retailer")
    return row.retailer


def _names_left(
    hidden: PublishedTable,
    table: PublishedTable,
    groups: Sequence[str],
    aliases: Mapping[str, Sequence[str]],
) -> Iterator[Leak]:
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


def _links(
    table: PublishedTable, key: LabelKey, group: str, previous: Sequence[PublishedTable]
) -> list[Leak]:
    """Return what a reader who pools all tables can tell about the rows of a group."""
    labels = key.labels[group]
    here = {labels[_whose(row).retailer]: evidence_of(table, row) for row in table.members(group)}
    leaks: list[Leak] = []
    pooled = dict(here)
    named: dict[str, list[_Earlier]] = {}
    for earlier in previous:
        labelled: dict[str, _Earlier] = {}
        for row in earlier.members(group):
            who = _whose(row)
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


def _cautions(table: PublishedTable, before: LabelKey, key: LabelKey, group: str) -> Iterator[Text]:
    """Say which labels are new beside old ones, and which old ones are missing."""
    labels = key.labels[group]
    here = {labels[_whose(row).retailer] for row in table.members(group)}
    new = sorted(here - set(before.labels.get(group, {}).values()), key=label_place)
    gone = sorted(set(labels.values()) - here, key=label_place)
    if new and before.given.get(group):
        yield text("anonymous.newcomers", labels=_listed(group, new))
    if gone:
        yield text("anonymous.leavers", labels=_listed(group, gone))


def _listed(group: str, letters: Sequence[str]) -> Text:
    return joined(anonymous_retailer(group, each).name for each in letters)
