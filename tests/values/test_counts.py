"""Counts: checked on creation, added up without losing or doubling a request."""

from datetime import date

import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.values import Counts, Period, Retailer

JAN = {"period_start": date(2023, 1, 1), "period_end": date(2023, 2, 1)}
FEB = {"period_start": date(2023, 2, 1), "period_end": date(2023, 3, 1)}
RETAILERS = (
    Retailer("a", Text("甲", "A"), "incumbent", "01"),
    Retailer("b", Text("乙", "B"), "entrant"),
)


def _counts(*rows: dict) -> Counts:
    return Counts.of(pd.DataFrame(rows), RETAILERS)


def _by_area() -> Counts:
    return _counts(
        {"retailer": "b", **FEB, "area": "01", "requests": 4, "errors": 4},
        {"retailer": "a", **JAN, "area": "01", "requests": 10, "errors": 2},
        {"retailer": "a", **JAN, "area": "02", "requests": 5, "errors": 0},
    )


def test_sums_filters_and_order() -> None:
    counts = _by_area()
    assert (counts.requests, counts.errors, len(counts)) == (19, 6, 3)
    assert counts.frame["retailer"].to_list() == ["a", "a", "b"]
    assert counts.frame["group"].to_list() == ["incumbent", "incumbent", "entrant"]
    assert counts.periods[0] == Period(date(2023, 1, 1), date(2023, 2, 1))
    assert counts.where(area="01").requests == 14
    assert counts.where(retailer=["b"], area=["01", "02"]).errors == 4
    assert counts.group("incumbent").requests == 15
    assert counts.during(Period(date(2023, 2, 1), date(2024, 1, 1))).requests == 4
    assert counts.collapse("area") == counts
    assert counts.collapse().frame["requests"].to_list() == [15, 4]


def test_the_table_inside_cannot_be_changed_through_a_copy() -> None:
    counts = _by_area()
    copy = counts.frame
    copy["requests"] = 0
    assert counts.requests == 19


def test_reasons_share_the_requests_of_their_cell() -> None:
    # by hand: area 01 has 10 requests, 1 error on the name alone, 2 on name and address;
    # area 02 has 5 requests and 1 error on the address alone
    counts = _counts(
        {"retailer": "a", **JAN, "area": "01", "reason": "name", "requests": 10, "errors": 1},
        {
            "retailer": "a",
            **JAN,
            "area": "01",
            "reason": "address+name",
            "requests": 10,
            "errors": 2,
        },
        {"retailer": "a", **JAN, "area": "02", "reason": "address", "requests": 5, "errors": 1},
    )
    assert (counts.requests, counts.errors) == (15, 4)
    assert counts.collapse("area").frame["requests"].to_list() == [10, 5]
    assert counts.collapse("area").frame["errors"].to_list() == [3, 1]
    by_reason = counts.collapse("reason").frame
    assert by_reason["requests"].to_list() == [15, 15, 15]
    assert by_reason.set_index("reason")["errors"].to_dict() == {
        "address": 1,
        "address+name": 2,
        "name": 1,
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"errors": 11}, "errors exceed requests"),
        ({"errors": -1}, "must not be negative"),
        ({"requests": 10.5}, "requests must be whole numbers"),
        ({"errors": None}, "errors must be whole numbers"),
        ({"errors": "two"}, "errors must be whole numbers"),
        ({"retailer": "c"}, "unknown retailer"),
        ({"area": None}, "a key of counts is missing"),
        ({"period_end": date(2023, 1, 1)}, "must end after it starts"),
        ({"colour": "red"}, "cannot hold the column 'colour'"),
    ],
)
def test_what_cannot_be_is_refused(change: dict, message: str) -> None:
    row = {"retailer": "a", **JAN, "area": "01", "requests": 10, "errors": 2}
    with pytest.raises(UsageError, match=message):
        _counts(row | change)


def test_a_repeated_key_and_a_missing_column_are_refused() -> None:
    row = {"retailer": "a", **JAN, "requests": 10, "errors": 2}
    with pytest.raises(UsageError, match="repeat a key"):
        _counts(row, row)
    with pytest.raises(UsageError, match="need the column 'errors'"):
        Counts.of(pd.DataFrame([row]).drop(columns="errors"), RETAILERS)


def test_uneven_reasons_are_refused() -> None:
    row = {"retailer": "a", **JAN, "reason": "x", "requests": 10, "errors": 6}
    with pytest.raises(UsageError, match="share the same requests"):
        _counts(row, row | {"reason": "y", "requests": 9})
    with pytest.raises(UsageError, match="exceed the requests of their cell"):
        _counts(row, row | {"reason": "y"})


def test_a_stratum_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(NotAnswerableError, match="counts by losing"):
        _by_area().collapse("losing")
    with pytest.raises(UsageError, match="no column 'voltage'"):
        _by_area().where(voltage="low")
