"""The exact test of strata against whole-number enumeration."""

import math
from fractions import Fraction

import numpy as np
import pytest

from switchstats.inference import cmh
from switchstats.inference.stratified import series
from switchstats.inference.stratified.conditional_sum import ConditionalSum
from switchstats.inference.stratified.exact import ExactStrata
from switchstats.inference.stratified.grid import Grid
from switchstats.inference.stratified.log_mass import log_mass
from switchstats.inference.stratified.margins import Margins
from switchstats.inference.stratified.series import Series

# Probabilities out of a few dozen Fourier terms, relative.
REL_TOLERANCE = 1e-11
# Odds ratios out of a root finder.
LIMIT_TOLERANCE = 1e-9
# Of a p-value just inside and just outside the interval, whose ends are good to 1e-13.
NUDGE = 1e-9

# Columns e1, n1, e0, n0.
TABLES = {
    "one": ([6], [18], [12], [17]),
    "one_of_two": ([1], [1], [0], [1]),
    "pairs": ([1, 1, 0, 1, 1], [1] * 5, [0, 1, 1, 0, 0], [1] * 5),
    "rabbits": ([0, 3, 6, 5, 2], [6, 6, 6, 6, 2], [0, 0, 2, 6, 5], [5, 6, 6, 6, 5]),
    "least": ([0, 0], [10, 20], [3, 2], [5, 6]),
    "greatest": ([10, 20], [10, 20], [3, 2], [5, 6]),
    "symmetric": ([3, 5], [10, 12], [7, 7], [10, 12]),
    "sparse": ([0, 1, 0, 2, 0, 1, 0], [40, 35, 9, 80, 3, 12, 2], [1, 2, 0, 4, 1, 0, 1], [9] * 7),
    "wide": ([60, 25], [300, 90], [120, 40], [350, 80]),
}
NULLS = [Fraction(1), Fraction(13, 10), Fraction(1, 4)]

every_table = pytest.mark.parametrize("name", TABLES)


@every_table
@pytest.mark.parametrize("null", NULLS)
def test_p_values_equal_enumeration(enumerated, name, null):
    table, exact = TABLES[name], enumerated(*TABLES[name])

    def p_value(**asked):
        return cmh(*table, exact=True, null=float(null), **asked).p_value

    less, greater = exact.less(null), exact.greater(null)
    half = exact.equal(null) / 2
    expected = {
        "less": (p_value(alternative="less"), less),
        "greater": (p_value(alternative="greater"), greater),
        "central": (p_value(central=True), min(1.0, 2 * min(less, greater))),
        "mid less": (p_value(alternative="less", mid_p=True), less - half),
        "mid": (p_value(mid_p=True), min(1.0, 2 * (min(less, greater) - half))),
        "likelihood": (p_value(), exact.likelihood(null)),
    }
    for kind, (ours, value) in expected.items():
        assert ours == pytest.approx(value, rel=REL_TOLERANCE), kind


@every_table
def test_the_estimate_expects_what_was_observed(enumerated, name):
    exact = enumerated(*TABLES[name])
    estimate = cmh(*TABLES[name], exact=True).estimate
    if exact.observed == 0:
        assert estimate == 0
    elif exact.observed == len(exact.ways) - 1:
        assert estimate == math.inf
    else:
        assert exact.mean(estimate) == pytest.approx(exact.observed, rel=REL_TOLERANCE)


@every_table
@pytest.mark.parametrize("level", [0.6, 0.95])
@pytest.mark.parametrize(
    ("asked", "alternative"),
    [
        ({}, "two-sided"),
        ({}, "less"),
        ({"central": True}, "two-sided"),
        ({"mid_p": True}, "two-sided"),
        ({"mid_p": True}, "greater"),
    ],
)
def test_the_interval_ends_where_the_test_begins_to_reject(name, level, asked, alternative):
    asked = {"exact": True, "alternative": alternative, **asked}
    interval = cmh(*TABLES[name], level=level, **asked).interval
    for end, outwards in ((interval.low, -1), (interval.high, 1)):
        if end in (None, 0.0):
            continue
        outside = cmh(*TABLES[name], null=end * math.exp(outwards * NUDGE), **asked)
        inside = cmh(*TABLES[name], null=end * math.exp(-outwards * NUDGE), **asked)
        assert outside.p_value <= 1 - level + NUDGE
        assert inside.p_value >= 1 - level - NUDGE


@pytest.mark.parametrize("name", ["one", "rabbits", "wide"])
def test_nothing_beyond_the_interval_is_kept(enumerated, name):
    # the two-sided p-value jumps up and down: look at every odds ratio in fine steps
    exact = enumerated(*TABLES[name])
    interval = cmh(*TABLES[name], exact=True).interval
    steps = [1 + step / 50 for step in range(1, 100)]
    beyond = [interval.high * step for step in steps] + [interval.low / step for step in steps]
    assert max(exact.likelihood_quickly(odds_ratio) for odds_ratio in beyond) <= 0.05


def test_a_null_in_a_gap_takes_the_p_value_of_the_far_side(enumerated):
    table = [1], [19], [16], [38]
    result = cmh(*table, exact=True, null=0.6)
    assert enumerated(*table).likelihood(Fraction(6, 10)) <= 0.05 < result.p_value
    assert result.interval.high > 0.6
    assert "0.04989" in result.notes[-1].en
    assert len(cmh(*table, exact=True, null=0.5).notes) == 1


@pytest.mark.parametrize(
    "table",
    [
        ([290], [1200], [310], [1500]),
        ([300, 40], [1500, 260], [280, 60], [1400, 300]),
        ([700], [2500], [400], [2600]),
    ],
)
def test_grids_with_wide_steps_lose_nothing(enumerated, table):
    exact = enumerated(*table)
    assert max(block.step for block in ConditionalSum.of(np.array(table).T).grid.blocks) > 1
    for alternative in ("less", "greater"):
        ours = cmh(*table, exact=True, alternative=alternative).p_value
        theirs = exact.less() if alternative == "less" else exact.greater()
        assert ours == pytest.approx(theirs, rel=REL_TOLERANCE, abs=0)
    ours = cmh(*table, exact=True).p_value
    assert ours == pytest.approx(exact.likelihood(), rel=REL_TOLERANCE, abs=0)


def many_strata(n_strata: int, odds_ratio: float) -> np.ndarray:
    rng = np.random.default_rng(20230131)
    first, second = rng.integers(200, 5000, n_strata), rng.integers(200, 5000, n_strata)
    rate = rng.uniform(0.1, 0.3, n_strata)
    odds = odds_ratio * rate / (1 - rate)
    return np.column_stack(
        [rng.binomial(first, odds / (1 + odds)), first, rng.binomial(second, rate), second]
    )


@pytest.mark.parametrize("odds_ratio", [1.0, 1.03, 1.1])
def test_the_series_of_many_strata_equals_their_grid(monkeypatch, odds_ratio):
    tables = many_strata(150, odds_ratio)
    short = ExactStrata.of(tables)
    assert isinstance(short.total.grid, Series)
    monkeypatch.setattr(series, "_WIDE", math.inf)
    long = ExactStrata.of(tables)
    assert isinstance(long.total.grid, Grid)
    assert short.odds_ratio == pytest.approx(long.odds_ratio, rel=REL_TOLERANCE)
    for tails in ("likelihood", "central"):
        for alternative in ("two-sided", "less", "greater"):
            ours = short.p_value(alternative, 0.0, tails)
            theirs = long.p_value(alternative, 0.0, tails)
            assert ours == pytest.approx(theirs, rel=REL_TOLERANCE, abs=0)


def test_a_tail_of_1e_59_is_right(enumerated):
    table = [330, 136], [600, 300], [110, 42], [650, 310]
    ours = cmh(*table, exact=True, alternative="greater").p_value
    theirs = enumerated(*table).greater()
    assert 1e-65 < theirs < 1e-55
    assert ours == pytest.approx(theirs, rel=REL_TOLERANCE, abs=0)


def test_masses_are_those_of_whole_numbers():
    for cells in ((3, 40, 7, 50), (0, 12, 5, 8), (130, 900, 90, 800)):
        margins = Margins.of(np.array([cells]))
        e1, n1, e0, n0 = cells
        offset = np.arange(margins.low[0], margins.high[0] + 1)
        ours = log_mass(margins, offset[None, :])[0]
        for step, value in zip(offset.astype(int).tolist(), ours, strict=True):
            ways = math.comb(n1, e1 + step) * math.comb(n0, e0 - step)
            expected = math.log(Fraction(ways, math.comb(n1, e1) * math.comb(n0, e0)))
            assert value == pytest.approx(expected, rel=REL_TOLERANCE, abs=REL_TOLERANCE)


def test_a_million_million_requests():
    # one error each way of 10^12: which group has it is a fair coin
    fair = cmh([1], [10**12], [1], [10**12], exact=True, alternative="less")
    assert fair.p_value == pytest.approx(0.75, rel=LIMIT_TOLERANCE)
    # with 2 10^11 errors the exact and the asymptotic test are the same to many digits
    table = [10**11], [10**12], [10**11 + 10**6], [10**12]
    exact = cmh(*table, exact=True, central=True)
    corrected = cmh(*table, continuity=True)
    assert exact.p_value == pytest.approx(corrected.p_value, rel=1e-7)
    assert exact.interval.high == pytest.approx(corrected.interval.high, rel=LIMIT_TOLERANCE)
    # the likelier neighbours of a value near the most likely one are no ties of it
    near = [10**11], [10**12], [10**11 + 10**5], [10**12]
    likelihood = cmh(*near, exact=True).p_value
    assert likelihood == pytest.approx(cmh(*near, exact=True, central=True).p_value, rel=1e-5)


def test_two_strata_that_leave_almost_no_choice():
    # the odds ratio is known to some 26 powers of ten: n = 10^12 against 1, and the other way round
    result = cmh([1, 0], [1, 10**12], [0, 1], [10**12, 1], exact=True, central=True)
    assert result.estimate == pytest.approx(1.0, rel=LIMIT_TOLERANCE)
    # the second stratum alone: odds ratio / (odds ratio + 10^12) = 0.975
    assert result.interval.high == pytest.approx(39e12, rel=1e-6)
