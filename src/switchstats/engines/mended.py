"""Puts the cells that a person mended in the place of those that stand in the rows."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.cleaning import clean
from switchstats.engines.coding import collected
from switchstats.engines.columns import CANONICAL, Mapped
from switchstats.engines.protocol import FILE, LINE, Engine, Opened, Place
from switchstats.facts import registry
from switchstats.inputs.mended import (
    Mend,
    Mended,
    no_such_cell,
    refuse_other_cell,
    refuse_other_files,
)
from switchstats.inputs.mended import Place as Cell

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["with_mended"]

_NEW = "mended_"
_DAYS = ("submitted", "resolved")
_Cells = dict[str, dict[tuple[str | None, int], tuple[Cell, Mend]]]


def with_mended(engine: Engine, opened: Opened, mended: Mended) -> Opened:
    """Return the rows with mended cells.

    Raises
    ------
    InputError
        When a mended cell stands nowhere, since the engine does not know the lines of its rows; or
        when the file has changed since, or another cell stands there now.
    """
    import narwhals as nw

    refuse_other_files(mended, opened.inputs())
    frame = opened.frame
    schema = frame.collect_schema()
    for column, cells in _by_column(opened, mended, set(schema.names())).items():
        keys = [name for name in (FILE, LINE) if name in schema.names()]
        files, lines = (list(part) for part in zip(*cells, strict=True))
        values = [mend.value for _, mend in cells.values()]
        given = {FILE: files, LINE: lines}
        table = engine.table({**{name: given[name] for name in keys}, _NEW: values})
        table = table.select(*(nw.col(name).cast(schema[name]) for name in keys), _NEW)
        if any(mend.digest is None for _, mend in cells.values()):
            _refuse_other_cells(frame.join(table, on=keys, how="inner"), column, cells)
        frame = frame.join(table, on=keys, how="left").with_columns(_chosen(column)).drop(_NEW)
    return replace(opened, frame=frame)


def _by_column(opened: Opened, mended: Mended, present: set[str]) -> _Cells:
    columns: _Cells = {}
    for place, mend in mended.items():
        file, sheet, line, field = place
        found = opened.find(Place(file, sheet or None, line))
        if found is None or field not in present or field not in CANONICAL:
            raise no_such_cell(place)
        columns.setdefault(field, {})[found] = place, mend
    return columns


def _refuse_other_cells(
    rows: "nw.LazyFrame[Any]", column: str, cells: dict[tuple[str | None, int], tuple[Cell, Mend]]
) -> None:
    """Raise when a mended cell is not the one that stands in its place."""
    table = collected(rows)
    files = table.get(FILE, [None] * len(table[LINE]))
    for file, line, now in zip(files, table[LINE], table[column], strict=True):
        place, mend = cells[None if file is None else str(file), int(cast("int", line))]
        refuse_other_cell(place, mend, *_ways_to_show(column, now))


def _ways_to_show(column: str, cell: object) -> list[str]:
    """Return a cell as the quarantine may show it: as it stands, or its day."""
    text = "" if cell is None else str(int(cell)) if isinstance(cell, float) else str(cell)
    ways = [text]
    if column in _DAYS:
        days = clean(column, [text], Mapped(), registry()).values.values()
        ways += [date.fromordinal(int(day)).isoformat() for day in days]
    return ways


def _chosen(column: str) -> "nw.Expr":
    import narwhals as nw

    new: Any = nw.col(_NEW)
    was = nw.when(~nw.col(column).is_null()).then(nw.col(column).cast(nw.String))
    return nw.when(~new.is_null()).then(new).otherwise(was).alias(column)
