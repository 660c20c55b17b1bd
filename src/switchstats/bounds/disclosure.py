"""Before printing: how closely an outsider could pin each retailer, and what to leave out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from switchstats.bounds.audit import Audit
from switchstats.bounds.coarser import Printing
from switchstats.bounds.constraints import Number
from switchstats.bounds.pinned import Knowledge, Pinned, Secret, pinned, secrets_of
from switchstats.bounds.small_cells import least_by_column
from switchstats.bounds.withhold import Advice, least_withheld
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text, display_language, group_name, text
from switchstats.values import Interval, PublishedTable, Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Disclosed", "Disclosure", "Revision", "disclose"]

_MOST_CHECKS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed(Shown):
    """What a printed table gives away about one retailer.

    Parameters
    ----------
    retailer
        Whose.
    ranges
        Of its share of its group's requests in every printed period, of the share of every period
        but the longest in its own requests (of two that make it up, the shorter), of its volume
        where volumes are known, and of the rate in every cell that is left blank.
    least_requests
        By column, the least requests that print as the cell by its digits alone; empty where small
        cells were not asked for.
    small_cells
        Columns of the table whose cell prints from fewer requests than the user named.
    """

    retailer: str
    ranges: tuple[Pinned, ...]
    least_requests: tuple[int | None, ...]
    small_cells: tuple[int, ...]

    @property
    def narrowest(self) -> Pinned | None:
        """The range that leaves least open; ``None`` where there is nothing to pin."""
        return min(self.ranges, key=lambda each: each.width, default=None)

    @property
    def volume(self) -> Interval | None:
        """Its requests in the longest printed period, where volumes are known."""
        return next((e.interval for e in self.ranges if e.secret.kind == "volume"), None)

    def narrower_than(self, width: float) -> tuple[Pinned, ...]:
        """Return the ranges that leave less open."""
        return tuple(each for each in self.ranges if each.width < width)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Shown):
    """One printed cell to print otherwise.

    Parameters
    ----------
    group, retailer, column
        Which cell; without retailer, the group's average.
    before
        As printed.
    after
        As it would be printed; ``None``: blank. The printed digits decide it.
    """

    group: str
    retailer: str | None
    column: int
    before: str
    after: str | None

    def to_dict(self, table: PublishedTable) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "group": self.group,
            "retailer": self.retailer,
            "period": table.periods[self.column].period.to_dict(),
            "before": self.before,
            "after": self.after,
            "message": self.message(table).to_dict(),
        }

    def message(self, table: PublishedTable) -> Text:
        """Return the advice in words."""
        name = next(
            (each.name for each in table.retailers if each.retailer == self.retailer),
            text("bounds.average_of", group=group_name(self.group)),
        )
        fields = {"name": name, "period": table.periods[self.column].label, "before": self.before}
        if self.after is None:
            return text("disclosure.leave_blank", **fields)
        return text("disclosure.print_as", **fields, after=self.after)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Disclosure(Shown):
    """What a table gives away, and how to give away less.

    Parameters
    ----------
    least_width
        What must stay open of every range, chosen by the user; ``None``: nothing is judged.
    small_cell
        Number of requests below which a cell is small, chosen by the user.
    retailers
        What the table as printed gives away.
    revisions
        Cells to print otherwise so that every range keeps its width and no small cell is printed.
    revised
        The table with them.
    proof
        ``"least"``: no revisions that withhold fewer printed digits are enough; ``"greedy"``: they
        are enough, and fewer may be; ``None`` without a width.
    beyond_help
        Secrets that are pinned more closely even by a table without a single rate, by what is
        known besides.
    """

    least_width: float | None
    small_cell: int | None
    retailers: tuple[Disclosed, ...]
    revisions: tuple[Revision, ...]
    revised: PublishedTable
    proof: Literal["least", "greedy"] | None
    beyond_help: tuple[Secret, ...]

    @property
    def exposed(self) -> tuple[str, ...]:
        """Retailers with a range narrower than it should be, or a small cell."""
        return tuple(each.retailer for each in self.retailers if self._is_exposed(each))

    @property
    def sufficient(self) -> bool | None:
        """Whether the revisions expose nobody, proved on the revised table; ``None``: unjudged."""
        return None if self.least_width is None else not self.beyond_help

    def _repr_html_(self) -> str:
        from switchstats.bounds.given_away import given_away_html

        return given_away_html(self, display_language())

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a range: retailer, what, period, ends, width, whether it is too narrow."""
        import pandas as pd

        table = self.revised
        return pd.DataFrame(
            [
                {
                    "retailer": each.retailer,
                    "kind": one.secret.kind,
                    "period": table.periods[one.secret.column].label.en,
                    "low": one.interval.low,
                    "high": one.interval.high,
                    "width": one.width,
                    "too_narrow": self.least_width is not None and one.width < self.least_width,
                }
                for each in self.retailers
                for one in each.ranges
            ]
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        table = self.revised
        return {
            "least_width": self.least_width,
            "small_cell": self.small_cell,
            "retailers": [
                {
                    "retailer": each.retailer,
                    "exposed": self._is_exposed(each),
                    "ranges": [one.to_dict(table) for one in each.ranges],
                    "least_requests": list(each.least_requests),
                    "small_cells": [
                        table.periods[column].period.to_dict() for column in each.small_cells
                    ],
                }
                for each in self.retailers
            ],
            "revisions": [each.to_dict(table) for each in self.revisions],
            "proof": self.proof,
            "sufficient": self.sufficient,
            "beyond_help": [
                {"retailer": each.retailer, "kind": each.kind, "column": each.column}
                for each in self.beyond_help
            ],
        }

    def _is_exposed(self, one: Disclosed) -> bool:
        width = self.least_width
        return bool(one.small_cells) or (width is not None and bool(one.narrower_than(width)))


def disclose(
    found: Audit,
    least_width: float | None = None,
    *,
    small_cell: int | None = None,
    total: Number | None = None,
    most_checks: int = _MOST_CHECKS,
) -> Disclosure:
    """Say what a table gives away about each retailer, and which cells to print otherwise.

    Parameters
    ----------
    found
        An audit of the table, with everything that an outsider may know besides as constraints.
    least_width
        What must stay open of every range (`Disclosed.ranges`): 0.05 is 5 points of a share or of
        a blank cell's rate, and 5 % of the greatest possible volume. There is no default: how much
        must stay open is the user's choice, and without it nothing is judged or advised.
    small_cell
        Cells that could come from fewer requests than this are small: they expose their retailer
        and are advised to be left blank. They are judged as printed at first: fewer digits give
        nothing more away, though they could come from still fewer requests.
    total
        Requests of everybody in the longest printed period, for the range of each volume.
    most_checks
        Ranges to compute at most in search of the least advice.

    Returns
    -------
    Disclosure
        Its advice withholds the fewest printed digits; where the search was not finished within
        `most_checks` it is only enough, and says so.

    Raises
    ------
    UsageError
        When the width is not between 0 and 1, or the small cell is not a positive number.
    NotAnswerableError
        When the table is impossible.

    Notes
    -----
    A cell is never advised to be rounded to a digit that the printed ones do not decide: 18.5
    becomes 18 or 19 by the exact rate, so that it stays or is left blank. Cells that are left blank
    by this advice are no secrets themselves, except small ones.

    Examples
    --------
    >>> import switchstats as ss
    >>> from switchstats.bounds import audit
    >>> table = ss.load_published("egc-083")
    >>> given_away = disclose(audit(table), 0.05)
    >>> "kansai" in given_away.exposed, given_away.proof
    (True, 'least')
    >>> given_away.revisions[0].message(table).en
    'Print Kansai Electric Power, Apr–Dec 2022, as 22 % instead of 21.7 %.'
    """
    if least_width is not None and not 0 < least_width < 1:
        raise UsageError(f"least_width is a fraction such as 0.05, not {least_width}")
    if small_cell is not None and small_cell < 1:
        raise UsageError(
            f"a small cell has fewer than a whole number of requests, not {small_cell}"
        )
    if found.consistent is False:
        raise NotAnswerableError("disclosure", "the table is impossible", "a possible table")
    knowledge = Knowledge(found.constraints, found.rounding, total)
    secrets = secrets_of(found.table, knowledge)
    retailers = tuple(
        _disclosed(found, each.retailer, secrets, knowledge, small_cell)
        for each in found.table.retailers
    )
    printing = Printing(found.table, found.rounding)
    advice = Advice((0,) * len(printing.cells), None, ())
    if least_width is not None:
        small = _small_cells(retailers)
        blank = [_cell_of(printing, each) for each in small]
        advice = least_withheld(
            printing, knowledge, (*secrets, *small), least_width, blank, most_checks
        )
    return Disclosure(
        least_width=least_width,
        small_cell=small_cell,
        retailers=retailers,
        revisions=_revisions(printing, advice),
        revised=printing.at(advice.levels),
        proof=advice.proof,
        beyond_help=advice.beyond_help,
    )


def _disclosed(
    found: Audit,
    retailer: str,
    secrets: tuple[Secret, ...],
    knowledge: Knowledge,
    small_cell: int | None,
) -> Disclosed:
    own = [secret for secret in secrets if secret.retailer == retailer]
    least: tuple[int | None, ...] = ()
    small: tuple[int, ...] = ()
    ranges = tuple(pinned(found, secret, knowledge) for secret in own)
    if small_cell is not None:
        least = least_by_column(found, retailer)
        small = tuple(
            column
            for column, requests in enumerate(least)
            if requests is not None and requests < small_cell
        )
    return Disclosed(retailer=retailer, ranges=ranges, least_requests=least, small_cells=small)


def _small_cells(retailers: Sequence[Disclosed]) -> list[Secret]:
    return [
        Secret("blank_cell", each.retailer, column)
        for each in retailers
        for column in each.small_cells
    ]


def _cell_of(printing: Printing, secret: Secret) -> int:
    for cell, (_, column) in enumerate(printing.cells):
        owner = printing.row_of(cell).retailer
        if owner is not None and (owner.retailer, column) == (secret.retailer, secret.column):
            return cell
    raise UsageError(f"the table prints no rate of {secret.retailer} there")


def _revisions(printing: Printing, advice: Advice) -> tuple[Revision, ...]:
    made: list[Revision] = []
    for cell, level in enumerate(advice.levels):
        before, after = printing.forms[cell][0], printing.forms[cell][level]
        if level == 0 or before is None:
            continue
        row = printing.row_of(cell)
        made.append(
            Revision(
                group=row.group,
                retailer=None if row.retailer is None else row.retailer.retailer,
                column=printing.cells[cell][1],
                before=before.text,
                after=None if after is None else after.text,
            )
        )
    return tuple(made)
