"""Likelihood-ratio comparison of two groups under a model, with its profile interval."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError
from switchstats.inference.likelihood.climb import NO_SPREAD, highest
from switchstats.inference.likelihood.information import covariance_at
from switchstats.inference.likelihood.newton import Evaluate
from switchstats.inference.likelihood.profile import Profile
from switchstats.inference.likelihood.ratio import Reference, critical_root, p_from_root
from switchstats.inference.models.batches import ModelOf
from switchstats.inference.models.design import ModelCells
from switchstats.inference.question import Question
from switchstats.values import Interval

__all__ = ["Compared", "compare", "spread_quantities"]

Floats = NDArray[np.float64]
# Standard error of a spread or an infinite estimate, where none is known.
_GUESS = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What a likelihood-ratio test of the groups found.

    Parameters
    ----------
    estimate
        Log odds ratio; infinite where all requests of a group ended alike.
    std_error
        From the observed information; ``None`` where the estimate is infinite.
    ratio, p_value, interval
        Of the test.
    at
        All parameters: coefficients, the groups' last, then spreads.
    covariance
        Of them; ``None`` where the likelihood is flat.
    evaluate
        Log-likelihood of the cells that a finite estimate rests on.
    top
        Its maximum.
    spreads
        Places of spreads and standard deviations in `at`.
    """

    estimate: float
    std_error: float | None
    ratio: float
    p_value: float
    interval: Interval
    at: Floats
    covariance: Floats | None
    evaluate: Evaluate
    top: float
    spreads: tuple[int, ...]


def compare(
    cells: ModelCells, model_of: ModelOf, question: Question, reference: Reference, *, test: str
) -> Compared:
    """Compare the groups by likelihood ratio.

    Where all requests of a group ended alike, its log-odds are infinite and its cells certain: the
    maximum is that of the other group's cells alone.

    Parameters
    ----------
    cells
        Of both groups.
    model_of
        The model; the last coefficient of the cells' design is the first group's.
    question, reference
        What is asked, and the distribution of the ratio.
    test
        Name of the test, for errors.
    """
    effect = cells.design.shape[1] - 1
    errors, requests = (part.astype(np.float64)[None] for part in (cells.errors, cells.requests))
    telling = np.where(cells.first, not cells.extreme[0], not cells.extreme[1])
    finite = not any(cells.extreme)
    whole, start = model_of(errors, requests, cells.design)
    evaluate = whole if finite else model_of(errors * telling, requests * telling, cells.design)[0]
    free = [place for place in range(start.shape[1]) if finite or place != effect]
    spreads = tuple(range(effect + 1, start.shape[1]))
    best = highest(evaluate, start, free, spreads)
    if not best.reached[0]:
        raise NotAnswerableError(
            test,
            "the likelihood has no maximum: the counts are too sparse for the model",
            "more requests, errors or retailers",
        )
    at, top = best.at[0], float(best.likelihood.value[0])
    estimate = float(at[effect]) if finite else _infinite(cells)
    covariance = covariance_at(evaluate, at, free)
    width = _width(covariance, effect)
    profile = Profile(whole, effect, spreads, at, estimate, top, covariance)
    root = profile.root(question.null)
    return Compared(
        estimate=estimate,
        std_error=width if finite else None,
        ratio=root * root,
        p_value=p_from_root(root, question.alternative, cells.n_units, reference),
        interval=_interval(profile, question, reference, cells.n_units, width or _GUESS),
        at=at,
        covariance=covariance,
        evaluate=evaluate,
        top=top,
        spreads=spreads,
    )


def spread_quantities(
    compared: Compared, spread: int, question: Question, name: str
) -> dict[str, float]:
    """Return a spread with its profile interval and the p-value of its absence.

    The p-value is half that of a chi-squared on one degree of freedom: no spread lies at the edge
    of the range. The upper end is left out where the likelihood never falls far enough.
    """
    from scipy.special import erfc

    at, covariance = compared.at.copy(), compared.covariance
    if at[spread] < 0:  # the likelihood is even in it
        turned = np.where(np.arange(at.size) == spread, -1.0, 1.0)
        at *= turned
        covariance = None if covariance is None else covariance * np.outer(turned, turned)
    profile = Profile(
        compared.evaluate,
        spread,
        compared.spreads,
        at,
        float(at[spread]),
        compared.top,
        covariance,
    )
    width = _width(compared.covariance, spread) or _GUESS
    critical = critical_root(question.alpha / 2, 0, "chi_squared")
    high = profile.end(critical, 1, width)
    root = profile.root(0.0) if profile.estimate else 0.0
    low = profile.end(critical, -1, width, limit=0.0) if root >= critical else None
    if low is None and root >= critical:  # the estimate has no finite place to step down from
        low = _low_of_endless(profile, critical)
    quantities = {
        name: profile.estimate,
        f"{name}_low": low or 0.0,
        f"{name}_p_value": float(erfc(root / math.sqrt(2))) / 2 if root > 0 else 1.0,
    }
    return quantities if high is None else quantities | {f"{name}_high": high}


def _low_of_endless(profile: Profile, critical: float) -> float:
    """Return the low end of a spread whose estimate is beyond the reach of a climb."""
    from scipy.optimize import brentq

    def missing(log_spread: float) -> float:
        return profile.root(math.exp(log_spread)) - critical

    least, most = math.log(NO_SPREAD), math.log(profile.estimate)
    return math.exp(brentq(missing, least, most)) if missing(least) > 0 else 0.0


def _width(covariance: Floats | None, place: int) -> float | None:
    return None if covariance is None else math.sqrt(covariance[place, place]) or None


def _infinite(cells: ModelCells) -> float:
    """Return the sign of an infinite log odds ratio."""
    first, _ = cells.extreme
    part = cells.first if first else ~cells.first
    none = int(cells.errors[part].sum()) == 0
    return -math.inf if none == first else math.inf


def _interval(
    profile: Profile, question: Question, reference: Reference, n_units: int, width: float
) -> Interval:
    two_sided = question.alternative == "two-sided"
    critical = critical_root(
        question.alpha / 2 if two_sided else question.alpha, n_units, reference
    )
    low = high = None
    if question.alternative != "less" and profile.estimate != -math.inf:
        low = profile.end(critical, -1, width)
    if question.alternative != "greater" and profile.estimate != math.inf:
        high = profile.end(critical, 1, width)
    return question.interval(low, high)
