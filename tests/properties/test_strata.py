"""What must hold for every set of strata, whichever test compares the groups within them."""

import math
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from switchstats.errors import NotAnswerableError
from switchstats.inference import (
    breslow_day,
    cmh,
    mantel_haenszel,
    stratified_miettinen_nurminen,
)
from switchstats.inference.stratified import (
    breslow_day_p_values,
    stratified_miettinen_nurminen_p_values,
)
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

TESTS = {
    "cmh": cmh,
    "cmh_plain": partial(cmh, continuity=False),
    "exact": partial(cmh, exact=True),
    "exact_central": partial(cmh, exact=True, central=True),
    "exact_mid_p": partial(cmh, exact=True, mid_p=True),
    "difference": mantel_haenszel,
    "odds_ratio": partial(mantel_haenszel, scale="odds_ratio"),
    "risk_ratio": partial(mantel_haenszel, scale="risk_ratio"),
    "score": stratified_miettinen_nurminen,
}
CLUSTERED = {
    "cmh": partial(cmh, by=("area",)),
    "difference": partial(mantel_haenszel, by=("area",)),
    "odds_ratio": partial(mantel_haenszel, by=("area",), scale="odds_ratio"),
    "risk_ratio": partial(mantel_haenszel, by=("area",), scale="risk_ratio"),
    "score": partial(stratified_miettinen_nurminen, by=("area",)),
}
MIRRORED = {"less": "greater", "greater": "less", "two-sided": "two-sided"}
# Root finders and sums of doubles near 1.
TOLERANCE = 1e-8
# With less variance than this the continuity correction makes the test neither rise nor fall.
LEAST_VARIANCE = 0.5

every_test = pytest.mark.parametrize("name", TESTS)
every_clustered = pytest.mark.parametrize("name", CLUSTERED)
checked = settings(deadline=None, max_examples=60, derandomize=True)
seldom = settings(deadline=None, max_examples=60, derandomize=True)


@st.composite
def arms(draw):
    requests = draw(st.integers(1, 30))
    return draw(st.integers(0, requests)), requests


strata = st.lists(st.tuples(arms(), arms()), min_size=1, max_size=4)
alternatives = st.sampled_from(sorted(MIRRORED))
levels = st.sampled_from([0.8, 0.95])
# Also nulls at which the data are quite unlikely.
log_nulls = st.floats(-2, 2)


def columns(tables):
    first, second = zip(*tables, strict=True)
    return [list(part) for pair in (first, second) for part in zip(*pair, strict=True)]


def ask(test, *data, **asked):
    """The result; such data as the test refuses prove nothing."""
    try:
        return test(*data, **asked)
    except NotAnswerableError:
        assume(False)
        raise


def null_of(name, log_null):
    """A null that fits the scale: a difference from -0.76 to 0.76, or a ratio."""
    return math.tanh(log_null) * 0.8 if name in ("difference", "score") else math.exp(log_null)


def inverse(name, value):
    if value is None:
        return None
    if name in ("difference", "score"):
        return -value
    return math.inf if value == 0 else 1 / value


def same(one, other):
    if one is None or other is None or math.isinf(one) or math.isinf(other):
        return (one in (None, math.inf)) == (other in (None, math.inf))
    return one == pytest.approx(other, rel=TOLERANCE, abs=TOLERANCE)


def same_result(one, other):
    ends = ((one.interval.low, other.interval.low), (one.interval.high, other.interval.high))
    return (
        same(one.estimate, other.estimate)
        and same(one.p_value, other.p_value)
        and all(same(*pair) for pair in ends)
    )


def varies_enough(e1, n1, e0, n0):
    e1, n1, e0, n0 = (np.array(part, dtype=float) for part in (e1, n1, e0, n0))
    errors, total = e1 + e0, n1 + n0
    parts = n1 * n0 * errors * (total - errors) / (total**2 * np.maximum(total - 1, 1))
    return parts.sum() > LEAST_VARIANCE


@every_test
@checked
@given(strata, alternatives, levels, log_nulls)
def test_swapping_the_groups_mirrors_everything(name, tables, alternative, level, log_null):
    e1, n1, e0, n0 = columns(tables)
    asked = {"level": level, "alternative": alternative, "null": null_of(name, log_null)}
    mirrored = {
        "level": level,
        "alternative": MIRRORED[alternative],
        "null": inverse(name, asked["null"]),
    }
    one = ask(TESTS[name], e1, n1, e0, n0, **asked)
    other = ask(TESTS[name], e0, n0, e1, n1, **mirrored)
    assert same(other.estimate, inverse(name, one.estimate))
    assert same(other.p_value, one.p_value)
    if one.alternative != "greater":
        assert same(other.interval.low, inverse(name, one.interval.high) or 0.0)
    if one.alternative != "less":
        assert same(other.interval.high, inverse(name, one.interval.low))


@every_test
@checked
@given(strata, alternatives, levels, log_nulls)
def test_the_interval_holds_what_is_not_rejected(name, tables, alternative, level, log_null):
    table = columns(tables)
    if name == "cmh":
        assume(varies_enough(*table))
    asked = {"alternative": alternative, "null": null_of(name, log_null)}
    result = ask(TESTS[name], *table, level=level, **asked)
    interval, null = result.interval, asked["null"]
    ends = [end for end in (interval.low, interval.high) if end is not None]
    # At the ends themselves the last digits of doubles decide.
    assume(all(abs(end - null) > TOLERANCE for end in ends))
    assert (result.p_value > round(1 - level, 15)) == interval.contains(null)


@every_test
@checked
@given(strata, st.randoms(use_true_random=False))
def test_the_order_of_the_strata_does_not_matter(name, tables, random):
    one = ask(TESTS[name], *columns(tables))
    other = TESTS[name](*columns(random.sample(tables, len(tables))))
    assert same_result(one, other)


retailers = st.lists(st.lists(arms(), min_size=2, max_size=2), min_size=2, max_size=4)


def counts_of(groups, *, months=1, names="ab"):
    """Counts of retailers' cells by area; each cell divided over some months."""
    rows = []
    for group, members, name in zip(("incumbent", "entrant"), groups, names, strict=True):
        for place, areas in enumerate(members):
            for area, (errors, requests) in enumerate(areas, start=1):
                for month in range(1, months + 1):
                    rest = month == months
                    wrong = errors - errors // months * (months - 1) if rest else errors // months
                    right = requests - errors
                    fine = right - right // months * (months - 1) if rest else right // months
                    rows.append(
                        {
                            "group": group,
                            "retailer": f"{name}{place}",
                            "period_start": date(2022, month, 1),
                            "period_end": date(2022, month + 1, 1),
                            "area": f"{area:02d}",
                            "requests": wrong + fine,
                            "errors": wrong,
                        }
                    )
    frame = pd.DataFrame(rows)
    known = dict(zip(frame["retailer"], frame["group"], strict=True))
    return Counts.of(
        frame.drop(columns="group"),
        [Retailer(name, Text(name, name), group) for name, group in known.items()],
    )


@every_clustered
@seldom
@given(retailers, retailers)
def test_splitting_cells_into_rows_changes_nothing(name, first, second):
    one = ask(CLUSTERED[name], counts_of((first, second)))
    other = CLUSTERED[name](counts_of((first, second), months=3))
    assert same_result(one, other)


@every_clustered
@seldom
@given(retailers, retailers, st.randoms(use_true_random=False))
def test_relabelling_retailers_changes_nothing(name, first, second, random):
    one = ask(CLUSTERED[name], counts_of((first, second)))
    shuffled = random.sample(first, len(first)), random.sample(second, len(second))
    assert same_result(one, CLUSTERED[name](counts_of(shuffled, names="zy")))


@every_clustered
@seldom
@given(retailers, retailers, alternatives)
def test_swapping_the_groups_mirrors_clustered_tests(name, first, second, alternative):
    counts = counts_of((first, second))
    one = ask(CLUSTERED[name], counts, alternative=alternative)
    other = CLUSTERED[name](
        counts, alternative=MIRRORED[alternative], groups=("entrant", "incumbent")
    )
    assert same(other.estimate, inverse(name, one.estimate))
    assert same(other.p_value, one.p_value)
    assert same(other.df, one.df)


@every_clustered
@seldom
@given(retailers, retailers, alternatives, levels, log_nulls)
def test_clustered_intervals_hold_what_is_not_rejected(
    name, first, second, alternative, level, log_null
):
    asked = {"alternative": alternative, "null": null_of(name, log_null)}
    result = ask(CLUSTERED[name], counts_of((first, second)), level=level, **asked)
    interval, null = result.interval, asked["null"]
    ends = [end for end in (interval.low, interval.high) if end is not None]
    assume(all(abs(end - null) > TOLERANCE for end in ends))
    assert (result.p_value > round(1 - level, 15)) == interval.contains(null)


def test_many_data_sets_at_once_are_tested_like_one():
    rng = np.random.default_rng(8)
    requests = rng.integers(20, 200, (6, 3, 9))
    errors = rng.binomial(requests, 0.3)
    first = np.arange(9) < 4
    for test, p_values in (
        (breslow_day, breslow_day_p_values),
        (stratified_miettinen_nurminen, stratified_miettinen_nurminen_p_values),
    ):
        for units in ("retailers", "requests"):
            together = p_values(errors, requests, first, units=units)
            for one, e, n in zip(together, errors, requests, strict=True):
                cells = [list(zip(e[:, at], n[:, at], strict=True)) for at in range(9)]
                alone = test(counts_of((cells[:4], cells[4:])), by="area", units=units)
                assert one == pytest.approx(alone.p_value, rel=1e-9)
