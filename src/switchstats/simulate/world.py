"""The declaration of a simulated world: who files how many requests, and what goes wrong."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.simulate.access import AREAS, Access, access_from_facts
from switchstats.simulate.traps import BadAddresses, BadRecords, MarketExit, Reform

__all__ = ["COLD_MONTHS", "World"]

COLD_MONTHS = (1, 2)

_MONTHS = 12
_FEWEST_RETAILERS = 12
_HIGHEST_FACTOR = 5
_HUNDRED = 100.0
_TWO_YEARS = Period(date(2022, 4, 1), date(2024, 4, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a request file is drawn from. Every default can be changed; none is an estimate.

    No layout or volume of real request rows is public. Where a default leans on a published
    figure, the figure is named; all others are chosen only to be plausible, and say why.

    Parameters
    ----------
    n_retailers
        Retailers that file requests: the 10 incumbents, the entrants A to J of page 17, and
        made-up entrants. 700, the order of magnitude of the registered retailers.
    period
        Whole months in which requests are submitted; the file is drawn at the period's end.
        Fiscal 2022 and 2023: access ended between December 2022 and January 2023, and every month
        before that has its like a year later.
    volume_sigma
        Standard deviation of the log of an entrant's volume. 1.5: the largest of 690 entrants then
        has some 3 to 10 % of their requests, and half of them share about 7 %. The ten largest are
        the entrants A to J, which page 17 calls the main ones.
    incumbent_share
        Share of requests in which an incumbent gains the customer. 0.4: large enough that entrants
        do not swamp them, and that eligible requests are not rare (about 7 % of all).
    home_share
        Share of an incumbent's gains in its own area. 0.85: away requests exist and are a
        minority. Okinawa's grid is not connected: its incumbent gains nobody elsewhere, and no
        other incumbent gains anybody there.
    area_shares
        Relative size of the areas 01 to 10; an incumbent's volume follows its area. Tokyo and
        Kansai together more than half, Okinawa least, roughly as the population is spread.
    losing_home, losing_away
        Share of an area's customers with its incumbent and with other incumbents; entrants have
        the rest. 0.5 and 0.03: most switches leave an incumbent or an entrant of the area, and few
        leave an incumbent from elsewhere.
    seasons
        Relative requests a day, January to December. People move house in March and April: a
        peak of about half again.
    error_rate
        Mean error probability of a first attempt. 0.18: page 17 prints averages of 18.5 % and
        18.0 % for the two groups.
    retailer_sd_pp
        Standard deviation of the retailers' error probabilities, in points (beta-distributed).
        4.5, as among the rates of page 17 (4.3 and 4.8 in the two groups).
    shock_sd_pp
        Standard deviation of a retailer's months around its own level, in points
        (beta-distributed). 1: small beside the differences between retailers; 4.5 comes nearer to
        what page 17 shows for January and February.
    winter_rise_pp
        Points added to everybody's error probability in January and February. 0: off.
    mix_shift
        By how much, as a fraction, entrants with an error probability above `error_rate` file
        more in January and February, at the cost of the other entrants. 0: off.
    cleaner_incumbents_pp
        Points off every incumbent's error probability on all of its requests, before and after
        the end of access: its customers are the cleaner ones. 0: off.
    bad_addresses, bad_records, reforms, market_exit
        Further traps, each declared by itself; off by default.
    dominant_share
        Share of the largest entrant among the requests of entrants. 0: as drawn.
    retry_share
        Share of errors after which the same request is filed again. 0.85: page 17 says that a
        customer may give up.
    retry_factor
        What each retry multiplies the error probability by. 0.6: the retailer has looked again.
        Above 1, up to 5: what fails once is hard to get right.
    incumbent_retry_share
        Incumbents' own share of errors after which the request is filed again. ``None``: as
        everybody's.
    retry_days
        Mean days from an error to the next attempt. 5: most within a week or two.
    max_attempts
        3: rarely does anybody try more often.
    withdrawn_share
        Share of requests withdrawn before an answer. 0.01: rare.
    pending_last_month
        Share of the last month's requests still unanswered when the file is drawn. It sets the
        mean time to an answer. 0.1: about three days.
    error_delay_ratio
        Mean time to an error over mean time to an acceptance. 2: somebody must compare records by
        hand; unanswered requests then fail more often than answered ones.
    high_voltage_share
        0.05: nearly all customers are on low voltage.
    reason_shares
        Reasons of errors with their shares of the hazard, in sum 1; several can strike at once.
        The names are the required fields of page 18. The three that leaked have 0.6 of it, so that
        an effect of up to 10 points is possible at the mean error rate.
    effect_pp
        By how many points the leak lowers the mean error probability of eligible requests, see
        `truth`. A leak can only help: 2 and -2 mean the same. 0: no effect.
    access
        Where, until when and on which fields the leak acts. From the facts: the seven areas with
        reported views (page 16), the day after the last view, the fields of pages 15 and 18.

    Raises
    ------
    UsageError
        When a number is out of its range.

    Notes
    -----
    All effects but the leak add up on the scale of probabilities, in points: a retailer's month
    (level, shock, winter, cleaner customers), the losing retailer's records and the reforms in
    force, kept between 0 and 0.95 in sum. That sum is divided among the reasons by their shares of
    the hazard. Bad addresses then raise the hazard of the address alone by what adds their points
    to the sum, again up to 0.95. Retries multiply each part. The leak acts last.

    Examples
    --------
    >>> world = World(n_retailers=40, effect_pp=2)
    >>> world.effect, len(world.months), len(world.access)
    (-0.02, 24, 7)
    """

    n_retailers: int = 700
    period: Period = _TWO_YEARS
    volume_sigma: float = 1.5
    incumbent_share: float = 0.4
    home_share: float = 0.85
    area_shares: tuple[float, ...] = (
        0.045,
        0.085,
        0.36,
        0.125,
        0.025,
        0.195,
        0.055,
        0.03,
        0.07,
        0.01,
    )
    losing_home: float = 0.5
    losing_away: float = 0.03
    seasons: tuple[float, ...] = (0.95, 0.95, 1.6, 1.4, 1, 0.9, 0.9, 0.85, 0.95, 1, 0.9, 0.9)
    error_rate: float = 0.18
    retailer_sd_pp: float = 4.5
    shock_sd_pp: float = 1.0
    winter_rise_pp: float = 0.0
    mix_shift: float = 0.0
    cleaner_incumbents_pp: float = 0.0
    bad_addresses: BadAddresses | None = None
    bad_records: BadRecords | None = None
    reforms: tuple[Reform, ...] = ()
    market_exit: MarketExit | None = None
    dominant_share: float = 0.0
    retry_share: float = 0.85
    retry_factor: float = 0.6
    incumbent_retry_share: float | None = None
    retry_days: float = 5.0
    max_attempts: int = 3
    withdrawn_share: float = 0.01
    pending_last_month: float = 0.1
    error_delay_ratio: float = 2.0
    high_voltage_share: float = 0.05
    reason_shares: tuple[tuple[str, float], ...] = (
        ("supply_point", 0.15),
        ("customer_name", 0.3),
        ("contract_number", 0.25),
        ("address", 0.15),
        ("abolition_date", 0.15),
    )
    effect_pp: float = 0.0
    access: tuple[Access, ...] = field(default_factory=access_from_facts)

    def __post_init__(self) -> None:
        _refuse_sizes(self)
        _refuse_shares(self)
        _refuse_rates(self)
        _refuse_months(self.period)
        _refuse_traps(self)

    @property
    def effect(self) -> float:
        """The change of eligible requests' error probability, a fraction, never above 0."""
        return -abs(self.effect_pp) / _HUNDRED if self.effect_pp else 0.0

    @property
    def months(self) -> tuple[Period, ...]:
        """The months of the period."""
        first, last = (
            12 * day.year + day.month - 1 for day in (self.period.start, self.period.end)
        )
        starts = [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]
        return tuple(Period(start, end) for start, end in pairwise(starts))


def _refuse_sizes(world: World) -> None:
    if world.n_retailers < _FEWEST_RETAILERS:
        raise UsageError(
            f"a world has at least {_FEWEST_RETAILERS} retailers: 10 incumbents and 2 entrants"
        )
    if not 0 <= world.retry_factor <= _HIGHEST_FACTOR:
        raise UsageError(f"retry_factor lies between 0 and {_HIGHEST_FACTOR}")
    if world.max_attempts < 1:
        raise UsageError("max_attempts is at least 1")
    if len(world.area_shares) != len(AREAS) or not all(share > 0 for share in world.area_shares):
        raise UsageError("area_shares are ten numbers above 0, for the areas 01 to 10")
    if len(world.seasons) != _MONTHS or not all(each > 0 for each in world.seasons):
        raise UsageError("seasons are twelve numbers above 0, for January to December")
    for name in (
        "volume_sigma",
        "mix_shift",
        "retailer_sd_pp",
        "shock_sd_pp",
        "winter_rise_pp",
        "cleaner_incumbents_pp",
    ):
        if not 0 <= getattr(world, name) <= _HUNDRED:
            raise UsageError(f"{name} lies between 0 and 100")
    for name in ("retry_days", "error_delay_ratio"):
        if not 0 < getattr(world, name) <= _HUNDRED:
            raise UsageError(f"{name} is above 0 and at most 100")


def _refuse_rates(world: World) -> None:
    if not abs(world.effect_pp) <= _HUNDRED:
        raise UsageError("effect_pp is a number of points, at most 100")
    variance = (world.retailer_sd_pp / _HUNDRED) ** 2
    if not 0 < world.error_rate < 1 or variance >= world.error_rate * (1 - world.error_rate):
        raise UsageError("error_rate lies between 0 and 1, and retailer_sd_pp fits between them")


def _refuse_shares(world: World) -> None:
    for name in (
        "incumbent_share",
        "home_share",
        "losing_home",
        "losing_away",
        "dominant_share",
        "retry_share",
        "withdrawn_share",
        "pending_last_month",
        "high_voltage_share",
    ):
        if not 0 <= getattr(world, name) <= 1:
            raise UsageError(f"{name} lies between 0 and 1")
    own = world.incumbent_retry_share
    if own is not None and not 0 <= own <= 1:
        raise UsageError("incumbent_retry_share lies between 0 and 1")
    if world.losing_home + world.losing_away >= 1:
        raise UsageError("losing_home and losing_away leave a share to the entrants")
    names = [name for name, _ in world.reason_shares]
    shares = [share for _, share in world.reason_shares]
    if len(set(names)) < len(names) or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-9:  # noqa: PLR2004
        raise UsageError("reason_shares name each reason once, with shares above 0 that sum to 1")
    unknown = {name for found in world.access for name in found.fields} - set(names)
    if unknown:
        raise UsageError(f"reason_shares lack the leaked field {sorted(unknown)[0]!r}")
    if len({found.area for found in world.access}) < len(world.access):
        raise UsageError("access names each area once")


def _refuse_months(period: Period) -> None:
    if period.start.day != 1 or period.end.day != 1:
        raise UsageError("the period of a world is made of whole months")


def _refuse_traps(world: World) -> None:
    names = [name for name, _ in world.reason_shares]
    if world.bad_addresses is not None and "address" not in names:
        raise UsageError("bad addresses need the reason 'address' among reason_shares")
    for each in world.reforms:
        if not world.period.start <= each.day < world.period.end:
            raise UsageError(f"the day of a reform, {each.day}, lies in the period of the world")
    leaves = world.market_exit
    if leaves is not None and leaves.month not in [month.start for month in world.months]:
        raise UsageError(f"the month of the exit, {leaves.month}, lies in the period of the world")
