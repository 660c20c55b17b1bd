"""Draws many data sets of one world at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from switchstats.simulate.calibration.worlds import GroupWorld

__all__ = ["DataSets", "draw_data_sets"]

_NODES = 4096
_LEAST, _MOST = 1e-6, 1 - 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class DataSets:
    """Simulated requests and errors, shape (data sets, retailers).

    Parameters
    ----------
    errors, requests
        The first group's retailers first.
    first
        Whether each retailer belongs to the first group.
    """

    errors: "NDArray[np.int64]"
    requests: "NDArray[np.int64]"
    first: "NDArray[np.bool_]"


def draw_data_sets(
    world: "GroupWorld", n: int, rng: np.random.Generator, gap: float = 0.0
) -> DataSets:
    """Draw data sets in which the first group's error probabilities are lower by `gap`.

    Parameters
    ----------
    world
        What they are drawn from.
    n
        Number of data sets.
    rng
        Source of randomness.
    gap
        A fraction; the first group's beta distribution keeps its deviation and moves its mean.

    Examples
    --------
    >>> from switchstats.simulate.calibration.worlds import world_named
    >>> drawn = draw_data_sets(world_named("even"), 500, np.random.default_rng(1), gap=0.06)
    >>> rates = drawn.errors / drawn.requests
    >>> [round(float(rates[:, side].mean()), 2) for side in (drawn.first, ~drawn.first)]
    [0.12, 0.18]
    """
    lower = _group(world, 0, n, rng, world.mean - gap)
    higher = _group(world, 1, n, rng, world.mean)
    probabilities = np.concatenate([lower[0], higher[0]], axis=1)
    requests = np.concatenate([lower[1], higher[1]], axis=1)
    first = np.arange(sum(world.n_by_group)) < world.n_by_group[0]
    if world.losing_sd_pp:
        errors = _errors_by_losing(world, probabilities, requests, rng)
    else:
        errors = rng.binomial(requests, probabilities).astype(np.int64)
    return DataSets(errors, requests, first)


def _group(
    world: "GroupWorld", group: int, n: int, rng: np.random.Generator, mean: float
) -> "tuple[NDArray[np.float64], NDArray[np.int64]]":
    shape = (n, world.n_by_group[group])
    score = rng.standard_normal(shape)
    own = rng.standard_normal(shape)
    r = world.volume_rate_correlation
    log_volume = np.log(world.volume[group]) + world.volume_sigma * (
        r * score + np.sqrt(1 - r * r) * own
    )
    requests = np.maximum(np.rint(np.exp(log_volume)), 1).astype(np.int64)
    return _beta(score, mean, world.sd_pp[group] / 100), requests


def _beta(score: "NDArray[np.float64]", mean: float, sd: float) -> "NDArray[np.float64]":
    """Turn normal scores into beta-distributed probabilities, through a table of quantiles."""
    from scipy.special import betaincinv, ndtr

    if sd == 0:
        return np.full_like(score, mean)
    size = mean * (1 - mean) / sd**2 - 1
    nodes = np.linspace(-6, 6, _NODES)
    quantiles = betaincinv(mean * size, (1 - mean) * size, ndtr(nodes))
    return np.interp(score, nodes, quantiles)


def _errors_by_losing(
    world: "GroupWorld",
    probabilities: "NDArray[np.float64]",
    requests: "NDArray[np.int64]",
    rng: np.random.Generator,
) -> "NDArray[np.int64]":
    """Split each retailer's requests over losing retailers, who move the error probability."""
    n, k = requests.shape
    mixes = rng.dirichlet(np.full(k, 0.5), size=(n, k))
    moved = rng.standard_normal((n, 1, k)) * world.losing_sd_pp / 100
    by_losing = rng.multinomial(requests, mixes)
    return rng.binomial(by_losing, np.clip(probabilities[..., None] + moved, _LEAST, _MOST)).sum(
        axis=-1
    )
