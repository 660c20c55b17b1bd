"""Gives a frame's columns their canonical names and one form: text, or the day of a time."""

from typing import TYPE_CHECKING, Any

from switchstats.engines.columns import CANONICAL, Columns
from switchstats.engines.protocol import FILE, LINE
from switchstats.errors import InputError
from switchstats.inputs.sheet import JAPAN

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["canonical_frame", "stacked"]

_DAYS = ("submitted", "resolved")


def canonical_frame(frame: "nw.LazyFrame[Any]", columns: Columns, file: str) -> "nw.LazyFrame[Any]":
    """Select the understood columns under their canonical names.

    Times become days as numbers such as 20230131 (every engine writes a time as text in its own
    way), those with a time zone the days that they fall on in Japan; everything else becomes text.

    Raises
    ------
    InputError
        When supply points stand as numbers, since 22 digits do not survive that.
    """
    import narwhals as nw

    schema = frame.collect_schema()
    chosen = [nw.col(name) for name in (FILE, LINE) if name in schema.names()]
    for name in CANONICAL:
        header = columns.found.get(name)
        if header is None:
            if name in columns.constants:
                chosen.append(nw.lit(columns.constants[name]).alias(name))
            continue
        dtype = schema[header]
        if name == "supply_point" and dtype.is_numeric():
            raise InputError(
                "supply points stand as numbers, which cannot hold 22 digits",
                "export the column as text",
                file,
                field=header,
            )
        column = nw.col(header)
        if name in _DAYS and dtype.is_temporal() and dtype != nw.Date:
            zoned = getattr(dtype, "time_zone", None) is not None
            local = column.dt.convert_time_zone(JAPAN) if zoned else column
            chosen.append(_day_number(local).alias(name))
        elif dtype == nw.String:
            chosen.append(column.cast(nw.String).alias(name))
        else:
            text = nw.when(~column.is_null()).then(column.cast(nw.String))
            chosen.append(text.alias(name))
    return frame.select(*chosen)


def _day_number(column: "nw.Expr") -> "nw.Expr":
    import narwhals as nw

    parts = (column.dt.year(), column.dt.month(), column.dt.day())
    year, month, day = (part.fill_null(0).cast(nw.Int64) for part in parts)
    return nw.when(~column.is_null()).then(year * 10_000 + month * 100 + day)


def stacked(frames: "list[nw.LazyFrame[Any]]") -> "nw.LazyFrame[Any]":
    """Put frames of several layouts one below the other; a column that one lacks is blank there."""
    import narwhals as nw

    if len(frames) == 1:
        return frames[0]
    schemas = [frame.collect_schema() for frame in frames]
    names = [n for n in (FILE, LINE, *CANONICAL) if any(n in schema.names() for schema in schemas)]
    alike: list[nw.LazyFrame[Any]] = []
    for frame, schema in zip(frames, schemas, strict=True):
        chosen: list[nw.Expr] = []
        for name in names:
            kinds = {other[name] for other in schemas if name in other.names()}
            kind = kinds.pop() if len(kinds) == 1 else nw.String()
            column = nw.col(name) if name in schema.names() else nw.lit(None)
            chosen.append(column.cast(kind).alias(name))
        alike.append(frame.select(*chosen))
    return nw.concat(alike, how="vertical")
