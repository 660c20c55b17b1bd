"""Clusters of gaining and of losing retailers: identities, repairs and what is refused."""

import numpy as np
import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import cluster_robust
from switchstats.inference.clustered import Dyads, multiway_p_values
from switchstats.inference.clustered.difference import difference_of
from switchstats.inference.clustered.multiway import multiway_difference
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

# Sums of some dozens of doubles.
TOLERANCE = 1e-10

BOTH = ("gaining", "losing")
MONTH = {"period_start": "2023-01-01", "period_end": "2023-02-01"}


def counts_of(cells) -> Counts:
    """Counts out of (gaining, losing, errors, requests); gaining i... are incumbents."""
    frame = pd.DataFrame(
        [
            {"retailer": gaining, "losing": losing, **MONTH, "errors": errors, "requests": requests}
            for gaining, losing, errors, requests in cells
        ]
    )
    groups = {"i": "incumbent", "e": "entrant"}
    names = dict.fromkeys(gaining for gaining, *_ in cells)
    return Counts.of(frame, [Retailer(name, Text(name, name), groups[name[0]]) for name in names])


def apart(losing="xyzuv", seed=3):
    """The same, incumbents gaining mostly from the first losing retailers, entrants from others."""
    half = len(losing) // 2
    return [
        (gaining, name, errors * 20, requests * 20)
        if (gaining[0] == "i") == (name in losing[:half])
        else (gaining, name, errors, requests)
        for gaining, name, errors, requests in grid(losing, seed)
    ]


def grid(losing="xyzuv", seed=3):
    rng = np.random.default_rng(seed)
    shared = dict(zip(losing, rng.uniform(0.05, 0.4, len(losing)), strict=True))
    cells = []
    for gaining in ("i1", "i2", "i3", "i4", "e1", "e2", "e3", "e4", "e5"):
        for name in losing:
            requests = int(rng.integers(5, 80))
            cells.append((gaining, name, int(rng.binomial(requests, shared[name])), requests))
    return cells


def many_dyads():
    """Forty data sets of nine gaining and three losing retailers."""
    rng = np.random.default_rng(8)
    gaining, losing = (part.ravel() for part in np.meshgrid(np.arange(9), np.arange(9, 12)))
    requests = rng.integers(5, 80, (40, 27))
    errors = rng.binomial(requests, rng.uniform(0.05, 0.4, (40, 3))[:, losing - 9])
    return Dyads(errors, requests, gaining < 4, gaining, losing)


# The factor of the dyadic CR1 counts the losing retailers too.
@pytest.mark.parametrize(
    ("cluster", "estimator"), [(BOTH, "CR1"), (BOTH, "CR3"), ("dyadic", "CR3")]
)
def test_without_shared_losing_retailers_it_is_one_way(cluster, estimator):
    cells = [(one, f"x{place}", e, n) for place, (one, _, e, n) in enumerate(grid())]
    several = cluster_robust(counts_of(cells), cluster=cluster, estimator=estimator)
    one = cluster_robust(counts_of(cells), estimator=estimator)
    assert several.std_error == pytest.approx(one.std_error, rel=TOLERANCE)
    assert several.quantities["std_error_gaining_only"] == pytest.approx(one.std_error)
    assert several.df == 7
    assert several.estimate == pytest.approx(one.estimate, rel=TOLERANCE)


def test_shared_losing_retailers_count():
    result = cluster_robust(counts_of(apart()), cluster=BOTH)
    assert result.quantities["n_losing"] == 5
    assert (result.df, result.n_by_group) == (4, (4, 5))
    assert result.std_error > 2 * result.quantities["std_error_gaining_only"]
    assert result.interval.contains(result.estimate)


@pytest.mark.parametrize("shared_by", ["two-way", "dyadic"])
def test_the_jackknife_never_falls_below_one_clustering(shared_by):
    dyads = many_dyads()
    several, _ = multiway_difference(dyads, shared_by=shared_by)
    errors, requests = (
        np.stack([part[:, dyads.gaining == one].sum(axis=1) for one in range(9)], axis=1)
        for part in (dyads.errors, dyads.requests)
    )
    one_way = difference_of(errors, requests, np.arange(9) < 4, estimator="CR3").std_error
    assert (several.std_error >= one_way * (1 - TOLERANCE)).all()
    # and reaches it where the sum would fall below
    reached = np.isclose(several.std_error, one_way, rtol=TOLERANCE)
    assert 0 < np.count_nonzero(reached) < reached.size


def test_a_negative_eigenvalue_is_raised_to_0_and_said():
    difference, raised = multiway_difference(many_dyads(), shared_by="two-way", estimator="CR1")
    assert 0 < np.count_nonzero(raised) < raised.size
    assert (difference.std_error > 0).all()
    near, far = (
        cluster_robust(counts_of(cells), cluster=BOTH, estimator="CR1").notes
        for cells in (grid("xyz", 0), apart())
    )
    assert "negative eigenvalue" in near[0].en
    assert far == ()


def test_a_retailer_gains_from_and_loses_to_others():
    cells = [
        (gaining, losing, errors, requests)
        for (gaining, losing, errors, requests) in apart(("i1", "i2", "e1", "e2", "x"))
        if gaining != losing
    ]
    two_way = cluster_robust(counts_of(cells), cluster=BOTH)
    dyadic = cluster_robust(counts_of(cells), cluster="dyadic")
    assert dyadic.std_error != pytest.approx(two_way.std_error, rel=1e-3)
    assert dyadic.df == 7


def test_equal_weights_count_every_gaining_retailer_once():
    counts = counts_of(grid())
    for cluster in (BOTH, "dyadic"):
        result = cluster_robust(counts, cluster=cluster, weighting="equal")
        plain = cluster_robust(counts, weighting="equal", estimator="CR3")
        assert result.estimate == pytest.approx(plain.estimate, rel=TOLERANCE)
        assert result.quantities["std_error_gaining_only"] == pytest.approx(plain.std_error)


@pytest.mark.parametrize("cluster", [BOTH, "dyadic"])
def test_splitting_cells_and_renaming_retailers_change_nothing(cluster):
    cells = grid()
    whole = cluster_robust(counts_of(cells), cluster=cluster)
    frame = counts_of(cells).frame.drop(columns="group")
    half = frame.assign(errors=frame["errors"] // 2, requests=frame["requests"] // 2)
    rest = frame.assign(
        errors=frame["errors"] - half["errors"],
        requests=frame["requests"] - half["requests"],
        period_start="2023-02-01",
        period_end="2023-03-01",
    )
    split = Counts.of(pd.concat([half, rest]), counts_of(cells).retailers)
    again = cluster_robust(split, cluster=cluster)
    assert (again.p_value, again.std_error) == (whole.p_value, whole.std_error)
    renamed = [(f"{one[0]}{9 - int(one[1])}", other, e, n) for one, other, e, n in reversed(cells)]
    other = cluster_robust(counts_of(renamed), cluster=cluster)
    assert other.std_error == pytest.approx(whole.std_error, rel=TOLERANCE)


def test_one_losing_retailer_for_all_cannot_be_left_out():
    cells = [(one, "x", e, n) for one, _, e, n in grid("x")]
    for cluster in (BOTH, "dyadic"):
        with pytest.raises(NotAnswerableError, match="leaving out one retailer"):
            cluster_robust(counts_of(cells), cluster=cluster)


def test_counts_must_tell_the_losing_retailer_apart():
    counts = counts_of(grid()).collapse()
    with pytest.raises(NotAnswerableError, match="losing"):
        cluster_robust(counts, cluster=BOTH)
    with pytest.raises(UsageError, match="needs counts"):
        cluster_robust([1, 2], [9, 9], [2, 3], [9, 9], cluster=BOTH)
    lonely = counts_of([cell for cell in grid() if cell[0] in ("i1", "e1", "e2")])
    with pytest.raises(NotAnswerableError, match="the group incumbent has 1"):
        cluster_robust(lonely, cluster="dyadic")


@pytest.mark.parametrize("shared_by", ["two-way", "dyadic"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_many_data_sets_are_as_one_by_one(shared_by, weighting):
    rng = np.random.default_rng(8)
    gaining, losing = (part.ravel() for part in np.meshgrid(np.arange(6), np.arange(4, 10)))
    requests = rng.integers(1, 60, (3, 36))
    errors = rng.binomial(requests, 0.2)
    first = gaining < 3
    together = multiway_p_values(
        Dyads(errors, requests, first, gaining, losing), shared_by=shared_by, weighting=weighting
    )
    for place in range(3):
        one = Dyads(errors[place], requests[place], first, gaining, losing)
        difference, _ = multiway_difference(one, shared_by=shared_by, weighting=weighting)
        assert together[place] == pytest.approx(float(difference.p_values()), rel=TOLERANCE)
