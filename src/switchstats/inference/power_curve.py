"""Power against the size of the true difference, for a picture of what could be shown."""

from collections.abc import Sequence

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.power import MinimalDetectableEffect, power_of_t
from switchstats.inference.question import Question
from switchstats.values import PowerCurve

__all__ = ["power_curve"]

_POINTS, _REACH = 81, 2.0


def power_curve(
    detectable: MinimalDetectableEffect, effects: Sequence[float] | None = None
) -> PowerCurve:
    """Return the power of a test at a range of true differences.

    Parameters
    ----------
    detectable
        What `minimal_detectable_effect` found: the test, its standard error and freedom.
    effects
        Absolute true differences, fractions, rising; from none to twice the detectable one by
        default.

    Raises
    ------
    UsageError
        When effects are negative or do not rise, or for ``"equivalence"``, whose power depends on
        the margin and not on a true difference.

    Notes
    -----
    It rests on the standard error that was observed, as the detectable effect does; where this is
    itself uncertain, so is the curve. Source: as for `minimal_detectable_effect`.

    Examples
    --------
    >>> from switchstats.inference import minimal_detectable_effect
    >>> found = minimal_detectable_effect([0.18, 0.20, 0.22, 0.20], [0.15, 0.17, 0.13, 0.15])
    >>> curve = power_curve(found, [0, found.effect])
    >>> [round(each, 3) for each in curve.power]
    [0.05, 0.8]
    """
    if detectable.alternative == "equivalence":
        raise UsageError("the power of an equivalence test has no curve over true differences")
    reach = np.linspace(0, _REACH * detectable.effect, _POINTS)
    chosen = [float(effect) for effect in (reach if effects is None else effects)]
    if not chosen or chosen[0] < 0 or any(np.diff(chosen) <= 0):
        raise UsageError("effects are 0 or above and rise")
    question = Question(detectable.alternative, 0.0, detectable.level)
    return PowerCurve(
        effects=tuple(chosen),
        power=tuple(
            power_of_t(effect / detectable.std_error, detectable.df, question) for effect in chosen
        ),
        detectable=detectable.effect,
        wanted=detectable.power,
        level=detectable.level,
        alternative=detectable.alternative,
        method=detectable.method,
        weighting=detectable.weighting,
        n_by_group=detectable.n_by_group,
    )
