"""Finds requests that stand twice; the earliest stays, the others are quarantined."""

import secrets
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.coding import Coded, collected
from switchstats.engines.protocol import FILE, LINE, LINK, Engine, Opened
from switchstats.engines.rejected import MOST_REJECTED, place_of, shown
from switchstats.errors import InputError
from switchstats.values import Rejected

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["without_duplicates"]

_SAME, _MORE, _COPIES = "same_", "more_", "copies_"


def without_duplicates(
    engine: Engine, opened: Opened, coded: Coded, kept: "list[str]"
) -> "tuple[nw.LazyFrame[Any], list[Rejected]]":
    """Return the valid rows, each request once, and an entry for every further copy.

    Two rows are one request when their request identifiers are equal; rows without one when every
    cell is equal. The first by submitted day, then by the codes of the row, then by line stays,
    so that no engine's order of rows decides. Without a column of identifiers nothing is done:
    two people of one retailer may well file alike on one day.

    Parameters
    ----------
    engine, opened, coded
        The rows.
    kept
        Columns that the counts need.

    Raises
    ------
    InputError
        When more than a million rows are copies.
    """
    import narwhals as nw

    valid = coded.valid()
    if "request_id" not in coded.columns:
        return valid.select(*kept), []
    looked_at = opened.frame
    if _blank_somewhere(looked_at):
        looked_at = valid = _with_identity(engine, valid, coded)
    else:
        # any copies at all are looked for where nothing is joined yet
        looked_at, valid = (
            frame.with_columns(nw.col("request_id").alias(_SAME)) for frame in (looked_at, valid)
        )
    repeated = (
        looked_at.group_by(_SAME)
        .agg(nw.len().alias(_COPIES))
        .filter(nw.col(_COPIES) > 1)
        .select(_SAME)
        .head(MOST_REJECTED + 1)
    )
    same = collected(repeated)[_SAME]
    if not same:
        return valid.select(*kept), []
    if len(same) > MOST_REJECTED:
        raise _too_many()
    table = engine.table({_SAME: cast("list[str]", same)})
    copies = valid.join(table, on=_SAME, how="inner")
    names = copies.collect_schema().names()
    shown_columns = [name for name in (FILE, LINE, "request_id", _SAME) if name in names]
    wanted = list(dict.fromkeys([*kept, "c_submitted", *shown_columns]))
    rows = collected(copies.select(*wanted).head(2 * MOST_REJECTED + 1))
    stayers, entries = _told_apart(rows, kept, opened)
    if len(entries) > MOST_REJECTED:
        raise _too_many()
    rest = valid.join(table, on=_SAME, how="anti").select(*kept)
    types = rest.collect_schema()
    again = engine.table(stayers).select(*(nw.col(name).cast(types[name]) for name in kept))
    return nw.concat([rest, again], how="vertical"), entries


def _with_identity(engine: Engine, valid: "nw.LazyFrame[Any]", coded: Coded) -> "nw.LazyFrame[Any]":
    """Add what makes two rows one request; cells instead of a missing identifier, hashed."""
    import narwhals as nw

    number = nw.col("request_id")
    cells = [nw.col(name).cast(nw.String).fill_null("\x1f") for name in coded.columns[1:]]
    whole_row = nw.when(_is_blank(number)).then(nw.concat_str(cells, separator="\x1e"))
    # one hash of 63 bits could call two of very many rows the same, two of them cannot
    for part in (_SAME, _MORE):
        valid = valid.with_columns(whole_row.alias(part))
        valid = engine.hashed(valid, part, secrets.token_bytes(32))
    halves = (nw.col(part).cast(nw.String) for part in (_SAME, _MORE))
    identity = nw.concat_str([nw.lit("\x1e"), *halves], separator=" ")
    return valid.with_columns(
        nw.when(_is_blank(number)).then(identity).otherwise(number).alias(_SAME)
    )


def _blank_somewhere(frame: "nw.LazyFrame[Any]") -> bool:
    import narwhals as nw

    blank = frame.filter(_is_blank(nw.col("request_id"))).select(nw.len())
    return bool(int(blank.collect().item()))


def _is_blank(cell: "nw.Expr") -> "nw.Expr":
    return cell.is_null() | (cell == "")


def _told_apart(
    rows: dict[str, list[object]], kept: "list[str]", opened: Opened
) -> "tuple[dict[str, list[int | str | None]], list[Rejected]]":
    count = len(rows[_SAME])
    order = sorted(
        range(count),
        key=lambda row: (
            str(rows[_SAME][row]),
            rows["c_submitted"][row],
            *(_sortable(rows[name][row]) for name in kept if name != LINK),
            # a keyed hash comes last: its order changes with the key
            *(_sortable(rows[name][row]) for name in (FILE, LINE, LINK) if name in rows),
        ),
    )
    stayers: dict[str, list[int | str | None]] = {name: [] for name in kept}
    entries: list[Rejected] = []
    before: object = None
    for row in order:
        if rows[_SAME][row] != before:
            before = rows[_SAME][row]
            for name in kept:
                stayers[name].append(cast("int | str | None", _whole(rows[name][row])))
            continue
        cells = {name: column[row] for name, column in rows.items()}
        place, number = place_of(cells, opened), shown(cells["request_id"])
        entries.append(Rejected("duplicate", *place, "request_id", number))
    return stayers, entries


def _sortable(cell: object) -> tuple[int, float, str]:
    if cell is None:
        return (0, 0.0, "")
    return (1, float(cell), "") if isinstance(cell, int | float) else (2, 0.0, str(cell))


def _whole(cell: object) -> object:
    return int(cell) if isinstance(cell, float) else cell


def _too_many() -> InputError:
    return InputError(
        f"more than {MOST_REJECTED:,} rows repeat the identifier of another",
        "check that the column of request_id names each request, or leave it out in the mapping",
        field="request_id",
    )
