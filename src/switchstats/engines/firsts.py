"""The first request of each link, found by one grouping: nothing is sorted."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from switchstats.engines.cleaning import OUTCOMES
from switchstats.engines.coding import Coded, month_of
from switchstats.engines.protocol import Engine
from switchstats.errors import UsageError

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["FIRST", "answered_day", "digits_of", "firsts", "number_of", "with_months"]

FIRST = "first_"
# Whole numbers below this survive a division in floating point, which Spark does.
_EXACT = 1 << 53
_MOST_ATTEMPTS = 1000


def digits_of(coded: Coded, columns: Sequence[str]) -> dict[str, int]:
    """Return column → size, of the codes that stand behind the day in a request's number.

    Raises
    ------
    UsageError
        When the number would be too long to be exact.
    """
    sizes = {
        "c_outcome": len(OUTCOMES),
        "c_area": len(coded.labels["area"]),
        "c_losing": len(coded.labels["losing"]),
        "c_losing_group": len(coded.labels["losing_group"]),
        "home_": 2,
        "c_reasons": len(coded.labels["reason"]),
        "c_voltage": len(coded.labels["voltage"]),
        "c_attempt": _MOST_ATTEMPTS,
    }
    digits = {name: size for name, size in sizes.items() if name in columns}
    product = max(coded.days, default=1)
    for size in digits.values():
        product *= size
    if product >= _EXACT:
        raise UsageError("too many strata at once to link requests; name fewer of them")
    return digits


def number_of(digits: Mapping[str, int]) -> "nw.Expr":
    """Return a request's number: its day, then its codes; the smallest of a link is its first."""
    import narwhals as nw

    number = nw.col("c_submitted").cast(nw.Int64)
    for name, size in digits.items():
        number = number * size + nw.col(name).fill_null(0).cast(nw.Int64)
    return number


def firsts(links: "nw.LazyFrame[Any]", digits: Mapping[str, int]) -> "nw.LazyFrame[Any]":
    """Return links with the day (``c_day``) and the codes of their first request.

    `links` have its number in the column `FIRST`.
    """
    import narwhals as nw

    for name, size in reversed(list(digits.items())):
        whole = nw.col(FIRST) // size
        links = links.with_columns((nw.col(FIRST) - whole * size).alias(name), whole.alias(FIRST))
    return links.with_columns(nw.col(FIRST).cast(nw.Int64).alias("c_day"))


def with_months(engine: Engine, links: "nw.LazyFrame[Any]", coded: Coded) -> "nw.LazyFrame[Any]":
    """Return links with the month of their first request (``c_month``)."""
    months = {"c_day": list(coded.days), "c_month": [month_of(day) for day in coded.days]}
    return links.join(engine.table(months), on="c_day", how="left")


def answered_day(coded: Coded) -> "nw.Expr":
    """Return the day on which a request was answered; of submission where that is not known."""
    import narwhals as nw

    day = nw.col("c_submitted").cast(nw.Int64)
    if "resolved" not in coded.columns:
        return day
    resolved = nw.col("c_resolved").fill_null(0).cast(nw.Int64)
    return nw.when(resolved > 0).then(resolved).otherwise(day)
