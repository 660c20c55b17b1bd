"""Who had access until when, and which share of each period that was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from switchstats import facts
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.samples import Floats
from switchstats.periods import Period
from switchstats.values import Counts

__all__ = ["AccessEnd", "access_ends", "before_share", "ends_in"]


@dataclass(frozen=True, slots=True)
class AccessEnd:
    """When one retailer's access to others' records ended.

    Parameters
    ----------
    retailer
        Identifier.
    end
        First day without access; the last day with it counts as before.
    fields
        Required fields of a request that could be read; names of `reason` strata.

    Examples
    --------
    >>> AccessEnd("kansai", date(2022, 12, 13)).end.isoformat()
    '2022-12-13'
    """

    retailer: str
    end: date
    fields: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "retailer": self.retailer,
            "end": self.end.isoformat(),
            "fields": list(self.fields),
        }


def access_ends(basis: str = "egc") -> tuple[AccessEnd, ...]:
    """Return the incumbents that reported views, each with the day after its last view (page 16).

    They are those of `facts.ends_of_access`.

    Parameters
    ----------
    basis
        Whose count of views, as in `facts.viewings`.

    Examples
    --------
    >>> [(one.retailer, one.end.isoformat()) for one in access_ends()][:2]
    [('tohoku', '2023-01-07'), ('chubu-miraiz', '2023-01-21')]
    >>> access_ends()[0].fields
    ('supply_point', 'customer_name', 'address')
    """
    return _reported(basis)


def ends_in(
    counts: Counts, ends: Iterable[AccessEnd] | None, group: str, *, study: str
) -> tuple[AccessEnd, ...]:
    """Return the ends of access of those retailers of a group that filed requests.

    Parameters
    ----------
    counts
        Requests and errors.
    ends
        The user's own; those of `access_ends` by default.
    group
        Which group the exposed retailers belong to.
    study
        For the refusal.

    Raises
    ------
    UsageError
        When a retailer stands twice.
    NotAnswerableError
        When no retailer of the group that filed requests has an end.
    """
    given = access_ends() if ends is None else tuple(ends)
    names = [one.retailer for one in given]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"{twice!r} has two ends of access: give one")
    filed = set(counts.group(group).coded["retailer"].unique())
    present = tuple(one for one in given if one.retailer in filed)
    if not present:
        raise NotAnswerableError(
            study,
            f"no retailer of the group {group} in these counts has a known end of access",
            f"the first day without access, as ends = {{ {_example(counts, group)} = 2022-12-13 }} "
            "in a study file or ends=[AccessEnd(retailer, day)] in Python, or the identifiers of "
            f"`switchstats facts retailers` in the registry{_misnamed(counts, group)}",
        )
    return present


def _example(counts: Counts, group: str) -> str:
    return next((one.retailer for one in counts.retailers if one.group == group), "retailer")


def _misnamed(counts: Counts, group: str) -> str:
    """Return the retailers that the facts know by name, but under another identifier."""
    known = facts.registry()
    pairs = (
        (one.retailer, known.find(one.name.ja)) for one in counts.retailers if one.group == group
    )
    listed = [f"{own} = {its.retailer}" for own, its in pairs if its and its.retailer != own]
    return f": {', '.join(listed)}" if listed else ""


@cache
def _reported(basis: str) -> tuple[AccessEnd, ...]:
    found = facts.ends_of_access(basis)
    rows = zip(found["retailer"], found["end"], found["fields"], strict=True)
    return tuple(AccessEnd(str(retailer), end, fields) for retailer, end, fields in rows)


def before_share(end: date, periods: Sequence[Period]) -> Floats:
    """Return the share of each period's days that lie before the end of access.

    Requests are taken to be spread evenly over a period's days.

    Examples
    --------
    >>> from switchstats.periods import parse_period
    >>> months = [parse_period(month) for month in ("2022-11", "2022-12", "2023-01")]
    >>> before_share(date(2022, 12, 13), months).round(3).tolist()
    [1.0, 0.387, 0.0]
    """
    shares = [
        min(max((end - period.start).days, 0), period.n_days) / period.n_days for period in periods
    ]
    return np.array(shares)
