"""Error probabilities by retailer and month, drawn once from the seed."""

from typing import TYPE_CHECKING

import numpy as np

from switchstats.simulate.world import COLD_MONTHS, World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["HIGHEST", "cleaner_incumbents", "draw_beta", "monthly_rates", "retailer_rates"]

_HUNDRED = 100.0
HIGHEST = 0.95


def retailer_rates(world: World, rng: np.random.Generator) -> "NDArray[np.float64]":
    """Draw each retailer's own error probability of a first attempt."""
    means = np.full(world.n_retailers, world.error_rate)
    return draw_beta(means, world.retailer_sd_pp / _HUNDRED, rng)


def monthly_rates(
    world: World, rates: "NDArray[np.float64]", rng: np.random.Generator
) -> "NDArray[np.float64]":
    """Draw the error probability of each retailer (rows) in each month (columns)."""
    table = draw_beta(
        np.repeat(rates[:, None], len(world.months), axis=1), world.shock_sd_pp / _HUNDRED, rng
    )
    cold = [month.start.month in COLD_MONTHS for month in world.months]
    table[:, cold] += world.winter_rise_pp / _HUNDRED
    return np.minimum(table, HIGHEST)


def cleaner_incumbents(
    world: World, rates: "NDArray[np.float64]", entrant: "NDArray[np.bool_]"
) -> "NDArray[np.float64]":
    """Return the rates (retailer × month) less the incumbents' points, none below 0."""
    less = np.where(entrant, 0.0, world.cleaner_incumbents_pp / _HUNDRED)
    return np.maximum(rates - less[:, None], 0.0)


def draw_beta(
    means: "NDArray[np.float64]", sd: float, rng: np.random.Generator
) -> "NDArray[np.float64]":
    """Draw beta-distributed probabilities with given means and one standard deviation.

    A mean very near 0 or 1 leaves no room for a large deviation: there the distribution with
    a + b = 1 is taken, whose deviation is smaller.

    Parameters
    ----------
    means
        Fractions between 0 and 1, any shape.
    sd
        A fraction; 0 returns the means.
    rng
        Source of randomness.

    Examples
    --------
    >>> drawn = draw_beta(np.full(100_000, 0.18), 0.045, np.random.default_rng(1))
    >>> round(float(drawn.mean()), 3), round(float(drawn.std()), 3)
    (0.18, 0.045)
    """
    if sd == 0:
        return means.copy()
    size = np.maximum(means * (1 - means) / sd**2 - 1, 1.0)
    return rng.beta(means * size, (1 - means) * size)
