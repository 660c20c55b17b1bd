"""Splits of a difference into mix and rates, by hand."""

from fractions import Fraction

import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.rates import decompose
from switchstats.values import Counts, Retailer

# The last digits of sums of products of doubles.
TOLERANCE = 1e-15
JANUARY = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
FEBRUARY = {"period_start": "2023-02-01", "period_end": "2023-03-01"}
RETAILERS = [
    Retailer(name, Text(name, name), "incumbent" if name < "n" else "entrant") for name in "abcx"
]


def counts(month: dict[str, str], *rows: tuple[str, str, int, int]) -> Counts:
    """Retailer, area, requests, errors."""
    names = ("retailer", "area", "requests", "errors")
    return Counts.of(
        pd.DataFrame([dict(zip(names, r, strict=True)) | month for r in rows]), RETAILERS
    )


def test_kitagawas_two_components_by_hand() -> None:
    before = counts(JANUARY, ("a", "01", 50, 5), ("b", "01", 50, 15))
    after = counts(FEBRUARY, ("a", "01", 25, 2), ("b", "01", 75, 24))
    found = decompose(after, before)
    # shares 1/4, 3/4 from 1/2, 1/2; rates .08, .32 from .10, .30
    mix = Fraction(-1, 4) * Fraction(9, 100) + Fraction(1, 4) * Fraction(31, 100)
    rate = Fraction(3, 8) * Fraction(-2, 100) + Fraction(5, 8) * Fraction(2, 100)
    assert found.parts == {
        "retailer_mix": pytest.approx(float(mix), abs=TOLERANCE),
        "rate": pytest.approx(float(rate), abs=TOLERANCE),
    }
    assert (found.first_rate, found.second_rate) == pytest.approx((0.26, 0.2))
    assert found.difference == pytest.approx(float(mix + rate), abs=TOLERANCE)
    assert found.unmatched == (0, 0)


def test_only_what_moved_has_a_part() -> None:
    before = counts(JANUARY, ("a", "01", 10, 1), ("a", "02", 10, 4), ("b", "01", 20, 8))
    # the same rates in each cell, and the same volume of each retailer: only areas within a moved
    after = counts(FEBRUARY, ("a", "01", 150, 15), ("a", "02", 50, 20), ("b", "01", 200, 80))
    found = decompose(after, before, by=("retailer", "area"))
    assert found.parts["retailer_mix"] == pytest.approx(0, abs=TOLERANCE)
    assert found.parts["rate"] == pytest.approx(0, abs=TOLERANCE)
    # half of the requests are a's, of which a quarter more have .1 and not .4
    assert found.parts["area_mix"] == pytest.approx(0.5 * 0.25 * (0.1 - 0.4), abs=TOLERANCE)


def test_a_retailer_that_comes_counts_as_mix_alone() -> None:
    before = counts(JANUARY, ("a", "01", 100, 10))
    after = counts(FEBRUARY, ("a", "01", 60, 6), ("b", "01", 40, 12))
    found = decompose(after, before)
    # .4 of the requests moved from a rate of .1 to one of .3
    assert found.parts == {
        "retailer_mix": pytest.approx(0.4 * 0.2, abs=TOLERANCE),
        "rate": pytest.approx(0, abs=TOLERANCE),
    }
    assert found.unmatched == (pytest.approx(0.4), 0)
    gone = decompose(before, after, by=("retailer", "area"))
    assert gone.parts == {
        "retailer_mix": pytest.approx(-0.4 * 0.2, abs=TOLERANCE),
        "area_mix": pytest.approx(0, abs=TOLERANCE),
        "rate": pytest.approx(0, abs=TOLERANCE),
    }


def test_a_gap_goes_by_area_and_not_by_retailer() -> None:
    both = counts(
        JANUARY, ("a", "01", 80, 24), ("a", "02", 20, 2), ("x", "01", 20, 6), ("x", "02", 80, 8)
    )
    sides = both.group("incumbent"), both.group("entrant")
    found = decompose(*sides, by=("area",))
    # the same rates .3 and .1 everywhere: the gap is mix alone
    assert found.parts == {
        "area_mix": pytest.approx(0.6 * 0.2, abs=TOLERANCE),
        "rate": pytest.approx(0, abs=TOLERANCE),
    }
    with pytest.raises(NotAnswerableError, match="no cell by retailer"):
        decompose(*sides)
    with pytest.raises(NotAnswerableError, match="second side has no requests"):
        decompose(sides[0], both.where(area="99"), by=("area",))


def test_periods_as_a_mix() -> None:
    frame = pd.concat(
        [
            pd.DataFrame([{"retailer": who, **month, "requests": n, "errors": e}])
            for who, month, n, e in (
                ("a", JANUARY, 30, 3),
                ("a", FEBRUARY, 10, 3),
                ("x", JANUARY, 10, 1),
                ("x", FEBRUARY, 30, 9),
            )
        ]
    )
    both = Counts.of(frame, RETAILERS)
    found = decompose(both.group("incumbent"), both.group("entrant"), by=("period",))
    assert found.parts["period_mix"] == pytest.approx(0.5 * (0.1 - 0.3), abs=TOLERANCE)


@pytest.mark.parametrize("by", [(), ("retailer", "retailer")])
def test_by_names_each_mix_once(by: tuple[str, ...]) -> None:
    one = counts(JANUARY, ("a", "01", 1, 0))
    with pytest.raises(UsageError, match="names in by"):
        decompose(one, one, by=by)


def test_the_frame_ends_with_the_difference() -> None:
    one, other = counts(JANUARY, ("a", "01", 4, 1)), counts(JANUARY, ("a", "01", 4, 2))
    found = decompose(other, one)
    assert found.to_frame().to_dict("list") == {
        "part": ["retailer_mix", "rate", "difference"],
        "size": [0, 0.25, 0.25],
    }
    assert found.to_dict()["parts"] == {"retailer_mix": 0, "rate": 0.25}
