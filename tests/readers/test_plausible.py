"""What no requests and errors could have produced, and what just could."""

from collections.abc import Callable
from datetime import date
from typing import get_args

import pytest

from switchstats.errors import InputError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.readers import implausible, read_published_text, refuse_impossible
from switchstats.values import PublishedTable, RoundingRule

HEAD = "新電力,2022年度,2022年度上期,2022年度下期\n"


def table(rows: str, rounding: RoundingRule = "half_up") -> PublishedTable:
    return read_published_text(HEAD + rows, rounding=rounding, check=False)


# By hand, under half-up: 18.0 stands for [17.95, 18.05), 18.1 for [18.05, 18.15).
POSSIBLE_HALF_UP = {
    ("18.0", "18.0", "18.0"): True,
    ("18.0", "17.0", "19.0"): True,
    ("18.0", "18.0", "19.0"): True,
    ("18.0", "18.1", "18.1"): False,
    ("18.1", "18.0", "18.0"): False,
    ("18.0", "18.1", "17.9"): True,
    # 18 stands for [17.5, 18.5), and 18.4 for [18.35, 18.45)
    ("18", "18.4", "18.9"): True,
    ("18", "18.5", "18.9"): True,
    ("18", "18.6", "18.9"): False,
    ("18.50", "18", "18"): True,
    ("18.51", "18", "18"): False,
    ("18.49", "18", "18"): True,
    # the ends of the scale
    ("0.0", "0.0", "0.0"): True,
    ("100.0", "100.0", "100.0"): True,
    ("100.0", "100", "99.9"): True,
    ("0.1", "0.0", "0.0"): False,
    # a blank leaves the range open
    ("18.0", "－", "30.0"): True,
    ("－", "18.0", "30.0"): True,
}


@pytest.mark.parametrize(("rates", "possible"), POSSIBLE_HALF_UP.items())
def test_whole_against_parts(rates: tuple[str, str, str], possible: bool) -> None:
    made = table(f"新電力A,{','.join(rates)}\n")
    if possible:
        refuse_impossible(made)
    else:
        with pytest.raises(InputError, match="Entrant A: the rate of FY2022 lies outside"):
            refuse_impossible(made)


@pytest.mark.parametrize("rule", get_args(RoundingRule))
def test_equal_rates_are_possible_under_every_rule(rule: RoundingRule) -> None:
    for rate in ("0.0", "17.9", "100.0"):
        refuse_impossible(table(f"新電力A,{rate},{rate},{rate}\n", rule))


@pytest.mark.parametrize(
    ("average", "possible"),
    [("16.6", True), ("21.1", True), ("18.0", True), ("21.2", False), ("16.5", False)],
)
def test_average_against_members(average: str, possible: bool) -> None:
    rows = "新電力A,21.1,21.1,21.1\n新電力B,16.6,16.6,16.6\n"
    made = table(f"{rows}加重平均,{average},{average},{average}\n")
    if possible:
        refuse_impossible(made)
    else:
        with pytest.raises(InputError, match="outside the rates of its members"):
            refuse_impossible(made)


def test_average_row_is_held_to_its_parts_too() -> None:
    rows = "新電力A,18.0,10.0,30.0\n新電力B,18.0,10.0,30.0\n加重平均,18.0,20.0,21.0\n"
    with pytest.raises(InputError, match="average of entrant: the rate of FY2022 lies outside"):
        refuse_impossible(table(rows))


def test_average_of_members_with_a_blank_is_left_open() -> None:
    refuse_impossible(table("新電力A,18.0,18.0,18.0\n新電力B,－,－,－\n加重平均,30.0,30.0,30.0\n"))


def test_table_made_by_hand_names_no_place(make_table: Callable[..., PublishedTable]) -> None:
    made = make_table(["18.0", "19.0"], ["20.0", "21.0"], ("17.0", "20.5"))
    with pytest.raises(InputError) as caught:
        refuse_impossible(made)
    assert caught.value.file is None
    assert caught.value.value == "17.0"
    assert made.periods[0].period == Period(date(2024, 4, 1), date(2025, 4, 1))
    assert caught.value.field == Text("2024年度", "FY2024").en


def test_committee_s_table_is_possible(committee: PublishedTable) -> None:
    # oracles: the table is arithmetically consistent
    refuse_impossible(committee)


def test_everything_is_found_in_both_languages() -> None:
    # the year outside its halves, twice; the average outside its only two members
    rows = "新電力A,28.0,10.0,20.0\n新電力B,1.0,10.0,20.0\n加重平均,15.0,9.0,20.0\n"
    found = implausible(table(rows))
    assert [each.value for each in found] == ["28.0", "1.0", "9.0"]
    assert "outside the rates of its members (10.0 to 10.0)" in found[2].problem.en
    assert "新電力の加重平均" in found[2].problem.ja
    assert all("範囲" in each.problem.ja for each in found)
