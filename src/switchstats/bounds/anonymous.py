"""Hides who is who in a table behind labels, and refuses where an outsider could still tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from switchstats.bounds.label_key import LabelKey
from switchstats.bounds.leaks import Leak, linked_rows, names_left, whose
from switchstats.errors import SwitchstatsError, UsageError
from switchstats.labels import Text, joined, text
from switchstats.values import (
    PublishedTable,
    Shown,
    TableRow,
    anonymous_letters,
    anonymous_retailer,
    label_place,
)

__all__ = ["Anonymised", "IdentityLeakError", "anonymous_table"]


class IdentityLeakError(SwitchstatsError):
    """A table that would give an identity away, refused with every leak that was found."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        self.leaks = tuple(leaks)
        super().__init__(" ".join(leak.message.en for leak in self.leaks))


@dataclass(frozen=True, slots=True)
class Anonymised(Shown):
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
    leaks = [*names_left(hidden, table, groups, aliases or {})]
    for group in groups:
        leaks += linked_rows(table, key, group, previous)
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
    letters = key.labels[row.group][whose(row).retailer]
    return letters, replace(row, retailer=anonymous_retailer(row.group, letters))


def _cautions(table: PublishedTable, before: LabelKey, key: LabelKey, group: str) -> Iterator[Text]:
    """Say which labels are new beside old ones, and which old ones are missing."""
    labels = key.labels[group]
    here = {labels[whose(row).retailer] for row in table.members(group)}
    new = sorted(here - set(before.labels.get(group, {}).values()), key=label_place)
    gone = sorted(set(labels.values()) - here, key=label_place)
    if new and before.given.get(group):
        yield text("anonymous.newcomers", labels=_listed(group, new))
    if gone:
        yield text("anonymous.leavers", labels=_listed(group, gone))


def _listed(group: str, letters: Sequence[str]) -> Text:
    return joined(anonymous_retailer(group, each).name for each in letters)
