"""What a world may declare, and who lives in it."""

from datetime import date
from pathlib import Path

import pytest

from switchstats.errors import UsageError
from switchstats.facts import read_registry, registry
from switchstats.periods import Period
from switchstats.simulate import Access, World, truth, world_registry, write_registry


def test_the_default_months_are_fiscal_2022_and_2023() -> None:
    months = World().months
    assert len(months) == 24
    assert months[0] == Period(date(2022, 4, 1), date(2022, 5, 1))
    assert months[9] == Period(date(2023, 1, 1), date(2023, 2, 1))
    assert months[-1] == Period(date(2024, 3, 1), date(2024, 4, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_retailers": 11},
        {"period": Period(date(2022, 4, 2), date(2022, 6, 1))},
        {"error_rate": 0.0},
        {"error_rate": 0.01, "retailer_sd_pp": 10.0},
        {"shock_sd_pp": -1.0},
        {"shock_sd_pp": float("nan")},
        {"effect_pp": float("nan")},
        {"home_share": 1.1},
        {"losing_home": 0.98},
        {"area_shares": (0.1,) * 9},
        {"area_shares": (0.1,) * 9 + (0.0,)},
        {"seasons": (1.0,) * 11},
        {"reason_shares": (("supply_point", 0.5), ("customer_name", 0.4))},
        {"reason_shares": (("customer_name", 0.5), ("abolition_date", 0.5))},
        {"access": (Access("06", date(2022, 12, 13), ("address",)),) * 2},
        {"max_attempts": 0},
        {"retry_days": 0.0},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict) -> None:
    with pytest.raises(UsageError):
        World(**wrong)


def test_an_access_names_a_known_area_and_fields() -> None:
    with pytest.raises(UsageError, match="01 to 10"):
        Access("11", date(2023, 1, 1), ("address",))
    with pytest.raises(UsageError, match="fields"):
        Access("01", date(2023, 1, 1), ())


def test_the_leak_is_that_of_the_facts() -> None:
    # page 16: areas with views and the last day of each window; pages 15 and 18: three entries
    cells = truth(World(effect_pp=2))["eligible"]["cells"]
    assert {cell["gaining"]: cell["submitted_before"] for cell in cells} == {
        "tohoku": "2023-01-07",
        "chubu-miraiz": "2023-01-21",
        "kansai": "2022-12-13",
        "chugoku": "2023-01-01",
        "shikoku": "2023-01-17",
        "kyushu": "2023-01-06",
        "okinawa": "2023-01-01",
    }
    assert all(cell["reasons"] == ["supply_point", "customer_name", "address"] for cell in cells)


def test_the_sign_of_the_effect_may_be_left_out() -> None:
    assert truth(World(effect_pp=2)) == truth(World(effect_pp=-2))
    assert truth(World(effect_pp=2))["effect"] == -0.02
    assert truth(World())["effect"] == 0


def test_the_registry_holds_the_known_and_the_made_up(tmp_path: Path) -> None:
    known = world_registry(World(n_retailers=25))
    assert known.retailers[:20] == registry().retailers
    assert [each.name.en for each in known.retailers[20:]] == [
        f"Entrant {number:04d}" for number in range(11, 16)
    ]
    assert {each.group for each in known.retailers[10:]} == {"entrant"}
    write_registry(World(n_retailers=25), tmp_path / "who.csv")
    assert read_registry(tmp_path / "who.csv").retailers == known.retailers


def test_a_small_world_leaves_out_entrants_and_their_other_names() -> None:
    known = world_registry(World(n_retailers=12))
    assert [each.retailer for each in known.retailers[-2:]] == ["entrant-a", "entrant-b"]
    assert known.find("新電力C") is None
