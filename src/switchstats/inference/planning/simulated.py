"""Power of a test found by simulating data with the observed volumes and spread."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.clustered.difference import check_options, difference_of
from switchstats.inference.groups import GROUPS, Data, Ints, TwoGroups, read_two_groups
from switchstats.inference.planning.parts import GroupParts, parts_of
from switchstats.inference.question import Direction, Question
from switchstats.inference.wild import wild_bootstrap_p_values
from switchstats.periods import Period
from switchstats.rates.ratio import Estimator, Floats
from switchstats.values import Shown, Weighting

__all__ = ["SimulatedMethod", "SimulatedPower", "power_by_simulation"]

SimulatedMethod: TypeAlias = Literal["cluster_robust", "wild_bootstrap"]

_QUANTITY = "power by simulation"
_CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPower(Shown):
    """How often a test rejects when there is a given true difference.

    Parameters
    ----------
    power
        Share of simulated data sets in which the test rejects; those in which it is undefined
        count as not rejected.
    std_error
        Monte Carlo standard error of `power`.
    effect
        True difference, first minus second, a fraction.
    method, weighting, alternative, level
        The test.
    n_by_group
        Retailers in the first and second group.
    retailer_sd
        Standard deviation of the true rates in either group, estimated from the data.
    n_simulations, seed
        Of the simulation.
    """

    power: float
    std_error: float
    effect: float
    method: SimulatedMethod
    weighting: Weighting
    alternative: Direction
    level: float
    n_by_group: tuple[int, int]
    retailer_sd: tuple[float, float]
    n_simulations: int
    seed: int


def power_by_simulation(  # noqa: PLR0913 -- what is simulated, and which test is tried
    *data: "Data",
    effect: float,
    seed: int | None = None,
    method: SimulatedMethod = "cluster_robust",
    weighting: Weighting = "requests",
    estimator: Estimator = "CR2",
    alternative: Direction = "two-sided",
    level: float = 0.95,
    n_simulations: int = 2_000,
    n_draws: int = 999,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
) -> SimulatedPower:
    """Return how often a test finds a true difference with these retailers' volumes and spread.

    Parameters
    ----------
    *data
        Counts, or errors and requests of the first group, then of the second, one entry a retailer.
    effect
        True difference, first minus second, a fraction; 0 gives the size of the test.
    seed
        Seed of the simulation; there is no default.
    method
        ``"cluster_robust"`` or ``"wild_bootstrap"`` (two-sided only, with `n_draws`).
    weighting, estimator, alternative, level
        Of the test.
    n_simulations
        Number of simulated data sets.
    n_draws
        Of each wild bootstrap.
    groups, period
        Of counts: first and second group; only counts inside the period.

    Returns
    -------
    SimulatedPower
        `power` with its Monte Carlo standard error, and what was simulated.

    Raises
    ------
    UsageError
        When an argument is out of its range, or a group's rate would not lie between 0 and 1.
    NotAnswerableError
        When a group has fewer than two retailers, no group varies, or every retailer has one
        request only.

    Notes
    -----
    True rates are drawn from a beta distribution in each group, errors from a binomial given the
    observed requests. The second group has its observed mean, the first that mean plus `effect`;
    the variances are those of the observed groups, estimated by moments. Volumes are not drawn
    anew and not related to rates, so that the answer holds for these retailers.

    Source of the variances by moments: J. C. Kleinman, Journal of the American Statistical
    Association 68 (1973) 46-54, doi:10.1080/01621459.1973.10481332.

    Examples
    --------
    >>> e1, n1 = [24, 12, 41, 22], [120, 90, 200, 110]
    >>> e0, n0 = [10, 31, 22, 14], [100, 130, 140, 80]
    >>> power_by_simulation(e1, n1, e0, n0, effect=0.1, seed=1).power
    0.6545
    """
    question = Question(alternative, 0.0, level)
    check_options(estimator, weighting)
    _check_method(method, alternative)
    if seed is None:
        raise UsageError("power_by_simulation draws at random: give a seed, such as seed=1")
    if n_simulations < 1:
        raise UsageError(f"n_simulations must be at least 1, not {n_simulations}")
    two = read_two_groups(data, test=_QUANTITY, groups=groups, period=period, least=2)
    parts = parts_of(two, weighting, _QUANTITY)
    means = (parts[1].rate + effect, parts[1].rate)
    for mean, group in zip(means, parts, strict=True):
        _check_mean(mean, group)
    rng = np.random.default_rng(seed)
    rejected = 0
    most = max(1, _CELLS_AT_ONCE // two.n_units)
    for start in range(0, n_simulations, most):
        errors = _errors(two, parts, means, min(most, n_simulations - start), rng)
        if method == "wild_bootstrap":
            p_values = _wild(two, errors, weighting, n_draws, rng)
        else:
            p_values = difference_of(
                errors, two.requests, two.first, estimator=estimator, weighting=weighting
            ).p_values(0.0, alternative)
        rejected += int(np.count_nonzero(p_values <= question.alpha))
    power = rejected / n_simulations
    return SimulatedPower(
        power=power,
        std_error=math.sqrt(power * (1 - power) / n_simulations),
        effect=effect,
        method=method,
        weighting=weighting,
        alternative=alternative,
        level=level,
        n_by_group=two.n_by_group,
        retailer_sd=(
            math.sqrt(parts[0].retailer_variance),
            math.sqrt(parts[1].retailer_variance),
        ),
        n_simulations=n_simulations,
        seed=seed,
    )


def _wild(
    two: TwoGroups, errors: Ints, weighting: Weighting, n_draws: int, rng: np.random.Generator
) -> Floats:
    return wild_bootstrap_p_values(
        errors,
        np.broadcast_to(two.requests, errors.shape),
        two.first,
        seed=int(rng.integers(2**32)),
        weighting=weighting,
        n_draws=n_draws,
    )


def _check_method(method: SimulatedMethod, alternative: Direction) -> None:
    if method not in get_args(SimulatedMethod):
        raise UsageError(f"method must be 'cluster_robust' or 'wild_bootstrap', not {method!r}")
    if method == "wild_bootstrap" and alternative != "two-sided":
        raise UsageError("the wild bootstrap is simulated with alternative='two-sided' only")


def _check_mean(mean: float, group: GroupParts) -> None:
    if not 0 < mean < 1:
        raise UsageError(f"effect would put the rate of a group at {mean:.4f}, not between 0 and 1")
    if group.retailer_variance >= mean * (1 - mean):
        raise NotAnswerableError(
            _QUANTITY,
            f"retailers differ more than rates with a mean of {mean:.4f} can",
            "a smaller effect",
        )


def _errors(
    two: TwoGroups,
    parts: tuple[GroupParts, GroupParts],
    means: tuple[float, float],
    n_sets: int,
    rng: np.random.Generator,
) -> Ints:
    rates: list[Floats] = []
    for mean, group in zip(means, parts, strict=True):
        shape = (n_sets, group.n)
        if group.retailer_variance == 0:
            rates.append(np.full(shape, mean))
        else:
            size = mean * (1 - mean) / group.retailer_variance - 1
            rates.append(rng.beta(mean * size, (1 - mean) * size, shape))
    return rng.binomial(two.requests, np.concatenate(rates, axis=1))
