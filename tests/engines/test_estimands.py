"""Which requests count under each estimand, derived by hand for a few rows each."""

from collections.abc import Callable

import pandas as pd
import pytest

from switchstats.engines import estimand_sensitivity, read_requests
from switchstats.errors import NotAnswerableError, UsageError

Rows = Callable[..., pd.DataFrame]

POINT = "01" + "0" * 19
A, B, C, D = (POINT + str(number) for number in range(4))


def _counted(frame: pd.DataFrame, **options: object) -> tuple[int, int, dict[str, int]]:
    loaded = read_requests(frame, **{"settle_days": 0} | options)
    account = loaded.account
    assert account.read == len(frame)
    return loaded.counts.requests, int(loaded.counts.frame["errors"].sum()), dict(account.excluded)


def test_first_attempts_by_number(rows: Rows) -> None:
    frame = rows(
        {"attempt": "1", "outcome": "error"},
        {"attempt": "2", "outcome": "accepted"},
        {"attempt": "1", "outcome": "accepted"},
    )
    assert _counted(frame) == (2, 1, {"later_attempt": 1})


def test_first_attempts_by_link_are_the_earliest_of_a_point_and_a_gaining_retailer(
    rows: Rows,
) -> None:
    frame = rows(
        {"supply_point": A, "submitted": "2023-01-12", "outcome": "accepted"},
        {"supply_point": A, "submitted": "2023-01-10", "outcome": "error"},
        {"supply_point": A, "submitted": "2023-01-11", "gaining": "新電力B"},
        {"supply_point": B, "submitted": "2023-01-10"},
    )
    assert _counted(frame) == (3, 1, {"later_attempt": 1})


def test_on_one_day_an_error_comes_before_its_repetition(rows: Rows) -> None:
    frame = rows(
        {"supply_point": A, "outcome": "accepted"},
        {"supply_point": A, "outcome": "error"},
    )
    assert _counted(frame) == (1, 1, {"later_attempt": 1})


def test_strata_and_month_of_a_link_are_those_of_its_first_request(rows: Rows) -> None:
    frame = rows(
        {"supply_point": A, "submitted": "2023-02-01", "losing": "新電力C", "reasons": ""},
        {
            "supply_point": A,
            "submitted": "2023-01-31",
            "losing": "新電力B",
            "outcome": "error",
            "reasons": "住所",
        },
    )
    loaded = read_requests(frame, settle_days=0, strata=("losing", "home", "reason"))
    (row,) = loaded.counts.frame.to_dict("records")
    assert (row["losing"], row["home"], row["reason"]) == ("entrant-b", "yes", "address")
    assert str(row["period_start"])[:10] == "2023-01-01"


def test_all_attempts(rows: Rows) -> None:
    frame = rows({"outcome": "error"}, {}, {"outcome": "pending"}, {"outcome": "withdrawn"})
    assert _counted(frame, estimand="all_attempts") == (2, 1, {"pending": 1, "withdrawn": 1})


def test_cases_are_errors_when_never_accepted_in_time(rows: Rows) -> None:
    frame = rows(
        # accepted on the last day in time: 10 January + 30 days
        {"supply_point": A, "outcome": "error"},
        {"supply_point": A, "submitted": "2023-02-09"},
        # accepted one day late
        {"supply_point": B, "outcome": "error"},
        {"supply_point": B, "submitted": "2023-02-10"},
        # an error that was resolved
        {"supply_point": C, "outcome": "error", "resolved": "2023-01-20"},
        # never decided
        {"supply_point": D, "outcome": "withdrawn"},
    )
    got = _counted(frame, estimand="cases", cases_days=30)
    assert got == (3, 2, {"later_attempt": 2, "withdrawn": 1})


def test_a_case_without_its_whole_window_is_left_out_with_all_its_rows(rows: Rows) -> None:
    frame = rows(
        {"supply_point": A, "outcome": "error"},
        {"supply_point": A, "submitted": "2023-02-08"},
        {"supply_point": B, "submitted": "2023-01-09", "outcome": "error"},
    )
    # as of 8 February: 9 January has its 30 days, 10 January has not
    got = _counted(frame, estimand="cases", cases_days=30)
    assert got == (1, 1, {"settling": 2})


def test_every_request_in_the_settling_window_is_left_out_not_only_pending_ones(rows: Rows) -> None:
    frame = rows(
        {"submitted": "2023-03-31"},
        {"submitted": "2023-03-02", "outcome": "error"},
        {"submitted": "2023-03-01", "outcome": "error"},
        {"submitted": "2023-01-01", "outcome": "pending"},
    )
    got = _counted(frame, settle_days=30, estimand="all_attempts")
    assert got == (1, 1, {"settling": 2, "pending": 1})


def test_as_of_moves_the_window(rows: Rows) -> None:
    from datetime import date

    frame = rows({"submitted": "2023-03-31"}, {"submitted": "2023-03-01"})
    got = _counted(frame, settle_days=30, estimand="all_attempts", as_of=date(2023, 6, 1))
    assert got == (2, 0, {})


def test_links_leave_out_settling_rows_and_later_ones(rows: Rows) -> None:
    frame = rows(
        {"supply_point": A, "submitted": "2023-01-01", "outcome": "error"},
        {"supply_point": A, "submitted": "2023-01-05"},
        {"supply_point": A, "submitted": "2023-03-31"},
    )
    assert _counted(frame, settle_days=30) == (1, 1, {"settling": 1, "later_attempt": 1})


def test_reasons_divide_the_errors_of_a_cell_and_share_its_requests(rows: Rows) -> None:
    frame = rows(
        {"outcome": "error", "reasons": "住所"},
        {"outcome": "error", "reasons": "住所、契約番号"},
        {"outcome": "accepted", "reasons": ""},
        {"gaining": "新電力B", "reasons": ""},
    )
    counts = read_requests(
        frame, settle_days=0, estimand="all_attempts", strata=("reason",)
    ).counts.frame
    assert counts[["retailer", "reason", "requests", "errors"]].to_numpy().tolist() == [
        ["entrant-b", "", 1, 0],
        ["hokkaido", "address", 3, 1],
        ["hokkaido", "address+contract_number", 3, 1],
    ]


def test_home_is_the_retailers_own_area(rows: Rows) -> None:
    frame = rows({}, {"area": "03"}, {"gaining": "新電力B"})
    counts = read_requests(
        frame, settle_days=0, estimand="all_attempts", strata=("home",)
    ).counts.frame
    assert counts[["retailer", "home"]].to_numpy().tolist() == [
        ["entrant-b", "no"],
        ["hokkaido", "no"],
        ["hokkaido", "yes"],
    ]


def test_one_period_for_all_days(rows: Rows) -> None:
    frame = rows({"submitted": "2023-01-31"}, {"submitted": "2023-03-01"})
    counts = read_requests(frame, settle_days=0, estimand="all_attempts", month=False).counts
    assert [period.to_dict() for period in counts.periods] == [
        {"start": "2023-01-31", "end": "2023-03-02"}
    ]


@pytest.mark.parametrize(
    ("options", "quantity"),
    [
        ({"estimand": "first_attempt"}, "estimand first_attempt"),
        ({"estimand": "cases"}, "estimand cases"),
        ({"estimand": "all_attempts", "strata": ("voltage",)}, "counts by voltage"),
    ],
)
def test_what_the_columns_cannot_tell_is_refused(
    rows: Rows, options: dict[str, object], quantity: str
) -> None:
    with pytest.raises(NotAnswerableError, match=quantity):
        read_requests(rows({}), **options)


@pytest.mark.parametrize(
    "options",
    [
        *({"estimand": "best"}, {"strata": ("colour",)}, {"settle_days": -1}),
        *({"engine": "abacus"}, {"as_of": "2023-02-01"}, {"max_rejected": True}),
    ],
)
def test_arguments_out_of_range(rows: Rows, options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        read_requests(rows({}), **{"estimand": "all_attempts"} | options)


def test_sensitivity_leaves_out_what_cannot_be_told(rows: Rows) -> None:
    frame = rows({"attempt": 1, "outcome": "error"}, {"attempt": 2})
    table = estimand_sensitivity(frame, settle_days=0)
    assert table.to_numpy().tolist() == [
        ["first_attempt", "incumbent", 1, 1, 1.0],
        ["all_attempts", "incumbent", 2, 1, 0.5],
    ]
