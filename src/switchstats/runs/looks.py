"""How many looks there have been, and the level at which this one is taken."""

from switchstats.errors import UsageError
from switchstats.runs.study_file import Looks

__all__ = ["level_of_look"]


def level_of_look(level: float, looks: Looks | None, look: int) -> float:
    """Return the confidence of each one-sided bound at one of several looks.

    Parameters
    ----------
    level
        Confidence over all looks together: with probability `level` no bound of any look is on the
        wrong side.
    looks
        How the error is spent; ``None``: not at all, every look is for itself.
    look
        This one, from 1.

    Returns
    -------
    float
        One minus the part of the error that this look spends.

    Raises
    ------
    UsageError
        When more looks are taken than were planned.

    Notes
    -----
    The error of all looks is at most the sum of their parts, whatever the looks have to do with
    each other (Bonferroni). Boundaries of Pocock or of O'Brien and Fleming would spend less, but
    rest on independent increments: with retailers as units there are none, since the differences
    between retailers that make one run wrong are there again in the next. Where every look sees
    nearly the same thing, this costs power and is never wrong. In simulations of twelve monthly
    looks at 10 v 10 retailers that do not differ by group, 9 % of the studies found an advantage at
    some look with 95 % at each, 1 % with equal and 2 % with open spending.

    Source: K. K. G. Lan and D. L. DeMets, Biometrika 70 (1983) 659-663,
    doi:10.1093/biomet/70.3.659, for spending.

    Examples
    --------
    >>> round(level_of_look(0.95, Looks(spending="equal", planned=12), 3), 5)
    0.99583
    >>> round(level_of_look(0.95, Looks(spending="open"), 1), 5)
    0.975
    """
    if looks is None:
        return level
    error = 1 - level
    if looks.spending == "open":
        return 1 - error / (look * (look + 1))
    planned = looks.planned or 0
    if look > planned:
        raise UsageError(
            f"look {look} of {planned} planned ones: their error is spent; plan a new study, or "
            'choose spending = "open" beforehand'
        )
    return 1 - error / planned
