"""Errors that the leak can prevent, less those it cannot, scaled so that other causes cancel."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.samples import Floats
from switchstats.studies.contrast.cells import RequestCells

__all__ = ["Reasons", "reasons_of", "scale_of", "variance_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """Errors of each cell by what the leak could have done about them.

    Parameters
    ----------
    preventable
        Errors all of whose reasons are fields that leaked: without these reasons, accepted.
    placebo
        Errors with a reason that a leak cannot help, whatever else went wrong.
    """

    preventable: Floats
    placebo: Floats


def reasons_of(cells: RequestCells, fields: tuple[str, ...]) -> Reasons:
    """Return the errors of each cell by whether the leak of these fields could prevent them.

    Errors for which no reason is given are in neither.
    """
    leaked = frozenset(fields)
    return Reasons(
        preventable=cells.errors_where([bool(one) and one <= leaked for one in cells.reason_sets]),
        placebo=cells.errors_where([bool(one - leaked) for one in cells.reason_sets]),
    )


def scale_of(preventable: float, placebo: float, requests: float) -> float | None:
    r"""Return how many preventable errors come with one more placebo error.

    Parameters
    ----------
    preventable, placebo
        Errors of the retailers that had no access.
    requests
        Their requests.

    Returns
    -------
    float or None
        ``None`` where either kind is absent or all requests failed.

    Notes
    -----
    Reasons are taken to strike independently with hazards in a fixed proportion :math:`\kappa`,
    which is what a retailer that is careless in everything, or a bad month, changes together. With
    q and r the shares of preventable and placebo errors, :math:`h = -\log(1 - r)` and
    :math:`\kappa = -\log(1 - q / (1 - r)) / h`, the slope of q on r is
    :math:`(1 + \kappa) e^{-\kappa h} - 1`.

    Examples
    --------
    >>> round(scale_of(104.0, 76.0, 1000.0), 3)
    1.228
    """
    if preventable <= 0 or placebo <= 0 or preventable + placebo >= requests:
        return None
    q, r = preventable / requests, placebo / requests
    hazard = -np.log1p(-r)
    ratio = -np.log1p(-q / (1 - r)) / hazard
    return float((1 + ratio) * np.exp(-ratio * hazard) - 1)


def variance_of(preventable: float, placebo: float, requests: float, scale: float) -> float:
    """Return the variance of one request's scaled difference."""
    q, r = preventable / requests, placebo / requests
    return q + scale**2 * r - (q - scale * r) ** 2
