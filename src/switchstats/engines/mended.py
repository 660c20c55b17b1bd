"""Puts the cells that a person mended in the place of those that stand in the rows."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from switchstats.engines.coding import collected
from switchstats.engines.columns import CANONICAL
from switchstats.engines.protocol import FILE, LINE, Engine, Opened, Place
from switchstats.errors import InputError
from switchstats.inputs.masks import MASK
from switchstats.inputs.mended import Mended, refuse_changed, refuse_other_cell

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["with_mended"]

_NEW = "mended_"
_Cells = dict[str, list[tuple[str | None, int, str]]]


def with_mended(engine: Engine, opened: Opened, mended: Mended) -> Opened:
    """Return the rows with mended cells.

    Raises
    ------
    InputError
        When a mended cell stands nowhere, the file has changed since, or another cell stands in the
        frame; or when the engine does not know the lines of its rows.
    """
    import narwhals as nw

    digests = {file.name: file.sha256 for file in opened.inputs()}
    refuse_changed(mended, digests)
    frame = opened.frame
    schema = frame.collect_schema()
    for column, cells in _by_column(opened, mended, set(schema.names())).items():
        keys = [name for name in (FILE, LINE) if name in schema.names()]
        files, lines, values = (list(part) for part in zip(*cells, strict=True))
        given = {FILE: files, LINE: lines}
        table = engine.table({**{name: given[name] for name in keys}, _NEW: values})
        table = table.select(*(nw.col(name).cast(schema[name]) for name in keys), _NEW)
        if not digests:
            _refuse_others(frame.join(table, on=keys, how="inner"), column, opened, mended)
        frame = frame.join(table, on=keys, how="left").with_columns(_chosen(column)).drop(_NEW)
    return replace(opened, frame=frame)


def _refuse_others(rows: "nw.LazyFrame[Any]", column: str, opened: Opened, mended: Mended) -> None:
    """Look at the cells of a frame that are to be replaced; a masked one is not even looked at."""
    places = {
        (line, name): (place, one) for place, one in mended.items() for _, _, line, name in (place,)
    }
    hidden = next((p for p, one in mended.items() if p[3] == column and MASK in one.raw), None)
    if hidden is not None:
        refuse_other_cell(hidden, mended[hidden], None)
    found = collected(rows.select(LINE, column))
    for number, cell in zip(found[LINE], found[column], strict=True):
        line = opened.places(None, number).line or 0
        place, one = places[line, column]
        refuse_other_cell(place, one, cell)


def _by_column(opened: Opened, mended: Mended, present: set[str]) -> _Cells:
    columns: _Cells = {}
    for (file, sheet, line, field), one in mended.items():
        found = opened.find(Place(file, sheet or None, line))
        if found is None or field not in present or field not in CANONICAL:
            raise InputError(
                "a mended cell, but no such cell is read",
                "keep file, sheet, line and field as they were written, and mend the same file",
                file,
                line,
                field,
            )
        columns.setdefault(field, []).append((*found, one.value))
    return columns


def _chosen(column: str) -> "nw.Expr":
    import narwhals as nw

    new: Any = nw.col(_NEW)
    was = nw.when(~nw.col(column).is_null()).then(nw.col(column).cast(nw.String))
    return nw.when(~new.is_null()).then(new).otherwise(was).alias(column)
