"""Funnel limits, by hand and at their edges; R's numbers are in the oracle tests."""

import math

import numpy as np
import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.funnel import funnel_limits
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

# Quantiles of the normal distribution as printed in every table.
Z_95, TABLE_TOLERANCE = 1.959964, 1e-5
JANUARY = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
RETAILERS = [
    Retailer(name, Text(name, name), "incumbent" if name < "n" else "entrant") for name in "abxy"
]


def counts() -> Counts:
    rows = [("a", 100, 30), ("b", 400, 60), ("x", 100, 18), ("y", 25, 10)]
    names = ("retailer", "requests", "errors")
    return Counts.of(
        pd.DataFrame([dict(zip(names, r, strict=True)) | JANUARY for r in rows]), RETAILERS
    )


def test_z_scores_and_pooled_target_by_hand() -> None:
    funnel = funnel_limits([30, 10], [100, 100])
    assert funnel.target == 0.2
    # .1 over sqrt(.2 * .8 / 100) = .04
    assert [row.z for row in funnel.retailers] == pytest.approx([2.5, -2.5])
    unwinsorised = funnel_limits([30, 10], [100, 100], winsorise=0)
    assert unwinsorised.phi == pytest.approx(6.25)
    # (2 * 6.25 - 1) / (sum of weights 1250, less 625)
    assert unwinsorised.tau2 == pytest.approx(11.5 / 625)
    # 10 % and 90 % of two scores lie a tenth of the way in: 2.0
    assert funnel.phi == pytest.approx(4)


def test_multiplicative_and_additive_limits_by_hand() -> None:
    wide = funnel_limits([30, 10], [100, 100], overdispersion="multiplicative", winsorise=0)
    row = wide.retailers[0]
    assert row.z_adjusted == pytest.approx(1)
    assert row.limits[0][1] == pytest.approx(0.2 + Z_95 * 0.1, abs=TABLE_TOLERANCE)
    assert row.p_value == pytest.approx(math.erfc(1 / math.sqrt(2)))
    added = funnel_limits([30, 10], [100, 100], overdispersion="additive", winsorise=0)
    width = math.sqrt(0.0016 + 11.5 / 625)
    assert added.retailers[0].z_adjusted == pytest.approx(0.1 / width)
    assert added.retailers[0].limits[0] == (
        0,
        pytest.approx(0.2 + Z_95 * width, abs=TABLE_TOLERANCE),
    )


def test_additive_limits_stay_apart_where_requests_grow() -> None:
    errors, requests = [30, 10, 180_000_000], [100, 100, 10**9]
    last = {
        kind: funnel_limits(errors, requests, target=0.2, overdispersion=kind).retailers[-1]
        for kind in ("none", "multiplicative", "additive")
    }
    assert last["none"].flagged == (True, True)
    assert last["additive"].flagged == (False, False)
    assert last["additive"].limits[0][1] > 0.3
    assert last["multiplicative"].limits[0][1] < 0.31


def test_underdispersion_does_not_narrow_the_limits() -> None:
    even = [18, 18, 18, 19, 17]
    funnels = [
        funnel_limits(even, [100] * 5, overdispersion=kind)
        for kind in ("multiplicative", "additive")
    ]
    for funnel in funnels:
        assert funnel.phi < 1
        assert funnel.tau2 == 0
        assert [row.z for row in funnel.retailers] == [row.z_adjusted for row in funnel.retailers]


def test_winsorising_keeps_everyone_and_truncating_would_not() -> None:
    errors = [18] * 18 + [60, 2]
    funnel = funnel_limits(errors, [100] * 20, target=0.18, winsorise=0.05)
    low, high = np.quantile([row.z for row in funnel.retailers], [0.05, 0.95])
    # 18 scores of 0, two moved to the quantiles, out of 20
    assert funnel.phi == pytest.approx((low**2 + high**2) / 20)
    assert len(funnel.retailers) == 20


def test_exact_limits_by_hand() -> None:
    # one request at a rate of .3: no error with probability .7, which .975 passes on the way to 1,
    # so that the limit is 1 - (1 - .975) / .3; .025 is passed below 0, which is cut
    row = funnel_limits([1], [1], target=0.3, levels=[0.95]).retailers[0]
    assert row.limits == ((0.0, pytest.approx(1 - 0.025 / 0.3)),)
    # four of four: twice .1 ** 4
    row = funnel_limits([4], [4], target=0.1, levels=[0.95, 0.998]).retailers[0]
    assert row.p_value == pytest.approx(0.0002)
    assert row.flagged == (True, True)


def test_a_retailer_just_above_the_drawn_limit_needs_its_p_value() -> None:
    # 7 errors of 20 at .18 lie beyond the 97.5 % quantile, yet 5 % have that many or more
    at_least = sum(math.comb(20, k) * 0.18**k * 0.82 ** (20 - k) for k in range(7, 21))
    row = funnel_limits([7], [20], target=0.18).retailers[0]
    assert row.rate > row.limits[0][1]
    assert row.p_value == pytest.approx(2 * at_least)
    assert row.flagged == (False, False)


def test_counts_groups_and_names() -> None:
    funnel = funnel_limits(counts(), levels=[0.95])
    assert [(row.retailer, row.group) for row in funnel.retailers] == [
        ("y", "entrant"),
        ("x", "entrant"),
        ("a", "incumbent"),
        ("b", "incumbent"),
    ]
    assert funnel.target == pytest.approx(118 / 625)
    assert funnel.period == counts().periods[0]
    assert set(funnel.flagged(0.95)) == {"a", "y"}
    assert funnel.p_values.keys() == set("abxy")
    entrants = funnel_limits(counts(), groups=["entrant"])
    assert entrants.target == pytest.approx(28 / 125)
    frame = funnel.to_frame()
    assert frame["flagged_0.95"].to_list() == [row.flagged[0] for row in funnel.retailers]
    assert frame["low_0.95"].to_list() == [row.limits[0][0] for row in funnel.retailers]
    with pytest.raises(UsageError, match="has the levels"):
        funnel.flagged(0.9)


def test_retailers_without_requests_are_noted() -> None:
    funnel = funnel_limits([1, 0], [9, 0])
    assert [row.retailer for row in funnel.retailers] == ["0"]
    assert "without requests" in funnel.notes[0].en


@pytest.mark.parametrize("n", [10**9, 10**12])
def test_huge_volumes_follow_the_normal_distribution(n: int) -> None:
    row = funnel_limits([n // 5], [n], target=0.2).retailers[0]
    width = Z_95 * math.sqrt(0.16 / n)
    low, high = row.limits[0]
    # limits are whole counts apart and the distribution is a little skewed
    assert low - 0.2 == pytest.approx(-width, rel=1e-4)
    assert high - 0.2 == pytest.approx(width, rel=1e-4)
    assert row.p_value == pytest.approx(1, abs=1e-4)


def test_what_has_no_funnel_is_refused_by_name() -> None:
    with pytest.raises(NotAnswerableError, match="there is no error"):
        funnel_limits([0, 0], [5, 9])
    with pytest.raises(NotAnswerableError, match="all requests are errors"):
        funnel_limits([5, 9], [5, 9])
    with pytest.raises(NotAnswerableError, match="no retailer has requests"):
        funnel_limits([0], [0])
    with pytest.raises(NotAnswerableError, match="overdispersion"):
        funnel_limits([1], [9], overdispersion="additive")
    assert funnel_limits([0, 0], [5, 9], target=0.18).flagged(0.95) == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"target": 1.0}, "target must be"),
        ({"target": "mean"}, "target must be"),
        ({"overdispersion": "some"}, "overdispersion must be one of"),
        ({"transformation": "log"}, "transformation must be one of"),
        ({"winsorise": 0.5}, "winsorise must be"),
        ({"levels": ()}, "at least one level"),
        ({"levels": (95,)}, "level must be between"),
    ],
)
def test_arguments_out_of_range(changed: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        funnel_limits([1, 2], [9, 9], **changed)


def test_wrong_data_are_refused() -> None:
    with pytest.raises(UsageError, match="give counts, or errors and requests"):
        funnel_limits([1, 2])
    with pytest.raises(UsageError, match="between 0 and the requests"):
        funnel_limits([10], [9])
