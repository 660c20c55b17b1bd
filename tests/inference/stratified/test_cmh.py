"""The Cochran-Mantel-Haenszel test: what it compares, takes and refuses."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import cmh, mantel_haenszel
from switchstats.inference.stratified import cmh_p_values

TRIAL = [21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70]
TOLERANCE = 1e-10
FIRST = np.array([True, True, True, False, False, False])


def random_retailers(n_sets: int, n_strata: int = 3, n_retailers: int = 6):
    rng = np.random.default_rng(7)
    requests = rng.integers(5, 400, (n_sets, n_strata, n_retailers))
    rate = np.clip(0.2 + rng.normal(0, 0.05, (n_sets, 1, n_retailers)), 0.01, 0.9)
    return rng.binomial(requests, rate), requests


def counts_from(counts_of, errors, requests):
    return counts_of(
        [
            ("incumbent" if FIRST[r] else "entrant", f"r{r}", f"{s + 1:02d}", int(e), int(n))
            for s, (row, sizes) in enumerate(zip(errors, requests, strict=True))
            for r, (e, n) in enumerate(zip(row, sizes, strict=True))
        ]
    )


def test_requests_as_units_carry_the_caution():
    for result in (cmh(*TRIAL), cmh(*TRIAL, exact=True)):
        assert result.units == "requests"
        assert [caution.code for caution in result.cautions] == ["requests_as_units"]
        assert (result.scale, result.weighting) == ("odds_ratio", "strata")
        assert result.n_by_group == (698, 697)
    assert cmh(*TRIAL).method == "cmh"
    assert cmh(*TRIAL, exact=True).method == "cmh_exact"
    assert cmh(*TRIAL, exact=True).statistic == 40


def test_counts_take_retailers_as_units_unless_exact(counts_of):
    errors, requests = random_retailers(1)
    counts = counts_from(counts_of, errors[0], requests[0])
    by_retailer = cmh(counts, by=("area",))
    assert (by_retailer.units, by_retailer.n_by_group) == ("retailers", (3, 3))
    assert "requests_as_units" not in {caution.code for caution in by_retailer.cautions}
    assert cmh(counts, by=("area",), exact=True).units == "requests"
    totals = errors[0], requests[0]
    e1, n1, e0, n0 = (part[:, side].sum(axis=1) for side in (FIRST, ~FIRST) for part in totals)
    plain = cmh(counts, by=("area",), units="requests")
    assert plain.p_value == cmh(e1, n1, e0, n0).p_value
    with pytest.raises(UsageError, match="no exact test with retailers"):
        cmh(counts, by=("area",), exact=True, units="retailers")
    with pytest.raises(UsageError, match="'retailers' or 'requests', not 'months'"):
        cmh(counts, by=("area",), units="months")


def test_numbers_by_stratum_have_no_retailers():
    with pytest.raises(NotAnswerableError, match="do not say which retailer"):
        cmh(*TRIAL, units="retailers")


def test_batches_equal_single_data_sets(counts_of):
    errors, requests = random_retailers(5)
    for units in ("retailers", "requests"):
        for continuity in (True, False):
            batch = cmh_p_values(errors, requests, FIRST, units=units, continuity=continuity)
            for at in range(5):
                counts = counts_from(counts_of, errors[at], requests[at])
                one = cmh(counts, by=("area",), units=units, continuity=continuity)
                assert batch[at] == pytest.approx(one.p_value, rel=TOLERANCE)


def test_with_retailers_it_is_the_test_of_no_difference(counts_of):
    errors, requests = random_retailers(1)
    counts = counts_from(counts_of, errors[0], requests[0])
    for alternative in ("two-sided", "less", "greater"):
        ours = cmh(counts, by=("area",), alternative=alternative)
        difference = mantel_haenszel(counts, by=("area",), alternative=alternative)
        assert ours.p_value == pytest.approx(difference.p_value, rel=TOLERANCE)
        assert ours.estimate == pytest.approx(
            mantel_haenszel(counts, by=("area",), scale="odds_ratio").estimate, rel=TOLERANCE
        )


def test_the_continuity_correction_stops_at_one_half():
    # 5 of 10 against 5 of 10: nothing to move
    even = cmh([5], [10], [5], [10])
    assert even.statistic == pytest.approx(0.0, abs=TOLERANCE)
    assert even.p_value == pytest.approx(1.0)
    # one of two errors in one of two requests: the errors are one half from what is expected
    assert cmh([1], [1], [0], [1]).statistic == pytest.approx(0.0, abs=TOLERANCE)
    assert cmh([1], [1], [0], [1], continuity=False).statistic == pytest.approx(1.0)


@pytest.mark.parametrize("asked", [{}, {"continuity": False}, {"exact": True}])
def test_a_group_without_errors_has_an_odds_ratio_of_zero(asked):
    result = cmh([0, 0], [10, 20], [3, 2], [5, 6], **asked)
    assert result.estimate == 0
    assert result.interval.low == 0
    mirrored = cmh([3, 2], [5, 6], [0, 0], [10, 20], **asked)
    assert mirrored.estimate == math.inf
    assert mirrored.interval.high is None
    assert mirrored.to_dict()["estimate"] is None
    assert mirrored.interval.low == pytest.approx(1 / result.interval.high, rel=1e-9)


def test_a_group_without_errors_by_retailer(counts_of):
    rows = [
        ("incumbent", "a", "01", 0, 30),
        ("incumbent", "b", "01", 0, 50),
        ("entrant", "c", "01", 4, 40),
        ("entrant", "d", "01", 9, 60),
    ]
    result = cmh(counts_of(rows), by=("area",))
    assert (result.estimate, result.interval.low) == (0.0, 0.0)
    swapped = cmh(counts_of(rows), by=("area",), groups=("entrant", "incumbent"))
    assert (swapped.estimate, swapped.interval.high) == (math.inf, None)
    assert swapped.p_value == pytest.approx(result.p_value, rel=TOLERANCE)


@pytest.mark.parametrize(
    ("alternative", "groups"),
    [("less", ("incumbent", "entrant")), ("greater", ("entrant", "incumbent"))],
)
def test_a_group_without_errors_that_rejects_every_odds_ratio_is_refused(
    counts_of, alternative, groups
):
    rows = [
        ("incumbent", "a", "01", 0, 30),
        ("incumbent", "b", "01", 0, 50),
        ("entrant", "c", "01", 5, 40),
        ("entrant", "d", "01", 6, 50),
    ]
    # t of errors over requests: the entrants' rates are nearly the same
    asked = {"by": ("area",), "alternative": alternative, "groups": groups}
    with pytest.raises(NotAnswerableError, match="no errors, or nothing but errors"):
        cmh(counts_of(rows), **asked)
    assert cmh(counts_of(rows), exact=True, **asked).p_value < 0.05


def test_an_end_where_no_retailer_changes_the_numerator(counts_of):
    # By hand: the numerator is 1/2 and the denominator 1/4 of what there is; without each entrant
    # the latter is 1/4 more or less, without anybody else both stay. So t = sqrt(2) / psi -
    # 1 / sqrt(2) with one degree of freedom, whose upper fifth begins at tan(0.3 pi).
    rows = [
        *(("incumbent", name, area, e, 1) for name in "ab" for area, e in (("01", 0), ("02", 1))),
        *(("entrant", "c", area, 0, 1) for area in ("01", "02")),
        *(("entrant", "d", area, e, 1) for area, e in (("01", 1), ("02", 0))),
    ]
    result = cmh(counts_of(rows), by=("area",), alternative="greater", level=0.8)
    by_hand = math.sqrt(2) / (math.tan(0.3 * math.pi) + 1 / math.sqrt(2))
    assert result.interval.low == pytest.approx(by_hand, rel=TOLERANCE)


def test_an_end_that_few_retailers_cannot_give_is_absent(counts_of):
    # two entrants, of which one made all of the group's errors: their rate could be nothing
    rows = [
        ("incumbent", "a", "01", 10, 30),
        ("incumbent", "b", "01", 12, 50),
        ("entrant", "c", "01", 0, 40),
        ("entrant", "d", "01", 9, 60),
    ]
    result = cmh(counts_of(rows), by=("area",))
    assert result.interval.high is None
    assert result.cautions[0].code == "few_degrees_of_freedom"


def test_strata_of_one_group_are_left_out_and_said(counts_of):
    alone = cmh([3, 5], [20, 30], [6, 0], [25, 0])
    assert alone.p_value == cmh([3], [20], [6], [25]).p_value
    assert "1 of 2" in alone.notes[0].en
    rows = [
        ("incumbent", "a", "01", 3, 30),
        ("incumbent", "b", "01", 7, 50),
        ("entrant", "c", "01", 4, 40),
        ("entrant", "d", "01", 9, 60),
        ("entrant", "e", "02", 9, 60),
    ]
    result = cmh(counts_of(rows), by=("area",))
    assert result.n_by_group == (2, 2)
    assert result.p_value == cmh(counts_of(rows[:-1]), by=("area",)).p_value
    # without strata everybody is in one, and both groups file in it
    assert cmh(counts_of(rows)).notes == ()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"null": 0.0}, "a ratio above 0"),
        ({"null": -1.0}, "a ratio above 0"),
        ({"level": 1.0}, "level must be between"),
        ({"alternative": "lower"}, "'two-sided', 'less' or 'greater'"),
    ],
)
def test_arguments_out_of_range_are_refused(asked, message):
    with pytest.raises(UsageError, match=message):
        cmh(*TRIAL, **asked)


def test_what_cannot_be_answered_is_refused(counts_of):
    with pytest.raises(NotAnswerableError, match="all requests are errors, or none is"):
        cmh([0, 20], [10, 20], [0, 6], [5, 6])
    with pytest.raises(NotAnswerableError, match="no stratum has requests of both groups"):
        cmh([1, 0], [10, 0], [0, 2], [0, 6])
    rows = [
        ("incumbent", "a", "01", 3, 30),
        ("entrant", "c", "01", 4, 40),
        ("entrant", "d", "01", 9, 60),
    ]
    with pytest.raises(NotAnswerableError, match=r"the first group has 1 retailer\(s\)"):
        cmh(counts_of(rows), by=("area",))
    alike = [
        (group, name, "01", 5, 50)
        for group, name in zip(["incumbent"] * 2 + ["entrant"] * 2, "abcd", strict=True)
    ]
    with pytest.raises(NotAnswerableError, match="whose rates vary"):
        cmh(counts_of(alike), by=("area",))


def test_an_estimate_outside_the_interval_says_so():
    # strata with odds ratios of 3.9, .14 and .22 in the first's favour or against it
    torn = [3000, 6000, 2000], [10000, 10000, 30000], [1000, 7000, 6000], [10000, 9000, 24000]
    result = cmh(*torn)
    assert not result.interval.contains(result.estimate)
    implied = result.quantities["conditional_odds_ratio"]
    assert result.interval.contains(implied)
    assert f"{implied:.4g}" in result.notes[-1]["en"]
    # the test does not reject its own estimate at all
    assert cmh(*torn, null=implied, continuity=False).p_value == pytest.approx(1, abs=1e-6)
    assert implied == pytest.approx(cmh(*torn, exact=True).estimate, rel=1e-9)
    assert cmh(*TRIAL).notes == ()


@pytest.mark.parametrize(
    ("order", "end"), [(("incumbent", "entrant"), 1e-12), (("entrant", "incumbent"), 1e12)]
)
@pytest.mark.parametrize("sided", [True, False])
def test_a_gap_beyond_which_fiellers_set_goes_on(counts_of, order, end, sided):
    # The rates are .2 apart in both areas whatever the areas weigh, so that an odds ratio of 1 is
    # rejected; without x the area 01 weighs little, so that numerator and denominator by themselves
    # say nothing and neither 0 nor infinity is rejected. The estimate lies on one side of the gap;
    # the p-value is that of the other side's end, which the test of an odds ratio near it gives.
    rows = [
        ("incumbent", "x", "01", 600, 1000),
        ("incumbent", "y", "01", 6, 10),
        ("incumbent", "y", "02", 21, 100),
        ("incumbent", "w", "02", 19, 100),
        ("entrant", "z", "01", 400, 1000),
        ("entrant", "v", "01", 400, 1000),
        ("entrant", "v", "02", 0, 100),
        ("entrant", "z", "02", 0, 100),
    ]
    toward = "greater" if end < 1 else "less"
    how = {"by": ("area",), "groups": order, "level": 0.9 if sided else 0.8}
    how["alternative"] = toward if sided else "two-sided"
    result = cmh(counts_of(rows), **how)
    at_end = cmh(counts_of(rows), null=end, **how)
    assert (result.estimate > 1) == (end < 1)
    assert at_end.notes == ()
    assert result.p_value == pytest.approx(at_end.p_value, rel=1e-9)
    assert result.p_value > 1 - how["level"]
    assert "lies in a gap" in result.notes[0].en
    assert (result.interval.low or 0, result.interval.high) == (0, None)
