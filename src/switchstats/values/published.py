"""A printed table of rates: retailers by periods, numbers kept as text."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.labels import SaidUsageError, Text, display_language, group_name, joined, text
from switchstats.periods import Period, format_period
from switchstats.values.html import html_table
from switchstats.values.printed import PrintedRate, RoundingRule
from switchstats.values.retailer import Retailer
from switchstats.values.shown import Brief, Shown, Write

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PrintedPeriod", "PublishedTable", "Source", "TableRow"]


@dataclass(frozen=True, slots=True)
class Source(Shown):
    """Where a printed table stands.

    Parameters
    ----------
    title
        Title of the table.
    document
        The document it stands in, with its number and date.
    page
        Page of that document, from 1.
    credit
        The line printed after 出典.
    notes
        Lines printed after ※.
    file, sha256
        Name and digest of the file that was read.
    """

    title: Text
    document: Text
    page: int | None
    credit: Text
    notes: tuple[Text, ...] = ()
    file: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PrintedPeriod(Brief):
    """A period and the words in the table's head."""

    period: Period
    label: Text

    def in_words(self, write: Write) -> Text:
        """Return the words in the table's head."""
        del write
        return self.label


@dataclass(frozen=True, slots=True)
class TableRow(Shown):
    """The printed rates of one retailer, or of one group's average, in the order of the periods.

    A cell that the table leaves blank is ``None``.
    """

    retailer: Retailer | None
    group: str
    cells: tuple[PrintedRate | None, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PublishedTable:
    """What a published table of rounded rates says, and nothing more.

    It holds no volumes: request-weighted quantities other than the printed averages cannot be
    computed from it.

    Parameters
    ----------
    name
        Short name, such as ``"egc-083"``.
    periods
        Columns, in printed order.
    rows
        One row a retailer, in printed order.
    averages
        The printed request-weighted averages, at most one row a group.
    rounding
        The rule under which the printed digits are read.
    source
        Where it stands.

    Raises
    ------
    UsageError
        When retailers, periods or average rows repeat, or a row's length does not fit.

    Examples
    --------
    >>> import switchstats as ss
    >>> table = ss.load_published("egc-083")
    >>> len(table.rows), len(table.periods), table.groups
    (20, 3, ('incumbent', 'entrant'))
    >>> table.rate("hokkaido", table.periods[0].period).text
    '18.0'
    """

    name: str
    periods: tuple[PrintedPeriod, ...]
    rows: tuple[TableRow, ...]
    averages: tuple[TableRow, ...]
    source: Source
    rounding: RoundingRule = "half_up"

    def __post_init__(self) -> None:
        if not self.periods or not self.rows:
            raise UsageError("a published table has at least one period and one retailer")
        _refuse_repeats("period", [column.period for column in self.periods])
        _refuse_repeats("retailer", [_required(row).retailer for row in self.rows])
        _refuse_repeats("average of group", [row.group for row in self.averages])
        for row in self.rows + self.averages:
            if len(row.cells) != len(self.periods):
                raise UsageError(
                    f"a row has {len(row.cells)} cells for {len(self.periods)} periods"
                )

    def __repr__(self) -> str:
        return (
            f"PublishedTable {self.name!r}: {len(self.rows)} retailers "
            f"({', '.join(self.groups)}) by {len(self.periods)} periods"
        )

    def _repr_html_(self) -> str:
        language = display_language()
        head = ["", *(column.label[language] for column in self.periods)]
        body = [[_row_name(row)[language], *_printed(row)] for row in self.rows + self.averages]
        return html_table(head, body)

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in printed order."""
        return tuple(dict.fromkeys(row.group for row in self.rows))

    @property
    def retailers(self) -> tuple[Retailer, ...]:
        """Retailers in printed order."""
        return tuple(_required(row) for row in self.rows)

    def column(self, period: Period) -> int:
        """Return the column of `period`; `UsageError` when the table does not print it."""
        for index, column in enumerate(self.periods):
            if column.period == period:
                return index
        printed = joined(column.label for column in self.periods)
        asked = Text(ja=format_period(period, "ja"), en=format_period(period, "en"))
        raise SaidUsageError(text("published.no_period", period=asked, printed=printed))

    def members(self, group: str) -> tuple[TableRow, ...]:
        """Return the rows of one group; empty when the table has none."""
        return tuple(row for row in self.rows if row.group == group)

    def rate(self, retailer: str, period: Period) -> PrintedRate | None:
        """Return one printed cell; `UsageError` for a retailer that the table lacks."""
        column = self.column(period)
        for row in self.rows:
            if _required(row).retailer == retailer:
                return row.cells[column]
        raise UsageError(f"the table has no retailer {retailer!r}")

    def rates(self, group: str, period: Period) -> tuple[PrintedRate, ...]:
        """Return the printed rates of one group in one period, blanks left out."""
        column = self.column(period)
        return tuple(cell for row in self.members(group) if (cell := row.cells[column]) is not None)

    def average(self, group: str, period: Period) -> PrintedRate | None:
        """Return the printed request-weighted average, ``None`` when it is not printed."""
        column = self.column(period)
        for row in self.averages:
            if row.group == group:
                return row.cells[column]
        return None

    @property
    def widest_period(self) -> Period:
        """The longest printed period, the earliest of equally long ones."""
        return max(
            (column.period for column in self.periods),
            key=lambda period: (period.n_days, -period.start.toordinal()),
        )

    def parts(self, whole: Period) -> tuple[Period, ...]:
        """Return the printed periods that tile `whole` without gap or overlap, or ``()``."""
        inside = sorted(
            column.period
            for column in self.periods
            if column.period != whole and whole.contains(column.period)
        )
        edges = [whole.start, *(part.end for part in inside)]
        tiles = all(part.start == edge for part, edge in zip(inside, edges, strict=False))
        return tuple(inside) if inside and tiles and edges[-1] == whole.end else ()

    @property
    def frame(self) -> "pd.DataFrame":
        """A tidy pandas copy: one printed cell a row, the rate as text and as a fraction."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "group": row.group,
                    "retailer": row.retailer.retailer if row.retailer else None,
                    "name_ja": row.retailer.name.ja if row.retailer else None,
                    "name_en": row.retailer.name.en if row.retailer else None,
                    "area": row.retailer.area if row.retailer else None,
                    "weighting": None if row.retailer else "requests",
                    "period_start": column.period.start,
                    "period_end": column.period.end,
                    "period_label": column.label.ja,
                    "printed": None if cell is None else cell.text,
                    "unit": None if cell is None else cell.unit,
                    "rate": None if cell is None else cell.value,
                }
                for row in self.rows + self.averages
                for column, cell in zip(self.periods, row.cells, strict=True)
            ]
        )


def _row_name(row: TableRow) -> Text:
    if row.retailer is not None:
        return row.retailer.name
    return text("bounds.average_of", group=group_name(row.group)).heading


def _printed(row: TableRow) -> list[str]:
    return ["" if cell is None else cell.text for cell in row.cells]


def _required(row: TableRow) -> Retailer:
    if row.retailer is None:
        raise UsageError("a row of a published table needs its retailer")
    return row.retailer


def _refuse_repeats(what: str, items: "list[str] | list[Period]") -> None:
    repeated = [item for item, count in Counter(items).items() if count > 1]
    if repeated:
        raise UsageError(f"{what} stands twice in the table: {repeated[0]}")
