"""Permutation within strata, and of whole retailers that filed in several of them."""

from itertools import combinations, product

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import mantel_haenszel, permutation
from switchstats.values import PrintedRate

DIRECTIONS = ["two-sided", "less", "greater"]
SAME = 1e-12
STD_ERRORS = 4

# (group, retailer, area, errors, requests)
ONE_AREA_EACH = [
    ("incumbent", "a", "01", 30, 100),
    ("incumbent", "b", "01", 12, 60),
    ("incumbent", "c", "02", 2, 50),
    ("entrant", "d", "01", 20, 90),
    ("entrant", "e", "02", 4, 80),
    ("entrant", "f", "02", 9, 70),
    ("entrant", "g", "01", 6, 15),
]
SEVERAL_AREAS = [*ONE_AREA_EACH, ("incumbent", "a", "02", 5, 40), ("entrant", "d", "02", 3, 60)]


def pieces(rows):
    """Errors, requests, area and retailer of each cell, and the first group's retailers."""
    _, who, area, errors, requests = (np.array(column) for column in zip(*rows, strict=True))
    first = sorted({retailer for group, retailer, *_ in rows if group == "incumbent"})
    return errors.astype(float), requests.astype(float), area, who, first


def within(rows):
    """Every choice of as many retailers of each area as were observed in the first group."""
    _, _, area, who, first = pieces(rows)
    home = dict(zip(who, area, strict=True))
    choices = []
    for each in np.unique(area):
        here = [retailer for retailer in sorted(home) if home[retailer] == each]
        choices.append(combinations(here, sum(home[retailer] == each for retailer in first)))
    return [[name for part in parts for name in part] for parts in product(*choices)]


def across(rows):
    _, _, _, who, first = pieces(rows)
    return list(combinations(np.unique(who), len(first)))


def p_value(rows, splits, statistic, alternative, null, *, equal):
    errors, requests, area, who, first = pieces(rows)
    y, n = (errors / requests, np.ones(errors.size)) if equal else (errors, requests)
    y = y - null * n * np.isin(who, first)
    values = [np.nan_to_num(statistic(y, n, area, np.isin(who, split))) for split in splits]
    observed = statistic(y, n, area, np.isin(who, first))
    extreme = {
        "two-sided": np.abs(values) >= abs(observed) - SAME,
        "less": np.array(values) <= observed + SAME,
        "greater": np.array(values) >= observed - SAME,
    }[alternative]
    return extreme.mean()


@pytest.mark.parametrize("null", [0.0, 0.04])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("weighting", ["equal", "requests"])
@pytest.mark.parametrize(("rows", "splits"), [(ONE_AREA_EACH, within), (SEVERAL_AREAS, across)])
def test_p_is_the_share_of_splits(rows, splits, weighting, alternative, null, counts_of, plainly):
    result = permutation(
        counts_of(rows), strata="area", weighting=weighting, alternative=alternative, null=null
    )
    wanted = p_value(
        rows, splits(rows), plainly["difference"], alternative, null, equal=weighting == "equal"
    )
    assert result.p_value == pytest.approx(wanted, abs=SAME)


# a and d share no area with the others: a split that puts them into one group, and the others
# into the other, compares nobody
APART = [
    ("incumbent", "a", "01", 30, 100),
    ("entrant", "d", "01", 20, 90),
    ("incumbent", "a", "02", 5, 40),
    ("entrant", "d", "02", 3, 60),
    ("incumbent", "b", "03", 12, 60),
    ("entrant", "e", "03", 5, 50),
]


@pytest.mark.parametrize("null", [-0.2, 0.0, 0.2])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("weighting", ["equal", "requests"])
def test_a_split_that_leaves_a_group_empty_finds_no_difference(
    weighting, alternative, null, counts_of, plainly
):
    how = {"alternative": alternative, "null": null}
    # with f, a split can swap the groups of area 03 where a and d compare nobody; with c and g in
    # area 04, too, it can leave area 03 as it was
    more = [*APART, ("entrant", "f", "03", 9, 70)]
    most = [*more, ("incumbent", "c", "04", 9, 30), ("entrant", "g", "04", 2, 20)]
    for rows in (APART, more, most):
        result = permutation(counts_of(rows), strata="area", weighting=weighting, **how)
        wanted = p_value(
            rows, across(rows), plainly["difference"], **how, equal=weighting == "equal"
        )
        assert result.p_value == pytest.approx(wanted, abs=SAME)


@pytest.mark.parametrize("alternative", DIRECTIONS)
def test_no_difference_is_extreme_at_the_estimate_alone(alternative, counts_of):
    # Of the 6 splits 2 compare nobody. When the null is the estimate their 0 is as extreme as the
    # observed split's; beside it two-sided the 4 others are at least as extreme. In one direction
    # so are, on one side, all but one of the two that exchange a pair, whose values have opposite
    # signs; on the other neither those 2 nor the one with the groups swapped.
    counts = counts_of(APART)
    how = {"strata": "area", "weighting": "requests", "alternative": alternative}
    result = permutation(counts, **how, level=0.3)
    estimate, nearly = result.estimate, pytest.approx(result.estimate, abs=SAME)
    everywhere = 1 if alternative == "two-sided" else 5 / 6
    assert permutation(counts, **how, null=estimate).p_value == pytest.approx(everywhere)
    assert result.interval.low == (None if alternative == "less" else nearly)
    assert result.interval.high == (None if alternative == "greater" else nearly)
    for null in (estimate - 1e-6, estimate + 1e-6):
        p = permutation(counts, **how, null=null).p_value
        beside = {"two-sided": 4 / 6, "greater": null > estimate, "less": null < estimate}
        wanted = {True: 5 / 6, False: 2 / 6}.get(beside[alternative], 4 / 6)
        assert p == pytest.approx(wanted)


def test_the_estimate_is_the_mantel_haenszel_difference(counts_of):
    for rows in (ONE_AREA_EACH, SEVERAL_AREAS):
        counts = counts_of(rows)
        ours = permutation(counts, strata=("area",), weighting="requests").estimate
        assert ours == pytest.approx(mantel_haenszel(counts, by=("area",)).estimate, rel=SAME)


def test_the_notes_say_among_whom_retailers_were_exchanged(counts_of):
    blocked = permutation(counts_of(ONE_AREA_EACH), strata="area")
    whole = permutation(counts_of(SEVERAL_AREAS), strata="area", weighting="requests")
    assert [note.en for note in blocked.notes] == [
        "Retailers were exchanged within their stratum only."
    ]
    assert whole.notes[0].en.startswith("Some retailers filed in several strata")
    assert blocked.estimand == "equal_weight_difference_within_strata"
    assert whole.estimand == "request_weighted_difference_within_strata"


def test_labels_mappings_and_names_say_the_same(counts_of):
    by_name = permutation(counts_of(ONE_AREA_EACH), strata=["area"], weighting="requests")
    area = {retailer: area for _, retailer, area, *_ in ONE_AREA_EACH}
    counts = counts_of(ONE_AREA_EACH, by_area=False)
    by_mapping = permutation(counts, strata=area, weighting="requests")
    groups = [
        [row for row in ONE_AREA_EACH if row[0] == group] for group in ("incumbent", "entrant")
    ]
    arrays = [[row[at] for row in group] for group in groups for at in (3, 4)]
    labels = [row[2] for group in groups for row in group]
    by_label = permutation(*arrays, strata=labels, weighting="requests")
    for one in (by_mapping, by_label):
        assert (one.p_value, one.interval) == (by_name.p_value, by_name.interval)


def test_labels_belong_to_the_retailers_given_not_to_those_kept():
    data = [5, 0, 8], [20, 0, 30], [3, 9], [25, 40]
    result = permutation(*data, strata=["a", "b", "a", "a", "a"])
    kept = permutation([5, 8], [20, 30], [3, 9], [25, 40], strata=["a"] * 4)
    assert result.p_value == kept.p_value


def test_one_stratum_is_none():
    data = [30, 12, 2], [100, 60, 50], [20, 4, 9, 6], [90, 80, 70, 15]
    for weighting in ("equal", "requests"):
        plain = permutation(*data, weighting=weighting)
        one = permutation(*data, weighting=weighting, strata=["all"] * 7)
        assert one.p_value == plain.p_value
        assert one.estimate == pytest.approx(plain.estimate)
        assert one.interval.low == pytest.approx(plain.interval.low)
        assert one.interval.high == pytest.approx(plain.interval.high)


def test_rates_take_strata_too():
    rates = [0.21, 0.19, 0.3], [0.15, 0.16, 0.28, 0.25]
    result = permutation(*rates, strata=["a", "a", "b", "a", "a", "b", "b"])
    # a: 0.2 against 0.155, weight 2 x 2 / 4; b: 0.3 against 0.265, weight 1 x 2 / 3.
    assert result.estimate == pytest.approx((0.045 + 0.035 * 2 / 3) / (1 + 2 / 3))
    # Of 6 x 3 splits only the observed one has both groups at their highest.
    assert permutation(*rates, strata=list("aabaabb"), alternative="greater").p_value == 1 / 18


@pytest.mark.parametrize("strata", ["a" * 14, "ab" * 7])
def test_random_splits_agree_with_all_splits(strata):
    rng = np.random.default_rng(len(set(strata)))
    requests = rng.integers(10, 2_000, 14)
    errors = rng.binomial(requests, 0.2)
    data = errors[:6], requests[:6], errors[6:], requests[6:]
    how = {"weighting": "requests", "strata": list(strata)}
    every, drawn = permutation(*data, **how), permutation(*data, **how, max_splits=0, seed=2)
    assert abs(drawn.p_value - every.p_value) < STD_ERRORS * drawn.p_std_error
    assert drawn.interval.low == pytest.approx(every.interval.low, abs=0.006)
    assert "random" in drawn.notes[-1].en


@pytest.mark.parametrize("alternative", DIRECTIONS)
def test_the_interval_holds_what_the_test_does_not_reject(alternative, counts_of):
    how = {"strata": "area", "weighting": "requests", "alternative": alternative}
    for rows in (ONE_AREA_EACH, SEVERAL_AREAS):
        counts = counts_of(rows)
        interval = permutation(counts, **how, level=0.7).interval
        for null in np.linspace(-0.4, 0.4, 9):
            p = permutation(counts, **how, null=null).p_value
            assert (p > 0.3) == interval.contains(null), null


def test_strata_that_hold_one_group_only_are_refused():
    with pytest.raises(NotAnswerableError, match="both groups"):
        permutation([1, 2], [10, 10], [3, 4], [10, 10], strata=["a", "a", "b", "b"])


def test_strata_that_fit_no_retailer_are_refused(counts_of):
    counts = counts_of(ONE_AREA_EACH)
    with pytest.raises(UsageError, match="3 strata for 4 retailers"):
        permutation([1, 2], [10, 10], [3, 4], [10, 10], strata=["a", "a", "b"])
    with pytest.raises(UsageError, match="the retailer b has no stratum"):
        permutation(counts, strata={"a": "x"})
    with pytest.raises(UsageError, match="needs counts"):
        permutation([1], [10], [3], [10], strata={"a": "x"})
    with pytest.raises(NotAnswerableError, match="voltage"):
        permutation(counts, strata="voltage")
    with pytest.raises(UsageError, match="give numbers"):
        permutation([PrintedRate("18.0")] * 2, [PrintedRate("17.0")] * 2, strata=list("abab"))
    with pytest.raises(NotAnswerableError, match="how many requests"):
        permutation([0.1, 0.2], [0.3, 0.1], weighting="requests", strata=list("abab"))
