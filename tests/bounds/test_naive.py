"""The naive test over volumes: what is proved holds the truth, what is attained lies within."""

import math

import numpy as np
import pytest

from switchstats.bounds import Volume, audit
from switchstats.bounds.naive import Box, range_over_box, unit_z
from switchstats.errors import NotAnswerableError
from switchstats.inference import permutation, rank_sum, welch

GRID = 1e-3  # a thousand shares miss the extremes of a smooth function by less


@pytest.mark.parametrize(
    "box",
    [
        Box((0.18, 0.19), (0.17, 0.18), (0.0, 1.0)),
        Box((0.1, 0.3), (0.15, 0.35), (0.3, 0.6)),
        Box((0.0, 0.01), (0.9, 1.0), (0.2, 0.9)),
        Box((0.2, 0.3), (0.4, 0.5), (0.05, 0.1)),
    ],
)
def test_the_range_over_a_box_is_that_of_a_grid(box: Box) -> None:
    seen = [
        unit_z(a, b, float(v))
        for a in box.first
        for b in box.second
        for v in np.linspace(*box.share, 1001)
    ]
    found = range_over_box(box)
    assert found.low <= min(seen) <= found.low + GRID
    assert found.high - GRID <= max(seen) <= found.high


def tied_table(make_table):
    table = make_table(["10.0", "30.0"], ["15.0"], ("20", "15"))
    names = [each.retailer for each in table.retailers]
    known = [Volume(retailer=name, low=100, high=100) for name in (names[0], names[2])]
    return audit(table, known), table.widest_period


def test_what_volumes_tie_together_is_attained_together(make_table) -> None:
    found, period = tied_table(make_table)
    # b requests of the second incumbent beside 100 of the others, and rates within their digits
    units = [
        unit_z(rate, c, (100 + b) / (200 + b))
        for b in np.linspace(90, 112, 881)
        for rate in (
            (100 * a + b * d) / (100 + b) for a in (0.0995, 0.1005) for d in (0.2995, 0.3005)
        )
        if 0.195 <= rate <= 0.205
        for c in (0.1495, 0.1505)
    ]
    ranged = found.test_range("pooled_z", period, total=300)
    threshold = ranged.threshold
    easiest = (1.959964 / max(units)) ** 2
    hardest = (1.959964 / min(units)) ** 2
    assert threshold.best == pytest.approx(easiest, abs=2)
    assert threshold.worst >= hardest - 2
    # with 300 requests in all the second incumbent has 100
    attained, proved = ranged.statistic.attained, ranged.statistic.interval
    assert proved.low <= attained.low <= attained.high <= proved.high
    seen = [
        math.sqrt(300) * unit_z((a + d) / 2, c, 2 / 3)
        for a in (0.0995, 0.1005)
        for d in (0.2995, 0.3005)
        for c in (0.1495, 0.1505)
    ]
    assert attained.low == pytest.approx(min(seen), abs=GRID)
    assert attained.high == pytest.approx(max(seen), abs=GRID)


def test_statistics_have_ranges_too(committee) -> None:
    found = audit(committee)
    period = committee.widest_period
    first, second = (committee.rates(group, period) for group in ("incumbent", "entrant"))
    for name, test in (("permutation", permutation), ("welch", welch), ("rank_sum", rank_sum)):
        ranged = found.test_range(name, period)
        as_printed = test(first, second)
        for one, value in (
            (ranged.p_value, as_printed.p_value),
            (ranged.statistic, as_printed.statistic),
        ):
            assert one.interval.low <= one.attained.low <= value <= one.attained.high
            assert one.attained.high <= one.interval.high
    # each mean of ten rates moves by half a digit either way: .05 points, so their difference by .1
    difference = found.test_range("permutation", period).statistic.interval
    printed = permutation(first, second).statistic
    assert difference.low == pytest.approx(printed - 0.001)
    assert difference.high == pytest.approx(printed + 0.001)


def test_a_request_weighted_test_is_refused_by_name(committee) -> None:
    with pytest.raises(NotAnswerableError, match="request-weighted"):
        audit(committee).test_range("request_weighted", committee.widest_period)


def test_ends_of_the_naive_p_value_are_attained_without_ties(committee) -> None:
    ranged = audit(committee).test_range("pooled_z", committee.widest_period, total=100_000)
    assert ranged.p_value.attained.low == pytest.approx(ranged.p_value.interval.low, rel=1e-6)
    assert ranged.p_value.attained.high == pytest.approx(ranged.p_value.interval.high, rel=1e-6)
    # for these volumes and digits 63,678 is the least total, as brute force over shares finds
    assert ranged.threshold.best == 63_678
    assert ranged.threshold.worst is None


def test_a_total_ties_groups_together_and_leaves_the_test_as_it_was(committee) -> None:
    period = committee.widest_period
    total = 100_000
    tied = audit(committee, [Volume(low=total, high=total)])
    ranged = tied.test_range("pooled_z", period, total=total)
    free = audit(committee).test_range("pooled_z", period, total=total)
    assert ranged.statistic.attained.high == pytest.approx(free.statistic.attained.high, rel=1e-3)
    assert ranged.threshold.best == pytest.approx(63_678, rel=1e-3)
