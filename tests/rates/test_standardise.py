"""Standardised rates, by hand and at their edges."""

from datetime import date

import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.rates import standardise
from switchstats.values import Counts, Period, Retailer

# Sums of a few doubles.
TOLERANCE = 1e-12
JANUARY = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
RETAILERS = [
    Retailer(name, Text(name, name), "incumbent" if name < "n" else "entrant") for name in "abcxyz"
]


def counts(*rows: tuple[str, str, int, int]) -> Counts:
    """Retailer, area, requests, errors."""
    names = ("retailer", "area", "requests", "errors")
    return Counts.of(
        pd.DataFrame([dict(zip(names, r, strict=True)) | JANUARY for r in rows]), RETAILERS
    )


def balanced() -> Counts:
    return counts(
        ("a", "01", 60, 12),
        ("a", "02", 10, 1),
        ("b", "01", 40, 12),
        ("b", "02", 10, 3),
        ("x", "01", 20, 3),
        ("x", "02", 50, 5),
        ("y", "01", 20, 1),
        ("y", "02", 30, 3),
    )


def test_direct_by_hand() -> None:
    found = standardise(balanced(), ("area",))
    # incumbents 24/100 and 4/20, entrants 4/40 and 8/80; the pooled standard has 140 and 100 of 240
    assert found.row("incumbent").rate == pytest.approx((140 * 0.24 + 100 * 0.2) / 240)
    assert found.row("entrant").rate == pytest.approx((140 * 0.1 + 100 * 0.1) / 240)
    assert found.standard_rate == pytest.approx(40 / 240)
    assert found.row("incumbent").ratio == pytest.approx((140 * 0.24 + 100 * 0.2) / 40)
    assert [row.covered for row in found.rows] == [1, 1]
    assert found.uncovered == found.notes == found.cautions == ()
    # without a: 12/40 and 3/10; without b: 12/60 and 1/10; K = 2, so half of the squares
    rate = found.row("incumbent").rate
    without = [(140 * 0.3 + 100 * 0.3) / 240, (140 * 0.2 + 100 * 0.1) / 240]
    error = (0.5 * sum((one - rate) ** 2 for one in without)) ** 0.5
    assert found.row("incumbent").std_error == pytest.approx(error)
    assert found.row("incumbent").df == 1
    assert found.row("incumbent").interval.low == 0  # t of 1 degree of freedom reaches beyond 0


def test_indirect_by_hand() -> None:
    found = standardise(balanced(), ("area",), method="indirect")
    # pooled rates 28/140 = 0.2 and 12/100 = 0.12
    assert found.row("incumbent").expected == pytest.approx(100 * 0.2 + 20 * 0.12)
    assert found.row("incumbent").observed == 28
    assert found.row("incumbent").ratio == pytest.approx(28 / 22.4)
    assert found.row("incumbent").rate == pytest.approx(28 / 22.4 * 40 / 240)
    low, high = (getattr(found.row("entrant").ratio_interval, end) for end in ("low", "high"))
    # symmetric on the scale of logarithms
    assert low * high == pytest.approx(found.row("entrant").ratio ** 2)


def test_a_group_as_the_standard_keeps_its_own_crude_rate() -> None:
    found = standardise(balanced(), ("area",), standard="second")
    assert found.row("entrant").rate == pytest.approx(12 / 120)
    assert found.row("entrant").ratio == pytest.approx(1)
    assert found.row("incumbent").rate == pytest.approx((40 * 0.24 + 80 * 0.2) / 120)
    first = standardise(balanced(), ("area",), standard="first", method="indirect")
    assert first.row("incumbent").ratio == pytest.approx(1)


def test_other_counts_as_the_standard() -> None:
    world = counts(("z", "01", 1, 0), ("z", "02", 3, 1))
    found = standardise(balanced(), ("area",), standard=world)
    assert found.row("incumbent").rate == pytest.approx((0.24 + 3 * 0.2) / 4)


def test_without_strata_rates_are_crude() -> None:
    found = standardise(balanced(), ())
    assert [row.rate for row in found.rows] == pytest.approx([28 / 120, 12 / 120])
    assert found.row("incumbent").n_units == 2


def lopsided() -> Counts:
    return counts(
        ("a", "01", 60, 12),
        ("a", "02", 10, 1),
        ("b", "01", 30, 6),
        ("x", "01", 20, 3),
        ("y", "01", 20, 1),
        ("y", "03", 60, 6),
    )


def test_strata_without_requests_are_told_and_not_dropped_in_silence() -> None:
    found = standardise(lopsided(), ("area",))
    assert found.uncovered == ("02", "03")
    # area 01 has 130 of 200 requests
    assert [row.covered for row in found.rows] == pytest.approx([130 / 200] * 2)
    assert found.row("incumbent").rate == pytest.approx(18 / 90)
    own = standardise(lopsided(), ("area",), support="own")
    assert [row.covered for row in own.rows] == pytest.approx([140 / 200, 190 / 200])
    assert own.row("incumbent").rate == pytest.approx((130 * 18 / 90 + 10 * 1 / 10) / 140)
    assert own.uncovered == ("02", "03")


def test_indirect_tells_requests_that_the_standard_does_not_cover() -> None:
    found = standardise(lopsided(), ("area",), method="indirect", standard="first")
    assert found.uncovered == ("03",)
    assert found.row("entrant").covered == pytest.approx(40 / 100)
    assert (found.row("entrant").observed, found.row("entrant").requests) == (4, 40)
    assert found.row("entrant").expected == pytest.approx(40 * 0.2)


def test_no_standard_error_where_a_stratum_rests_on_one_retailer() -> None:
    found = standardise(lopsided(), ("area",), support="own")
    assert [row.std_error for row in found.rows] == [None, None]
    assert [row.interval for row in found.rows] == [None, None]
    assert "one retailer" in found.notes[0].en


def test_no_standard_error_where_retailers_do_not_vary() -> None:
    none = counts(("a", "01", 10, 0), ("b", "01", 30, 0), ("x", "01", 9, 1), ("y", "01", 9, 0))
    found = standardise(none, ("area",))
    assert found.row("incumbent").std_error is None
    assert found.row("entrant").std_error > 0
    assert found.notes


def test_retailers_have_poisson_intervals_of_the_ratio_and_a_caution() -> None:
    found = standardise(balanced(), ("area",), method="indirect", units="retailers")
    assert [row.name for row in found.rows] == ["a", "b", "x", "y"]
    assert found.cautions[0].code == "requests_as_units"
    row = found.row("x")
    assert (row.std_error, row.n_units) == (None, 1)
    # 8 errors on 20 * 0.2 + 50 * 0.12 = 10 expected; Garwood's limits of 8 are 3.4538 and 15.7632
    assert row.ratio == pytest.approx(0.8)
    assert row.ratio_interval.low == pytest.approx(0.34538, abs=5e-6)
    assert row.ratio_interval.high == pytest.approx(1.57632, abs=5e-6)
    none = standardise(
        counts(("a", "01", 9, 0), ("x", "01", 9, 1)),
        ("area",),
        method="indirect",
        units="retailers",
    )
    assert none.row("a").ratio_interval.low == 0


def test_what_cannot_be_standardised_is_refused_by_name() -> None:
    apart = counts(("a", "01", 9, 1), ("x", "02", 9, 1))
    with pytest.raises(NotAnswerableError, match="no stratum of the standard"):
        standardise(apart, ("area",))
    with pytest.raises(NotAnswerableError, match="errors observed over expected of entrant"):
        standardise(apart, ("area",), method="indirect", standard="first")
    with pytest.raises(NotAnswerableError, match="the group entrant has no requests"):
        standardise(apart.group("incumbent"), ("area",))
    with pytest.raises(NotAnswerableError, match="counts by losing"):
        standardise(apart, ("losing",))
    nothing = apart.during(Period(date(2022, 1, 1), date(2022, 2, 1)))
    with pytest.raises(NotAnswerableError, match="the standard has no requests"):
        standardise(apart, ("area",), standard=nothing)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"by": ("reason",)}, "reason divides errors"),
        ({"by": ("planet",)}, "unknown stratum 'planet'"),
        ({"by": ("area", "area")}, "named twice"),
        ({"method": "sideways"}, "method must be one of"),
        ({"standard": "third"}, "standard must be"),
        ({"units": "areas"}, "units must be one of"),
        ({"support": "none"}, "support must be one of"),
        ({"level": 95}, "level must be between"),
    ],
)
def test_arguments_out_of_range(changed: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        standardise(balanced(), **{"by": ("area",), **changed})


def test_an_unknown_row_and_the_frame() -> None:
    found = standardise(balanced(), ("area", "period"))
    with pytest.raises(UsageError, match="no standardised rate of 'mars'"):
        found.row("mars")
    frame = found.to_frame()
    assert frame["name"].to_list() == ["incumbent", "entrant"]
    assert frame.loc[0, "rate"] == found.row("incumbent").rate
    assert frame.loc[0, "low"] == 0


def test_large_volumes_and_a_single_request() -> None:
    big = 10**12
    huge = counts(
        ("a", "01", big, big // 5), ("b", "01", 1, 1), ("x", "01", big, 0), ("y", "01", 1, 0)
    )
    found = standardise(huge, ("area",))
    assert found.row("incumbent").rate == pytest.approx(0.2, abs=TOLERANCE * 10)
    assert found.row("incumbent").observed == big // 5 + 1
    assert found.row("entrant").rate == 0
