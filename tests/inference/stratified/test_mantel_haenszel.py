"""Mantel and Haenszel's estimates, above all with retailers as clusters."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import mantel_haenszel, welch
from switchstats.inference.stratified import mantel_haenszel_p_values
from switchstats.inference.stratified.retailers import RetailerCells

TRIAL = [21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70]
SCALES = ("difference", "odds_ratio", "risk_ratio")
TOLERANCE = 1e-10

# retailer, errors in areas 01 and 02, requests in both
INCUMBENTS = {"a": (12, 7, 100, 60), "b": (30, 2, 150, 20), "c": (9, 11, 80, 90)}
ENTRANTS = {"d": (5, 9, 60, 70), "e": (60, 20, 300, 180), "f": (11, 1, 70, 10)}


def rows_of(incumbents=INCUMBENTS, entrants=ENTRANTS):
    return [
        (group, name, area, errors, requests)
        for group, members in (("incumbent", incumbents), ("entrant", entrants))
        for name, (e1, e2, n1, n2) in members.items()
        for area, errors, requests in (("01", e1, n1), ("02", e2, n2))
    ]


def without(name):
    return {
        "incumbents": {key: row for key, row in INCUMBENTS.items() if key != name},
        "entrants": {key: row for key, row in ENTRANTS.items() if key != name},
    }


@pytest.mark.parametrize("scale", SCALES)
def test_the_standard_error_leaves_each_retailer_out(counts_of, scale):
    result = mantel_haenszel(counts_of(rows_of()), by=("area",), scale=scale)

    def estimate(members):
        one = mantel_haenszel(
            counts_of(rows_of(**members)), by=("area",), scale=scale, units="requests"
        ).estimate
        return one if scale == "difference" else math.log(one)

    whole = estimate({"incumbents": INCUMBENTS, "entrants": ENTRANTS})
    changes = [estimate(without(name)) - whole for name in "abcdef"]
    assert result.std_error == pytest.approx(math.sqrt(sum(c**2 for c in changes)), rel=TOLERANCE)
    assert result.statistic == pytest.approx(whole / result.std_error, rel=TOLERANCE)
    assert (result.units, result.n_units, result.n_by_group) == ("retailers", 6, (3, 3))


def test_equal_volumes_in_one_stratum_give_nearly_welch(counts_of):
    errors = {"incumbent": (18, 20, 22, 25), "entrant": (15, 17, 13, 11, 20)}
    rows = [
        (group, f"{group}{place}", "01", count, 100)
        for group, members in errors.items()
        for place, count in enumerate(members)
    ]
    ours = mantel_haenszel(counts_of(rows), by=("area",))
    rates = [[count / 100 for count in members] for members in errors.values()]
    theirs = welch(*rates)
    assert ours.estimate == pytest.approx(theirs.estimate, rel=TOLERANCE)
    assert ours.n_effective == pytest.approx(9, rel=TOLERANCE)
    # leaving one of n out estimates s^2 / (n - 1), Welch s^2 / n
    squares = [np.var(group, ddof=1) for group in rates]
    parts = [square / (len(group) - 1) for square, group in zip(squares, rates, strict=True)]
    assert ours.std_error == pytest.approx(math.sqrt(sum(parts)), rel=TOLERANCE)
    df = sum(parts) ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 4)
    assert ours.df == pytest.approx(df, rel=TOLERANCE)
    assert ours.std_error > theirs.std_error


def test_one_dominant_retailer_leaves_hardly_any_freedom(counts_of):
    incumbents = INCUMBENTS | {"z": (9_000, 9_000, 50_000, 50_000)}
    result = mantel_haenszel(counts_of(rows_of(incumbents)), by=("area",))
    assert result.df < 2
    assert result.cautions[0].code == "few_degrees_of_freedom"
    assert result.interval.contains(0.0)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("units", ["retailers", "requests"])
def test_batches_equal_single_data_sets(counts_of, scale, units):
    table = np.array([*INCUMBENTS.values(), *ENTRANTS.values()])
    errors, requests = table[:, :2].T, table[:, 2:].T
    first = np.arange(6) < 3
    batch = mantel_haenszel_p_values(
        np.stack([errors, 0 * errors]), np.stack([requests] * 2), first, scale=scale, units=units
    )
    one = mantel_haenszel(counts_of(rows_of()), by=("area",), scale=scale, units=units)
    assert batch[0] == pytest.approx(one.p_value, rel=TOLERANCE)
    assert np.isnan(batch[1])


def test_a_batch_has_nan_where_a_group_has_one_retailer():
    errors, requests = np.array([[3, 4, 5]]), np.array([[20, 30, 40]])
    first = np.array([True, False, False])
    assert np.isnan(mantel_haenszel_p_values(errors, requests, first))


def test_a_retailer_whose_strata_nobody_shares_changes_nothing(counts_of):
    rows = rows_of()
    plain = mantel_haenszel(counts_of(rows), by=("area",))
    more = mantel_haenszel(counts_of([*rows, ("entrant", "g", "03", 9, 90)]), by=("area",))
    assert (more.p_value, more.n_by_group) == (plain.p_value, plain.n_by_group)
    assert "1 of 3" in more.notes[0].en


@pytest.mark.parametrize("scale", SCALES)
def test_null_and_level_move_together(counts_of, scale):
    counts = counts_of(rows_of())
    for alternative in ("two-sided", "less", "greater"):
        asked = {"by": ("area",), "scale": scale, "alternative": alternative}
        interval = mantel_haenszel(counts, level=0.9, **asked).interval
        for end in (interval.low, interval.high):
            if end is not None:
                at_end = mantel_haenszel(counts, null=end, **asked)
                assert at_end.p_value == pytest.approx(0.1, rel=1e-8)


def test_a_difference_stays_within_one():
    result = mantel_haenszel([0, 2], [2, 2], [1, 0], [2, 2])
    assert result.interval.low >= -1
    assert result.interval.high <= 1


def test_a_million_million_requests():
    table = [10**11], [10**12], [10**11 + 10**6], [10**12]
    result = mantel_haenszel(*table)
    assert result.estimate == pytest.approx(-1e-6, rel=TOLERANCE)
    assert result.std_error == pytest.approx(math.sqrt(2 * 0.09 / 1e12), rel=1e-5)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"scale": "ratio"}, "scale must be"),
        ({"null": 2.0}, "from -1 to 1"),
        ({"null": 0.0, "scale": "odds_ratio"}, "a ratio above 0"),
        ({"units": "areas"}, "units must be"),
        ({"by": ("area",)}, "one entry a stratum"),
    ],
)
def test_arguments_out_of_range_are_refused(asked, message):
    with pytest.raises(UsageError, match=message):
        mantel_haenszel(*TRIAL, **asked)


def test_what_cannot_be_answered_is_refused(counts_of):
    with pytest.raises(NotAnswerableError, match="one of the groups has no errors"):
        mantel_haenszel([0, 0], [10, 20], [3, 2], [5, 6], scale="odds_ratio")
    with pytest.raises(NotAnswerableError, match="all requests of a group are errors"):
        mantel_haenszel([0, 0], [10, 20], [0, 0], [5, 6])
    with pytest.raises(NotAnswerableError, match="do not say which retailer"):
        mantel_haenszel(*TRIAL, units="retailers")
    # all errors of the entrants are those of one retailer: without it the ratio is infinite
    entrants = {"d": (5, 9, 60, 70), "e": (0, 0, 300, 180)}
    with pytest.raises(NotAnswerableError, match="leaving out one retailer"):
        mantel_haenszel(counts_of(rows_of(entrants=entrants)), by=("area",), scale="risk_ratio")


@pytest.mark.parametrize("scale", ["difference", "odds_ratio", "risk_ratio"])
def test_leaving_out_by_cells_equals_leaving_out_of_the_whole_table(scale: str) -> None:
    rng = np.random.default_rng(12)
    stratum, retailer = np.nonzero(rng.random((40, 9)) < 0.6)
    requests = rng.integers(1, 60, stratum.size)
    errors = rng.binomial(requests, 0.2)
    first = np.arange(9) < 4
    tables = np.zeros((40, 4), dtype=np.int64)
    np.add.at(tables, (stratum, np.where(first[retailer], 0, 2)), errors)
    np.add.at(tables, (stratum, np.where(first[retailer], 1, 3)), requests)
    cells = RetailerCells(tables, stratum, retailer, errors, requests, first)
    table = cells.table()
    by_cells, by_table = cells.without(scale), table.without(scale)
    assert by_cells.up == pytest.approx(by_table.up)
    assert by_cells.down == pytest.approx(by_table.down)
    for one, other in zip(cells.effective, table.effective, strict=True):
        assert one == pytest.approx(other)
