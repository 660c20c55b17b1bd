"""A conflict in words: who, what is known, and what a doubted cell could be, all by hand."""

from dataclasses import replace

import pytest

from switchstats.bounds import Ordering, Share, Volume, audit
from switchstats.values import PrintedRate

FIRST, SECOND = "incumbent-0", "incumbent-1"


@pytest.fixture
def table(make_table):
    return make_table(["10.0", "20.0"], ["15.0"], ("15.0", "15.0"))


def said(table, *known) -> str:
    (conflict,) = audit(table, known).conflicts
    return conflict.message.en


def test_an_average_that_its_rates_cannot_have(make_table) -> None:
    # 30.0 is from 29.95 on: one rate would have to be; the average lies between 9.95 and 20.05
    words = said(make_table(["10.0", "20.0"], ["15.0"], ("30.0", "15.0")))
    assert words == (
        "The average of incumbents in FY2024 cannot be 30.0 % with these 2 rates. Any one of "
        "these, if wrong, would explain it: incumbent 0, FY2024, 10.0 % (could be 29.95 to "
        "100.00), incumbent 1, FY2024, 20.0 % (could be 29.95 to 100.00), average of incumbents, "
        "FY2024, 30.0 % (could be 9.95 to 20.05)."
    )


def test_a_row_that_contradicts_itself(committee) -> None:
    # the whole is between its parts: 20.95 to 22.05; or one part at most 20.05, as the whole is
    cells = tuple(map(PrintedRate, ("20.0", "21.0", "22.0")))
    row = replace(committee.rows[0], cells=cells)
    words = said(replace(committee, rows=(row,), averages=()))
    assert words.startswith(
        "The rates of Hokkaido Electric Power contradict each other: "
        "FY2022 (Apr 2022 \u2013 Feb 2023) 20.0 %, Apr\u2013Dec 2022 21.0 %, "
        "Jan\u2013Feb 2023 22.0 %."
    )
    assert words.count("(could be 0.00 to 20.05)") == 2
    assert words.count("(could be 20.95 to 22.05)") == 1


def test_averages_that_contradict_each_other(committee) -> None:
    # averages lie between those of their parts as rates do, whatever the rates
    averages = [
        replace(row, cells=tuple(map(PrintedRate, ("20.0", "18.0", "19.0"))))
        for row in committee.averages
    ]
    bare = replace(committee, rows=committee.rows, averages=(averages[0], committee.averages[1]))
    words = [conflict.message.en for conflict in audit(bare).conflicts]
    assert any(
        each.startswith("These printed cells cannot all be right: average") for each in words
    )


def test_a_share_that_the_cells_deny(table) -> None:
    # 0.8 a + 0.2 d <= m: a >= (14.95 - 0.2 x 20.05) / 0.8 = 13.675, and at most the mean, 15.05;
    # d >= (14.95 - 0.8 x 10.05) / 0.2 = 34.55; m <= 0.8 x 10.05 + 0.2 x 20.05 = 12.05
    words = said(table, Share(low=0.8, retailer=FIRST))
    assert words.startswith(
        "What is said to be known contradicts printed cells: "
        "share of incumbent 0 at least 80.0 (%), and incumbent 0, FY2024, 10.0 %,"
    )
    assert "10.0 % (could be 13.67 to 15.05)" in words
    assert "20.0 % (could be 34.55 to 100.00)" in words
    assert "15.0 % (could be 9.95 to 12.05)" in words


def test_volumes_that_the_cells_deny(table) -> None:
    # 100 beside 1000: d <= (11 x 15.05 - 9.95) / 10 = 15.56, m >= (9.95 + 10 x 19.95) / 11 = 19.04
    period = table.widest_period
    known = (
        Volume(high=100, retailer=FIRST, period=period),
        Volume(low=1000, retailer=SECOND, period=period),
    )
    words = said(table, *known)
    assert (
        "requests of incumbent 0 at most 100, FY2024, requests of incumbent 1 at least 1,000"
        in (words)
    )
    assert "20.0 % (could be 14.95 to 15.56)" in words
    assert "15.0 % (could be 19.04 to 20.05)" in words


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (
            (Volume(low=1000, high=2000), Volume(low=2500, group="incumbent")),
            "requests of everybody 1,000 to 2,000, requests of incumbents at least 2,500",
        ),
        (
            (
                Ordering((FIRST, SECOND)),
                Ordering(("entrant-0", FIRST)),
                Volume(low=500, high=500, group="incumbent"),
                Volume(high=200, group="entrant"),
            ),
            (
                "in order of size incumbent 0, incumbent 1, in order of size entrant 0, "
                "incumbent 0, requests of incumbents 500, requests of entrants at most 200"
            ),
        ),
    ],
)
def test_what_is_known_contradicts_itself(table, known, words) -> None:
    assert said(table, *known) == f"What is said to be known contradicts itself: {words}."
