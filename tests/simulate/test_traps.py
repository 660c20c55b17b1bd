"""What later studies must not be fooled by, as the world declares it."""

import numpy as np
import pytest

from switchstats.simulate import World
from switchstats.simulate.drawn import draw
from switchstats.simulate.flows import Flows

JANUARY_2023, MARCH_2023 = 9, 11


def _entrants(flows: Flows, month: int) -> np.ndarray:
    return flows.gaining[month, flows.entrant]


def test_a_winter_rise_hits_everybody_in_january_and_february_only() -> None:
    calm, cold = draw(World(), 1), draw(World(winter_rise_pp=3), 1)
    rise = cold.rates - calm.rates
    winter = [month.start.month in (1, 2) for month in World().months]
    assert np.allclose(rise[:, winter], 0.03)
    assert np.array_equal(rise[:, np.logical_not(winter)], np.zeros((700, 20)))


def test_a_mix_shift_moves_requests_between_entrants_only() -> None:
    # those above the mean error rate file twice as much, relative to the others
    calm, moved = draw(World(), 1), draw(World(mix_shift=1), 1)
    ratio = _entrants(moved.flows, JANUARY_2023) / _entrants(calm.flows, JANUARY_2023)
    assert np.unique(ratio.round(9)).size == 2
    assert ratio.max() / ratio.min() == pytest.approx(2)
    assert _entrants(moved.flows, JANUARY_2023).sum() == pytest.approx(0.6)
    assert np.array_equal(_entrants(moved.flows, MARCH_2023), _entrants(calm.flows, MARCH_2023))
    own = moved.rates[moved.flows.entrant].mean(axis=1)
    assert own[ratio > 1].min() > own[ratio < 1].max() - 0.02


def test_one_entrant_may_dominate() -> None:
    flows = draw(World(dominant_share=0.5), 1).flows
    assert _entrants(flows, 0)[0] == pytest.approx(0.6 * 0.5)
    assert _entrants(flows, 0).sum() == pytest.approx(0.6)
