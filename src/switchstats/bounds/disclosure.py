"""Before printing: how closely an outsider could pin each retailer, and what to leave out."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from switchstats.bounds.audit import Audit, audit
from switchstats.bounds.identified import Identified
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text, text
from switchstats.values import PrintedRate, PublishedTable, RoundingRule

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Disclosed", "Disclosure", "Revision", "disclose"]

_SMALL_CELL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """What a printed table gives away about one retailer.

    Parameters
    ----------
    retailer
        Whose.
    share
        Of its group's requests, over all printed periods.
    period_shares
        Of its own requests, by printed period.
    least_requests
        The least number of requests that prints as its row.
    small_cells
        Places of periods whose rate prints from fewer than 10 requests.
    """

    retailer: str
    share: Identified
    period_shares: tuple[Identified, ...]
    least_requests: int
    small_cells: tuple[int, ...]

    @property
    def narrowest(self) -> float:
        """Width of the narrowest range, in fractions of requests."""
        return min(_width(one) for one in (self.share, *self.period_shares))


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One printed cell to print otherwise.

    Parameters
    ----------
    retailer, column
        Which cell.
    before
        As printed.
    decimals
        Decimals to print it with, rounded anew from the exact rate; ``None``: leave it blank.
    """

    retailer: str
    column: int
    before: str
    decimals: int | None

    def to_dict(self, table: PublishedTable) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "retailer": self.retailer,
            "period": table.periods[self.column].period.to_dict(),
            "before": self.before,
            "decimals": self.decimals,
            "message": self.message(table).to_dict(),
        }

    def message(self, table: PublishedTable) -> Text:
        """Return the advice in words."""
        name = next(each.name for each in table.retailers if each.retailer == self.retailer)
        fields = {"name": name, "period": table.periods[self.column].label, "before": self.before}
        if self.decimals is None:
            return text("bounds.leave_out", **fields)
        if self.decimals == 0:
            return text("bounds.print_whole", **fields)
        return text("bounds.print_with", **fields, decimals=self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Disclosure:
    """What a table gives away, and how to give away less.

    Parameters
    ----------
    least_width
        Width that every range must keep, a fraction of requests, chosen by the user.
    retailers
        What the table as printed gives away.
    revisions
        Cells to print otherwise so that every range keeps its width; empty when none are needed.
    revised
        The table with them; a digit here is rounded from the printed one and may differ by one
        from what the exact rate gives.
    sufficient
        Whether they suffice; proved by auditing the revised table.
    """

    least_width: float
    retailers: tuple[Disclosed, ...]
    revisions: tuple[Revision, ...]
    revised: PublishedTable
    sufficient: bool

    @property
    def exposed(self) -> tuple[str, ...]:
        """Retailers some range of whom is narrower than it should be."""
        return tuple(each.retailer for each in self.retailers if each.narrowest < self.least_width)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a retailer."""
        import pandas as pd

        return pd.DataFrame(self._records())

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "least_width": self.least_width,
            "retailers": self._records(),
            "revisions": [each.to_dict(self.revised) for each in self.revisions],
            "sufficient": self.sufficient,
        }

    def _records(self) -> list[dict[str, object]]:
        return [
            {
                "retailer": each.retailer,
                "share_low": each.share.interval.low,
                "share_high": each.share.interval.high,
                "narrowest": each.narrowest,
                "least_requests": each.least_requests,
                "small_cells": len(each.small_cells),
                "exposed": each.retailer in self.exposed,
            }
            for each in self.retailers
        ]


def disclose(found: Audit, least_width: float) -> Disclosure:
    """Say what a table gives away about each retailer, and which cells to print otherwise.

    Parameters
    ----------
    found
        An audit of the table, with everything that an outsider may know besides as constraints.
    least_width
        Width that the range of each retailer's share of its group, and of its share of each
        printed period, must keep; a fraction such as 0.05. There is no default.

    Returns
    -------
    Disclosure
        Of each exposed retailer one cell after the other is printed with a decimal less, and left
        blank when no decimal is left, the one first that widens the narrowest range most, until all
        ranges are wide enough. This need not be the least number of changes.

    Raises
    ------
    UsageError
        When the width is not between 0 and 1.
    NotAnswerableError
        When the table is impossible.
    """
    if not 0 < least_width < 1:
        raise UsageError(f"least_width is a fraction such as 0.05, not {least_width}")
    if found.consistent is False:
        raise NotAnswerableError("disclosure", "the table is impossible", "a possible table")
    names = [each.retailer for each in found.table.retailers]
    retailers = tuple(_disclosed(found, name) for name in names)
    revised, revisions = found, list[Revision]()
    for name in names:
        revised, made = _widened(revised, name, least_width)
        revisions += _last_of_each_cell(made)
    sufficient = all(_narrowest(revised, name) >= least_width for name in names)
    return Disclosure(
        least_width=least_width,
        retailers=retailers,
        revisions=tuple(revisions),
        revised=revised.table,
        sufficient=sufficient,
    )


def _disclosed(found: Audit, retailer: str) -> Disclosed:
    least = found.least_volume(retailer)
    smallest = [requests for requests, _ in least.counts.values()]
    return Disclosed(
        retailer=retailer,
        share=found.unit_share(retailer),
        period_shares=_period_shares(found, retailer),
        least_requests=least.requests,
        small_cells=tuple(
            place for place, requests in enumerate(smallest) if requests < _SMALL_CELL
        ),
    )


def _period_shares(found: Audit, retailer: str) -> tuple[Identified, ...]:
    whole = found.table.widest_period
    return tuple(
        found.period_share(retailer, column.period)
        for column in found.table.periods
        if column.period != whole
    )


def _narrowest(found: Audit, retailer: str) -> float:
    if found.consistent is False:
        return 0.0
    return min(map(_width, (found.unit_share(retailer), *_period_shares(found, retailer))))


def _width(one: Identified) -> float:
    return one.interval.width or 0.0


def _last_of_each_cell(made: list[Revision]) -> list[Revision]:
    """Return one revision a cell, from what was printed at first to what remains at last."""
    first = {each.column: each for each in reversed(made)}
    last = {each.column: each for each in made}
    return [replace(last[column], before=first[column].before) for column in last]


def _widened(found: Audit, retailer: str, least_width: float) -> tuple[Audit, list[Revision]]:
    made: list[Revision] = []
    if _narrowest(found, retailer) >= least_width:
        return found, made
    table, widened = _widened_alone(found, retailer, least_width)
    made += widened
    if widened:
        found = audit(table, found.constraints, found.rounding)
    while _narrowest(found, retailer) < least_width:
        tried = [
            (audit(table, found.constraints, found.rounding), revision)
            for table, revision in _coarser(found.table, retailer)
        ]
        if not tried:
            break
        found, revision = max(tried, key=lambda each: _narrowest(each[0], retailer))
        made.append(revision)
    return found, made


def _widened_alone(
    found: Audit, retailer: str, least_width: float
) -> tuple[PublishedTable, list[Revision]]:
    """Widen the shares of periods by the retailer's own row, which no other row can widen."""
    table, made = found.table, list[Revision]()
    while _narrowest_alone(table, retailer, found.rounding) < least_width:
        tried = _coarser(table, retailer)
        if not tried:
            break
        table, revision = max(
            tried, key=lambda each: _narrowest_alone(each[0], retailer, found.rounding)
        )
        made.append(revision)
    return table, made


def _narrowest_alone(table: PublishedTable, retailer: str, rounding: RoundingRule) -> float:
    row = next(each for each in table.rows if each.retailer and each.retailer.retailer == retailer)
    alone = audit(replace(table, rows=(row,), averages=()), rounding=rounding)
    if alone.consistent is False:
        return 0.0
    return min((_width(one) for one in _period_shares(alone, retailer)), default=1.0)


def _coarser(table: PublishedTable, retailer: str) -> list[tuple[PublishedTable, Revision]]:
    """Return every table with one cell of a retailer printed with less."""
    place = [each.retailer for each in table.retailers].index(retailer)
    row = table.rows[place]
    found: list[tuple[PublishedTable, Revision]] = []
    for column, cell in enumerate(row.cells):
        if cell is None:
            continue
        coarse = _rounded(cell)
        cells = (*row.cells[:column], coarse, *row.cells[column + 1 :])
        rows = (*table.rows[:place], replace(row, cells=cells), *table.rows[place + 1 :])
        decimals = None if coarse is None else coarse.decimals
        revision = Revision(retailer=retailer, column=column, before=cell.text, decimals=decimals)
        found.append((replace(table, rows=rows), revision))
    return found


def _rounded(cell: PrintedRate) -> PrintedRate | None:
    """Return the cell with a decimal less, half up; ``None`` when there is none to lose."""
    if cell.decimals == 0:
        return None
    step = Decimal(1).scaleb(1 - cell.decimals)
    return PrintedRate(str(Decimal(cell.text).quantize(step, ROUND_HALF_UP)), cell.unit)
