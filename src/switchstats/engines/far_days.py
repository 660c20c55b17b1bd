"""Days that no request was submitted on: a mistyped year would move the settling window."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from switchstats.engines.cleaning import Cleaned, Problem
from switchstats.errors import InputError
from switchstats.labels import text

__all__ = ["refuse_lone_last_day", "without_far_days"]

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


def refuse_lone_last_day(days: Sequence[int]) -> None:
    """Refuse to take the last day for that of the extract where it stands far behind all others.

    Where days are few, a mistyped one cannot be told from the others; but the settling window hangs
    on it.

    Parameters
    ----------
    days
        Submission days, as ordinals in order.

    Raises
    ------
    InputError
        When more than a year lies between the last two.

    Examples
    --------
    >>> refuse_lone_last_day([738_000, 738_001])
    """
    if len(days) > 1 and days[-1] - days[-2] > _APART:
        before, last = (date.fromordinal(day).isoformat() for day in days[-2:])
        raise InputError(
            f"the last submission day, {last}, lies more than a year behind the one before it, "
            f"{before}",
            "correct it, or say as of which day the data are: as_of=date(...)",
            field="submitted",
            value=last,
        )
