"""Draws one block of requests: cases, and the attempts that each of them takes."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from switchstats.simulate.access import AREAS
from switchstats.simulate.drawn import Drawn
from switchstats.simulate.leak import kept_hazard
from switchstats.simulate.points import Chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ACCEPTED", "ERROR", "OUTCOMES", "UNANSWERED", "Requests", "draw_block"]

OUTCOMES = ("accepted", "error", "pending", "withdrawn")
UNANSWERED = -1
ACCEPTED, ERROR, _PENDING, _WITHDRAWN = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class _Cases:
    """Customers who switch; one element each in every array."""

    number: "NDArray[np.int64]"
    gaining: "NDArray[np.int64]"
    losing: "NDArray[np.int64]"
    area: "NDArray[np.int64]"
    high_voltage: "NDArray[np.bool_]"

    def at(self, rows: "NDArray[np.int64]") -> "_Cases":
        return _Cases(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """Requests, one element each in every array.

    Parameters
    ----------
    case
        Number of the case in its block; the attempts of a case share it.
    gaining, losing, area
        Indices of the retailers and the area.
    high_voltage
        Voltage of the supply point.
    attempt
        1 for the first.
    submitted
        Days since the start of the period, with a fraction.
    outcome
        Index in `OUTCOMES`.
    reasons
        Bit `i` is set for the `i`-th reason of the world; 0 unless the outcome is an error.
    resolved
        Day of the answer since the start of the period, `UNANSWERED` while pending.
    """

    case: "NDArray[np.int64]"
    gaining: "NDArray[np.int64]"
    losing: "NDArray[np.int64]"
    area: "NDArray[np.int64]"
    high_voltage: "NDArray[np.bool_]"
    attempt: "NDArray[np.int64]"
    submitted: "NDArray[np.float64]"
    outcome: "NDArray[np.int64]"
    reasons: "NDArray[np.int64]"
    resolved: "NDArray[np.int64]"

    def at(self, rows: "NDArray[np.int64]") -> "Requests":
        """Return the given rows."""
        return Requests(*(getattr(self, f.name)[rows] for f in fields(self)))


def draw_block(drawn: Drawn, n_rows: int, rng: np.random.Generator) -> Requests:
    """Draw a block of exactly `n_rows` requests, sorted by the time of submission.

    As many cases are drawn as rows are wanted; those that fit with all of their attempts are
    kept. The last one may lose its retries, which reads as a customer who gave up.
    """
    cases, submitted = _draw_cases(drawn, n_rows, rng)
    attempts = [_answer(drawn, cases, submitted, 1, rng)]
    for attempt in range(2, drawn.world.max_attempts + 1):
        again, submitted = _retries(drawn, attempts[-1], rng)
        attempts.append(_answer(drawn, cases.at(again), submitted, attempt, rng))
    together = Requests(
        *(np.concatenate([getattr(a, f.name) for a in attempts]) for f in fields(Requests))
    )
    whole = np.argsort(together.case, kind="stable")[:n_rows]
    return together.at(whole[np.argsort(together.submitted[whole], kind="stable")])


def _draw_cases(
    drawn: Drawn, n_cases: int, rng: np.random.Generator
) -> "tuple[_Cases, NDArray[np.float64]]":
    flows = drawn.flows
    day = _find(drawn.day_edges, np.zeros(n_cases, dtype=np.int64), rng.random(n_cases))
    submitted = day + rng.random(n_cases)
    month = flows.month_of_day[day]
    gaining = _find(drawn.gaining_edges, month, rng.random(n_cases))
    area = _find(drawn.area_edges, gaining, rng.random(n_cases))
    losing = _draw_losing(drawn, gaining, area, month, rng.random(n_cases))
    high = rng.random(n_cases) < drawn.world.high_voltage_share
    return _Cases(np.arange(n_cases), gaining, losing, area, high), submitted


def _find(
    edges: "NDArray[np.float64]", row: "NDArray[np.int64]", uniform: "NDArray[np.float64]"
) -> "NDArray[np.int64]":
    """Return the column in which each uniform number falls in its row of `inverse` edges."""
    width = len(edges) // round(edges[-1])
    found = np.searchsorted(edges, row + uniform, side="right")
    # adding the row may round a number just below 1 up to the next row
    return np.minimum(found - row * width, width - 1)


def _draw_losing(
    drawn: Drawn,
    gaining: "NDArray[np.int64]",
    area: "NDArray[np.int64]",
    month: "NDArray[np.int64]",
    uniform: "NDArray[np.float64]",
) -> "NDArray[np.int64]":
    """Draw among the area's retailers without the one that gains: its stretch is jumped over."""
    n_retailers = len(drawn.flows.retailers)
    row = drawn.flows.stage_of_month[month] * len(AREAS) + area
    own = drawn.flows.losing.reshape(-1, n_retailers)[row, gaining]
    upper = drawn.losing_edges[row * n_retailers + gaining] - row
    lower = upper - own
    point = uniform * (1 - own)
    point = np.where(point >= lower, point + own, point)
    found = _find(drawn.losing_edges, row, point)
    # rounding at the edge of the stretch may still hit the retailer itself
    return np.where(found == gaining, (found + 1) % n_retailers, found)


def _answer(
    drawn: Drawn,
    cases: _Cases,
    submitted: "NDArray[np.float64]",
    attempt: int,
    rng: np.random.Generator,
) -> Requests:
    world = drawn.world
    reasons = _strike(drawn, cases, submitted, attempt, rng)
    outcome = np.where(reasons > 0, ERROR, ACCEPTED)
    outcome[rng.random(len(outcome)) < world.withdrawn_share] = _WITHDRAWN
    mean = drawn.days_to_accept * np.where(outcome == ERROR, world.error_delay_ratio, 1.0)
    answered = submitted + mean * rng.standard_exponential(len(outcome))
    outcome[answered >= world.period.n_days] = _PENDING
    resolved = np.where(outcome == _PENDING, UNANSWERED, answered).astype(np.int64)
    return Requests(
        case=cases.number,
        gaining=cases.gaining,
        losing=cases.losing,
        area=cases.area,
        high_voltage=cases.high_voltage,
        attempt=np.full(len(outcome), attempt),
        submitted=submitted,
        outcome=outcome,
        reasons=np.where(outcome == ERROR, reasons, 0),
        resolved=resolved,
    )


def _strike(
    drawn: Drawn,
    cases: _Cases,
    submitted: "NDArray[np.float64]",
    attempt: int,
    rng: np.random.Generator,
) -> "NDArray[np.int64]":
    """Draw which reasons strike, as bits: each when an exponential time is below its hazard."""
    world, leak, points = drawn.world, drawn.leak, drawn.points
    days = submitted.astype(np.int64)
    chance = points.chance(
        drawn.rates[cases.gaining, drawn.flows.month_of_day[days]],
        points.losing[cases.losing],
        cases.area,
        points.spell_of_day[days],
        world.retry_factor ** (attempt - 1),
    )
    kept = _kept(drawn, cases, submitted, chance)
    bits = np.zeros(len(kept), dtype=np.int64)
    for number, (_, share) in enumerate(world.reason_shares):
        hazard = share * chance.hazard
        if number == points.address_reason and chance.address is not None:
            hazard += chance.address
        acts = leak.leaked[cases.gaining, number]
        struck = rng.standard_exponential(len(kept)) < hazard * np.where(acts, kept, 1.0)
        bits |= struck.astype(np.int64) << number
    return bits


def _kept(
    drawn: Drawn, cases: _Cases, submitted: "NDArray[np.float64]", chance: Chance
) -> "NDArray[np.float64]":
    """Return what is left of the hazard on leaked fields: 1 unless a request is eligible."""
    flows, leak = drawn.flows, drawn.leak
    share = leak.share_of(chance, cases.gaining, drawn.points)
    eligible = (
        (flows.home[cases.gaining] == cases.area)
        & flows.entrant[cases.losing]
        & (submitted < leak.cut[cases.gaining])
        & (share > 0)
        & (chance.rates > 0)
    )
    kept = np.ones(len(share))
    if leak.fall > 0:
        kept[eligible] = kept_hazard(chance.rates[eligible], share[eligible], leak.fall)
    return kept


def _retries(
    drawn: Drawn, last: Requests, rng: np.random.Generator
) -> "tuple[NDArray[np.int64], NDArray[np.float64]]":
    """Return which cases are filed again, and when; later than the period is not in the file."""
    world = drawn.world
    failed = np.flatnonzero(last.outcome == ERROR)
    share = drawn.retry_share[last.gaining[failed]]
    again = failed[rng.random(len(failed)) < share]
    pause = world.retry_days * rng.standard_exponential(len(again))
    submitted = last.resolved[again] + 1 + pause
    inside = submitted < world.period.n_days
    return last.case[again[inside]], submitted[inside]
