"""What a world may declare besides the leak, so that a careless comparison is fooled by it."""

from dataclasses import dataclass, field
from datetime import date

from switchstats.errors import UsageError
from switchstats.simulate.access import AREAS, access_from_facts

__all__ = ["BadAddresses", "BadRecords", "MarketExit", "Reform"]

_HUNDRED = 100.0


def _latest_end() -> date:
    return max(found.end for found in access_from_facts())


@dataclass(frozen=True, slots=True)
class BadAddresses:
    """Areas in which address data are poor, whoever gains or loses the customer.

    Parameters
    ----------
    areas
        Codes of the areas.
    rise_pp
        Points added to the error probability there, all of them errors with the reason
        ``address``; the other reasons strike as before.

    Raises
    ------
    UsageError
        For no area, an unknown one, or points not between 0 and 100.

    Examples
    --------
    >>> BadAddresses(("03",), 4).areas
    ('03',)
    """

    areas: tuple[str, ...]
    rise_pp: float

    def __post_init__(self) -> None:
        if not self.areas:
            raise UsageError("name the areas where addresses are bad")
        _refuse_areas(self.areas)
        if not 0 <= self.rise_pp <= _HUNDRED:
            raise UsageError("the rise_pp of bad addresses lies between 0 and 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRecords:
    """Losing retailers whose customers' records are unlike, on every day and whoever gains.

    Parameters
    ----------
    sd_pp
        Standard deviation, in points, of what each losing retailer adds to the error probability
        of its customers' requests; normally distributed around 0.
    share
        Share of entrants, by volume, whose customers' records are bad.
    rise_pp
        Points that these add besides; below 0 their records are the better ones.

    Raises
    ------
    UsageError
        When a number is out of its range.

    Examples
    --------
    >>> BadRecords(share=0.2, rise_pp=10).sd_pp
    0.0
    """

    sd_pp: float = 0.0
    share: float = 0.0
    rise_pp: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.sd_pp <= _HUNDRED:
            raise UsageError("the sd_pp of bad records lies between 0 and 100")
        if not 0 <= self.share < 1:
            raise UsageError("the share of entrants with bad records is at least 0 and below 1")
        if not abs(self.rise_pp) <= _HUNDRED:
            raise UsageError("the rise_pp of bad records lies between -100 and 100")


@dataclass(frozen=True, slots=True)
class Reform:
    """A change of everybody's error probability from a day on.

    Parameters
    ----------
    effect_pp
        Points added, below 0 for fewer errors.
    day
        First day of it; by default the day after the last view of all areas, so that it falls
        together with the end of access.
    areas
        Codes of the areas where it holds; all by default.

    Raises
    ------
    UsageError
        For an unknown area, or points not between -100 and 100.

    Examples
    --------
    >>> Reform(3).day.isoformat()
    '2023-01-21'
    """

    effect_pp: float
    day: date = field(default_factory=_latest_end)
    areas: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_areas(self.areas)
        if not abs(self.effect_pp) <= _HUNDRED:
            raise UsageError("the effect_pp of a reform lies between -100 and 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketExit:
    """Entrants with bad records that leave the market, and whose customers leave them in droves.

    From the month on they gain nobody; after it they have no customers left to lose. The number
    of requests stays: others gain and lose more, in proportion.

    Parameters
    ----------
    month
        First day of the month of the exit.
    share
        Share of entrants, by volume, that leave.
    rush
        What their weight among losing retailers is multiplied by in that month.
    rise_pp
        Points that their customers' records add to the error probability, before and in it.

    Raises
    ------
    UsageError
        When a number is out of its range.

    Examples
    --------
    >>> MarketExit().month.isoformat()
    '2023-01-01'
    """

    month: date = date(2023, 1, 1)
    share: float = 0.25
    rush: float = 8.0
    rise_pp: float = 12.0

    def __post_init__(self) -> None:
        if self.month.day != 1:
            raise UsageError("the month of an exit is given by its first day")
        if not 0 < self.share < 1:
            raise UsageError("the share of entrants that leave lies between 0 and 1")
        if not 1 <= self.rush <= _HUNDRED:
            raise UsageError("the rush of an exit lies between 1 and 100")
        if not abs(self.rise_pp) <= _HUNDRED:
            raise UsageError("the rise_pp of an exit lies between -100 and 100")


def _refuse_areas(areas: tuple[str, ...]) -> None:
    for area in areas:
        if area not in AREAS:
            raise UsageError(f"an area is a code from 01 to 10, not {area!r}")
