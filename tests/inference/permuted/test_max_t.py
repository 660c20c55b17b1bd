"""Families of specifications: the same splits for all, adjusted by the largest statistic."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import Specification, max_t, permutation
from switchstats.inference.permuted.family_p_values import max_t_p_values
from switchstats.values import Period

SAME = 1e-12
ROWS = [
    ("incumbent", "a", "01", 30, 100),
    ("incumbent", "b", "01", 12, 60),
    ("incumbent", "c", "02", 9, 50),
    ("entrant", "d", "01", 20, 90),
    ("entrant", "e", "02", 4, 80),
    ("entrant", "f", "02", 9, 70),
    ("entrant", "g", "01", 1, 15),
    ("entrant", "g", "02", 3, 40),
]
YEAR = Period(date(2022, 4, 1), date(2023, 4, 1))
PRIMARY = Specification(name="primary")
FAMILY = [
    PRIMARY,
    replace(PRIMARY, name="requests", weighting="requests"),
    replace(PRIMARY, name="area 02", weighting="requests", where={"area": ("02",)}),
    replace(PRIMARY, name="without a", without=("a",), period=YEAR),
    replace(PRIMARY, name="three entrants", controls=("d", "e", "g")),
]


def by_hand(alternative, procedure):
    """Adjusted p-values from a table of all splits, retailer by retailer."""
    names = "abcdefg"

    def statistic(one, first):
        kept = [
            row
            for row in ROWS
            if row[1] not in one.without
            and (one.controls is None or row[0] == "incumbent" or row[1] in one.controls)
            and (not one.where or row[2] in one.where["area"])
        ]
        errors = {name: sum(row[3] for row in kept if row[1] == name) for name in names}
        requests = {name: sum(row[4] for row in kept if row[1] == name) for name in names}
        means = []
        for group in (first, [name for name in names if name not in first]):
            inside = [name for name in group if requests[name]]
            if not inside:
                return 0.0
            if one.weighting == "equal":
                means.append(np.mean([errors[name] / requests[name] for name in inside]))
            else:
                means.append(sum(errors[n] for n in inside) / sum(requests[n] for n in inside))
        return means[0] - means[1]

    table = np.array(
        [[statistic(one, first) for first in combinations(names, 3)] for one in FAMILY]
    )
    table /= np.sqrt(np.mean(table**2, axis=1, keepdims=True))
    table = {"two-sided": np.abs(table), "less": -table, "greater": table}[alternative]
    order = np.argsort(-table[:, 0])
    adjusted, so_far = np.empty(len(FAMILY)), 0.0
    for rank, place in enumerate(order):
        rivals = table[order[rank:]] if procedure == "step_down" else table
        so_far = max(so_far, np.mean(rivals.max(axis=0) >= table[place, 0] - SAME))
        adjusted[place] = so_far
    return adjusted


@pytest.mark.parametrize("procedure", ["step_down", "single_step"])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_adjusted_p_values_are_shares_of_all_splits(alternative, procedure, counts_of):
    tests = max_t(counts_of(ROWS), FAMILY, alternative=alternative, procedure=procedure)
    wanted = by_hand(alternative, procedure)
    assert [test.p_adjusted for test in tests] == pytest.approx(wanted, abs=SAME)
    assert [test.specification for test in tests] == FAMILY


@pytest.mark.parametrize("statistic", ["difference", "studentised"])
@pytest.mark.parametrize("weighting", ["equal", "requests"])
def test_a_family_of_one_is_its_own_test(weighting, statistic, counts_of):
    counts = counts_of(ROWS)
    one = replace(PRIMARY, weighting=weighting)
    (test,) = max_t(counts, [one], statistic=statistic)
    plain = permutation(counts, weighting=weighting, statistic=statistic)
    assert test.p_adjusted == test.result.p_value == plain.p_value
    assert test.result.estimate == pytest.approx(plain.estimate)
    assert test.result.interval.low == pytest.approx(plain.interval.low)
    assert test.result.interval.high == pytest.approx(plain.interval.high)
    assert test.result.n_by_group == (3, 4)


@pytest.mark.parametrize("statistic", ["difference", "studentised"])
@pytest.mark.parametrize("alternative", ["two-sided", "less"])
def test_adjusting_never_helps_and_stepping_down_never_hurts(alternative, statistic, counts_of):
    family = [one for one in FAMILY if statistic == "difference" or one.name != "area 02"]
    how = {"alternative": alternative, "statistic": statistic}
    step_down = max_t(counts_of(ROWS), family, **how)
    single_step = max_t(counts_of(ROWS), family, **how, procedure="single_step")
    for one, other in zip(step_down, single_step, strict=True):
        assert one.result.p_value == other.result.p_value
        assert one.result.p_value - SAME <= one.p_adjusted <= other.p_adjusted + SAME


def test_copies_of_a_specification_cost_nothing(counts_of):
    counts = counts_of(ROWS)
    (alone,) = max_t(counts, [PRIMARY])
    copies = max_t(counts, [replace(PRIMARY, name=name) for name in "xyz"])
    assert {test.p_adjusted for test in copies} == {alone.p_adjusted}


def test_random_splits_agree_with_all_splits(counts_of):
    counts = counts_of(ROWS)
    every = max_t(counts, FAMILY)
    drawn = max_t(counts, FAMILY, max_splits=0, n_draws=20_000, seed=1)
    for one, other in zip(every, drawn, strict=True):
        assert other.p_adjusted == pytest.approx(one.p_adjusted, abs=0.02)
        assert other.result.seed == 1
        assert other.result.p_value >= 1 / 20_001


def test_the_result_by_itself_is_that_of_the_retailers_left(counts_of):
    # With a left out, the split of the other six is what counts; a falls anywhere.
    counts = counts_of(ROWS)
    test = max_t(counts, [replace(PRIMARY, name="without a", without=("a",))])[0]
    assert test.result.n_by_group == (2, 4)
    without = permutation(counts_of([row for row in ROWS if row[1] != "a"]))
    assert test.result.estimate == pytest.approx(without.estimate)
    assert test.to_dict()["specification"]["without"] == ["a"]
    assert test.to_dict()["result"]["estimand"] == "equal_weight_difference"


def test_estimands_are_chosen_from_several_counts(counts_of):
    both = {"cases": counts_of(ROWS), "first_attempt": counts_of(ROWS[:7])}
    family = [replace(PRIMARY, name=name, estimand=name) for name in both]
    cases, first_attempt = max_t(both, family)
    assert cases.result.estimate != first_attempt.result.estimate
    with pytest.raises(UsageError, match="must name one of the estimands cases, first_attempt"):
        max_t(both, [PRIMARY])
    with pytest.raises(UsageError, match="as a mapping"):
        max_t(both["cases"], family)


@pytest.mark.parametrize(
    ("family", "message"),
    [
        ([], "at least one specification"),
        ([PRIMARY, PRIMARY], "a name of its own"),
        ([replace(PRIMARY, without=("zz",))], "unknown retailer 'zz'"),
        ([replace(PRIMARY, where={"voltage": "low"})], "no column 'voltage'"),
    ],
)
def test_families_that_make_no_sense_are_refused(family, message, counts_of):
    with pytest.raises(UsageError, match=message):
        max_t(counts_of(ROWS), family)


def test_a_specification_without_a_group_is_refused_by_name(counts_of):
    empty = replace(PRIMARY, name="nobody", without=("a", "b", "c"))
    with pytest.raises(NotAnswerableError, match="'nobody'"):
        max_t(counts_of(ROWS), [PRIMARY, empty])
    with pytest.raises(NotAnswerableError, match="'area 02'"):
        max_t(counts_of(ROWS), [FAMILY[2]], statistic="studentised")


def test_arguments_out_of_range_are_refused(counts_of):
    with pytest.raises(UsageError, match="procedure must be"):
        max_t(counts_of(ROWS), [PRIMARY], procedure="bonferroni")
    with pytest.raises(UsageError, match="statistic must be"):
        max_t(counts_of(ROWS), [PRIMARY], statistic="t")
    with pytest.raises(UsageError, match="give a seed"):
        max_t(counts_of(ROWS), [PRIMARY], max_splits=0)


@pytest.mark.parametrize("statistic", ["difference", "studentised"])
def test_many_data_sets_are_tested_like_one(statistic, counts_of):
    # the family of `max_t_p_values`: c and g file most in their groups
    rng = np.random.default_rng(1)
    requests = np.array([30, 50, 90, 40, 20, 70, 120])
    errors = rng.binomial(requests, rng.beta(12, 55, (3, 7)))
    first = np.arange(7) < 3
    everybody = [
        Specification(name="retailers"),
        Specification(name="requests", weighting="requests"),
    ]
    family = [
        *everybody,
        *(replace(one, name=f"{one.name}, smaller", without=("c", "g")) for one in everybody),
    ]
    one_by_one = []
    for each in errors:
        groups = ["incumbent"] * 3 + ["entrant"] * 4
        rows = list(zip(groups, "abcdefg", ["01"] * 7, each, requests, strict=True))
        tests = max_t(counts_of(rows, by_area=False), family, statistic=statistic)
        one_by_one.append(min(one.p_adjusted for one in tests))
    found = max_t_p_values(errors, np.tile(requests, (3, 1)), first, statistic=statistic)
    assert found == pytest.approx(one_by_one, abs=SAME)


@pytest.mark.parametrize("procedure", ["step_down", "single_step"])
@pytest.mark.parametrize(
    ("alternative", "first", "extreme"),
    # Of four retailers with 1 error of 4 and four with 2 of 4, 70 splits put 0, 1, 2, 3 or 4 of the
    # latter into the first group in 1, 16, 36, 16 and 1 ways. The one with none and the one with
    # all vary within no group: infinitely low and infinitely high.
    [
        ("greater", (1, 2, 2, 2), 16 + 1),
        ("less", (1, 1, 1, 2), 16 + 1),
        ("greater", (1, 1, 1, 2), 16 + 36 + 16 + 1),
        ("less", (1, 2, 2, 2), 16 + 36 + 16 + 1),
        ("two-sided", (1, 2, 2, 2), 2 * (16 + 1)),
    ],
)
def test_a_split_without_standard_error_is_infinitely_high_or_low(
    alternative, first, extreme, procedure, counts_of
):
    second = [3 - errors for errors in first]
    rows = [
        (group, f"{group}{place}", "01", errors, 4)
        for group, members in (("incumbent", first), ("entrant", second))
        for place, errors in enumerate(members)
    ]
    (test,) = max_t(
        counts_of(rows, by_area=False),
        [PRIMARY],
        statistic="studentised",
        alternative=alternative,
        procedure=procedure,
    )
    assert test.p_adjusted == pytest.approx(extreme / 70)
    assert test.result.p_value == pytest.approx(extreme / 70)
