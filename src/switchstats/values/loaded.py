"""What a reader hands over: counts, the rows it rejected, and an account of every row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.values.counts import Counts
from switchstats.values.provenance import Provenance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["QUARANTINE_COLUMNS", "Account", "Loaded", "Quarantine", "Understood"]

QUARANTINE_COLUMNS = ("code", "file", "sheet", "line", "field", "raw", "note")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quarantine:
    """Rows that were rejected, one row each, with the reason and the place.

    Columns: `code` (catalogue key below ``quarantine.``), `file`, `sheet`, `line`, `field`, `raw`
    (the cell as it stood; masked when the field is personal), `note`.
    """

    _table: "pd.DataFrame"

    def __post_init__(self) -> None:
        if tuple(self._table.columns) != QUARANTINE_COLUMNS:
            raise UsageError(f"a quarantine has the columns {', '.join(QUARANTINE_COLUMNS)}")

    @property
    def frame(self) -> "pd.DataFrame":
        """A pandas copy."""
        return self._table.copy()

    def by_code(self) -> dict[str, int]:
        """Return how many rows each code rejected, the commonest first."""
        return {str(code): int(n) for code, n in self._table["code"].value_counts().items()}

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        codes = ", ".join(f"{code} {count:,}" for code, count in self.by_code().items())
        return f"Quarantine: {len(self):,} rows" + (f" ({codes})" if codes else "")

    def _repr_html_(self) -> str:
        return self._table._repr_html_()  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Account:
    """Where every row went: read = accepted + quarantined, accepted = counted + excluded.

    Parameters
    ----------
    read
        Rows read.
    counted
        Rows that stand in the counts.
    excluded
        Valid rows left out on purpose, by reason: catalogue keys below ``excluded.``, such as
        ``"settling"``, ``"later_attempt"``, ``"total_row"`` or ``"unknown_unit"``.
    quarantined
        Rows rejected.

    Raises
    ------
    UsageError
        When the numbers do not add up.

    Examples
    --------
    >>> Account(read=10, counted=7, excluded={"settling": 2}, quarantined=1).accepted
    9
    """

    read: int
    counted: int
    quarantined: int
    excluded: Mapping[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        if self.read != self.accepted + self.quarantined:
            raise UsageError(
                f"{self.read} rows were read, but {self.accepted} accepted and "
                f"{self.quarantined} quarantined"
            )

    @property
    def accepted(self) -> int:
        """Rows that passed every check."""
        return self.counted + sum(self.excluded.values())


@dataclass(frozen=True, slots=True)
class Understood:
    """How one table in one file was read.

    Parameters
    ----------
    file, sheet
        Where it stands.
    encoding
        Of a text file.
    header_line
        Line of the header, from 1.
    columns
        Canonical name → the header as it stands in the file.
    ignored
        Headers that were not used.
    rows
        Rows below the header.
    remarks
        What the user should know: totals used as a cross-check, a unit of thousands, flows made
        out of a cumulative series, and the like.
    """

    file: str
    sheet: str | None
    encoding: str | None
    header_line: int | None
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    rows: int
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Counts with everything that happened on the way to them."""

    counts: Counts
    quarantine: Quarantine
    account: Account
    understood: tuple[Understood, ...]
    provenance: Provenance

    def __post_init__(self) -> None:
        if self.account.quarantined != len(self.quarantine):
            raise UsageError("the account and the quarantine disagree")
