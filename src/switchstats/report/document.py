"""A neutral document: headings, paragraphs, tables and pictures, each in both languages."""

from dataclasses import dataclass

from switchstats.labels import Text

__all__ = ["Block", "Document", "Heading", "Paragraph", "Picture", "Points", "Sizes", "Table"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title."""

    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `strong` for the one sentence that must be read."""

    text: Text
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences that are read one by one."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large each row of a table is, totals aside, and what that counts, such as requests."""

    of: Text
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table for people: cells are words, the last `n_totals` rows are totals.

    Parameters
    ----------
    title
        Shown in 【】 in Japanese.
    header
        One text a column.
    rows
        Each as long as the header.
    numeric
        Columns, from 0, that are set to the right.
    n_totals
        Rows at the end that sum up the others.
    notes
        Lines below the table: ※ and 出典.
    sizes
        By which the largest rows are chosen where there is no room for all; ``None`` where nothing
        tells which are large.
    """

    title: Text
    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    numeric: frozenset[int] = frozenset()
    n_totals: int = 0
    notes: tuple[Text, ...] = ()
    sizes: Sizes | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure, found by name and language when the document is rendered."""

    name: str
    alternative: Text


Block = Heading | Paragraph | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A title and blocks in reading order."""

    title: Text
    blocks: tuple[Block, ...]
