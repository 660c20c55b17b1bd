"""Each declared world fools a careless comparison, by about as much as its trap was set to.

One seed with and without the trap, 300,000 requests: what a comparison says in the trap's world
less what it says in the world without. First attempts are drawn alike in both, so that the
difference of the two is far less noisy than either. How far it should move is worked out by hand
from the declaration.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from switchstats.errors import UsageError
from switchstats.simulate import World, simulate_counts, trap_worlds

N_REQUESTS, SEED = 300_000, 7
NOISE_ALLOWED = 0.6  # points; a rate of 20,000 requests has a standard error of 0.3
EXPOSED = ("tohoku", "chubu-miraiz", "kansai", "chugoku", "shikoku", "kyushu", "okinawa")
READING: dict[str, dict[str, Any]] = {
    "pending_last_month": {"settle_days": 0},
    "retries_counted": {"estimand": "all_attempts"},
}

Comparison = Callable[[pd.DataFrame], float]


def _counts(name: str, **reading: Any) -> pd.DataFrame:
    world = trap_worlds()[name]
    return simulate_counts(
        world, N_REQUESTS, SEED, strata=("losing_group", "home"), **reading
    ).frame


def _rate(frame: pd.DataFrame) -> float:
    return 100 * frame["errors"].sum() / frame["requests"].sum()


def _gap(frame: pd.DataFrame) -> float:
    incumbent = frame["group"] == "incumbent"
    return _rate(frame[incumbent]) - _rate(frame[~incumbent])


def _before(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["period_start"] < "2023-01-01"]


def _winter(frame: pd.DataFrame) -> pd.DataFrame:
    start = frame["period_start"]
    return frame[(start >= "2023-01-01") & (start < "2023-03-01")]


def _gap_in_winter(frame: pd.DataFrame) -> float:
    return _gap(_winter(frame))


def _change(frame: pd.DataFrame) -> float:
    """Incumbents after the cut less before."""
    mine = frame[frame["group"] == "incumbent"]
    return _rate(mine[mine["period_start"] >= "2023-02-01"]) - _rate(_before(mine))


def _change_in_winter(frame: pd.DataFrame) -> float:
    mine = frame[frame["group"] == "incumbent"]
    return _rate(_winter(mine)) - _rate(_before(mine))


def _change_of_exposed(frame: pd.DataFrame) -> float:
    return _change(frame[frame["retailer"].isin(EXPOSED)])


def _exposed_less_others(frame: pd.DataFrame) -> float:
    mine = _before(frame[frame["group"] == "incumbent"])
    exposed = mine["retailer"].isin(EXPOSED)
    return _rate(mine[exposed]) - _rate(mine[~exposed])


def _january_at_home(frame: pd.DataFrame) -> float:
    """January less before, of what exposed incumbents gain at home from entrants."""
    arm = frame[
        frame["retailer"].isin(EXPOSED)
        & (frame["home"] == "yes")
        & (frame["losing_group"] == "entrant")
    ]
    return _rate(arm[arm["period_start"] == "2023-01-01"]) - _rate(_before(arm))


def _last_month(frame: pd.DataFrame) -> float:
    return _rate(frame[frame["period_start"] == "2024-03-01"]) - _rate(_before(frame))


@pytest.fixture(scope="module")
def calm() -> pd.DataFrame:
    return _counts("none")


@pytest.mark.parametrize(
    ("name", "comparison", "moved"),
    [
        # the tilt 5 : 1 puts 5/6 of entrants' requests on those above the mean, from 1/2: by 1/3 of
        # twice the mean absolute deviation, 2 (.8) 4.5 points
        ("mix_shift", _gap_in_winter, -2.4),
        ("winter_rise", _change_in_winter, 3.0),
        ("cleaner_incumbents", _gap, -4.0),
        # unexposed incumbents are at home in areas of .045, .36 and .025, of which Tokyo's has 8
        # points more on .85 + a little of its incumbent's gains, .36/.43 (.85) 8 = 5.7; of the
        # exposed ones' gains some .15 (.4) are in Tokyo's area, .4 points
        ("bad_addresses", _exposed_less_others, -5.2),
        # incumbents gain .85 (.94) + .15 (.47) = .87 from entrants, entrants some .5, and .3 of
        # these customers have 15 points more; the normal part has no mean
        ("bad_records", _gap, 0.3 * 15 * (0.87 - 0.5)),
        ("reform_at_the_cut", _change, 4.0),
        # Kansai has .195/.57 of the exposed incumbents' requests, .85 of its own at home; others'
        # gains there are .15 (.22) of theirs
        ("reform_in_one_area", _change_of_exposed, 8 * (0.34 * 0.85 + 0.66 * 0.15 * 0.22)),
    ],
)
def test_a_trap_moves_the_careless_comparison(
    calm: pd.DataFrame, name: str, comparison: Comparison, moved: float
) -> None:
    found = comparison(_counts(name)) - comparison(calm)
    # entrants' levels are one draw for all: the mean over the largest of them strays by more
    allowed = 3 * NOISE_ALLOWED if name in ("mix_shift", "bad_records") else NOISE_ALLOWED
    assert found == pytest.approx(moved, abs=allowed)
    assert abs(found) > 2 * NOISE_ALLOWED


def test_an_exit_moves_the_home_arm_and_not_the_away_arm() -> None:
    strata = ("losing_group", "home")
    exits, stays = (
        simulate_counts(trap_worlds()[name], 2_000_000, SEED, strata=strata).frame
        for name in ("market_exit", "none")
    )
    # leavers rise from 1/4 to 8/4 in 11/4 of those who leave entrants: 12 (.727 - .25) points;
    # some 14,000 requests in January have a standard error of .35 in each world
    home = _january_at_home(exits) - _january_at_home(stays)
    assert home == pytest.approx(12 * (8 / 11 - 1 / 4), abs=5 * 0.35 * 2**0.5)
    away = [
        _rate(
            frame[
                frame["retailer"].isin(EXPOSED)
                & (frame["home"] == "no")
                & (frame["losing_group"] == "incumbent")
            ]
        )
        for frame in (exits, stays)
    ]
    # some 36,000 requests each, standard error .2
    assert away[0] - away[1] == pytest.approx(0, abs=5 * 0.2 * 2**0.5)


def test_a_dominant_retailer_makes_the_gap_stray() -> None:
    # its own level, SD 4.5 points, has .7 of the weight: entrants' mean has an SD of 3.2 instead
    # of under 1; ten seeds tell these apart (chi-squared with 9 degrees of freedom)
    strays = []
    for name in ("none", "dominant_retailer"):
        world = trap_worlds()[name]
        frames = [simulate_counts(world, 100_000, seed).frame for seed in range(10)]
        entrants = [_rate(frame[frame["group"] == "entrant"]) for frame in frames]
        strays.append(float(pd.Series(entrants).std()))
    assert strays[0] < 1.7
    assert strays[1] > 1.7


@pytest.mark.parametrize(
    ("name", "comparison", "at_least"),
    [("pending_last_month", _last_month, 4.0), ("retries_counted", _gap, 4.0)],
)
def test_careless_reading_is_fooled_and_careful_reading_is_not(
    calm: pd.DataFrame, name: str, comparison: Comparison, at_least: float
) -> None:
    careless = comparison(_counts(name, **READING[name])) - comparison(calm)
    assert abs(careless) > at_least
    if name == "retries_counted":
        assert comparison(_counts(name)) - comparison(calm) == pytest.approx(0, abs=0.1)
    else:
        # nothing of the last two months is left when they are given the time to settle
        settled = _counts(name, settle_days=120)
        assert settled["period_start"].max() < pd.Timestamp("2024-01-01")
        assert _change(settled) - _change(calm) == pytest.approx(0, abs=0.2)


def test_every_world_has_the_effect_and_what_is_the_same() -> None:
    worlds = trap_worlds(-3, n_retailers=50)
    assert next(iter(worlds)) == "none"
    assert worlds["none"] == World(effect_pp=-3, n_retailers=50)
    assert {world.effect_pp for world in worlds.values()} == {-3}
    assert {world.n_retailers for world in worlds.values()} == {50}
    # all differ
    assert len({repr(world) for world in worlds.values()}) == len(worlds) == 12


def test_reforms_at_the_cut_follow_the_access() -> None:
    reforms = trap_worlds()["reform_at_the_cut"].reforms
    days = {area: each.day.isoformat() for each in reforms for area in each.areas}
    # page 16, the day after the last view; else the latest of all
    assert days["06"] == "2022-12-13"
    assert days["03"] == days["04"] == "2023-01-21"
    assert sorted(days) == [f"{number:02d}" for number in range(1, 11)]
    (one,) = trap_worlds()["reform_in_one_area"].reforms
    assert (one.areas, one.day.isoformat()) == (("06",), "2022-12-13")


def test_without_access_there_is_no_cut() -> None:
    with pytest.raises(UsageError, match="access"):
        trap_worlds(access=())
