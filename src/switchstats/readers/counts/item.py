"""An entry with what could be read of it, or why it is rejected."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.readers.counts.entry import Entry

__all__ = ["Item", "Problem", "Strata"]

# (name, value) in the order of the names
Strata = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected: a code of the quarantine, the column, the raw cell and a note."""

    code: str
    field: str = ""
    raw: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with what could be read of it.

    Parameters
    ----------
    entry
        As it stands.
    retailer, period, strata
        Read keys; ``None`` where one cannot be read or is summed over.
    requests, errors
        Checked counts.
    problem
        Why it is rejected, if it is.
    """

    entry: Entry
    retailer: str | None = None
    period: Period | None = None
    strata: Strata = ()
    requests: int | None = None
    errors: int | None = None
    problem: Problem | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Retailer, period and strata."""
        return (self.retailer, self.period, self.strata)

    @property
    def by(self) -> Mapping[str, str]:
        """Strata by their names."""
        return dict(self.strata)

    @property
    def place(self) -> Text:
        """File, sheet and line, for notes."""
        file, sheet = self.entry.shape.file, self.entry.shape.sheet
        where = f"{file} [{sheet}]" if sheet else file
        return text("quarantine.place", file=where, line=self.entry.line)

    def with_counts(self, requests: int, errors: int) -> "Item":
        """Return the item with its counts; faster than `replace`, of which there are many."""
        return Item(self.entry, self.retailer, self.period, self.strata, requests, errors)

    def rejected(
        self, code: str, *, note: Text | None = None, field: str = "", raw: str = ""
    ) -> "Item":
        """Return the item with a problem, unless it has one."""
        return self if self.problem else replace(self, problem=Problem(code, field, raw, note))
