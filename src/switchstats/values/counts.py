"""Requests and errors by retailer, period and stratum, where every analysis of counts starts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import display_language
from switchstats.periods import Period
from switchstats.values.keyed import Ints, distinct_keys, rising, row_keys, sums_by
from switchstats.values.retailer import Retailer
from switchstats.values.shown import frame_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STRATA", "Counts"]

STRATA = ("area", "losing", "losing_group", "home", "reason", "voltage", "attempt")

_KEYS = ("retailer", "period_start", "period_end")
_COUNTS = ("requests", "errors")
# sums stay exact whole numbers of 64 bits
_MOST = 2.0**62


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Counts:
    """Requests and errors, one row for each retailer × period × combination of strata.

    Made by `Counts.of`; the table inside is never handed out, only copies are.

    Parameters
    ----------
    retailers
        Retailers that may appear, with name, group and area.
    strata
        Names of the stratum columns that survived, a subset of `STRATA`. ``"reason"`` is the exact
        set of reasons of an error, sorted and joined by ``+``, ``""`` for none given: its rows
        share the requests of their cell and divide its errors.

    Examples
    --------
    >>> from datetime import date
    >>> from switchstats.labels import Text
    >>> import pandas as pd
    >>> month = {"period_start": date(2023, 1, 1), "period_end": date(2023, 2, 1)}
    >>> counts = Counts.of(
    ...     pd.DataFrame([
    ...         {"retailer": "a", **month, "area": "01", "requests": 10, "errors": 2},
    ...         {"retailer": "a", **month, "area": "02", "requests": 5, "errors": 0},
    ...     ]),
    ...     [Retailer("a", Text("甲", "A"), "incumbent", "01")],
    ... )
    >>> counts
    Counts: 15 requests, 2 errors, 1 retailer, 1 period, by area
    >>> counts.collapse().frame[["requests", "errors"]].to_numpy().tolist()
    [[15, 2]]
    """

    retailers: tuple[Retailer, ...]
    strata: tuple[str, ...]
    _table: "pd.DataFrame"

    @classmethod
    def of(cls, frame: "pd.DataFrame", retailers: Iterable[Retailer]) -> "Counts":
        """Check a frame and take it over.

        Parameters
        ----------
        frame
            Columns ``retailer`` (identifier), ``period_start`` and ``period_end`` (half-open
            dates), any of `STRATA`, ``requests`` and ``errors`` (whole numbers).
        retailers
            Who may appear.

        Raises
        ------
        UsageError
            When a column is missing or unknown, a key repeats, a retailer is unknown, a count is
            negative, fractional or missing, or errors exceed requests.
        """
        import pandas as pd

        known = tuple(retailers)
        _refuse_twice(known)
        strata = tuple(name for name in STRATA if name in frame.columns)
        _refuse_columns(frame, strata)
        columns = {
            name: _column(frame[name].reset_index(drop=True))
            for name in (*_KEYS, *strata, *_COUNTS)
        }
        del frame  # millions of rows are not held twice
        table = pd.DataFrame(columns, copy=False)
        columns.clear()
        keys = row_keys(table, [*_KEYS, *strata])
        order = rising(keys)
        if order is not None:
            keys, table = keys[order], table.iloc[order].reset_index(drop=True)
        _refuse_rows(table, keys, strata, {retailer.retailer for retailer in known})
        return cls(known, strata, table)

    @property
    def frame(self) -> "pd.DataFrame":
        """A pandas copy with the retailers' groups beside their identifiers."""
        table = self.coded
        for name in ("retailer", "group", *self.strata):
            table[name] = table[name].astype(table[name].cat.categories.dtype)
        return table

    @property
    def coded(self) -> "pd.DataFrame":
        """The same with names as pandas categories: a row holds a small number, not a text."""
        groups = {retailer.retailer: retailer.group for retailer in self.retailers}
        table = self._table.copy(deep=False)  # what is written to is copied first
        of_row = table["retailer"].map(groups).astype("category")
        table.insert(1, "group", of_row)
        return table

    @property
    def periods(self) -> tuple[Period, ...]:
        """Periods that appear, in order."""
        pairs = self._table[["period_start", "period_end"]].drop_duplicates()
        return tuple(
            sorted(
                Period(_date(row.period_start), _date(row.period_end)) for row in pairs.itertuples()
            )
        )

    @property
    def requests(self) -> int:
        """All requests, each counted once."""
        return int(self.collapse()._table["requests"].sum())

    @property
    def errors(self) -> int:
        """All errors."""
        return int(self._table["errors"].sum())

    def group(self, group: str) -> "Counts":
        """Return the rows of one group's retailers."""
        members = [item.retailer for item in self.retailers if item.group == group]
        return self._kept(self._table["retailer"].isin(members))

    def during(self, period: Period) -> "Counts":
        """Return the rows whose period lies inside `period`."""
        table = self._table
        inside = (table["period_start"] >= str(period.start)) & (
            table["period_end"] <= str(period.end)
        )
        return self._kept(inside)

    def where(self, **conditions: str | Sequence[str]) -> "Counts":
        """Return the rows whose columns equal the given value, or one of the given list.

        Raises
        ------
        UsageError
            For a column that these counts lack.

        Examples
        --------
        ``counts.where(area="01", losing_group="entrant")``
        """
        kept = self._table["retailer"].notna()
        for name, wanted in conditions.items():
            if name not in ("retailer", *self.strata):
                has = ", ".join(("retailer", *self.strata))
                raise UsageError(f"these counts have no column {name!r}; they have {has}")
            kept &= self._table[name].isin([wanted] if isinstance(wanted, str) else list(wanted))
        return self._kept(kept)

    def collapse(self, *keep: str) -> "Counts":
        """Return the sums over every stratum that is not named.

        Raises
        ------
        NotAnswerableError
            For a stratum that these counts lack.
        """
        for name in keep:
            if name not in self.strata:
                raise NotAnswerableError(
                    f"counts by {name}", "these counts do not tell it apart", f"a column {name}"
                )
        kept = tuple(name for name in self.strata if name in keep)
        if kept == self.strata:
            return self
        if "reason" not in self.strata:
            return Counts(self.retailers, kept, sums_by(self._table, [*_KEYS, *kept], _COUNTS))
        of_cell = [*_KEYS, *(name for name in self.strata if name != "reason")]
        first, _ = distinct_keys(self._table, of_cell)
        without = [*_KEYS, *(name for name in kept if name != "reason")]
        requests = sums_by(self._table.iloc[first], without, ["requests"])["requests"].to_numpy()
        table = sums_by(self._table, [*_KEYS, *kept], ["errors"])
        _, place = distinct_keys(table, without)
        table.insert(len(table.columns) - 1, "requests", requests[place])
        return Counts(self.retailers, kept, table)

    def __len__(self) -> int:
        return len(self._table)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        return self.retailers == other.retailers and self._table.equals(other._table)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        n_retailers, n_periods = self._table["retailer"].nunique(), len(self.periods)
        return (
            f"Counts: {self.requests:,} requests, {self.errors:,} errors, "
            f"{_many(n_retailers, 'retailer')}, {_many(n_periods, 'period')}"
            + (f", by {', '.join(self.strata)}" if self.strata else "")
        )

    def _repr_html_(self) -> str:
        return frame_table(self._table, display_language())

    def _kept(self, rows: "pd.Series[bool]") -> "Counts":
        table = self._table[rows].reset_index(drop=True)
        for name in ("retailer", *self.strata):
            table[name] = table[name].cat.remove_unused_categories()
        return Counts(self.retailers, self.strata, table)


def _refuse_twice(retailers: Sequence[Retailer]) -> None:
    """Refuse a retailer that would belong to two groups, or stand twice in one."""
    seen: set[str] = set()
    for each in retailers:
        if each.retailer in seen:
            raise UsageError(f"the retailer {each.retailer!r} stands twice: give it one group")
        seen.add(each.retailer)


def _refuse_columns(frame: "pd.DataFrame", strata: Sequence[str]) -> None:
    required = [*_KEYS, *_COUNTS]
    missing = [name for name in required if name not in frame.columns]
    if missing:
        raise UsageError(f"counts need the column {missing[0]!r}")
    unknown = [str(name) for name in frame.columns if name not in (*required, *strata)]
    if unknown:
        raise UsageError(
            f"counts cannot hold the column {unknown[0]!r}; strata are {', '.join(STRATA)}"
        )


def _column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column as counts hold it."""
    import pandas as pd

    if column.name in _COUNTS:
        return _whole(column)
    if column.name in ("period_start", "period_end"):
        return pd.to_datetime(column).astype("datetime64[s]")
    return _named(column)


def _named(column: "pd.Series[str]") -> "pd.Series[pd.CategoricalDtype[str]]":
    """Return a column of names as categories, sorted, all of them in use."""
    import pandas as pd

    coded = column.astype("category").cat.remove_unused_categories()
    names = coded.cat.categories
    kind = names.dtype if len(names) else "str"
    return coded.cat.set_categories(pd.Index(sorted(names), dtype=kind))


def _whole(column: "pd.Series[int]") -> "pd.Series[int]":
    try:
        if column.dtype.kind not in "iu" and not (column % 1 == 0).all():
            return _refuse_fraction(column)
        if float(column.astype("float64").abs().sum()) > _MOST:
            raise UsageError(f"{column.name} add up to more than 2**62: they cannot be real")
        return column.astype("int64")
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, UsageError):
            raise
        return _refuse_fraction(column)


def _refuse_fraction(column: "pd.Series[int]") -> "pd.Series[int]":
    raise UsageError(f"{column.name} must be whole numbers, none missing")


def _refuse_rows(table: "pd.DataFrame", keys: Ints, strata: Sequence[str], known: set[str]) -> None:
    if (table["period_start"] >= table["period_end"]).any():
        raise UsageError("a period must end after it starts")
    if (table["errors"] < 0).any():
        raise UsageError("errors must not be negative")
    over = table[table["errors"] > table["requests"]]
    if len(over):
        raise UsageError(f"errors exceed requests for retailer {over.iloc[0]['retailer']!r}")
    strangers = set(table["retailer"].unique()) - known
    if strangers:
        raise UsageError(f"unknown retailer in counts: {sorted(map(str, strangers))[0]!r}")
    if table[[*_KEYS, *strata]].isna().to_numpy().any():
        raise UsageError("a key of counts is missing")
    repeated = keys[1:] == keys[:-1]  # they are in order
    if repeated.any():
        retailer = table["retailer"].iloc[int(repeated.argmax())]
        raise UsageError(f"counts repeat a key: retailer {retailer!r}")
    _refuse_uneven_reasons(table, strata)


def _refuse_uneven_reasons(table: "pd.DataFrame", strata: Sequence[str]) -> None:
    """Rows of one cell, told apart by reason, must share its requests and divide its errors."""
    if "reason" not in strata:
        return
    cell = [*_KEYS, *(name for name in strata if name != "reason")]
    first, place = distinct_keys(table, cell)
    requests = table["requests"].to_numpy()
    if (requests != requests[first][place]).any():
        raise UsageError("rows that differ only by reason must share the same requests")
    errors = np.zeros_like(first)
    np.add.at(errors, place, table["errors"].to_numpy())
    if (errors > requests[first]).any():
        raise UsageError("errors by reason exceed the requests of their cell")


def _date(stamp: object) -> date:
    return date.fromisoformat(str(stamp)[:10])


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
