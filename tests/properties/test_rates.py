"""What must hold for rates, splits and funnels of any counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from switchstats.inference.funnel import funnel_limits
from switchstats.labels import Text
from switchstats.rates import decompose, effective_units, influence, standardise
from switchstats.rates.decompose import das_gupta
from switchstats.values import Counts, Retailer

# Sums and products of a few dozen doubles near 1.
TOLERANCE = 1e-12
MONTHS = {
    "early": {"period_start": "2023-01-01", "period_end": "2023-02-01"},
    "late": {"period_start": "2023-02-01", "period_end": "2023-03-01"},
}
NAMES = {"incumbent": ("a", "b", "c"), "entrant": ("x", "y", "z")}
SWAPPED = {"incumbent": "entrant", "entrant": "incumbent"}

cells = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (max(pair), min(pair)))
checked = settings(deadline=None, max_examples=25, derandomize=True)
# Frames take their time.
checked_frames = settings(deadline=None, max_examples=8, derandomize=True)


def retailers(groups=NAMES):
    return [
        Retailer(name, Text(name, name), group) for group, names in groups.items() for name in names
    ]


@st.composite
def tables(draw):
    """Cells of six retailers, two areas, two months; some without requests."""
    rows = [
        {"retailer": name, **month, "area": area, "requests": requests, "errors": errors}
        for names in NAMES.values()
        for name in names
        for month in MONTHS.values()
        for area in ("01", "02")
        for requests, errors in [draw(cells)]
    ]
    return pd.DataFrame(rows)


def counts(frame, names=NAMES):
    return Counts.of(frame, retailers(names))


def filled(frame, least=1):
    return frame.assign(requests=frame["requests"] + least)


@checked_frames
@given(tables(), st.sampled_from([("retailer",), ("retailer", "area"), ("area", "retailer")]))
def test_the_parts_of_a_change_add_up_to_it(frame, by):
    early, late = (
        frame[frame["period_start"] == month["period_start"]] for month in MONTHS.values()
    )
    assume((early["requests"] * late["requests"].to_numpy()).any())
    found = decompose(counts(late), counts(early), by=by)
    assert sum(found.parts.values()) == pytest.approx(found.difference, abs=TOLERANCE)
    back = decompose(counts(early), counts(late), by=by)
    for name, part in found.parts.items():
        assert back.parts[name] == pytest.approx(-part, abs=TOLERANCE)


@checked
@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_effects_add_up_for_any_number_of_factors(n_factors, n_cells, seed):
    one, other = np.random.default_rng(seed).random((2, n_factors, n_cells))
    difference = one.prod(axis=0).sum() - other.prod(axis=0).sum()
    assert das_gupta(one, other).sum() == pytest.approx(difference, abs=TOLERANCE)


@checked_frames
@given(tables(), st.sampled_from(["direct", "indirect"]), st.permutations(range(24)))
def test_standardised_rates_know_no_order_of_rows_and_no_names(frame, method, order):
    frame = filled(frame)
    assume(frame["errors"].sum() > 0)
    one = standardise(counts(frame), ("area",), method=method)
    renamed = {"a": "c", "b": "a", "c": "b", "x": "z", "y": "x", "z": "y"}
    moved = frame.iloc[order].assign(retailer=lambda table: table["retailer"].map(renamed))
    other = standardise(counts(moved), ("area",), method=method)
    for row, same in zip(one.rows, other.rows, strict=True):
        assert same.rate == pytest.approx(row.rate, abs=TOLERANCE)
        assert (same.std_error is None) == (row.std_error is None)
        if row.std_error is not None:
            assert same.std_error == pytest.approx(row.std_error, abs=TOLERANCE)


@checked_frames
@given(tables(), st.integers(2, 9))
def test_a_direct_rate_lies_within_the_strata_and_scaling_leaves_it_alone(frame, factor):
    frame = filled(frame)
    one = standardise(counts(frame), ("area", "period"))
    sums = (
        counts(frame).frame.groupby(["group", "area", "period_start"])[["errors", "requests"]].sum()
    )
    by_stratum = sums["errors"] / sums["requests"]
    scaled = frame.assign(requests=factor * frame["requests"], errors=factor * frame["errors"])
    other = standardise(counts(scaled), ("area", "period"))
    for row in one.rows:
        own = by_stratum.loc[row.name]
        assert own.min() - TOLERANCE <= row.rate <= own.max() + TOLERANCE
        assert other.row(row.name).rate == pytest.approx(row.rate, abs=TOLERANCE)


@checked_frames
@given(tables(), st.sampled_from(["equal", "requests"]))
def test_swapping_the_groups_mirrors_influence(frame, weighting):
    one = influence(counts(filled(frame)), weighting=weighting)
    swapped = {SWAPPED[group]: names for group, names in NAMES.items()}
    other = influence(counts(filled(frame), swapped), weighting=weighting)
    mirrored = {item.retailer.retailer: -item.estimate for item in other}
    for item in one:
        assert mirrored[item.retailer.retailer] == pytest.approx(item.estimate, abs=TOLERANCE)


@checked_frames
@given(tables())
def test_splitting_a_cell_into_rows_changes_nothing(frame):
    split = counts(filled(frame))
    whole = split.collapse()
    assume(split.errors)
    assert influence(split, weighting="requests") == influence(whole, weighting="requests")
    assert effective_units(split) == effective_units(whole)
    assert funnel_limits(split).retailers == funnel_limits(whole).retailers
    for row in standardise(split, ("period",)).rows:
        assert standardise(whole, ("period",)).row(row.name) == row


@checked
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30), st.integers(2, 1000))
def test_effective_units_lie_between_one_and_all(volumes, factor):
    found = effective_units(volumes)
    assert 1 - TOLERANCE <= found <= len(volumes) * (1 + TOLERANCE)
    assert effective_units([factor * one for one in volumes]) == pytest.approx(found, rel=TOLERANCE)


@checked
@given(
    st.lists(cells, min_size=2, max_size=12),
    st.sampled_from(["none", "additive", "multiplicative"]),
    st.sampled_from(["none", "arcsine"]),
    st.sampled_from([0.0, 0.1, 0.3]),
)
def test_funnels_flag_by_p_values_and_know_no_order(pairs, kind, scale, winsorise):
    requests, errors = (np.array(side) for side in zip(*pairs, strict=True))
    requests = requests + 1
    settings_ = {
        "target": 0.2,
        "overdispersion": kind,
        "transformation": scale,
        "winsorise": winsorise,
        "levels": (0.8, 0.95),
    }
    one = funnel_limits(errors, requests, **settings_)
    other = funnel_limits(errors[::-1], requests[::-1], **settings_)
    assert other.phi == pytest.approx(one.phi, rel=TOLERANCE)
    last = len(pairs) - 1
    mirrored = {str(last - int(row.retailer)): row for row in other.retailers}
    for row in one.retailers:
        assert mirrored[row.retailer].p_value == pytest.approx(row.p_value, rel=1e-9)
        assert (
            0 <= row.limits[1][0] <= row.limits[0][0] <= row.limits[0][1] <= row.limits[1][1] <= 1
        )
        assert row.flagged == tuple(row.p_value <= alpha for alpha in (0.2, 0.05))
        if kind != "none" and row.limits[0][0] > 0 and row.limits[0][1] < 1:
            outside = not row.limits[0][0] < row.rate < row.limits[0][1]
            assert outside == row.flagged[0]
