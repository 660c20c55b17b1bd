"""Where and until when an incumbent could read what, out of the facts."""

from dataclasses import dataclass
from datetime import date

from switchstats import facts
from switchstats.errors import UsageError

__all__ = ["Access", "access_from_facts"]

AREAS = tuple(f"{number:02d}" for number in range(1, 11))


@dataclass(frozen=True, slots=True)
class Access:
    """The access of one area's incumbent to the records of entrants' customers there.

    Parameters
    ----------
    area
        Code ``"01"`` to ``"10"``.
    end
        The first day without access.
    fields
        Required fields of a request that could be read.

    Raises
    ------
    UsageError
        For an unknown area, or without fields.

    Examples
    --------
    >>> Access("06", date(2022, 12, 13), ("supply_point",)).area
    '06'
    """

    area: str
    end: date
    fields: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.area not in AREAS:
            raise UsageError(f"an area is a code from 01 to 10, not {self.area!r}")
        if not self.fields:
            raise UsageError(f"name the fields that could be read in area {self.area}")


def access_from_facts(basis: str = "egc") -> tuple[Access, ...]:
    """Return the areas where views were reported, with the day after the last view.

    They are those of `facts.ends_of_access`.

    Parameters
    ----------
    basis
        Whose count of views, as in `facts.viewings`.

    Examples
    --------
    >>> [(found.area, found.end.isoformat()) for found in access_from_facts()][:3]
    [('02', '2023-01-07'), ('04', '2023-01-21'), ('06', '2022-12-13')]
    >>> access_from_facts()[0].fields
    ('supply_point', 'customer_name', 'address')
    """
    found = facts.ends_of_access(basis)
    rows = zip(found["area"], found["end"], found["fields"], strict=True)
    return tuple(Access(str(area), end, fields) for area, end, fields in rows)
