"""Checks supply-point numbers where they stand: they never leave the engine."""

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw

    from switchstats.engines.cleaning import Cleaned
    from switchstats.engines.protocol import Engine

__all__ = [
    "BAD",
    "BLANK",
    "FINE",
    "WRONG_AREA",
    "SupplyPoints",
    "look_at_supply_points",
    "marked_whole",
    "with_area",
]

FINE, BAD, WRONG_AREA, BLANK = 0, 1, 2, 3

_MARK = "sp_whole"
# comes behind all digits
_BEYOND = ":"
_WHOLE = "^0[1-9][0-9]{20}$|^10[0-9]{20}$"
_FULL_WIDTH = tuple(chr(0xFF10 + digit) for digit in range(10))
_SEPARATORS = "[-‐‑‒–—―−－ー\\s　]"


@dataclass(frozen=True, slots=True)
class SupplyPoints:
    """What a first look at all supply points showed.

    Parameters
    ----------
    needs_folding
        Whether some are written full-width or with dashes between.
    required
        Whether a blank one is an error.
    area
        Whether the rows have an area to compare with.
    any_bad
        Whether any is wrong; when none is, no row is looked at again.
    """

    needs_folding: bool
    required: bool
    area: bool
    any_bad: bool = False

    def marked(self, frame: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
        """Return the frame with plain digits, and with marks when any supply point is bad.

        Columns added: ``sp_state`` and ``sp_length``, both only when some are bad.
        """
        import narwhals as nw

        if self.needs_folding:
            frame = frame.with_columns(_folded(nw.col("supply_point")).alias("supply_point"))
        if not self.any_bad:
            return frame
        return frame.with_columns(
            _state(area=self.area).alias("sp_state"),
            nw.col("supply_point").str.len_chars().alias("sp_length"),
            nw.col("supply_point").str.contains("^[0-9]+$").alias("sp_digits"),
        )

    @property
    def is_bad(self) -> "nw.Expr":
        """Whether a marked row is rejected for its supply point."""
        import narwhals as nw

        state = nw.col("sp_state")
        wrong = (state == BAD) | (state == WRONG_AREA)
        return wrong | (state == BLANK) if self.required else wrong


def marked_whole(frame: "nw.LazyFrame[Any]", column: str, mark: str) -> "nw.LazyFrame[Any]":
    """Return the frame with a mark of the rows whose cell is a whole supply-point number."""
    import narwhals as nw

    return frame.with_columns(nw.col(column).str.contains(_WHOLE).alias(mark))


def with_area(
    engine: "Engine", frame: "nw.LazyFrame[Any]", areas: "Cleaned", *, blank: bool
) -> "nw.LazyFrame[Any]":
    """Return the frame with ``s_area``, and ``s_beyond``, what comes behind its supply points.

    Where all areas are written as supply points begin with them, nothing is joined.
    """
    import narwhals as nw

    values = areas.values
    if not blank and not areas.problems and all(raw == code for raw, code in values.items()):
        area = nw.col("area")
        beyond = nw.concat_str(area, nw.lit(_BEYOND)).alias("s_beyond")
        return frame.with_columns(area.alias("s_area"), beyond)
    codes = [str(code) for code in values.values()]
    table = {
        "area": list(values),
        "s_area": codes,
        "s_beyond": [f"{code}{_BEYOND}" for code in codes],
    }
    if not codes:
        nothing = (nw.lit(None, nw.String()).alias(name) for name in ("s_area", "s_beyond"))
        return frame.with_columns(*nothing)
    return frame.join(engine.table(table), on="area", how="left")


def look_at_supply_points(
    engine: "Engine", frame: "nw.LazyFrame[Any]", *, required: bool, area: bool
) -> SupplyPoints:
    """Count the states of all supply points, with their dashes folded when some are not plain.

    With `area` the frame has the code of each row's area (``s_area``), and what comes behind all
    supply points of that area (``s_beyond``).
    """
    found = SupplyPoints(needs_folding=False, required=required, area=area)
    states = _states(engine, frame, area=area)
    if BAD in states:
        found = SupplyPoints(needs_folding=True, required=required, area=area)
        states = _states(engine, found.marked(frame), area=area)
    wrong = {BAD, WRONG_AREA, BLANK} if required else {BAD, WRONG_AREA}
    return SupplyPoints(found.needs_folding, required, area, any_bad=bool(wrong & states))


def _states(engine: "Engine", frame: "nw.LazyFrame[Any]", *, area: bool) -> set[int]:
    import narwhals as nw

    frame = engine.marked_whole(frame, "supply_point", _MARK)
    fine = nw.col(_MARK)
    if area:
        number = nw.col("supply_point")
        # faster than to cut the digits of the area off and compare those
        fine = fine & (number >= nw.col("s_area")) & (number < nw.col("s_beyond"))
    # nearly all are fine, and only the others are looked at closely, those without an area too
    others = frame.filter(~fine.fill_null(value=False))
    states = others.select(_state(area=area).alias("state")).group_by("state").agg(nw.len())
    return {int(state) for state in states.collect()["state"].to_list()}


def _state(*, area: bool) -> "nw.Expr":
    import narwhals as nw

    number = nw.col("supply_point")
    state = nw.when(number.is_null() | (number == "")).then(nw.lit(BLANK))
    state = state.when(~number.str.contains(_WHOLE)).then(nw.lit(BAD))
    if area:
        state = state.when(_elsewhere()).then(nw.lit(WRONG_AREA))
    return state.otherwise(nw.lit(FINE))


def _elsewhere() -> "nw.Expr":
    import narwhals as nw

    other = nw.col("supply_point").str.slice(0, 2) != nw.col("s_area")
    # pandas calls a missing area unequal, SQL calls it unknown
    return ~nw.col("s_area").is_null() & other.fill_null(value=False)


def _folded(number: "nw.Expr") -> "nw.Expr":
    import narwhals as nw

    plain = number.str.replace_all(_SEPARATORS, "")
    for digit in _FULL_WIDTH:
        plain = plain.str.replace_all(digit, unicodedata.normalize("NFKC", digit), literal=True)
    return nw.when(number.str.contains(_WHOLE)).then(number).otherwise(plain)
