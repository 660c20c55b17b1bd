"""The distribution of true rates: Student's t in the limit, averaging, shrinkage, size."""

import numpy as np
import pytest
from scipy import stats

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import rate_prediction
from switchstats.simulate.calibration.draws import draw_data_sets
from switchstats.simulate.calibration.worlds import GroupWorld

MANY = 10**9
RATES = np.array([0.12, 0.18, 0.20, 0.15, 0.25])
# The variance between retailers is averaged over 97 points; sampling of 1 in 10^9 is left.
LIMIT = 1e-6
LAST = 1e-12  # the last digits of doubles, which differ between processors


@pytest.fixture(scope="module")
def many():
    return rate_prediction(RATES * MANY, np.full(5, MANY))


@pytest.mark.parametrize("rate", [0.02, 0.10, 0.18, 0.30])
def test_many_requests_give_students_t(many, rate: float) -> None:
    # one more draw from a normal distribution of which five were seen: t on four degrees
    t = (rate - RATES.mean()) / np.sqrt(RATES.var(ddof=1) * (1 + 1 / 5))
    assert many.p_value(rate, MANY, "less") == pytest.approx(stats.t.cdf(t, 4), abs=LIMIT)
    assert many.p_value(rate, MANY, "greater") == pytest.approx(stats.t.sf(t, 4), abs=LIMIT)
    assert many.p_value(rate, MANY) == pytest.approx(2 * stats.t.sf(abs(t), 4), abs=LIMIT)


def test_each_of_many_requests_weighs_as_much(many) -> None:
    # sampling is nothing beside the spread: five alike
    assert many.shares == pytest.approx(np.full(5, 0.2), abs=LIMIT)
    assert many.n_effective == pytest.approx(5, abs=LIMIT)
    assert many.mean == pytest.approx(RATES.mean(), abs=LIMIT)


def test_weights_lie_between_those_of_chance_and_of_one_each() -> None:
    # alike: with no spread weights go with requests, 1 : 2 : 4; with much they are alike
    found = rate_prediction([10, 20, 40], [100, 200, 400])
    assert found.shares.sum() == pytest.approx(1)
    assert 1 / 7 - LAST <= found.shares[0] < found.shares[1] < found.shares[2] <= 4 / 7 + LAST
    assert 49 / 21 - LAST <= found.n_effective <= 3 + LAST


def test_the_rate_at_a_share_inverts_the_p_value(many) -> None:
    reach = stats.t.ppf(0.01, 4) * np.sqrt(RATES.var(ddof=1) * (1 + 1 / 5))
    assert many.rate_at(0.01, MANY) == pytest.approx(RATES.mean() + reach, abs=LIMIT)
    few = rate_prediction([3, 9, 4, 12], [20, 40, 30, 50])
    assert few.p_value(few.rate_at(0.005, 80), 80, "less") == pytest.approx(0.005)


def test_probabilities_are_averaged_over_the_variances_that_chi_squared_allows() -> None:
    errors, requests = np.array([3, 40, 11, 60, 9]), np.array([40, 200, 90, 250, 30])
    found = rate_prediction(errors, requests)
    # by brute force: the sum of squares is set to random chi-squared numbers
    rng = np.random.default_rng(3)
    pooled = errors.sum() / requests.sum()
    rates, noise = errors / requests, pooled * (1 - pooled) / requests
    grid = np.concatenate([[0.0], np.geomspace(1e-7, 1e4, 40_000)])
    weights = 1 / (noise + grid[:, None])
    means = (weights @ rates) / weights.sum(axis=1)
    squares = (weights * (rates - means[:, None]) ** 2).sum(axis=1)
    drawn = rng.chisquare(4, 200_000)
    place = np.searchsorted(-squares, -drawn).clip(0, grid.size - 1)
    tau2, mean, error = grid[place], means[place], 1 / weights.sum(axis=1)[place]
    spread = tau2 + error + mean.clip(0, 1) * (1 - mean.clip(0, 1)) / 500
    expected = stats.norm.cdf((0.05 - mean) / np.sqrt(spread)).mean()
    # three Monte Carlo errors
    assert found.p_value(0.05, 500, "less") == pytest.approx(expected, abs=0.001)


def test_shrinkage_draws_small_retailers_to_the_mean() -> None:
    rng = np.random.default_rng(5)
    n = np.array([20] * 100 + [20_000] * 100)
    errors = rng.binomial(n, rng.normal(0.18, 0.04, n.size).clip(0.01))
    found = rate_prediction(errors, n)
    shrunk, low, high = found.shrunk(0.95)
    rates = errors / n
    # with 200 retailers the variance is known well: the textbook's weight tau2 / (tau2 + v)
    tau2, mean = found.retailer_sd**2, found.mean
    v = found.variances
    expected = mean + tau2 / (tau2 + v) * (rates - mean)
    assert shrunk == pytest.approx(expected, abs=0.003)
    assert np.abs(shrunk - rates)[100:].max() < 0.002
    assert (low < shrunk).all()
    assert (shrunk < high).all()
    drawn = found.draw(4_000, np.random.default_rng(1))
    assert drawn.mean(axis=0) == pytest.approx(shrunk, abs=0.004)
    assert np.quantile(drawn[:, 0], 0.975) == pytest.approx(high[0], abs=0.005)


def test_credible_intervals_hold_the_true_rates_as_often_as_they_say() -> None:
    rng = np.random.default_rng(8)
    held, total = 0, 0
    for _ in range(40):
        n = np.rint(200 * np.exp(rng.standard_normal(25))).astype(int) + 1
        true = rng.beta(13, 59, n.size)
        _, low, high = rate_prediction(rng.binomial(n, true), n).shrunk(0.9)
        held += int(np.count_nonzero((low <= true) & (true <= high)))
        total += n.size
    # 1,000 rates at 90 %: three Monte Carlo errors
    assert held / total == pytest.approx(0.9, abs=3 * (0.9 * 0.1 / total) ** 0.5)


@pytest.mark.parametrize("sd_pp", [0.0, 4.5])
@pytest.mark.parametrize(("n", "volume"), [(3, 2000.0), (10, 200.0), (30, 20.0)])
def test_size(n: int, volume: float, sd_pp: float) -> None:
    world = GroupWorld(
        name="size",
        n_by_group=(1, n),
        sd_pp=(sd_pp, sd_pp),
        volume=(5000.0, volume),
        volume_sigma=1.5,
    )
    runs, rejected = 400, 0
    data = draw_data_sets(world, runs, np.random.default_rng(6))
    for errors, requests in zip(data.errors, data.requests, strict=True):
        if 0 < errors[1:].sum() < requests[1:].sum():
            found = rate_prediction(errors[1:], requests[1:])
            rejected += found.p_value(errors[0] / requests[0], requests[0], "less") <= 0.05
    assert rejected / runs <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5


def test_refusals() -> None:
    with pytest.raises(NotAnswerableError, match="2 retailers"):
        rate_prediction([1, 2, 0], [10, 10, 0])
    with pytest.raises(NotAnswerableError, match="ended alike"):
        rate_prediction([0, 0, 0], [10, 10, 10])
    with pytest.raises(UsageError, match="between 0"):
        rate_prediction([11, 2, 1], [10, 10, 10])
    with pytest.raises(UsageError, match="equal length"):
        rate_prediction([1, 2], [10, 10, 10])
