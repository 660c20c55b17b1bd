"""What every layout is read into: blocks of named rows under heads that name periods."""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from switchstats.labels import text
from switchstats.periods import Period, half_width
from switchstats.readers.cells import is_average, without_footnotes
from switchstats.readers.places import Cell
from switchstats.values import RateUnit, Retailer

__all__ = [
    "Block",
    "Head",
    "Layout",
    "RetailerLookup",
    "Row",
    "find_retailer",
    "folded_words",
    "group_word",
    "is_ours",
]


class RetailerLookup(Protocol):
    """What the readers ask of a registry of retailers."""

    def find(self, name: str) -> Retailer | None:
        """Return the retailer that goes by `name`."""
        ...

    def nearest(self, name: str, n: int = 3) -> tuple[str, ...]:
        """Return up to `n` known names that look like `name`."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """A column of rates: the days it stands for, and its name for messages."""

    period: Period
    field: str


@dataclass(frozen=True, slots=True)
class Row:
    """The rates of one retailer or average; one rate a head.

    `optional` rows have only blank cells: they count when their name is a retailer's.
    """

    name: Cell
    rates: tuple[Cell, ...]
    average: bool
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one group. `group` is the head's word, which may leave the group open."""

    group: Cell
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    unit: RateUnit | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Every block found, and names that stand before rates outside of them."""

    blocks: tuple[Block, ...]
    strays: tuple[Cell, ...] = ()


def group_word(words: str) -> str | None:
    """Return the group that a head names, ``""`` for a head that leaves it open, else ``None``.

    Examples
    --------
    >>> group_word("みなし小売電気事業者"), group_word("Entrants"), group_word("小売電気事業者")
    ('incumbent', 'entrant', '')
    >>> group_word("北海道電力") is None
    True
    """
    return _group_words().get(folded_words(words))


def folded_words(words: str) -> str:
    """Return `words` half-width, without spaces, case or footnote marks, for comparison."""
    return "".join(half_width(without_footnotes(words)).split()).casefold()


def find_retailer(name: str, registry: RetailerLookup) -> Retailer | None:
    """Return the retailer of a printed name, footnote marks at its end tolerated."""
    return registry.find(name) or registry.find(without_footnotes(name))


def is_ours(block: Block, registry: RetailerLookup) -> bool:
    """Whether a block found in running text is one of retailers, not some other table."""
    return group_word(block.group.text) is not None or any(
        is_average(row.name.text) or find_retailer(row.name.text, registry) for row in block.rows
    )


@cache
def _group_words() -> dict[str, str]:
    words = {
        folded_words(name): group
        for group in ("incumbent", "entrant")
        for name in (group, text(f"group.{group}").ja, text(f"group.{group}").en)
    }
    open_words = ("", "小売電気事業者", "事業者", "事業者名", "retailer", "retailers", "name")
    return words | {"主な新電力": "entrant"} | dict.fromkeys(open_words, "")
