"""One row's say about one retailer, period and stratum, and the cells that it is made of."""

from dataclasses import dataclass, field

from switchstats.inputs import Raw, shown
from switchstats.readers.counts.aliases import KEYS, is_total
from switchstats.readers.counts.numbers import Count

__all__ = ["Counted", "Datum", "Entry", "Shape"]


@dataclass(frozen=True, slots=True, eq=False)
class Datum:
    """A cell of a key; equal cells of a column are one object.

    Parameters
    ----------
    name
        Canonical name of the key.
    raw, text
        As stored, and as a reader of the sheet would write it.
    field
        Head of the column; ``""`` where the header or a constant gives the value.
    continued
        Whether a blank cell took it from above.
    total
        Whether it names a total.
    """

    name: str
    raw: Raw
    text: str
    field: str
    continued: bool = False
    total: bool = False

    @classmethod
    def of(cls, name: str, raw: Raw, field: str = "") -> "Datum":
        """Return a cell with its text."""
        text = shown(raw)
        total = name in KEYS and isinstance(raw, str) and is_total(text)
        return cls(name, raw, text, field, total=total)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A cell of a count; equal cells of a column are one object.

    Parameters
    ----------
    name
        Canonical name of the count, or of the reason whose errors it counts.
    text
        As a reader of the sheet would write it.
    field
        Head of the column.
    count
        What it says.
    """

    name: str
    text: str
    field: str
    count: Count


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What the entries of one group of columns share.

    Parameters
    ----------
    table
        Number of the table.
    file, sheet
        Where it stands.
    periods
        Words of periods from the header, from top to bottom.
    cumulative
        Whether its counts are sums since some month.
    """

    table: int
    file: str
    sheet: str | None
    periods: tuple[Raw, ...]
    cumulative: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """What one row says about one retailer, period and stratum, nothing of it interpreted yet.

    Parameters
    ----------
    shape
        What it shares with other rows.
    line
        Where it stands.
    keys, counts
        Cells by their names.
    totals
        Keys over which it is a total; ``"columns"`` for a column of totals.
    reasons
        Errors by reason, from columns of their own.
    ragged
        How many cells its line has beyond the header, 0 when none.
    """

    shape: Shape
    line: int
    keys: tuple[Datum, ...]
    counts: tuple[Counted, ...]
    totals: frozenset[str] = field(default_factory=frozenset[str])
    reasons: tuple[Counted, ...] = ()
    ragged: int = 0

    def key(self, name: str) -> Datum | None:
        """Return the cell of a key; where the header gives one too, that of the header."""
        for datum in reversed(self.keys):
            if datum.name == name:
                return datum
        return None

    def count(self, name: str) -> Counted | None:
        """Return the cell of a count."""
        for datum in self.counts:
            if datum.name == name:
                return datum
        return None

    @property
    def counted(self) -> frozenset[str]:
        """Names of its counts."""
        return frozenset(datum.name for datum in self.counts)
