"""Counts as arrays: who gained from whom, where and when, and what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.periods import Period
from switchstats.values import Counts, Retailer
from switchstats.values.keyed import Codes, distinct_codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNKNOWN", "RequestCells", "codes_in", "read_cells"]

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
        Codes of retailers, of 32 bits as all codes here; `losing` is `UNKNOWN` where the counts do
        not tell.
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
    gaining: Codes
    losing: Codes
    area: Codes
    period: Codes
    kind: Codes
    requests: Floats
    errors: Floats
    reason_sets: tuple[frozenset[str], ...] = ()
    reason_cell: Ints | None = None
    reason_set: Codes | None = None
    reason_errors: Floats | None = None

    def code(self, retailer: str) -> int:
        """Return a retailer's code."""
        return [one.retailer for one in self.retailers].index(retailer)

    def of_group(self, group: str) -> Ints:
        """Return the codes of a group's retailers that filed requests."""
        members = [code for code in codes_in(self.gaining) if self.retailers[code].group == group]
        return np.array(members, dtype=np.int64)

    def names_of(self, group: str) -> list[str]:
        """Return the identifiers of a group's retailers that filed requests."""
        return [self.retailers[code].retailer for code in codes_in(self.of_group(group))]

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
    table = counts.collapse(*names).coded
    table = table[table["requests"] > 0]
    columns = _coded(table, counts, groups, periods)
    areas, by_reason = _areas(table), "reason" in names
    errors = table["errors"].to_numpy(np.float64)
    requests = table["requests"].to_numpy(np.float64)
    reasons = table["reason"].cat if by_reason else None
    del table
    first, place = _cells(columns)
    told = RequestCells(
        retailers=counts.retailers,
        areas=areas,
        periods=periods,
        groups=groups,
        strata=frozenset(names),
        gaining=columns["gaining"][first],
        losing=columns["losing"][first],
        area=columns["area"][first],
        period=columns["period"][first],
        kind=columns["kind"][first],
        # rows of one cell that differ by reason share its requests
        requests=requests[first] if by_reason else _sums(place, requests, first.size),
        errors=_sums(place, errors, first.size),
    )
    if reasons is None:
        return told
    return replace(
        told,
        reason_sets=tuple(frozenset(words.split("+")) - {""} for words in reasons.categories),
        reason_cell=place,
        reason_set=reasons.codes.to_numpy(np.int32),
        reason_errors=errors,
    )


def _sums(place: Ints, values: Floats, n: int) -> Floats:
    return np.bincount(place, values, n).astype(np.float64)


def codes_in(codes: Ints | Codes) -> list[int]:
    """Return the codes that appear, in order."""
    return [int(code) for code in np.unique(codes)]


def _areas(table: "pd.DataFrame") -> tuple[str, ...]:
    if "area" not in table.columns:
        return ("",)
    return tuple(table["area"].cat.remove_unused_categories().cat.categories)


def _coded(
    table: "pd.DataFrame", counts: Counts, groups: tuple[str, str], periods: Sequence[Period]
) -> dict[str, Codes]:
    """Return codes in place of names."""
    code = {one.retailer: place for place, one in enumerate(counts.retailers)}
    areas = {area: place for place, area in enumerate(_areas(table))}
    kinds = {name: place for place, name in enumerate(groups)}
    starts, months = np.unique(table["period_start"].to_numpy(), return_inverse=True)
    place_of = {str(period.start): place for place, period in enumerate(periods)}
    columns = {
        "gaining": _looked_up(table["retailer"], code),
        "period": np.array([place_of[str(start)[:10]] for start in starts], dtype=np.int32)[months],
    }
    if "losing_group" in table.columns:
        columns["kind"] = _looked_up(table["losing_group"], kinds)
    elif "losing" in table.columns:
        own = {one.retailer: kinds.get(one.group, UNKNOWN) for one in counts.retailers}
        columns["kind"] = _looked_up(table["losing"], own)
    if "losing" in table.columns:
        columns["losing"] = _looked_up(table["losing"], code)
    if "area" in table.columns:
        columns["area"] = _looked_up(table["area"], areas)
    n = len(table)
    told_not = {"losing": UNKNOWN, "kind": UNKNOWN, "area": 0}
    return {
        name: np.full(n, value, np.int32) for name, value in told_not.items() if name not in columns
    } | columns


def _looked_up(names: "pd.Series[str]", places: Mapping[str, int]) -> Codes:
    """Return each name's place, `UNKNOWN` where it has none."""
    of_name = [places.get(name, UNKNOWN) for name in names.cat.categories]
    return np.array(of_name, dtype=np.int32)[names.cat.codes.to_numpy()]


def _cells(columns: Mapping[str, Codes]) -> tuple[Ints, Ints]:
    """Return the first row of each cell and each row's cell."""
    shifted = [columns[name] - np.int32(UNKNOWN) for name in _CELL]
    coded = [(codes, int(codes.max(initial=0)) + 1) for codes in shifted]
    return distinct_codes(coded, columns["gaining"].size)
