"""The leak lowers the errors of eligible requests by the declared points, and nothing else."""

import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.simulate import World, truth, world_registry
from switchstats.simulate.drawn import Drawn, draw
from switchstats.simulate.leak import kept_hazard

ERRORS_ALLOWED = 5.0
ROUND_OFF = 1e-12
N_REQUESTS, SEED = 1_000_000, 21


def _eligible(frame: pd.DataFrame, told: dict[str, Any]) -> "pd.Series[bool]":
    """Which rows the truth names."""
    entrants = {e.retailer for e in world_registry(World()).retailers if e.group == "entrant"}
    named = pd.Series(data=False, index=frame.index)
    for cell in told["eligible"]["cells"]:
        named |= (
            (frame["gaining"] == cell["gaining"])
            & (frame["area"] == cell["area"])
            & (frame["submitted"] < cell["submitted_before"])
        )
    return named & frame["losing"].isin(entrants)


def _exact_fall(drawn: Drawn) -> np.ndarray:
    """The fall of each exposed incumbent (rows) in each month, by the definition of the hazards."""
    exposed = drawn.leak.cut > 0
    share, rates = drawn.leak.share[exposed, None], drawn.rates[exposed]
    kept = kept_hazard(rates, np.broadcast_to(share, rates.shape), drawn.leak.fall)
    return (1 - rates) ** (1 - share + share * kept) - (1 - rates)


@pytest.fixture(scope="module")
def without(rows: Any) -> pd.DataFrame:
    """First attempts without the leak."""
    return rows(World(), N_REQUESTS, SEED).query("attempt == 1")


@pytest.fixture(scope="module", params=[2.0, 5.0])
def pair(
    request: pytest.FixtureRequest, rows: Any, without: pd.DataFrame
) -> tuple[float, pd.DataFrame]:
    """First attempts with and without the leak, drawn from the same seed and matched."""
    effect = request.param
    leaked = rows(World(effect_pp=effect), N_REQUESTS, SEED).query("attempt == 1")
    matched = without.merge(leaked, on="supply_point", suffixes=("", "_leaked"))
    assert len(matched) > 0.98 * len(without)
    return effect, matched


def test_the_effect_is_recovered(pair: tuple[float, pd.DataFrame]) -> None:
    effect, matched = pair
    told = truth(World(effect_pp=effect))
    eligible = matched[_eligible(matched, told)]
    before = (eligible["outcome"] == "error").mean()
    after = (eligible["outcome_leaked"] == "error").mean()
    # one request in a hundred is withdrawn; a pair differs with probability |effect|
    expected = 0.99 * told["effect"]
    error = math.sqrt(abs(expected) / len(eligible))
    assert len(eligible) > 50_000
    assert after - before == pytest.approx(expected, abs=ERRORS_ALLOWED * error)


def test_other_requests_stay_as_they_were(pair: tuple[float, pd.DataFrame]) -> None:
    effect, matched = pair
    others = matched[~_eligible(matched, truth(World(effect_pp=effect)))]
    assert len(others) > 700_000
    for name in ("outcome", "reasons", "resolved", "submitted", "gaining", "losing"):
        pd.testing.assert_series_equal(others[name], others[f"{name}_leaked"], check_names=False)


def test_only_leaked_reasons_fall(pair: tuple[float, pd.DataFrame]) -> None:
    effect, matched = pair
    told = truth(World(effect_pp=effect))
    eligible = matched[_eligible(matched, told)]
    leaked = set(told["eligible"]["cells"][0]["reasons"])
    assert leaked == {"supply_point", "customer_name", "address"}
    for name in ("supply_point", "customer_name", "address", "contract_number", "abolition_date"):
        before, after = (
            eligible[column].fillna("").str.contains(name)
            for column in ("reasons", "reasons_leaked")
        )
        if name in leaked:
            assert (before & ~after).any()
            assert not (after & ~before).any()
        else:
            assert (before == after).all()


def test_every_first_attempt_falls_by_the_effect_where_it_can() -> None:
    # alike retailers all have 10 points to lose on leaked fields
    drawn = draw(World(retailer_sd_pp=0, effect_pp=5), 1)
    assert _exact_fall(drawn).shape == (7, 24)
    assert np.allclose(_exact_fall(drawn), 0.05, rtol=0, atol=ROUND_OFF)


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_is_exact_where_some_cannot_fall_so_far(seed: int) -> None:
    # retailers as different as this have some at 2 %: their weight is worked out from the flows
    world = World(retailer_sd_pp=9, effect_pp=5)
    drawn = draw(world, seed)
    flows = drawn.flows
    total, weighted = 0.0, 0.0
    # incumbents stand in the order of their areas, and so do the accesses
    for access, fall in zip(world.access, _exact_fall(drawn), strict=True):
        cell = int(access.area) - 1
        day = (access.end - world.period.start).days
        for month in range(24):
            days = flows.days[:day][flows.month_of_day[:day] == month].sum()
            area = flows.home[cell]
            losing = flows.losing[0, area, 10:].sum() / (1 - flows.losing[0, area, cell])
            weight = days * flows.gaining[month, cell] * flows.areas[cell, area] * losing
            total += weight
            weighted += weight * fall[month]
    assert weighted / total == pytest.approx(0.05, abs=ROUND_OFF)
    assert drawn.leak.fall >= 0.05


def test_an_effect_that_cannot_be_had_is_refused() -> None:
    with pytest.raises(UsageError, match="the most in this world is 9"):
        draw(World(effect_pp=15), 1)
    late = replace(World(effect_pp=1), period=Period(date(2024, 4, 1), date(2025, 4, 1)))
    with pytest.raises(UsageError, match="no request of this world is eligible"):
        draw(late, 1)
    with pytest.raises(UsageError, match="no request of this world is eligible"):
        draw(World(effect_pp=1, access=()), 1)


def test_without_effect_no_one_needs_to_be_eligible() -> None:
    assert draw(World(access=()), 1).leak.fall == 0
