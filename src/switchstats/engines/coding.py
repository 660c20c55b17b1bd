"""Joins what is known of the distinct values back to the rows, as small whole numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.cleaning import OUTCOMES, Cleaned, Raw, clean
from switchstats.engines.columns import CANONICAL, Mapped
from switchstats.engines.far_days import without_far_days
from switchstats.engines.protocol import Engine, Opened
from switchstats.engines.question import Question
from switchstats.engines.supply_points import SupplyPoints, look_at_supply_points, with_area
from switchstats.errors import InputError
from switchstats.facts import Registry

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Coded", "code_rows", "collected", "month_of"]

_MOST_DISTINCT = 200_000
_BAD = -1
_N = "n_"
_NO_CLEANING = ("request_id", "supply_point")


@dataclass(frozen=True, slots=True)
class Coded:
    """Rows with their codes beside the raw cells.

    Parameters
    ----------
    frame
        Raw cells, and ``c_…`` codes: an index into `labels`, a day's ordinal, or a number.
    columns
        Canonical columns that the rows have.
    cleaned
        Distinct values of each column.
    labels
        Code → label, for the keys of counts.
    bad
        Whether a row is rejected by itself, ``None`` when none can be.
    needed
        Columns that no row may leave blank.
    supply_points
        How the supply points were found.
    accepted_with_reasons
        How many rows are accepted by their outcome and name a reason of an error.
    """

    frame: "nw.LazyFrame[Any]"
    columns: tuple[str, ...]
    cleaned: Mapping[str, Cleaned]
    labels: Mapping[str, Sequence[str]]
    bad: "nw.Expr | None"
    needed: frozenset[str]
    supply_points: SupplyPoints | None
    accepted_with_reasons: int

    def valid(self) -> "nw.LazyFrame[Any]":
        """Return the rows that pass every check of single rows."""
        return self.frame if self.bad is None else self.frame.filter(~self.bad)

    @property
    def days(self) -> tuple[int, ...]:
        """Submitted days, as ordinals in order."""
        return tuple(sorted({int(day) for day in self.cleaned["submitted"].values.values()}))


def collected(frame: "nw.LazyFrame[Any]") -> dict[str, list[object]]:
    """Bring a small result out of the engine, with ``None`` where nothing is."""
    columns = frame.collect().to_dict(as_series=False)
    return {
        name: [None if cell != cell else cell for cell in cells]  # noqa: PLR0124
        for name, cells in columns.items()
    }


def month_of(day: int) -> int:
    """Return the number of the month of a day's ordinal, counted from year 0.

    Examples
    --------
    >>> divmod(month_of(date(2023, 3, 31).toordinal()), 12)
    (2023, 2)
    """
    calendar = date.fromordinal(day)
    return calendar.year * 12 + calendar.month - 1


def code_rows(
    engine: Engine, opened: Opened, question: Question, mapped: Mapped, known: Registry
) -> Coded:
    """Look at every distinct value once, clean it, and join the codes that are needed."""
    names = opened.frame.collect_schema().names()
    columns = tuple(name for name in CANONICAL if name in names)
    needed = question.needed(columns)
    cleaned: dict[str, Cleaned] = {}
    blank: set[str] = set()
    raws_of, pairs = _distinct_values(opened.frame, columns)
    for name, raws in raws_of.items():
        cleaned[name] = clean(name, raws, mapped, known)
        if name == "submitted":
            cleaned[name] = without_far_days(cleaned[name])
        if len(raws) > len(cleaned[name].values) + len(cleaned[name].problems):
            blank.add(name)
    labels = _labels(cleaned, known)
    tables = _tables(cleaned, labels, question, known, columns)
    frame, supply_points = opened.frame, None
    if "supply_point" in columns:
        # every row is looked at, so with no more joined than the look needs
        if "area" in columns:
            frame = with_area(engine, frame, cleaned["area"], blank="area" in blank)
        supply_points = look_at_supply_points(
            engine, frame, required="supply_point" in needed, area="area" in columns
        )
        frame = supply_points.marked(frame)
    for name, table in tables.items():
        frame = _joined(engine, frame, name, table)
    conditions = _conditions(cleaned, blank & needed, columns)
    if supply_points is not None and supply_points.any_bad:
        conditions.append(supply_points.is_bad)
    return Coded(
        frame=frame,
        columns=columns,
        cleaned=cleaned,
        labels=labels,
        bad=_any(conditions),
        needed=frozenset(needed),
        supply_points=supply_points,
        accepted_with_reasons=sum(
            n
            for (outcome, reasons), n in pairs.items()
            if cleaned["outcome"].values.get(outcome) == "accepted"
            and cleaned["reasons"].values.get(reasons)
        ),
    )


def _distinct_values(
    frame: "nw.LazyFrame[Any]", columns: Sequence[str]
) -> "tuple[dict[str, list[Raw | None]], dict[tuple[Any, Any], int]]":
    """Return the distinct values of each column, and the pairs of outcome and reasons counted."""
    raws: dict[str, list[Raw | None]] = {}
    pairs: dict[tuple[Any, Any], int] = {}
    together = {"outcome", "reasons"} <= set(columns)
    for name in columns:
        if name in _NO_CLEANING or (together and name == "reasons"):
            continue
        if together and name == "outcome":
            found = _distinct(frame, "reasons", "outcome")
            rows = zip(found["outcome"], found["reasons"], found[_N], strict=True)
            pairs = {(outcome, reasons): int(cast("int", n)) for outcome, reasons, n in rows}
            for one in ("outcome", "reasons"):
                raws[one] = _whole(list(dict.fromkeys(found[one])))
            continue
        raws[name] = _whole(_distinct(frame, name)[name])
    return raws, pairs


def _joined(
    engine: Engine,
    frame: "nw.LazyFrame[Any]",
    name: str,
    table: Mapping[str, Sequence[int | str | None]],
) -> "nw.LazyFrame[Any]":
    """Join the codes of a column; those without any value have no type, which is given here."""
    import narwhals as nw

    filled = {
        code: cells for code, cells in table.items() if any(cell is not None for cell in cells)
    }
    if filled:
        frame = frame.join(engine.table(filled), on=name, how="left")
    # pandas holds no whole numbers that are missing
    number = nw.Float64() if frame.implementation.is_pandas_like() else nw.Int64()
    unfilled = [code for code in table if code not in filled and code != name]
    if not unfilled:
        return frame
    return frame.with_columns(*(nw.lit(None, number).alias(code) for code in unfilled))


def _distinct(frame: "nw.LazyFrame[Any]", name: str, *more: str) -> dict[str, list[object]]:
    """Return the distinct values of one column, or combinations of several, with their numbers."""
    import narwhals as nw

    found = frame.group_by(name, *more).agg(nw.len().alias(_N)).head(_MOST_DISTINCT + 1)
    table = collected(found)
    if len(table[name]) > _MOST_DISTINCT:
        raise InputError(
            f"more than {_MOST_DISTINCT:,} different values stand in the column of {name}",
            f"check that it holds {name}, without times of day, or name another in the mapping",
            field=name,
        )
    return table


def _whole(raws: Sequence[object]) -> "list[Raw | None]":
    whole = [int(raw) if isinstance(raw, float) else raw for raw in raws]
    return cast("list[Raw | None]", whole)


def _labels(cleaned: Mapping[str, Cleaned], known: Registry) -> dict[str, Sequence[str]]:
    retailers = sorted(retailer.retailer for retailer in known.retailers)
    groups = sorted({retailer.group for retailer in known.retailers})
    listed = {
        name: sorted({str(value) for value in cleaned[name].values.values()} | {""})
        for name in ("reasons", "voltage")
        if name in cleaned
    }
    return {
        "gaining": retailers,
        "losing": retailers,
        "losing_group": groups,
        "area": [f"{code:02d}" for code in range(11)],
        "home": ["no", "yes"],
        "reason": listed.get("reasons", [""]),
        "voltage": listed.get("voltage", [""]),
    }


def _tables(
    cleaned: Mapping[str, Cleaned],
    labels: Mapping[str, Sequence[str]],
    question: Question,
    known: Registry,
    columns: Sequence[str],
) -> dict[str, dict[str, list[int | str | None]]]:
    """Return raw value → codes, of the columns whose codes are used or that hold bad values."""
    places = {
        name: {label: place for place, label in enumerate(words)} for name, words in labels.items()
    }
    by_id = {retailer.retailer: retailer for retailer in known.retailers}
    codes: dict[str, Callable[[Any], int]] = {
        "submitted": int,
        "resolved": int,
        "attempt": int,
        "gaining": lambda value: places["gaining"][value],
        "losing": lambda value: places["losing"][value],
        "area": int,
        "outcome": OUTCOMES.index,
        "reasons": lambda value: places["reason"][value],
        "voltage": lambda value: places["voltage"][value],
    }
    used = {"submitted", "gaining", "outcome", "resolved", *question.needed(columns)}
    if "reason" in question.strata:
        used.add("reasons")
    if "supply_point" in columns:
        used.add("area")
    tables: dict[str, dict[str, list[int | str | None]]] = {}
    for name, column in cleaned.items():
        if name not in used and not column.problems:
            continue
        raws = [*column.values, *column.problems]
        coded = [codes[name](value) for value in column.values.values()]
        table: dict[str, list[Any]] = {
            name: raws,
            f"c_{name}": coded + [_BAD] * len(column.problems),
        }
        filler = [None] * len(column.problems)
        values = list(column.values.values())
        if name == "submitted":
            table["c_month"] = [*map(month_of, coded), *filler]
        if name == "gaining":
            table["c_own_area"] = [*(int(by_id[str(v)].area or 0) for v in values), *filler]
        if name == "losing":
            groups = (places["losing_group"][by_id[str(value)].group] for value in values)
            table["c_losing_group"] = [*groups, *filler]
        tables[name] = table
    return tables


def _conditions(
    cleaned: Mapping[str, Cleaned], blank: set[str], columns: Sequence[str]
) -> "list[nw.Expr]":
    import narwhals as nw

    conditions = [
        (nw.col(f"c_{name}") == _BAD).fill_null(value=False)
        for name, column in cleaned.items()
        if column.problems
    ]
    conditions += [nw.col(f"c_{name}").is_null() for name in sorted(blank)]
    if "resolved" in columns:
        real = nw.col("c_resolved") != _BAD
        early = real & (nw.col("c_resolved") < nw.col("c_submitted"))
        conditions.append(early.fill_null(value=False))
    return conditions


def _any(conditions: "Sequence[nw.Expr]") -> "nw.Expr | None":
    found = None
    for condition in conditions:
        found = condition if found is None else found | condition
    return found
