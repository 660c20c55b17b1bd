"""Two groups from counts: the test named beforehand, the verdict, the checks and the refusals."""

import json
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import switchstats as ss
from switchstats.errors import UsageError
from switchstats.inference import mantel_haenszel
from switchstats.inference.groups import read_two_groups
from switchstats.inference.recommend import choose, facts_of
from switchstats.labels import Text
from switchstats.report import results_json
from switchstats.simulate import World, simulate_counts
from switchstats.simulate.calibration.draws import draw_data_sets
from switchstats.simulate.calibration.worlds import world_named
from switchstats.studies.declaration import Declaration
from switchstats.studies.group_comparison.comparison import Comparison
from switchstats.values import Check, Counts, Finding, Outcome, Period, Retailer, TestResult

# Sums of a few doubles.
TOLERANCE = 1e-12
Side: TypeAlias = list[tuple[int, int]]
Rates: TypeAlias = list[float]
LOW = [(10, 100), (12, 100), (22, 200), (28, 200), (11, 100), (13, 100)]
HIGH = [(20, 100), (23, 100), (42, 200), (50, 200), (21, 100), (26, 100)]
MIXED = [(18, 100), (15, 100), (32, 200), (38, 200), (14, 100), (12, 100)]


def check(finding: Finding, name: str) -> Check:
    return next(one for one in finding.checks if one.name == name)


def of_estimand(finding: Finding, estimand: str) -> list[TestResult]:
    return [test for test in finding.tests if test.estimand == estimand]


def by_hand(low: Rates, high: Rates) -> tuple[float, float]:
    """Return the difference of two means and its one-sided p, with the jackknife variance (CR3).

    Leaving x out moves a mean of n by (mean - x) / (n - 1); the squares of that sum to the sum of
    squares over (n - 1)^2. Degrees of freedom after Satterthwaite, from n - 1 a group.
    """
    parts = [float(np.var(side, ddof=1)) / (len(side) - 1) for side in (low, high)]
    gap = float(np.mean(low) - np.mean(high))
    df = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (low, high), strict=True)
    )
    return gap, float(student.cdf(gap / sum(parts) ** 0.5, df))


def rates_of(side: Side) -> Rates:
    return [errors / requests for errors, requests in side]


def test_the_primary_test_is_the_recommended_one(make_counts) -> None:
    counts = make_counts((LOW, MIXED))
    finding = ss.GroupComparison().run(counts)
    assert ss.recommend(counts).test == "cluster_robust"
    assert finding.primary is not None
    assert finding.primary.method == "cluster_robust"
    assert finding.primary.alternative == "less"
    # .1, .12, .11, .14, .11, .13 against .18, .15, .16, .19, .14, .12
    gap, p = by_hand(rates_of(LOW), rates_of(MIXED))
    assert finding.verdict.estimate == pytest.approx(gap, abs=TOLERANCE)
    assert finding.primary.p_value == pytest.approx(p, rel=1e-9)


def test_unequal_spread_in_the_smaller_group_does_not_change_the_test(make_counts) -> None:
    wide = [(2, 100), (40, 100), (5, 100), (38, 100), (20, 100), (1, 100)]
    narrow = [(20, 100), (21, 100), (19, 100), (20, 100), (22, 100), (18, 100), (20, 100)]
    finding = ss.GroupComparison().run(make_counts((wide, narrow)))
    assert finding.primary is not None
    assert finding.primary.method == "cluster_robust"
    assert check(finding, "rule").passed is not False
    _, p = by_hand(rates_of(wide), rates_of(narrow))
    assert finding.primary.p_value == pytest.approx(p, rel=1e-9)


def test_both_weightings_are_reported_and_named(make_counts) -> None:
    # one large retailer turns the sign of the weighted difference
    first, second = [*LOW, (900, 3000)], [*HIGH, (20, 100)]
    finding = ss.GroupComparison(margin=0.02).run(make_counts((first, second)))
    gap = finding.verdict.request_weighted
    assert gap is not None
    # 996 of 3800 and 202 of 900, by hand
    assert gap.estimate == pytest.approx(996 / 3800 - 202 / 900)
    assert gap.interval is not None
    assert gap.interval.kind == "confidence"
    assert finding.rates.difference(gap.period, "requests") == gap
    assert check(finding, "weighting").passed is False
    assert check(finding, "dominant").passed is False
    assert "Weighted by requests the difference" in finding.paragraph("en")
    assert "95 % confidence interval" in finding.paragraph("en")
    assert "95％信頼区間" in finding.paragraph("ja")
    assert "端数処理" not in finding.paragraph("ja")


def test_the_naive_test_is_labelled(make_counts) -> None:
    finding = ss.GroupComparison().run(make_counts((LOW, MIXED)))
    naive = next(test for test in finding.tests if test.method == "pooled_z")
    assert naive.units == "requests"
    assert [caution.code for caution in naive.cautions] == ["requests_as_units"]
    others = [test for test in finding.tests if test is not naive]
    assert {test.units for test in others} == {"retailers"}
    assert {"random_effects", "rank_sum", "cluster_robust"} <= {test.method for test in others}


def test_sparse_data_bring_the_beta_binomial_model(make_counts) -> None:
    few = [(1, 10), (2, 10), (1, 20), (3, 20), (0, 10), (1, 10)]
    finding = ss.GroupComparison().run(make_counts((few, few)))
    assert finding.verdict.estimand == "equal_weight_difference"
    assert "beta_binomial" in {test.method for test in finding.tests}
    frame = finding.to_frame()
    row = frame[frame["method"] == "beta_binomial"].iloc[0]
    assert row["scale"] == "log_odds_ratio"


def test_a_clear_advantage_is_shown(make_counts) -> None:
    finding = ss.GroupComparison(margin=0.02).run(make_counts((LOW, HIGH)))
    assert finding.verdict.outcome is Outcome.ADVANTAGE_SHOWN
    _, p = by_hand(rates_of(LOW), rates_of(HIGH))
    assert finding.verdict.p_value == pytest.approx(p, rel=1e-9)
    assert finding.verdict.grade.key == "cross_section"
    assert finding.verdict.n_by_group == (6, 6)
    assert finding.verdict.detectable is not None
    assert finding.verdict.influential is not None
    assert check(finding, "leave_one_out").passed
    assert check(finding, "ranks").passed


def test_a_disadvantage_is_said(make_counts) -> None:
    finding = ss.GroupComparison(margin=0.02).run(make_counts((HIGH, LOW)))
    assert finding.verdict.disadvantage
    assert finding.verdict.outcome is Outcome.RULED_OUT
    assert finding.verdict.smallest_margin == 0


def test_an_advantage_that_hangs_on_one_retailer_is_not_called_shown(make_counts) -> None:
    rates = (10, 11, 12, 15, 15), (15, 16, 17, 13, 17)
    sides = [[(rate, 100) for rate in side] for side in rates]
    finding = ss.GroupComparison().run(make_counts(tuple(sides)))
    assert by_hand(*map(list, rates))[1] == pytest.approx(0.0357, abs=5e-5)
    # without the incumbent of 11 %
    assert by_hand([10, 12, 15, 15], [15, 16, 17, 13, 17])[1] == pytest.approx(0.0872, abs=5e-5)
    assert finding.verdict.p_value is not None
    assert finding.verdict.p_value <= 0.05
    assert check(finding, "leave_one_out").undoes == ("advantage",)
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert finding.verdict.reasons


def by_area(rows: list[tuple[str, str, int, int]], areas: str = "area") -> Counts:
    names = ("retailer", areas, "requests", "errors")
    month = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) | month for row in rows])
    retailers = {
        name: Retailer(name, Text(name, name), "incumbent" if name < "n" else "entrant")
        for name in frame["retailer"]
    }
    return Counts.of(frame, retailers.values())


def test_a_mix_that_explains_all_undoes_the_advantage() -> None:
    # everybody has 10 % in area 01 and 40 % in 02, give or take; only what is filed differs
    rows: list[tuple[str, str, int, int]] = []
    for at, name in enumerate("abcdef"):
        rows += [(name, "01", 900, 90 + at), (name, "02", 100, 40 + at)]
    for at, name in enumerate("uvwxyz"):
        rows += [(name, "01", 100, 10 + at), (name, "02", 900, 360 + at)]
    finding = ss.GroupComparison().run(by_area(rows))
    mix = check(finding, "mix")
    assert mix.passed is False
    assert mix.undoes == ("advantage",)
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    # (.9 - .1) of the requests at 10 instead of 40 %: 24 points
    assert "−24.0" in mix.text.en
    within = of_estimand(finding, "stratified_difference")
    assert len(within) == 1
    assert abs(within[0].estimate) < 0.01
    # half of all requests in either area: (10.28 % + 42.5 %) / 2 and (12.5 % + 40.28 %) / 2
    assert "26.39 % (incumbents) and 26.39 % (entrants)" in check(finding, "standardised").text.en


def test_a_mix_explains_no_advantage_where_none_is_observed() -> None:
    # the incumbents file more in the better area, and err more in both: 20 and 60 % v 10 and 40 %
    rows: list[tuple[str, str, int, int]] = []
    for at, name in enumerate("abcdef"):
        rows += [(name, "01", 600, 120 + at), (name, "02", 400, 240 + at)]
    for at, name in enumerate("uvwxyz"):
        rows += [(name, "01", 500, 50 + at), (name, "02", 500, 200 + at)]
    finding = ss.GroupComparison(margin=0.02).run(by_area(rows))
    assert finding.primary is not None
    assert finding.primary.estimate > 0
    mix = check(finding, "mix")
    assert mix.passed is True
    # .1 of the requests at the groups' mean of 15 instead of 50 %: 3.5 points, Das Gupta's part
    assert "−3.5" in mix.text.en
    assert "equal-weight" not in mix.text.en


def test_a_test_of_unknown_size_rules_no_margin_out() -> None:
    # three against seven retailers: simulated data sets were rejected too often there
    rows = [(name, "01", 1000, 150 + 10 * at) for at, name in enumerate("abcuvwxyz")]
    finding = ss.GroupComparison(margin=0.5).run(by_area(rows))
    assert check(finding, "rule").passed is False
    assert finding.verdict.smallest_margin is None
    assert "rule out no advantage" in finding.paragraph("en")


def test_within_strata_every_stratum_that_is_told_is_held() -> None:
    world = World(n_retailers=30)
    counts = simulate_counts(world, 20_000, 5, strata=("area", "losing"))
    finding = ss.GroupComparison().run(counts)
    expected = mantel_haenszel(counts, by=("period", "area", "losing"))
    assert of_estimand(finding, "stratified_difference") == [expected]
    assert expected.units == "retailers"
    assert [item.name for item in finding.not_answerable] == ["by_reason"]


def test_what_is_missing_is_refused_with_the_column_that_would_do(make_counts) -> None:
    finding = ss.GroupComparison().run(make_counts((LOW, MIXED)))
    needs = {item.name: item.needs for item in finding.not_answerable}
    assert set(needs) == {"leak_contrast", "by_area", "by_losing", "before_after", "by_reason"}
    for name, column in (("by_area", "area"), ("by_losing", "losing"), ("by_reason", "reason")):
        assert f"column {column}" in needs[name].en
        assert f"列 {column}" in needs[name].ja
    assert check(finding, "mix").passed is None


def test_each_period_is_tested_by_itself(make_counts) -> None:
    counts = make_counts((LOW, HIGH), (LOW, HIGH), (LOW, MIXED))
    finding = ss.GroupComparison().run(counts)
    single = [test for test in finding.tests if test.period in counts.periods]
    assert len(single) == 3
    assert {test.alternative for test in single} == {"two-sided"}
    gap, p = by_hand(rates_of(LOW), rates_of(MIXED))
    assert single[2].estimate == pytest.approx(gap, abs=TOLERANCE)
    assert single[2].p_value == pytest.approx(2 * p, rel=1e-9)
    assert check(finding, "periods").passed
    # the words of a period that is no column of the table of rates
    assert finding.rates.label(counts.periods[0]).en


def test_a_period_that_goes_the_other_way_is_named(make_counts) -> None:
    often = [(5 * errors, 5 * requests) for errors, requests in HIGH]
    seldom = [(5 * errors, 5 * requests) for errors, requests in LOW]
    finding = ss.GroupComparison().run(make_counts((seldom, often), (HIGH, LOW)))
    found = check(finding, "periods")
    assert found.passed is False
    assert "Feb 2023" in found.text.en


def test_a_part_of_the_span_can_be_chosen(make_counts) -> None:
    counts = make_counts((LOW, HIGH), (HIGH, LOW))
    january = counts.periods[0]
    finding = ss.GroupComparison(period=january).run(counts)
    assert finding.verdict.period == january
    assert (
        finding.verdict.estimate
        == ss.GroupComparison().run(make_counts((LOW, HIGH))).verdict.estimate
    )
    with pytest.raises(UsageError, match="no counts inside"):
        ss.GroupComparison(period=_later(january)).run(counts)


def _later(period: Period) -> Period:
    return Period(period.start.replace(year=2030), period.end.replace(year=2030))


def test_any_two_groups_of_a_registry_will_do(make_counts) -> None:
    groups = ("north", "south")
    named = ss.GroupComparison(groups=groups).run(make_counts((LOW, MIXED), groups=groups))
    usual = ss.GroupComparison().run(make_counts((LOW, MIXED)))
    assert named.verdict.p_value == usual.verdict.p_value
    assert named.verdict.bound == usual.verdict.bound
    assert "north" in named.paragraph("en")


@pytest.mark.parametrize(
    ("sides", "name", "word"),
    [
        (([], HIGH), "group", "groups of the registry are: entrants"),
        (([(1, 10)], [(2, 10), (3, 10)]), "two_retailers", "too few to test"),
    ],
)
def test_too_few_retailers_are_refused(make_counts, sides, name: str, word: str) -> None:
    finding = ss.GroupComparison(margin=0.02).run(make_counts(sides))
    assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert [item.name for item in finding.not_answerable] == [name]
    assert word in finding.not_answerable[0].reason.en
    assert finding.not_answerable[0].reason.ja != finding.not_answerable[0].reason.en
    assert finding.primary is None
    assert finding.summary("ja")


def test_overlapping_periods_are_refused(make_counts) -> None:
    counts = make_counts((LOW, HIGH), (LOW, HIGH))
    both = counts.frame.drop(columns="group")
    whole = both.groupby("retailer", as_index=False)[["requests", "errors"]].sum()
    whole["period_start"], whole["period_end"] = (
        both["period_start"].min(),
        both["period_end"].max(),
    )
    doubled = Counts.of(pd.concat([both, whole]), counts.retailers)
    finding = ss.GroupComparison().run(doubled)
    assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert finding.not_answerable[0].name == "disjoint_periods"
    # and each of them can be chosen
    assert ss.GroupComparison(period=counts.periods[0]).run(doubled).primary is not None


def test_the_same_counts_and_seed_give_the_same_bytes() -> None:
    counts = simulate_counts(World(n_retailers=60), 20_000, 3, strata=("area",))
    study = ss.GroupComparison(margin=0.03, seed=4)
    one, other = (results_json([study.run(counts)]) for _ in range(2))
    assert one == other
    # the tests that are recommended for 60 retailers draw nothing
    assert json.loads(one)["findings"][0]["provenance"]["seed"] is None


# Quantiles of the binomial distribution: with a size of 5 % more false claims than this come up in
# one of a thousand simulations of so many data sets.
RUNS, MOST_FALSE = 300, 28


@pytest.mark.parametrize("world", ["skewed", "ten_v_100"])
def test_false_advantages_are_as_rare_as_the_level_says(world: str) -> None:
    from scipy.special import bdtr

    # the quantile itself
    assert bdtr(MOST_FALSE - 1, RUNS, 0.05) < 0.999 <= bdtr(MOST_FALSE, RUNS, 0.05)
    assert false_claims(world, RUNS, seed=1) <= MOST_FALSE


def false_claims(world: str, runs: int, seed: int) -> int:
    """Count data sets without a difference in which the bound alone claims an advantage.

    Checks can only take claims back, so that verdicts claim no more.
    """
    data = draw_data_sets(world_named(world), runs, np.random.default_rng(seed))
    first, claims = data.first, 0
    for errors, requests in zip(data.errors, data.requests, strict=True):
        sides = errors[first], requests[first], errors[~first], requests[~first]
        two = read_two_groups(sides, test="size")
        choice = next(
            one for one in choose(facts_of(two)) if one.estimand == "equal_weight_difference"
        )
        comparison = Comparison(two=two, choice=choice, terms=Declaration())
        upper = comparison.test("less").interval
        claims += upper is not None and upper.high is not None and upper.high < 0
    return claims


@pytest.mark.slow
@pytest.mark.parametrize("world", ["skewed", "ten_v_100"])
@pytest.mark.parametrize(("gap", "least", "most"), [(0.0, 0.0, 0.05), (0.06, 0.6, 1.0)])
def test_size_and_power_of_the_verdict(make_counts, world, gap, least, most) -> None:
    """The whole study. Power at 6 points: .78 for retailer-level tests at 10 v 10 (oracle)."""
    runs = 150
    data = draw_data_sets(world_named(world), runs, np.random.default_rng(2), gap=gap)
    first, shown = data.first, 0
    for errors, requests in zip(data.errors, data.requests, strict=True):
        sides = [
            list(zip(errors[side].tolist(), requests[side].tolist(), strict=True))
            for side in (first, ~first)
        ]
        verdict = ss.GroupComparison().run(make_counts(tuple(sides))).verdict
        shown += verdict.outcome is Outcome.ADVANTAGE_SHOWN
    error = 3 * (0.05 * 0.95 / runs) ** 0.5
    assert least - error <= shown / runs <= most + error


@pytest.mark.parametrize("margin", [None, 0.02])
def test_nothing_is_claimed_where_no_test_is_known_to_hold(make_counts, margin) -> None:
    """Three retailers against seven, far apart: in the calibration no test holds its size there."""
    low = [(1, 100), (2, 100), (1, 100)]
    high = [(30, 100), (33, 100), (31, 100), (29, 100), (32, 100), (30, 100), (31, 100)]
    counts = make_counts((low, high))
    assert not ss.recommend(counts).choices[0].holds
    finding = ss.GroupComparison(margin=margin).run(counts)
    rule = check(finding, "rule")
    assert rule.passed is False
    assert "advantage" in rule.undoes
    assert finding.verdict.p_value < 0.01
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert any("a check fails" in reason.en for reason in finding.verdict.reasons)


def test_both_sides_of_the_gap_are_withdrawn(make_counts) -> None:
    """Equal rates, so that an advantage above 2 points would be ruled out by numbers alone."""
    low = [(300, 1000), (301, 1000), (299, 1000)]
    high = [(300, 1000), (299, 1000), (301, 1000), (300, 1000), (302, 1000), (298, 1000)]
    finding = ss.GroupComparison(margin=0.02).run(make_counts((low, high)))
    assert check(finding, "rule").undoes == ("ruled_out",)
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
