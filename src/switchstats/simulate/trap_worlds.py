"""One world for each trap that a study of the leak must not be fooled by."""

from dataclasses import replace
from typing import Any

from switchstats.errors import UsageError
from switchstats.simulate.access import AREAS, Access
from switchstats.simulate.traps import BadAddresses, BadRecords, MarketExit, Reform
from switchstats.simulate.world import World

__all__ = ["trap_worlds"]

_TRAPS: dict[str, dict[str, Any]] = {
    "none": {},
    "mix_shift": {"mix_shift": 4.0},
    "winter_rise": {"winter_rise_pp": 3.0},
    "cleaner_incumbents": {"cleaner_incumbents_pp": 4.0},
    "dominant_retailer": {"dominant_share": 0.7},
    "bad_addresses": {"bad_addresses": BadAddresses(("03",), 8.0)},
    "bad_records": {"bad_records": BadRecords(sd_pp=4.0, share=0.3, rise_pp=15.0)},
    "market_exit": {"market_exit": MarketExit()},
    "pending_last_month": {"pending_last_month": 0.6, "error_delay_ratio": 0.3},
    "retries_counted": {
        "retry_share": 0.95,
        "incumbent_retry_share": 0.3,
        "retry_factor": 2.5,
    },
}
_EVERYWHERE_PP, _ONE_AREA_PP = 4.0, 8.0


def trap_worlds(effect_pp: float = 0.0, **same: Any) -> dict[str, World]:
    """Return a world for each trap, by its name, ``"none"`` among them.

    Each is strong enough to fool a careless comparison by about 2 points or more. How far is said
    below: the mean, over 30 seeds of 300,000 requests with 700 retailers and no effect, of
    what the comparison says here less what it says in ``"none"`` with the same seed. *Gap* is the
    request-weighted rate of incumbents less that of entrants on first attempts; *before* is April
    to December 2022, *winter* January and February 2023, *after* February 2023 to the end.

    Parameters
    ----------
    effect_pp
        True effect in every world, as in `World`.
    same
        Further parameters of every `World`; where a trap sets one itself, the trap's counts.

    Returns
    -------
    dict
        ``none``
            No trap. The gap itself still has a standard deviation of 2.4 points over the seeds.
        ``mix_shift``
            Entrants above the mean file five times as much in January and February: the gap in
            winter moves by -2.4, without any retailer having changed.
        ``winter_rise``
            3 points for everybody in January and February: incumbents' winter less their before
            moves by 3.0.
        ``cleaner_incumbents``
            Incumbents have 4 points less, always: every gap moves by -4.0.
        ``dominant_retailer``
            One entrant has 0.7 of entrants' requests: the gap keeps its mean, and its standard
            deviation rises to 3.7.
        ``bad_addresses``
            8 points more in Tokyo's area: incumbents weighted equally less entrants weighted
            equally move by -1.9, exposed less other incumbents by -5.3, and home less away of the
            exposed incumbents by -3.4 (before).
        ``bad_records``
            Losing retailers differ by 4 points; 0.3 of the entrants' customers have 15 more: the
            gap moves by 2.0, home less away of the exposed incumbents by 2.4 (before).
        ``reform_at_the_cut``
            4 points for everybody in each area from the end of its access, and elsewhere from the
            latest end: incumbents' after less before moves by 4.0.
        ``reform_in_one_area``
            8 points for everybody in the largest exposed area from the end of its access: the
            exposed incumbents' after less before moves by 2.4, and less that of other incumbents
            in winter by 2.1.
        ``market_exit``
            A quarter of entrants, with 12 points more, leave in January 2023 with eight times
            their usual losses: requests from entrants at home less requests from incumbents away,
            both of exposed incumbents, move by 6.0 from before to January and by -3.0 from before
            to after; incumbents' winter less before moves by 1.7.
        ``pending_last_month``
            Errors are answered sooner than acceptances and 0.6 of the last month are unanswered.
            Without a settling window (``settle_days=0``) that month is 9 points too high, and
            incumbents' after less before 0.7.
        ``retries_counted``
            Entrants try again after 0.95 of errors and incumbents after 0.3, and what failed once
            fails two and a half times as often. Counting all attempts
            (``estimand="all_attempts"``) moves the gap by -6.1.

    Raises
    ------
    UsageError
        When a number is out of its range, or `same` leaves no access or a period without its end.

    Examples
    --------
    >>> worlds = trap_worlds(2, n_retailers=100)
    >>> len(worlds), worlds["winter_rise"].winter_rise_pp, worlds["winter_rise"].effect_pp
    (12, 3.0, 2)
    """
    usual = World(**same, effect_pp=effect_pp)
    around: dict[str, dict[str, Any]] = {
        "reform_at_the_cut": {"reforms": _at_the_cut(usual)},
        "reform_in_one_area": {"reforms": (_in_one_area(usual),)},
    }
    traps = _TRAPS | around
    return {name: replace(usual, **trap) for name, trap in traps.items()}


def _at_the_cut(world: World) -> tuple[Reform, ...]:
    """Return reforms of one size, in each area on the day on which its access ended."""
    latest = max(found.end for found in _accesses(world))
    ends = dict.fromkeys(AREAS, latest) | {found.area: found.end for found in world.access}
    return tuple(Reform(_EVERYWHERE_PP, end, (area,)) for area, end in ends.items())


def _in_one_area(world: World) -> Reform:
    largest = max(_accesses(world), key=lambda found: world.area_shares[AREAS.index(found.area)])
    return Reform(_ONE_AREA_PP, largest.end, (largest.area,))


def _accesses(world: World) -> tuple[Access, ...]:
    if not world.access:
        raise UsageError("the traps around the end of access need a world with access")
    return world.access
