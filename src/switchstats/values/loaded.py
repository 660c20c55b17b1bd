"""What a reader hands over: counts, the rows it rejected, and an account of every row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.labels import Language, Text, display_language
from switchstats.values.counts import Counts
from switchstats.values.provenance import Provenance
from switchstats.values.shown import Shown, frame_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "QUARANTINE_COLUMNS",
    "Account",
    "FromRows",
    "Loaded",
    "Quarantine",
    "Rejected",
    "Understood",
]

QUARANTINE_COLUMNS = ("code", "file", "sheet", "line", "field", "raw", "note", "note_ja")


@dataclass(frozen=True, slots=True)
class Rejected(Shown):
    """One row that was rejected.

    Parameters
    ----------
    code
        Catalogue key below ``quarantine.``.
    file, sheet, line
        Where it stands, as far as known.
    field
        Its column.
    raw
        The cell as it stood; masked when the field is personal.
    note
        What more is known, without personal data.
    """

    code: str
    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    field: str | None = None
    raw: str | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quarantine:
    """Rows that were rejected, one row each, with the reason and the place.

    Columns: those of `Rejected`; `note` in English and `note_ja` in Japanese.
    """

    _table: "pd.DataFrame"

    @classmethod
    def of(cls, rows: Iterable[Rejected]) -> "Quarantine":
        """Return rejected rows as a table, in the order given.

        Examples
        --------
        >>> note = Text(ja="1から", en="from 1")
        >>> Quarantine.of([Rejected("negative", "a.csv", line=3, note=note)]).frame["note_ja"][0]
        '1から'
        """
        import pandas as pd

        cells = [
            (row.code, row.file, row.sheet, row.line, row.field, row.raw, note.en, note.ja)
            for row in rows
            for note in (row.note or _NOTHING,)
        ]
        table = pd.DataFrame(cells, columns=list(QUARANTINE_COLUMNS), dtype="object")
        return cls(table.astype({"line": "Int64"}))

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

    def notes(self, language: Language) -> list[str]:
        """Return the note of each row."""
        return [str(note) for note in self._table["note" if language == "en" else "note_ja"]]

    def to_records(self) -> list[dict[str, object]]:
        """Return the rows as plain types, ready for JSON; what is absent is ``None``."""
        table = self._table.astype(object)
        return table.where(table.notna(), None).to_dict("records")  # type: ignore[return-value]

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        codes = ", ".join(f"{code} {count:,}" for code, count in self.by_code().items())
        return f"Quarantine: {len(self):,} rows" + (f" ({codes})" if codes else "")

    def _repr_html_(self) -> str:
        language = display_language()
        unread = "note_ja" if language == "en" else "note"
        table = self._table.drop(columns=unread).rename(columns={"note_ja": "note"})
        return frame_table(table.astype(object), language)


_NOTHING = Text(ja="", en="")


@dataclass(frozen=True, slots=True)
class Account(Shown):
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

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "counted": self.counted,
            "excluded": dict(self.excluded),
            "quarantined": self.quarantined,
        }


@dataclass(frozen=True, slots=True)
class Understood(Shown):
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

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "encoding": self.encoding,
            "header_line": self.header_line,
            "columns": dict(self.columns),
            "ignored": list(self.ignored),
            "rows": self.rows,
            "remarks": [remark.to_dict() for remark in self.remarks],
        }


class FromRows(Shown):
    """What was made of rows, with everything that happened on the way to it."""

    __slots__ = ()
    quarantine: Quarantine
    account: Account
    understood: tuple[Understood, ...]
    provenance: Provenance

    def __post_init__(self) -> None:
        if self.account.quarantined != len(self.quarantine):
            raise UsageError("the account and the quarantine disagree")

    def _made(self) -> dict[str, object]:
        """Return what was made of the rows, as its totals."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, object]:
        """Return what was understood and rejected as plain types; what was made as its totals."""
        return {
            "understood": [table.to_dict() for table in self.understood],
            "account": self.account.to_dict(),
            "quarantine": {
                "by_code": self.quarantine.by_code(),
                "rows": self.quarantine.to_records(),
            },
            **self._made(),
            "provenance": self.provenance.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Loaded(FromRows):
    """Counts with everything that happened on the way to them."""

    counts: Counts
    quarantine: Quarantine
    account: Account
    understood: tuple[Understood, ...]
    provenance: Provenance

    def _made(self) -> dict[str, object]:
        counts = {
            "requests": self.counts.requests,
            "errors": self.counts.errors,
            "retailers": self.counts.coded["retailer"].nunique(),
            "periods": [period.to_dict() for period in self.counts.periods],
            "strata": list(self.counts.strata),
        }
        return {"counts": counts}
