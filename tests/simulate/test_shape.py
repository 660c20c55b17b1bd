"""The rows have the declared shape. Expected shares are derived by hand from the declaration.

Seeds are fixed and samples have 400,000 rows; shares may stray by five standard errors of their
own count, which happens once in two million times.
"""

import math

import numpy as np
import pandas as pd
import pytest

from switchstats.simulate import World, world_registry
from switchstats.simulate.drawn import draw
from switchstats.simulate.rates import draw_beta, retailer_rates

ERRORS_ALLOWED = 5.0
WORLD = World()
SHARES = dict(zip((f"{n:02d}" for n in range(1, 11)), WORLD.area_shares, strict=True))
INCUMBENTS = {each.retailer: each.area for each in world_registry(WORLD).retailers if each.area}


def _close(seen: "pd.Series", expected: float) -> None:
    """A share of true values lies within its sampling error of the expected one."""
    error = math.sqrt(expected * (1 - expected) / len(seen))
    assert abs(seen.mean() - expected) <= ERRORS_ALLOWED * error, (seen.mean(), expected)


def _first(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["attempt"] == 1]


def _answered(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with an answer, from months that have all of theirs."""
    early = frame[frame["submitted"] < "2024-01-01"]
    return early[early["outcome"].isin(["accepted", "error"])]


def test_the_default_area_shares_sum_to_one() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


@pytest.mark.parametrize("area", SHARES)
def test_areas_have_their_shares(usual: pd.DataFrame, area: str) -> None:
    # entrants (.6) follow the shares; incumbents (.4) stay home with .85 and spread the rest
    # over the other areas without Okinawa, which itself stays home wholly
    incumbents = SHARES[area] * (1.0 if area == "10" else 0.85)
    if area != "10":
        incumbents += sum(
            SHARES[own] * 0.15 * SHARES[area] / (1 - SHARES[own] - SHARES["10"])
            for own in SHARES
            if own not in (area, "10")
        )
    _close(_first(usual)["area"] == area, 0.6 * SHARES[area] + 0.4 * incumbents)


def test_incumbents_gain_mostly_at_home(usual: pd.DataFrame) -> None:
    first = _first(usual)
    incumbent = first["gaining"].isin(INCUMBENTS)
    _close(incumbent, 0.4)
    gains = first[incumbent & (first["gaining"] != "okinawa")]
    _close(gains["gaining"].map(INCUMBENTS) == gains["area"], 0.85)


def test_okinawa_has_no_away_requests(usual: pd.DataFrame) -> None:
    assert (usual[usual["gaining"] == "okinawa"]["area"] == "10").all()
    there = usual[(usual["area"] == "10") & usual["gaining"].isin(INCUMBENTS)]
    assert set(there["gaining"]) == {"okinawa"}


def test_who_loses(usual: pd.DataFrame) -> None:
    first = _first(usual)
    assert (first["gaining"] != first["losing"]).all()
    mainland = first[first["area"] != "10"]
    home = mainland["gaining"].map(INCUMBENTS) == mainland["area"]
    # the gaining incumbent's own half of the customers is left out: .47 of the other .5
    _close(~mainland[home]["losing"].isin(INCUMBENTS), 0.47 / 0.5)
    # an entrant also leaves itself out; entrants have .47 together
    entrants = mainland[~mainland["gaining"].isin(INCUMBENTS)]
    volumes = draw(WORLD, 11).flows.losing[0, 2]
    own = dict(zip(draw(WORLD, 11).flows.retailers, volumes, strict=True))
    from_home = (0.5 / (1 - entrants["gaining"].map(own))).mean()
    _close(entrants["losing"].map(INCUMBENTS) == entrants["area"], from_home)


def test_every_retailer_is_in_the_registry(usual: pd.DataFrame) -> None:
    known = world_registry(WORLD)
    names = set(usual["gaining"]) | set(usual["losing"])
    assert len(names) > 690
    assert all(known.find(name) for name in names)


def test_months_follow_the_seasons(usual: pd.DataFrame) -> None:
    weights = [WORLD.seasons[month.start.month - 1] * month.n_days for month in WORLD.months]
    first = _first(usual)
    for month, weight in zip(WORLD.months, weights, strict=True):
        inside = (first["submitted"] >= str(month.start)) & (first["submitted"] < str(month.end))
        _close(inside, weight / sum(weights))


def test_entrants_have_log_normal_volumes() -> None:
    # standard error of a standard deviation: sigma / sqrt(2 n); of a mean of z: 1 / sqrt(n)
    flows = draw(WORLD, 5).flows
    logs = np.log(flows.gaining[0, flows.entrant])
    assert len(logs) == 690
    assert abs(logs.std() - 1.5) <= ERRORS_ALLOWED * 1.5 / math.sqrt(2 * 690)
    # a normal sample has 68.3 % within one standard deviation
    _close(pd.Series(np.abs(logs - logs.mean()) < 1.5), 0.6827)
    assert (np.diff(logs) <= 0).all()


def test_retailers_differ_by_the_declared_deviation() -> None:
    world = World(n_retailers=100_000)
    rates = retailer_rates(world, np.random.default_rng(3))
    assert rates.mean() == pytest.approx(0.18, abs=ERRORS_ALLOWED * 0.045 / math.sqrt(100_000))
    assert rates.std() == pytest.approx(0.045, abs=ERRORS_ALLOWED * 0.045 / math.sqrt(100_000))


def test_months_differ_by_the_declared_deviation() -> None:
    drawn = draw(World(n_retailers=2000, retailer_sd_pp=0, shock_sd_pp=1), 4)
    assert drawn.rates.shape == (2000, 24)
    assert drawn.rates.std() == pytest.approx(0.01, abs=ERRORS_ALLOWED * 0.01 / math.sqrt(48_000))


def test_a_mean_near_zero_keeps_its_mean() -> None:
    rates = draw_beta(np.full(200_000, 0.001), 0.05, np.random.default_rng(1))
    # a + b = 1 has the deviation sqrt(.001 * .999 / 2) = .0223
    assert rates.mean() == pytest.approx(0.001, abs=ERRORS_ALLOWED * 0.0223 / math.sqrt(200_000))


def test_rows_fail_as_their_retailer_and_month_say(usual: pd.DataFrame) -> None:
    drawn = draw(WORLD, 11)
    answered = _first(_answered(usual))
    place = {name: row for row, name in enumerate(drawn.flows.retailers)}
    month = (answered["submitted"].dt.year - 2022) * 12 + answered["submitted"].dt.month - 4
    expected = drawn.rates[answered["gaining"].map(place), month]
    _close(answered["outcome"] == "error", float(expected.mean()))
    # and the rates order the retailers: those above the average fail more often by the difference
    high = expected > 0.2
    _close(answered[high]["outcome"] == "error", float(expected[high].mean()))


def test_each_attempt_fails_less(even: pd.DataFrame) -> None:
    answered = _answered(even)
    for attempt, expected in ((1, 0.18), (2, 0.18 * 0.6), (3, 0.18 * 0.36)):
        _close(answered[answered["attempt"] == attempt]["outcome"] == "error", expected)


def test_attempts_of_a_case_are_one_supply_point_in_order(even: pd.DataFrame) -> None:
    # the last case of each block (4 here) may have lost its retries, and nothing else is lost
    cases = even.sort_values(["supply_point", "attempt"])
    earlier = cases.groupby("supply_point").shift()
    again = cases["attempt"] > 1
    assert (cases["attempt"][again] == earlier["attempt"][again] + 1).all()
    assert (earlier["outcome"][again] == "error").all()
    assert (cases["submitted"][again] > earlier["resolved"][again]).all()
    for name in ("gaining", "losing", "area", "voltage"):
        assert (cases[name][again] == earlier[name][again]).all()
    assert cases["attempt"].max() == 3
    failed = cases[(cases["outcome"] == "error") & (cases["submitted"] < "2024-01-01")]
    failed = failed[failed["attempt"] < 3]
    tried = set(zip(cases["supply_point"], cases["attempt"], strict=True))
    again = [
        (point, attempt + 1) in tried
        for point, attempt in zip(failed["supply_point"], failed["attempt"], strict=True)
    ]
    _close(pd.Series(again), 0.85)


def test_reasons_strike_one_by_one(even: pd.DataFrame) -> None:
    # reason f strikes with probability 1 - .82^share; none strikes with .82
    answered = _first(_answered(even))
    flags = answered["reasons"].fillna("").str.split("+")
    for name, share in WORLD.reason_shares:
        _close(flags.map(lambda found, name=name: name in found), 1 - 0.82**share)
    # exactly one: sum over f of (1 - q_f) / q_f times .82, with q_f = .82^share
    one = sum(0.82 / 0.82**share * (1 - 0.82**share) for _, share in WORLD.reason_shares)
    failed = answered["outcome"] == "error"
    _close(failed & (flags.map(len) == 1), one)


def test_blanks_stand_where_they_must(usual: pd.DataFrame) -> None:
    assert (usual["reasons"].notna() == (usual["outcome"] == "error")).all()
    assert (usual["resolved"].isna() == (usual["outcome"] == "pending")).all()
    others = usual.drop(columns=["reasons", "resolved"])
    assert others.notna().to_numpy().all()


def test_answers_take_the_declared_time(even: pd.DataFrame) -> None:
    # .1 of the last month's 31 days in the mean, errors twice as long: 3.1 / 1.18 and twice that;
    # over a day's evenly spread hours, whole days differ by the time itself in the mean
    answered = _first(_answered(even))
    days = (answered["resolved"] - answered["submitted"]).dt.days
    assert (days >= 0).all()
    for outcome, mean in (("accepted", 3.1 / 1.18), ("error", 6.2 / 1.18)):
        taken = days[answered["outcome"] == outcome]
        # whole days add at most half a day's variance of 1/4 to the exponential's
        error = math.sqrt((mean**2 + 0.25) / len(taken))
        assert abs(taken.mean() - mean) <= ERRORS_ALLOWED * error


def test_a_tenth_of_the_last_month_is_pending(even: pd.DataFrame) -> None:
    first = _first(even)
    _close(first[first["submitted"] >= "2024-03-01"]["outcome"] == "pending", 0.1)
    assert not (first[first["submitted"] < "2023-12-01"]["outcome"] == "pending").any()


def test_few_are_withdrawn_or_on_high_voltage(usual: pd.DataFrame) -> None:
    early = _first(usual)[_first(usual)["submitted"] < "2024-01-01"]
    _close(early["outcome"] == "withdrawn", 0.01)
    _close(_first(usual)["voltage"] == "high", 0.05)


def test_supply_points_are_22_digits_of_their_area_and_unique(usual: pd.DataFrame) -> None:
    points = usual["supply_point"]
    assert points.str.fullmatch(r"\d{2}0{8}\d{12}").all()
    assert (points.str[:2] == usual["area"]).all()
    assert _first(usual)["supply_point"].is_unique
    assert usual["request_id"].is_unique


def test_nothing_lies_outside_the_period(usual: pd.DataFrame) -> None:
    assert usual["submitted"].min() == pd.Timestamp("2022-04-01")
    assert usual["submitted"].max() == pd.Timestamp("2024-03-31")
    assert usual["resolved"].max() <= pd.Timestamp("2024-03-31")
