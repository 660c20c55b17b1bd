"""Draws many data sets of one world at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from switchstats.simulate.calibration.worlds import GroupWorld

__all__ = ["DataSets", "draw_data_sets"]

_NODES = 4096
_LEAST, _MOST = 1e-9, 1 - 1e-9
# Of the mix of strata: retailers differ much in it.
_CONCENTRATION = 0.5
# Share of requests that a group files in its own half.
_OWN = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class DataSets:
    """Simulated requests and errors, shape (data sets, strata, retailers).

    Parameters
    ----------
    errors_by_stratum, requests_by_stratum
        The first group's retailers first.
    first
        Whether each retailer belongs to the first group.
    losing
        Whether strata are the losing retailers, in the order of the gaining ones.
    margin
        The gap of the world, whether or not these data sets have it: what equivalence is tried at.
    """

    errors_by_stratum: "NDArray[np.int64]"
    requests_by_stratum: "NDArray[np.int64]"
    first: "NDArray[np.bool_]"
    losing: bool = False
    margin: float = 0.0

    @property
    def errors(self) -> "NDArray[np.int64]":
        """Of every retailer, shape (data sets, retailers)."""
        return self.errors_by_stratum.sum(axis=1)

    @property
    def requests(self) -> "NDArray[np.int64]":
        """Of every retailer, shape (data sets, retailers)."""
        return self.requests_by_stratum.sum(axis=1)

    def __len__(self) -> int:
        return len(self.errors_by_stratum)

    def head(self, n: int) -> "DataSets":
        """Return the first data sets."""
        return DataSets(
            self.errors_by_stratum[:n],
            self.requests_by_stratum[:n],
            self.first,
            self.losing,
            self.margin,
        )


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
    by_stratum = _divided(world, requests, first, rng)
    moved = rng.standard_normal((n, world.n_strata, 1)) * world.stratum_sd_pp / 100
    there = np.clip(probabilities[:, None, :] + moved, _LEAST, _MOST)
    errors = rng.binomial(by_stratum, there)
    return DataSets(errors, by_stratum, first, world.losing, world.gap_pp / 100)


def _divided(
    world: "GroupWorld",
    requests: "NDArray[np.int64]",
    first: "NDArray[np.bool_]",
    rng: np.random.Generator,
) -> "NDArray[np.int64]":
    """Divide each retailer's requests over the strata, (data sets, strata, retailers)."""
    n, k = requests.shape
    mixes = rng.standard_gamma(_CONCENTRATION, (n, world.n_strata, k))
    if world.own_half:
        half = np.arange(world.n_strata) < world.n_strata / 2
        mixes *= np.where(half[:, None] == first, _OWN, 1 - _OWN)
    left, rest = requests.copy(), mixes.sum(axis=1)
    parts = np.empty(mixes.shape, dtype=np.int64)
    for place in range(world.n_strata):
        share = np.minimum(mixes[:, place] / np.maximum(rest, _LEAST), 1.0)
        last = place == world.n_strata - 1
        parts[:, place] = left if last else rng.binomial(left, share)
        left -= parts[:, place]
        rest -= mixes[:, place]
    return parts


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
