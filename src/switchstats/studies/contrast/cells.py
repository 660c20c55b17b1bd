"""Counts as arrays: who gained from whom, where and when, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.periods import Period
from switchstats.values import Counts, Retailer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNKNOWN", "RequestCells", "read_cells"]

UNKNOWN = -1

_CELL = ("gaining", "area", "losing", "kind", "period")


@dataclass(frozen=True, slots=True, eq=False)
class RequestCells:
    """Cells with requests, one entry each in every array.

    Parameters
    ----------
    retailers, areas, periods
        What the codes stand for.
    groups
        The exposed group and the group whose customers could be seen.
    strata
        Which of ``"area"``, ``"losing"``, ``"losing_group"`` and ``"reason"`` the counts tell.
    gaining, losing
        Codes of retailers; `losing` is `UNKNOWN` where the counts do not tell.
    area, period
        Codes.
    kind
        Place in `groups` of the losing retailer's group; `UNKNOWN` where the counts do not tell.
    requests, errors
        Sums.
    reasons
        For each entry of `reason_errors` the cell and the set of reasons.
    """

    retailers: tuple[Retailer, ...]
    areas: tuple[str, ...]
    periods: tuple[Period, ...]
    groups: tuple[str, str]
    strata: frozenset[str]
    gaining: Ints
    losing: Ints
    area: Ints
    period: Ints
    kind: Ints
    requests: Floats
    errors: Floats
    reason_sets: tuple[frozenset[str], ...] = ()
    reason_cell: Ints | None = None
    reason_set: Ints | None = None
    reason_errors: Floats | None = None

    def code(self, retailer: str) -> int:
        """Return a retailer's code."""
        return [one.retailer for one in self.retailers].index(retailer)

    def of_group(self, group: str) -> Ints:
        """Return the codes of a group's retailers that filed requests."""
        members = [code for code in _codes(self.gaining) if self.retailers[code].group == group]
        return np.array(members, dtype=np.int64)

    def names_of(self, group: str) -> list[str]:
        """Return the identifiers of a group's retailers that filed requests."""
        return [self.retailers[code].retailer for code in _codes(self.of_group(group))]

    def home(self, retailer: str) -> int:
        """Return the code of a retailer's home area, `UNKNOWN` where it or the area has none."""
        area = self.retailers[self.code(retailer)].area
        return self.areas.index(area) if area in self.areas else UNKNOWN

    def errors_where(self, wanted: Sequence[bool]) -> Floats:
        """Return each cell's errors whose set of reasons is wanted, one flag a set."""
        if self.reason_cell is None or self.reason_set is None or self.reason_errors is None:
            raise NotAnswerableError(
                "errors by reason", "these counts do not tell reasons apart", "a column reason"
            )
        kept = np.array(wanted, dtype=bool)[self.reason_set]
        cells, errors = self.reason_cell[kept], self.reason_errors[kept]
        return np.bincount(cells, errors, self.requests.size).astype(np.float64)


def read_cells(counts: Counts, groups: tuple[str, str], *, study: str) -> RequestCells:
    """Return the cells of counts, by every stratum that the designs within retailers use.

    Parameters
    ----------
    counts
        Requests and errors by retailer and period, and as many of ``area``, ``losing``,
        ``losing_group`` and ``reason`` as there are. A losing retailer's group is that of the
        counts' own retailers where ``losing_group`` is absent.
    groups
        The exposed group and the group whose customers could be seen.
    study
        For the refusal.

    Raises
    ------
    NotAnswerableError
        When periods overlap, so that requests would count twice.
    """
    periods = counts.periods
    if any(before.overlaps(after) for before, after in pairwise(periods)):
        raise NotAnswerableError(
            study,
            "the periods of these counts overlap",
            "counts by months, or other disjoint periods",
        )
    names = [name for name in ("area", "losing", "losing_group", "reason") if name in counts.strata]
    table = counts.collapse(*names).frame
    table = table[table["requests"] > 0]
    coded = _coded(table, counts, groups, periods)
    by_reason = "reason" in names
    cells = coded.drop_duplicates(list(_CELL)) if by_reason else coded
    columns = {name: cells[name].to_numpy(np.int64) for name in _CELL}
    told = RequestCells(
        retailers=counts.retailers,
        areas=_areas(table),
        periods=periods,
        groups=groups,
        strata=frozenset(names),
        gaining=columns["gaining"],
        losing=columns["losing"],
        area=columns["area"],
        period=columns["period"],
        kind=columns["kind"],
        requests=cells["requests"].to_numpy(np.float64),
        errors=cells["errors"].to_numpy(np.float64),
    )
    return _with_reasons(told, coded, cells) if by_reason else told


def _codes(codes: Ints) -> list[int]:
    return [int(code) for code in np.unique(codes)]


def _areas(table: "pd.DataFrame") -> tuple[str, ...]:
    return tuple(sorted(set(table["area"]))) if "area" in table.columns else ("",)


def _coded(
    table: "pd.DataFrame", counts: Counts, groups: tuple[str, str], periods: Sequence[Period]
) -> "pd.DataFrame":
    """Return codes in place of names."""
    import pandas as pd

    code = {one.retailer: place for place, one in enumerate(counts.retailers)}
    group = {one.retailer: one.group for one in counts.retailers}
    starts = {str(period.start): place for place, period in enumerate(periods)}
    areas = {area: place for place, area in enumerate(_areas(table))}
    none = pd.Series(UNKNOWN, index=table.index)
    has_losing, has_kind = "losing" in table.columns, "losing_group" in table.columns
    of_losing = table["losing_group"] if has_kind else None
    if of_losing is None and has_losing:
        of_losing = table["losing"].map(group)
    places = {name: place for place, name in enumerate(groups)}
    coded = pd.DataFrame(
        {
            "gaining": table["retailer"].map(code),
            "losing": table["losing"].map(code).fillna(UNKNOWN) if has_losing else none,
            "area": table["area"].map(areas) if "area" in table.columns else none + 1,
            "kind": none if of_losing is None else of_losing.map(places).fillna(UNKNOWN),
            "period": table["period_start"].dt.strftime("%Y-%m-%d").map(starts),
            "requests": table["requests"],
            "errors": table["errors"],
        }
    )
    if "reason" in table.columns:
        coded["reason"] = table["reason"]
    keys = [*_CELL, *(["reason"] if "reason" in coded else [])]
    if not coded.duplicated(keys).any():
        return coded.reset_index(drop=True)
    return coded.groupby(keys, as_index=False)[["requests", "errors"]].sum()


def _with_reasons(told: RequestCells, coded: "pd.DataFrame", cells: "pd.DataFrame") -> RequestCells:
    """Add the errors by set of reasons; a cell's rows by reason share its requests."""
    from dataclasses import replace

    import pandas as pd

    number = pd.Series(np.arange(len(cells)), index=pd.MultiIndex.from_frame(cells[list(_CELL)]))
    of_row = number.loc[pd.MultiIndex.from_frame(coded[list(_CELL)])].to_numpy(np.int64)
    words, places = np.unique(coded["reason"].to_numpy(str), return_inverse=True)
    errors = coded["errors"].to_numpy(np.float64)
    return replace(
        told,
        errors=np.bincount(of_row, errors, len(cells)),
        reason_sets=tuple(frozenset(word.split("+")) - {""} for word in words.tolist()),
        reason_cell=of_row,
        reason_set=places.astype(np.int64),
        reason_errors=errors,
    )
