"""Beta-binomial regression of two groups: likelihood ratio and profile interval."""

from collections.abc import Sequence
from functools import partial
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.likelihood.models import (
    beta_binomial_model,
    beta_binomial_with_intercepts,
)
from switchstats.inference.likelihood.newton import Evaluate
from switchstats.inference.likelihood.ratio import Reference, check_reference
from switchstats.inference.models.batches import ratio_p_values
from switchstats.inference.models.compare import Compared, compare, spread_quantities
from switchstats.inference.models.design import read_model_cells
from switchstats.inference.models.fits import N_QUADRATURE, check_quadrature, start_parameters
from switchstats.inference.models.marginal import rate_quantities
from switchstats.inference.models.remarks import cautions
from switchstats.inference.models.result import ratio_result
from switchstats.inference.question import Direction, Question
from switchstats.periods import Period
from switchstats.values import TestResult

__all__ = ["Dispersion", "beta_binomial", "beta_binomial_p_values"]

Floats = NDArray[np.float64]
Dispersion = Literal["common", "by_group"]

_TEST = "beta-binomial regression"
_BLOCK = 20_000


def beta_binomial(  # noqa: PLR0913 -- the questions to be asked and the model, each by its own name
    *data: "Data",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    by: Sequence[str] = (),
    dispersion: Dispersion = "common",
    retailer_intercept: bool = False,
    n_quadrature: int = N_QUADRATURE,
    reference: Reference = "chi_squared",
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
) -> TestResult:
    r"""Test the difference of two groups' mean rates by beta-binomial regression.

    Every retailer's true rate is drawn from its group's beta distribution; given it, requests are
    independent. Estimates the log odds ratio of the two means, first group over second, by maximum
    likelihood: a retailer weighs the more, the more requests it filed, up to a bound that the
    spread between retailers sets.

    Parameters
    ----------
    *data
        Counts; or errors and requests of the first group, then of the second, one entry a
        retailer.
    groups, period
        As in `read_two_groups`.
    by
        For counts: strata, any of theirs and ``"period"``. Every retailer then has one cell a
        stratum, every stratum log-odds of its own, and cells of one retailer count as independent
        unless `retailer_intercept`.
    dispersion
        ``"common"``: retailers of both groups vary alike; ``"by_group"``: each group has its own.
    retailer_intercept
        Whether cells of one retailer share a normal intercept besides; needs `by`.
    n_quadrature
        Gauss-Hermite nodes for each retailer's intercept; 1 is Laplace's approximation.
    reference
        Distribution of the likelihood ratio: ``"chi_squared"``, the large-sample one; or ``"t"``,
        that of a normal linear model of so many retailers, which holds its size with few.
    alternative
        ``"less"``: the first group's odds are lower; ``"greater"``: higher; ``"two-sided"``.
    null
        Log odds ratio under the null hypothesis.
    level
        Confidence of the intervals.

    Returns
    -------
    TestResult
        `statistic` is the likelihood ratio, on one degree of freedom. `quantities`:
        ``rate_first``, ``rate_second`` (the groups' mean rates, with strata weighted by all
        requests), ``rate_difference`` with its ``_std_error`` (delta method);
        ``intra_retailer_correlation`` of two requests of one retailer, with its profile interval
        ``_low``, ``_high`` and the ``_p_value`` of none (by group: ``..._first``, ``..._second``);
        ``retailer_sd`` of the intercepts, where asked for, with the same. The estimate is infinite,
        with one finite end of the interval, where all requests of a group ended alike.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When all requests ended alike, each group has a single retailer, a group with a dispersion
        of its own has one, or the likelihood has no maximum.

    Notes
    -----
    With few retailers the large-sample reference rejects too often: at 10 against 10 retailers
    with many requests each about 7 % at a nominal 5 %; ``reference="t"`` about 5 %, a little too
    often again where retailers hold few requests. With unequal spread in groups of unequal size
    use ``dispersion="by_group"``. The shape of the distribution of rates matters with few
    retailers and outliers. At no overdispersion (correlation 0) requests count as independent. In
    very sparse data the likelihood can have two maxima; the higher is sought. Unlike that of
    `mixed_logit` this log odds ratio compares the groups' mean rates.

    Sources: D. A. Williams, Biometrics 31 (1975) 949-952; edge of the range: S. G. Self and K.-Y.
    Liang, Journal of the American Statistical Association 82 (1987) 605-610.

    Examples
    --------
    >>> result = beta_binomial([40, 95, 20], [200, 350, 120], [30, 22, 41], [210, 200, 300])
    >>> round(result.estimate, 4), round(result.p_value, 4)
    (0.6594, 0.0105)
    >>> round(result.quantities["rate_difference"], 4)
    0.0948
    """
    question = Question(alternative, null, level)
    check_reference(reference)
    _check(dispersion, by, n_quadrature, retailer_intercept=retailer_intercept)
    cells = read_model_cells(data, test=_TEST, by=by, groups=groups, period=period)
    if dispersion == "by_group" and min(cells.n_by_group) == 1:
        raise NotAnswerableError(
            f"{_TEST} with a dispersion for each group",
            "a group has a single retailer",
            'at least two retailers in each group, or dispersion="common"',
        )
    first = cells.first if dispersion == "by_group" else None
    model_of = (
        partial(_with_intercepts, cells.retailer, n_quadrature)
        if retailer_intercept
        else partial(_without_intercepts, first)
    )
    compared = compare(cells, model_of, question, reference, test=_TEST)
    sd_place = compared.spreads[0] if retailer_intercept else None
    return ratio_result(
        cells,
        compared,
        question,
        method="beta_binomial",
        estimand="mean_rates_log_odds_ratio",
        quantities=rate_quantities(cells, compared, sd_place)
        | _variation(compared, question, sd_place),
        cautions=cautions(cells, reference, independent_cells=bool(by) and not retailer_intercept),
    )


def beta_binomial_p_values(
    errors: ArrayLike,
    requests: ArrayLike,
    first: ArrayLike,
    *,
    dispersion: Dispersion = "common",
    reference: Reference = "chi_squared",
) -> Floats:
    """Return two-sided p-values of `beta_binomial` for many data sets.

    Parameters
    ----------
    errors, requests
        Shape (..., retailers).
    first
        Whether each retailer belongs to the first group, shape (retailers,).
    dispersion, reference
        As for `beta_binomial`.

    Returns
    -------
    ndarray
        Shape (...); NaN where `beta_binomial` would refuse.

    Examples
    --------
    >>> errors, requests = [40, 95, 20, 30, 22, 41], [200, 350, 120, 210, 200, 300]
    >>> float(beta_binomial_p_values(errors, requests, [True] * 3 + [False] * 3).round(4))
    0.0105
    """
    _check_dispersion(dispersion)
    check_reference(reference)
    by_group = dispersion == "by_group"
    return ratio_p_values(
        errors,
        requests,
        first,
        partial(_without_intercepts, np.asarray(first, dtype=bool) if by_group else None),
        block=_BLOCK,
        least=1 + by_group,
        reference=reference,
    )


def _check(
    dispersion: Dispersion,
    by: Sequence[str],
    n_quadrature: int,
    *,
    retailer_intercept: bool,
) -> None:
    _check_dispersion(dispersion)
    check_quadrature(n_quadrature)
    if retailer_intercept and not by:
        raise UsageError(
            'retailer_intercept needs several cells a retailer: name strata, such as by=("period",)'
        )
    if retailer_intercept and dispersion == "by_group":
        raise UsageError('retailer_intercept goes with dispersion="common" only')


def _check_dispersion(dispersion: Dispersion) -> None:
    if dispersion not in get_args(Dispersion):
        raise UsageError(f"dispersion must be 'common' or 'by_group', not {dispersion!r}")


def _without_intercepts(
    first: NDArray[np.bool_] | None, errors: Floats, requests: Floats, design: Floats
) -> tuple[Evaluate, Floats]:
    """Return the model; `first` only where each group has a spread of its own."""
    if first is None:
        spread_design = np.ones((len(design), 1))
    else:
        spread_design = np.column_stack([first, ~first]).astype(np.float64)
    start = start_parameters(errors, requests, design, intercepts=False, correlated=True)
    start = np.hstack([start, *[start[:, -1:]] * (spread_design.shape[1] - 1)])
    return beta_binomial_model(errors, requests, design, spread_design), start


def _with_intercepts(
    retailer: NDArray[np.int64],
    n_quadrature: int,
    errors: Floats,
    requests: Floats,
    design: Floats,
) -> tuple[Evaluate, Floats]:
    model = beta_binomial_with_intercepts(errors, requests, design, retailer, n_quadrature)
    return model, start_parameters(errors, requests, design, intercepts=True, correlated=True)


def _variation(compared: Compared, question: Question, sd_place: int | None) -> dict[str, float]:
    quantities: dict[str, float] = {}
    if sd_place is not None:
        quantities |= spread_quantities(compared, sd_place, question, "retailer_sd")
    places = [place for place in compared.spreads if place != sd_place]
    endings = [""] if len(places) == 1 else ["_first", "_second"]
    for place, ending in zip(places, endings, strict=True):
        name = f"intra_retailer_correlation{ending}"
        for key, number in spread_quantities(compared, place, question, name).items():
            is_p_value = key.endswith("_p_value")
            quantities[key] = number if is_p_value else number**2 / (1 + number**2)
        quantities.setdefault(f"{name}_high", 1.0)
    return quantities
