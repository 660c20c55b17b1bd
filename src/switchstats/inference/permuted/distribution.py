"""The differences behind a permutation test, counted into bars for a picture."""

from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import UsageError
from switchstats.inference.groups import GROUPS, Data, read_two_groups
from switchstats.inference.permuted.memberships import plan_memberships
from switchstats.inference.permuted.retailers import TEST, refuse_rates
from switchstats.inference.samples import Floats, Rates, read_rates
from switchstats.inference.splits import MAX_SPLITS, N_DRAWS
from switchstats.periods import Period
from switchstats.values import SplitDistribution, Weighting

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["permutation_distribution"]

# Relative to the largest rate: differences this close are the same split told in another order.
_SAME = 1e-12
_LEAST_BARS = 5


def permutation_distribution(
    *data: "Data | Rates",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    weighting: Weighting = "equal",
    bars: int = 60,
    max_splits: int = MAX_SPLITS,
    n_draws: int | None = None,
    seed: int | None = None,
) -> SplitDistribution:
    """Count the differences of all splits of the retailers into groups of these sizes.

    It shows what `permutation` computes with ``null=0``: how unusual the actual groups are among
    all groups that could have been formed.

    Parameters
    ----------
    *data, groups, period, weighting, max_splits, n_draws, seed
        As for `permutation`.
    bars
        Number of bars from the lowest to the highest difference, at least 5.

    Raises
    ------
    UsageError
        When an argument is out of its range, or a random draw lacks its seed.
    NotAnswerableError
        When a group is empty.

    Notes
    -----
    Random splits are counted with the actual one, as in the p-value.

    Examples
    --------
    >>> shown = permutation_distribution([0.21, 0.19, 0.20, 0.22], [0.15, 0.16, 0.14], bars=7)
    >>> shown.n_splits, sum(shown.counts), shown.n_as_low, round(shown.observed, 3)
    (35, 35, 35, 0.055)
    """
    if bars < _LEAST_BARS:
        raise UsageError(f"a distribution has {_LEAST_BARS} bars or more, not {bars}")
    outcome, weight, first = _read(data, groups, period, weighting)
    splits = plan_memberships(
        first,
        max_splits=max_splits,
        n_draws=N_DRAWS if n_draws is None else n_draws,
        seed=seed,
    )
    found = np.concatenate([_differences(outcome, weight, each) for each in splits.columns()])
    observed = float(_differences(outcome, weight, first.astype(float)[:, None])[0])
    if splits.n_draws is not None:
        found = np.append(found, observed)
    largest = float(np.max(outcome / weight))
    counts, edges = np.histogram(found, bins=bars)
    return SplitDistribution(
        observed=observed,
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
        n_as_low=int((found <= observed + _SAME * largest).sum()),
        n_splits=found.size,
        exact=splits.n_draws is None,
        weighting=weighting,
        n_by_group=(int(first.sum()), int((~first).sum())),
        groups=groups,
        seed=splits.seed,
    )


def _read(
    data: "Sequence[Data | Rates]",
    groups: tuple[str, str],
    period: Period | None,
    weighting: Weighting,
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return each retailer's outcome and weight, and whether it is in the first group."""
    if weighting == "requests":
        refuse_rates(data)
        two = read_two_groups(cast("Sequence[Data]", data), test=TEST, groups=groups, period=period)
        return two.errors.astype(float), two.requests.astype(float), two.first
    samples = read_rates(data, test=TEST, groups=groups, period=period, rounding="half_up")
    rates = np.concatenate([samples.first.value, samples.second.value])
    return rates, np.ones_like(rates), np.arange(rates.size) < samples.first.n


def _differences(outcome: Floats, weight: Floats, splits: Floats) -> Floats:
    inside, carried = outcome @ splits, weight @ splits
    return inside / carried - (outcome.sum() - inside) / (weight.sum() - carried)
