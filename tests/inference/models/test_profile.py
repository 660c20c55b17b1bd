"""Short cuts of the likelihood's climbs and profiles lead where the long ways do."""

import numpy as np
import pandas as pd
import pytest

from switchstats.inference import beta_binomial, mixed_logit
from switchstats.inference.likelihood import climb, models, profile
from switchstats.inference.likelihood.rows import Column, Rows
from switchstats.inference.likelihood.stirling import stirling_rest
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

# Roots agree to 1e-10 standard errors, maxima to 1e-9 in the log-likelihood.
TOLERANCE = 1e-8
# scipy.stats.chi2.isf(0.05, 1)
CRITICAL = 3.841458820694124
WORLDS = {
    "few": (4, 5, 5.0, 0.15, 0.5),
    "many": (10, 60, 4.0, 0.15, 0.5),
    "no spread": (6, 6, 4.0, 0.2, 0.0),
    "sparse": (10, 40, 1.5, 0.03, 0.8),
}


def drawn(world: str) -> tuple[np.ndarray, ...]:
    n, m, size, rate, spread = WORLDS[world]
    rng = np.random.default_rng(20231019)
    requests = np.maximum(rng.lognormal(size, 1.2, n + m), 1).astype(int)
    odds = np.log(rate / (1 - rate)) + spread * rng.normal(size=n + m)
    errors = rng.binomial(requests, 1 / (1 + np.exp(-odds)))
    return errors[:n], requests[:n], errors[n:], requests[n:]


def numbers(result) -> list[float]:
    interval = [end for end in (result.interval.low, result.interval.high) if end is not None]
    return [result.estimate, result.p_value, *interval, *result.quantities.values()]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("test", [beta_binomial, mixed_logit])
def test_ends_are_found_by_newton_where_they_are_number_by_number(test, world, monkeypatch):
    fast = numbers(test(*drawn(world)))
    monkeypatch.setattr(profile, "crossing", lambda *_: None)
    assert fast == pytest.approx(numbers(test(*drawn(world))), rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("test", [beta_binomial, mixed_logit])
def test_the_ratio_at_an_end_is_the_critical_one(test, world):
    interval = test(*drawn(world)).interval
    for end in (interval.low, interval.high):
        assert test(*drawn(world), null=end).statistic == pytest.approx(CRITICAL, rel=TOLERANCE)


@pytest.mark.parametrize("world", WORLDS)
def test_rivals_that_are_not_climbed_would_not_have_won(world, monkeypatch):
    fast = numbers(beta_binomial(*drawn(world), dispersion="by_group"))
    monkeypatch.setattr(climb, "outclassed", lambda _found, at, *_: np.zeros(len(at), dtype=bool))
    monkeypatch.setattr(profile, "crossing", lambda *_: None)
    slow = numbers(beta_binomial(*drawn(world), dispersion="by_group"))
    assert fast == pytest.approx(slow, rel=TOLERANCE, abs=TOLERANCE)


def test_blocks_of_units_add_up(monkeypatch):
    rng = np.random.default_rng(1)
    months = pd.date_range("2022-04-01", periods=5, freq="MS")
    requests = rng.poisson(60, (20, 4)) + 1
    rates = rng.beta(12, 55, (20, 4))
    frame = pd.DataFrame(
        {
            "retailer": np.repeat([f"r{k:02d}" for k in range(20)], 4),
            "period_start": np.tile(months[:-1], 20),
            "period_end": np.tile(months[1:], 20),
            "requests": requests.ravel(),
            "errors": rng.binomial(requests, rates).ravel(),
        }
    )
    counts = Counts.of(
        frame,
        [
            Retailer(f"r{k:02d}", Text(f"r{k}", f"r{k}"), "incumbent" if k < 8 else "entrant")
            for k in range(20)
        ],
    )

    def fitted() -> list[float]:
        return numbers(beta_binomial(counts, by=("period",), retailer_intercept=True))

    whole = fitted()
    monkeypatch.setattr(models, "_BLOCK", 16)
    assert fitted() == pytest.approx(whole, rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("sizes", [[3, 3, 3], [1, 4, 2], [1, 1, 1]])
def test_columns_are_summed_over_each_rows_cells(sizes):
    place = np.repeat(np.arange(3), sizes)
    rows, rng = Rows(place), np.random.default_rng(1)
    cells = rng.normal(size=(2, place.size))
    one_a_row = (np.arange(place.size) == np.cumsum([0, *sizes[:-1]])[:, None]).any(axis=0)
    for numbers_ in (one_a_row * 2.0, np.ones(place.size), rng.normal(size=place.size)):
        sums = np.zeros((2, 3))
        Column.of(numbers_, place, rows).add(sums, cells)
        by_hand = [(cells * numbers_)[:, place == row].sum(axis=1) for row in range(3)]
        assert sums == pytest.approx(np.stack(by_hand, axis=1), abs=1e-14)


def test_large_numbers_need_fewer_terms():
    # beside an 8 all terms are taken; the terms left out are below 1e-18 of the first
    for x in np.geomspace(8, 1e9, 40):
        beside = stirling_rest(np.array([8.0, x]), 4)[:, 1]
        assert stirling_rest(np.array([x]), 4)[:, 0] == pytest.approx(beside, rel=1e-15)
