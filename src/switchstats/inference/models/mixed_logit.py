"""Logit-normal mixed model of two groups: likelihood ratio and profile interval."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.likelihood.models import mixed_logit_model
from switchstats.inference.likelihood.newton import Evaluate
from switchstats.inference.likelihood.ratio import Reference, check_reference
from switchstats.inference.models.batches import ratio_p_values
from switchstats.inference.models.compare import compare, spread_quantities
from switchstats.inference.models.design import read_model_cells
from switchstats.inference.models.fits import N_QUADRATURE, check_quadrature, start_parameters
from switchstats.inference.models.marginal import rate_quantities
from switchstats.inference.models.remarks import cautions
from switchstats.inference.models.result import ratio_result
from switchstats.inference.question import Direction, Question
from switchstats.periods import Period
from switchstats.values import TestResult

__all__ = ["mixed_logit", "mixed_logit_p_values"]

Floats = NDArray[np.float64]

_TEST = "logit mixed model"
# Cells and nodes that are worked on at once.
_BLOCK = 20_000
_BATCH_QUADRATURE = 7


def mixed_logit(  # noqa: PLR0913 -- the questions to be asked and how, each by its own name
    *data: "Data",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    by: Sequence[str] = (),
    n_quadrature: int = N_QUADRATURE,
    reference: Reference = "chi_squared",
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
) -> TestResult:
    r"""Test the difference of two groups by a logistic model with a normal intercept a retailer.

    The log-odds of an error of retailer i are those of its stratum, plus the difference in the
    first group, plus :math:`\sigma b_i` with standard normal :math:`b_i`. Estimates the difference,
    a log odds ratio *conditional* on the retailer's place in its group: it compares equally placed
    retailers, and lies farther from 0 than the log odds ratio of the groups' average rates, the
    more so the larger :math:`\sigma`. What most readers mean by a difference is that of average
    rates: ``quantities["rate_difference"]``.

    Parameters
    ----------
    *data
        Counts; or errors and requests of the first group, then of the second, one entry a
        retailer.
    groups, period
        As in `read_two_groups`.
    by
        For counts: strata with log-odds of their own, any of theirs and ``"period"``.
    n_quadrature
        Gauss-Hermite nodes for each retailer; 1 is Laplace's approximation.
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
        `statistic` is the likelihood ratio, on one degree of freedom. `quantities`: ``rate_first``,
        ``rate_second``, ``rate_difference`` (rates averaged over all retailers that the model
        allows for, with strata weighted by all requests; ``_std_error`` by the delta method);
        ``retailer_sd``, the standard deviation :math:`\sigma` in log-odds, with its profile
        interval ``_low``, ``_high`` and the ``_p_value`` of none, half that of a chi-squared, as 0
        lies at the edge of its range. The estimate is infinite, with one finite end of the
        interval, where all requests of a group ended alike.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When all requests ended alike, each group has a single retailer or the likelihood has no
        maximum.

    Notes
    -----
    Both groups share one :math:`\sigma`; where they vary unlike, prefer `welch` on retailers' rates
    or ``beta_binomial(..., dispersion="by_group")``. With few retailers the large-sample reference
    rejects too often: at 10 against 10 about 7 % at a nominal 5 %; ``reference="t"`` about 5 %.
    Sparse counts need more nodes; Laplace's approximation is then off. Outlying retailers that no
    normal distribution holds move the estimate. A :math:`\sigma` of 0 is a legal estimate.

    Source: J. C. Pinheiro and D. M. Bates, Journal of Computational and Graphical Statistics 4
    (1995) 12-35; edge of the range: S. G. Self and K.-Y. Liang, Journal of the American
    Statistical Association 82 (1987) 605-610.

    Examples
    --------
    >>> result = mixed_logit([40, 95, 20], [200, 350, 120], [30, 22, 41], [210, 200, 300])
    >>> round(result.estimate, 4), round(result.p_value, 4)
    (0.657, 0.01)
    """
    question = Question(alternative, null, level)
    check_reference(reference)
    check_quadrature(n_quadrature)
    cells = read_model_cells(data, test=_TEST, by=by, groups=groups, period=period)
    model_of = partial(_model_of, cells.retailer, n_quadrature)
    compared = compare(cells, model_of, question, reference, test=_TEST)
    (sd_place,) = compared.spreads
    return ratio_result(
        cells,
        compared,
        question,
        method="mixed_logit",
        estimand="conditional_log_odds_ratio",
        quantities=rate_quantities(cells, compared, sd_place)
        | spread_quantities(compared, sd_place, question, "retailer_sd"),
        cautions=cautions(cells, reference, independent_cells=False),
    )


def mixed_logit_p_values(
    errors: ArrayLike,
    requests: ArrayLike,
    first: ArrayLike,
    *,
    n_quadrature: int = _BATCH_QUADRATURE,
    reference: Reference = "chi_squared",
) -> Floats:
    """Return two-sided p-values of `mixed_logit` for many data sets.

    Parameters
    ----------
    errors, requests
        Shape (..., retailers).
    first
        Whether each retailer belongs to the first group, shape (retailers,).
    n_quadrature
        Nodes for each retailer; fewer than `mixed_logit` takes, for speed.
    reference
        As for `mixed_logit`.

    Returns
    -------
    ndarray
        Shape (...); NaN where `mixed_logit` would refuse.

    Examples
    --------
    >>> errors, requests = [40, 95, 20, 30, 22, 41], [200, 350, 120, 210, 200, 300]
    >>> float(mixed_logit_p_values(errors, requests, [True] * 3 + [False] * 3).round(4))
    0.01
    """
    check_quadrature(n_quadrature)
    check_reference(reference)
    members = np.asarray(first, dtype=bool)
    return ratio_p_values(
        errors,
        requests,
        members,
        partial(_model_of, np.arange(members.size), n_quadrature),
        block=_BLOCK // n_quadrature,
        least=1,
        reference=reference,
    )


def _model_of(
    retailer: NDArray[np.int64],
    n_quadrature: int,
    errors: Floats,
    requests: Floats,
    design: Floats,
) -> tuple[Evaluate, Floats]:
    model = mixed_logit_model(errors, requests, design, retailer, n_quadrature)
    return model, start_parameters(errors, requests, design, intercepts=True, correlated=False)
