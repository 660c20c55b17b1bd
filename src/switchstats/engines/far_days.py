"""Days that no request was submitted on: a mistyped year would move the settling window."""

from datetime import date
from itertools import pairwise

from switchstats.engines.cleaning import Cleaned, Problem
from switchstats.labels import text

__all__ = ["without_far_days"]

# Days more than a year apart belong together only where neither side is a mere handful.
_APART = 366
_MANY = 10


def without_far_days(column: Cleaned) -> Cleaned:
    """Reject submission days that stand alone, more than a year from all the others.

    The last day in the data sets the settling window where the user names no day of the extract:
    one year 2203 among days of 2023 would switch it off. The days are cut where more than a year
    lies between two of them; the largest part stays, and a part of less than a tenth of its days is
    rejected. With fewer than ten days in the largest part nothing is.

    Parameters
    ----------
    column
        The submission days, as ordinals.

    Examples
    --------
    >>> days = {str(day): 738_000 + day for day in range(20)} | {"2203": 804_300}
    >>> list(without_far_days(Cleaned(days, {})).problems)
    ['2203']
    """
    days = sorted({int(day) for day in column.values.values()})
    parts: list[list[int]] = [days[:1]]
    for before, day in pairwise(days):
        if day - before > _APART:
            parts.append([])
        parts[-1].append(day)
    largest = max(parts, key=len)
    far = {
        day
        for part in parts
        if part is not largest and _MANY * len(part) <= len(largest)
        for day in part
    }
    if len(largest) < _MANY or not far:
        return column
    first, last = (date.fromordinal(day).isoformat() for day in (largest[0], largest[-1]))
    problem = Problem("implausible_day", text("quarantine.note_far_days", first=first, last=last))
    return Cleaned(
        {raw: day for raw, day in column.values.items() if day not in far},
        {**column.problems, **{raw: problem for raw, day in column.values.items() if day in far}},
    )
