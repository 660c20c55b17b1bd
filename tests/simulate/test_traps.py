"""What later studies must not be fooled by, as the world declares it."""

import hashlib
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.simulate import (
    BadAddresses,
    BadRecords,
    MarketExit,
    Reform,
    World,
    truth,
    world_registry,
    write_requests,
)
from switchstats.simulate.drawn import Drawn, draw
from switchstats.simulate.flows import Flows

DECEMBER_2022, JANUARY_2023, MARCH_2023 = 8, 9, 11
ERRORS_ALLOWED = 5.0
ROUND_OFF = 1e-12
# every request has an error probability of .18 and no leak, but for the trap
EVEN = World(retailer_sd_pp=0, shock_sd_pp=0)
EVERYTHING = World(
    retailer_sd_pp=6,
    winter_rise_pp=2,
    cleaner_incumbents_pp=3,
    bad_addresses=BadAddresses(("03", "06", "10"), 5),
    bad_records=BadRecords(sd_pp=3, share=0.3, rise_pp=10),
    reforms=(Reform(4, date(2022, 10, 10)), Reform(-3, date(2022, 12, 5), ("06", "09"))),
    market_exit=MarketExit(month=date(2022, 12, 1)),
)


def _entrants(flows: Flows, month: int) -> np.ndarray:
    return flows.gaining[month, flows.entrant]


def test_a_winter_rise_hits_everybody_in_january_and_february_only() -> None:
    calm, cold = draw(World(), 1), draw(World(winter_rise_pp=3), 1)
    rise = cold.rates - calm.rates
    winter = [month.start.month in (1, 2) for month in World().months]
    assert np.allclose(rise[:, winter], 0.03)
    assert np.array_equal(rise[:, np.logical_not(winter)], np.zeros((700, 20)))


def test_a_mix_shift_moves_requests_between_entrants_only() -> None:
    # those above the mean error rate file twice as much, relative to the others
    calm, moved = draw(World(), 1), draw(World(mix_shift=1), 1)
    ratio = _entrants(moved.flows, JANUARY_2023) / _entrants(calm.flows, JANUARY_2023)
    assert np.unique(ratio.round(9)).size == 2
    assert ratio.max() / ratio.min() == pytest.approx(2)
    assert _entrants(moved.flows, JANUARY_2023).sum() == pytest.approx(0.6)
    assert np.array_equal(_entrants(moved.flows, MARCH_2023), _entrants(calm.flows, MARCH_2023))
    own = moved.rates[moved.flows.entrant].mean(axis=1)
    assert own[ratio > 1].min() > own[ratio < 1].max() - 0.02


def test_one_entrant_may_dominate() -> None:
    flows = draw(World(dominant_share=0.5), 1).flows
    assert _entrants(flows, 0)[0] == pytest.approx(0.6 * 0.5)
    assert _entrants(flows, 0).sum() == pytest.approx(0.6)


def _close(seen: Any, expected: float) -> None:
    """A share of true values lies within its sampling error of the expected one."""
    error = math.sqrt(expected * (1 - expected) / len(seen))
    assert abs(np.mean(seen) - expected) <= ERRORS_ALLOWED * error, (np.mean(seen), expected)


def _first_answered(frame: pd.DataFrame) -> pd.DataFrame:
    settled = frame[(frame["attempt"] == 1) & (frame["submitted"] < "2024-01-01")]
    return settled[settled["outcome"].isin(["accepted", "error"])]


@pytest.mark.parametrize(
    ("world", "seed", "digest"),
    [
        (World(), 1, "74b5525c6b1886485279dd56095c5efe370aae1c4c8ef3c383367ab7fb509b64"),
        (
            World(n_retailers=40, effect_pp=2, winter_rise_pp=3, mix_shift=1, dominant_share=0.5),
            2,
            "298829da22f370425fd3c45ec195ed2b014e6b671a86888982a23f496e48cf99",
        ),
    ],
)
def test_worlds_without_the_later_traps_stay_as_they_were(
    tmp_path: Path, world: World, seed: int, digest: str
) -> None:
    # recorded from the version before bad addresses, bad records, reforms and exits were there
    write_requests(world, 5_000, seed, tmp_path / "rows.csv")
    assert hashlib.sha256((tmp_path / "rows.csv").read_bytes()).hexdigest() == digest


def test_cleaner_incumbents_have_fewer_errors_on_all_requests() -> None:
    calm, clean = draw(World(), 1), draw(World(cleaner_incumbents_pp=4), 1)
    incumbent = ~calm.flows.entrant
    less = calm.rates - clean.rates
    assert calm.rates[incumbent].min() > 0.04
    assert np.allclose(less[incumbent], 0.04, rtol=0, atol=ROUND_OFF)
    assert np.array_equal(less[~incumbent], np.zeros((690, 24)))
    assert draw(World(cleaner_incumbents_pp=50), 1).rates[incumbent].max() == 0


def test_bad_addresses_add_errors_on_the_address_in_their_area(rows: Any) -> None:
    found = _first_answered(rows(replace(EVEN, bad_addresses=BadAddresses(("03",), 8)), 400_000, 3))
    bad = found["area"] == "03"
    _close(found[~bad]["outcome"] == "error", 0.18)
    _close(found[bad]["outcome"] == "error", 0.26)
    flags = found["reasons"].fillna("").str.split("+")
    for name, share in World().reason_shares:
        named = flags.map(lambda words, name=name: name in words)
        # a reason strikes with 1 - .82^share; no address error needs both hazards to pass by
        usual = 1 - 0.82**share
        _close(named[~bad], usual)
        _close(named[bad], 1 - 0.82**share * (0.74 / 0.82 if name == "address" else 1))
        assert (named[bad].mean() > usual + 0.05) == (name == "address")


def test_bad_records_belong_to_losing_retailers(rows: Any) -> None:
    world = replace(EVEN, bad_records=BadRecords(share=0.3, rise_pp=15))
    drawn = draw(world, 3)
    losing = drawn.points.losing
    assert set(losing.round(9)) == {0.0, 0.15}
    assert not losing[~drawn.flows.entrant].any()
    volumes = np.where(drawn.flows.entrant, drawn.flows.losing[0, 0], 0)
    # many of 690 entrants have less than a thousandth of the volume to fill the share with
    assert 0.299 < volumes[losing > 0].sum() / volumes.sum() <= 0.3
    found = _first_answered(rows(world, 400_000, 3))
    bad = found["losing"].isin(np.array(drawn.flows.retailers)[losing > 0])
    for part, rate in ((bad, 0.33), (~bad, 0.18)):
        for half in (found["submitted"] < "2023-01-01", found["submitted"] >= "2023-01-01"):
            _close(found[part & half]["outcome"] == "error", rate)


def test_records_differ_by_the_declared_deviation() -> None:
    world = World(n_retailers=5_000, bad_records=BadRecords(sd_pp=4))
    losing = draw(world, 2).points.losing
    # standard errors: sigma / sqrt(n) of a mean, sigma / sqrt(2 n) of a deviation
    assert losing.mean() == pytest.approx(0, abs=ERRORS_ALLOWED * 0.04 / math.sqrt(5_000))
    assert losing.std() == pytest.approx(0.04, abs=ERRORS_ALLOWED * 0.04 / math.sqrt(10_000))
    assert np.all(losing != 0)


def test_a_reform_holds_from_its_day_in_its_areas(rows: Any) -> None:
    reforms = (Reform(5, date(2022, 12, 13)), Reform(-3, date(2023, 6, 1), ("06", "09")))
    found = _first_answered(rows(replace(EVEN, reforms=reforms), 400_000, 4))
    second = found["area"].isin(["06", "09"]) & (found["submitted"] >= "2023-06-01")
    first = found["submitted"] >= "2022-12-13"
    _close(found[~first]["outcome"] == "error", 0.18)
    _close(found[first & ~second]["outcome"] == "error", 0.23)
    _close(found[second]["outcome"] == "error", 0.20)


def test_leavers_are_rushed_from_and_then_gone(rows: Any) -> None:
    world = replace(EVEN, market_exit=MarketExit(share=0.25, rush=8, rise_pp=12))
    drawn = draw(world, 5)
    found = rows(world, 400_000, 5)
    leaver = np.array(drawn.flows.retailers)[drawn.points.losing > 0]
    first = found[found["attempt"] == 1]
    before = first["submitted"] < "2023-01-01"
    after = first["submitted"] >= "2023-02-01"
    lost, gained = first["losing"].isin(leaver), first["gaining"].isin(leaver)
    assert not lost[after].any()
    assert not gained[~before].any()
    # from entrants at home: a quarter, and eight times as much among what then leaves
    home = {each.retailer: each.area for each in world_registry(world).retailers if each.area}
    own = (first["gaining"].map(home) == first["area"]) & ~first["losing"].isin(home)
    _close(lost[own & before], 0.25)
    _close(lost[own & ~before & ~after], 8 * 0.25 / (8 * 0.25 + 0.75))
    # entrants keep their .6 of all gains
    for part in (before, ~before):
        _close(~first[part]["gaining"].isin(home), 0.6)
    answered = _first_answered(found)
    theirs = answered["losing"].isin(leaver)
    _close(answered[theirs]["outcome"] == "error", 0.30)
    _close(answered[~theirs]["outcome"] == "error", 0.18)


def test_flows_of_an_exit_are_probabilities_and_only_its_own_months_change() -> None:
    calm, flows = draw(World(), 1).flows, draw(World(market_exit=MarketExit()), 1).flows
    assert np.allclose(flows.losing.sum(axis=2), 1)
    assert np.allclose(flows.gaining.sum(axis=1), 1)
    assert np.allclose(flows.losing[0], calm.losing[0])
    assert np.array_equal(flows.gaining[:JANUARY_2023], calm.gaining[:JANUARY_2023])
    stages = flows.stage_of_month
    assert stages[DECEMBER_2022 : MARCH_2023 + 1].tolist() == [0, 1, 2, 2]
    assert np.array_equal(flows.gaining[:, ~flows.entrant], calm.gaining[:, ~calm.entrant])


def test_retries_can_be_harder_and_incumbents_try_less_often(rows: Any) -> None:
    world = replace(EVEN, retry_factor=2.5, retry_share=0.9, incumbent_retry_share=0.3)
    found = rows(world, 400_000, 6)
    settled = found[found["submitted"] < "2023-12-01"]
    answered = settled[settled["outcome"].isin(["accepted", "error"])]
    _close(answered[answered["attempt"] == 1]["outcome"] == "error", 0.18)
    _close(answered[answered["attempt"] == 2]["outcome"] == "error", 0.45)
    # .18 (2.5)^2 is above 1: the highest probability is .95
    _close(answered[answered["attempt"] == 3]["outcome"] == "error", 0.95)
    tried = set(found[found["attempt"] == 2]["supply_point"])
    failed = settled[(settled["attempt"] == 1) & (settled["outcome"] == "error")]
    again = failed["supply_point"].isin(tried)
    mine = ~failed["gaining"].str.startswith("entrant")
    _close(again[mine], 0.3)
    _close(again[~mine], 0.9)


def _mean_fall(drawn: Drawn) -> float:
    """The mean fall over eligible first attempts, day by day and entrant by entrant.

    Written out from the declaration: probabilities add up in points between 0 and .95, the address
    has a hazard of its own where it is bad, and the leaked hazards are cut so that the whole falls
    by `leak.fall`, or to nothing.
    """
    world, flows = drawn.world, drawn.flows
    shares = dict(world.reason_shares)
    total = weighted = 0.0
    for access in world.access:
        area = int(access.area) - 1
        bad = world.bad_addresses
        rise = bad.rise_pp / 100 if bad is not None and access.area in bad.areas else 0.0
        for day in range((access.end - world.period.start).days):
            month, today = flows.month_of_day[day], np.datetime64(world.period.start) + day
            reform = sum(
                each.effect_pp / 100
                for each in world.reforms
                if today >= np.datetime64(each.day) and access.area in (each.areas or access.area)
            )
            losing = flows.losing[flows.stage_of_month[month], area]
            weight = flows.days[day] * flows.gaining[month, area] * flows.areas[area, area]
            weight = weight * losing[10:] / (1 - losing[area])
            common = np.clip(drawn.rates[area, month] + drawn.points.losing[10:] + reform, 0, 0.95)
            error = np.minimum(common + rise, 0.95)
            leaked = sum(shares[name] for name in access.fields)
            # the leaked fields' hazard: their shares, and the whole of the bad addresses' own
            least = 1 - (1 - common) ** (1 - leaked)
            fall = np.minimum(drawn.leak.fall, error - least)
            total += weight.sum()
            weighted += float((weight * fall).sum())
    return weighted / total


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("effect", [2.0, 5.0])
def test_the_mean_effect_is_exact_amid_all_traps(effect: float, seed: int) -> None:
    drawn = draw(replace(EVERYTHING, effect_pp=effect), seed)
    # some requests cannot fall so far, so that the others must fall further
    assert drawn.leak.fall > effect / 100
    assert _mean_fall(drawn) == pytest.approx(effect / 100, abs=ROUND_OFF)


def test_the_effect_is_recovered_amid_all_traps(rows: Any) -> None:
    effect, n_requests = 5.0, 600_000
    calm, leaked = (
        rows(replace(EVERYTHING, effect_pp=points), n_requests, 8).query("attempt == 1")
        for points in (0.0, effect)
    )
    matched = calm.merge(leaked, on="supply_point", suffixes=("", "_leaked"))
    assert len(matched) > 0.98 * len(calm)
    entrants = {e.retailer for e in world_registry(EVERYTHING).retailers if e.group == "entrant"}
    eligible = pd.Series(data=False, index=matched.index)
    for cell in truth(replace(EVERYTHING, effect_pp=effect))["eligible"]["cells"]:
        eligible |= (
            (matched["gaining"] == cell["gaining"])
            & (matched["area"] == cell["area"])
            & (matched["submitted"] < cell["submitted_before"])
            & matched["losing"].isin(entrants)
        )
    changed = matched["outcome"] != matched["outcome_leaked"]
    assert not changed[~eligible].any()
    # a pair differs with probability .05, and one request in a hundred is withdrawn
    error = math.sqrt(0.05 / eligible.sum())
    assert eligible.sum() > 30_000
    fall = (matched["outcome"] == "error") * 1.0 - (matched["outcome_leaked"] == "error")
    assert fall[eligible].mean() == pytest.approx(0.99 * 0.05, abs=ERRORS_ALLOWED * error)


def test_probabilities_stay_below_their_highest() -> None:
    world = replace(
        EVERYTHING,
        error_rate=0.9,
        reforms=(Reform(60),),
        bad_addresses=BadAddresses(("01",), 100),
    )
    drawn = draw(world, 1)
    every = np.arange(len(drawn.flows.retailers))
    # day by day in the areas 01 and 02, whoever loses
    for area in (0, 1):
        for spell in range(len(drawn.points.month_of_spell)):
            month = drawn.points.month_of_spell[spell]
            chance = drawn.points.chance(
                drawn.rates[every, month], drawn.points.losing, area, np.array(spell), 5
            )
            assert chance.rates.max() <= 0.95
            assert chance.hazard.min() >= 0
            assert chance.address is not None
            assert chance.address.min() >= 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: BadAddresses((), 3),
        lambda: BadAddresses(("11",), 3),
        lambda: BadAddresses(("01",), -3),
        lambda: BadRecords(sd_pp=-1),
        lambda: BadRecords(share=1),
        lambda: BadRecords(rise_pp=math.nan),
        lambda: Reform(101),
        lambda: Reform(1, areas=("1",)),
        lambda: MarketExit(month=date(2023, 1, 2)),
        lambda: MarketExit(share=0),
        lambda: MarketExit(rush=0.5),
        lambda: MarketExit(rise_pp=-101),
        lambda: World(cleaner_incumbents_pp=-1),
        lambda: World(incumbent_retry_share=1.5),
        lambda: World(retry_factor=6),
        lambda: World(reforms=(Reform(1, date(2024, 4, 1)),)),
        lambda: World(market_exit=MarketExit(month=date(2024, 4, 1))),
        lambda: World(
            bad_addresses=BadAddresses(("01",), 3),
            reason_shares=(("customer_name", 1.0),),
            access=(),
        ),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: Any) -> None:
    with pytest.raises(UsageError):
        wrong()


def test_the_end_of_access_is_where_a_reform_falls_by_default() -> None:
    # page 16: the latest view is that of 20 January 2023, in area 04
    assert Reform(1).day == date(2023, 1, 21)
    assert Reform(1).areas == ()
    early = World(period=Period(date(2022, 4, 1), date(2023, 2, 1)), reforms=(Reform(1),))
    assert draw(early, 1).points.reform[:, -1].tolist() == [0.01] * 10
