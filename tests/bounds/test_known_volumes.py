"""Volumes, shares and orders of any size beside a table: possible is possible, and bounds hold."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from switchstats.bounds import Impossible, Ordering, Share, Unbounded, Volume, audit
from switchstats.errors import NotAnswerableError, UsageError

PROVED = 1e-7


@pytest.mark.parametrize(
    "known",
    [
        # requests of Kansai up to 100 and of all up to a million say nothing against any share
        [
            Volume(high=10**6),
            Volume(retailer="kansai", high=100),
            Share(retailer="kansai", low="0.3"),
            Share(group="incumbent", low="0.5"),
        ],
        [Volume(low=1, high=10**9)],
        [Volume(low=500_000, high=1_000_000)],
        [Volume(retailer="hokkaido", low=1), Volume(high=100_000)],
        [Volume(low=10**20, high=10**21)],
        [Share(retailer="kansai", low=Fraction(1, 3**45))],
        [Share(retailer="kansai", low=3 / 7 * 0.9, high=3 / 7 * 1.1)],
        [Ordering(("tepco-ep", "kansai")), Volume(group="entrant", low=1)],
    ],
)
def test_what_scipy_finds_possible_is_possible(committee, known) -> None:
    found = audit(committee, known)
    assert found.consistent is True
    share = found.unit_share("tohoku")
    assert share.attained is not None
    assert share.interval.high - share.attained.high < PROVED


def test_one_request_among_a_thousand_million_million(committee) -> None:
    known = [Volume(retailer="kansai", low=1, high=1), Volume(low=10**15, high=10**15)]
    found = audit(committee, known)
    assert found.consistent is True
    assert found.unit_share("kansai").interval.low <= 1e-15


@pytest.mark.parametrize("share", [0.2 + 0.1, 3 / 7, 1 / 7, 0.123456789012345])
def test_a_share_computed_in_doubles_bounds_as_said(committee, share: float) -> None:
    known = audit(committee, [Share(retailer="kansai", low=share * 0.9, high=share * 1.1)])
    interval = known.unit_share("kansai").interval
    assert interval.low == pytest.approx(share * 0.9, abs=PROVED)
    assert interval.high == pytest.approx(share * 1.1, abs=PROVED)


def test_a_share_just_beyond_what_is_possible_is_impossible(committee) -> None:
    # scipy.optimize.linprog gives .4913891046 as the most
    assert audit(committee, [Share(retailer="kansai", low="0.491389")]).consistent is True
    beyond = audit(committee, [Share(retailer="kansai", low=0.4999999999999999)])
    assert beyond.consistent is False
    with pytest.raises(Impossible):
        beyond.unit_share("kansai")


def test_contradicting_knowledge_is_named(committee) -> None:
    known = [Share(retailer="shikoku", low="0.6"), Share(retailer="kansai", low="0.6")]
    conflict = audit(committee, known).conflicts[0]
    assert set(conflict.constraints) <= set(known)
    assert conflict.constraints
    assert "60.0" in conflict.message.en
    nothing = audit(committee, [Volume(low=0, high=0)]).conflicts[0]
    assert nothing.constraints == (Volume(low=0, high=0),)
    assert "everybody" in nothing.message.en


def most_errors_of_kansai(committee) -> float:
    """Solve for the most errors of Kansai in 100,000 requests of incumbents, with scipy."""
    rows = [row for row in committee.rows if row.group == "incumbent"]
    averages = next(row for row in committee.averages if row.group == "incumbent")
    n_rows, unknowns = len(rows), 4 * len(rows)
    at_most: list[np.ndarray] = []

    def column_sum(units, which: int, column: int) -> np.ndarray:
        total = np.zeros(unknowns)
        for unit in units:
            for part in (0, 1) if column == 0 else (column - 1,):
                total[4 * unit + 2 * part + which] = 1.0
        return total

    for units, row in [
        *(([place], row) for place, row in enumerate(rows)),
        (range(n_rows), averages),
    ]:
        for column, cell in enumerate(row.cells):
            low, high = map(float, cell.bounds())
            requests, errors = (column_sum(units, which, column) for which in (0, 1))
            at_most += [low * requests - errors, errors - high * requests]
    kansai = [row.retailer.retailer for row in rows].index("kansai")
    found = linprog(
        -column_sum([kansai], 1, 0),
        A_ub=np.array(at_most),
        b_ub=np.zeros(len(at_most)),
        A_eq=[column_sum(range(n_rows), 0, 0)],
        b_eq=[100_000.0],
        method="highs",
    )
    return -found.fun


def test_errors_are_bounded_where_volumes_are_known(committee) -> None:
    year = committee.widest_period
    known = audit(committee, [Volume(group="incumbent", low=100_000, high=100_000)])
    interval = known.total_of({("kansai", year, "errors"): 1}).interval
    assert interval.low == pytest.approx(0, abs=1e-3)
    assert interval.high == pytest.approx(most_errors_of_kansai(committee), rel=1e-6)
    twice = known.total_of({("kansai", year, "errors"): 2}).interval
    assert twice.high == pytest.approx(2 * interval.high, rel=1e-9)


def test_what_no_volume_limits_is_refused_by_name(committee) -> None:
    year = committee.widest_period
    own = {("kansai", year, "requests"): 1}
    for known in ([], [Volume(retailer="tohoku", low=1000, high=2000)], [Volume(low=1000)]):
        with pytest.raises(Unbounded, match="number of requests"):
            audit(committee, known).total_of(own)
    alone = audit(committee, [Volume(retailer="kansai", low=1000, high=2000)]).total_of(own)
    assert (alone.interval.low, alone.interval.high) == (pytest.approx(1000), pytest.approx(2000))
    assert issubclass(Unbounded, NotAnswerableError)
    assert not issubclass(Unbounded, Impossible)


def test_truth_values_are_no_numbers() -> None:
    with pytest.raises(UsageError, match="not a number"):
        Volume(low=True)


def test_a_total_that_contradicts_known_volumes_is_refused(committee) -> None:
    year = committee.widest_period
    known = audit(committee, [Volume(group="entrant", low=5000, high=6000)])
    assert known.test_range("pooled_z", year, total=20_000).p_value.interval.low >= 0
    with pytest.raises(Impossible, match=r"4,000 requests in all contradict"):
        known.test_range("pooled_z", year, total=4000)


@pytest.mark.parametrize("size", [10**9, 10**12, 10**19])
def test_coefficients_of_any_size(committee, size: int) -> None:
    year = committee.widest_period
    above = {("kansai", year, "errors"): size, ("tohoku", year, "errors"): 3 * size}
    below = {("kansai", year, "requests"): 1, ("tohoku", year, "requests"): 1}
    # the ratio is a mean of the two rates, three times Tohoku's: 20.45 to 50.55
    interval = audit(committee).ratio_of(above, below).interval
    assert interval.low / size == pytest.approx(0.2045)
    assert interval.high / size == pytest.approx(0.5055)
    below = {("kansai", year, "requests"): size, ("tohoku", year, "requests"): 1}
    above = {("kansai", year, "errors"): 1, ("tohoku", year, "errors"): 3}
    interval = audit(committee).ratio_of(above, below).interval
    assert interval.low == pytest.approx(0.2045 / size, rel=1e-6)
    assert interval.high == pytest.approx(0.5055)
