"""The same retailer at home and elsewhere, on counts without noise."""

import pytest

from switchstats.studies import BeforeAfter, HomeAway
from switchstats.values import Grade, Outcome

from .made import AREAS, EFFECTS, REQUESTS, ends, exposed, made

ROUNDED = 1e-4


def _rate(gaining: str, losing: str, area: str, month: int) -> float:
    """Seasons of an area, records of a losing retailer, and the effect."""
    season = 0.01 * ((3 * month + ord(area[-1])) % 5)
    record = 0.02 * (ord(losing[-1]) % 3) * (month % 2)
    effect = EFFECTS.get(gaining, 0.0) if exposed(gaining, losing, area, month) else 0.0
    return 0.15 + season + record + effect


def _bad_months(gaining: str, losing: str, area: str, month: int) -> float:
    """One retailer has bad months of its own while it has access: 5 points on all its requests."""
    bad = 0.05 if gaining == "i01" and month < 4 else 0.0
    return _rate(gaining, losing, area, month) + bad


def test_bad_months_of_a_retailer_do_not_pass_for_an_effect() -> None:
    finding = HomeAway(ends=ends()).run(made(_bad_months))
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    assert by_name["i01"] == pytest.approx(EFFECTS["i01"], abs=0.002)
    assert finding.verdict.grade is Grade.WITHIN_RETAILER
    # before against after alone takes them for an effect of access
    alone = BeforeAfter(ends=ends()).run(made(_bad_months))
    fooled = {one.retailer.retailer: one.estimate for one in alone.effects}
    assert fooled["i01"] == pytest.approx(EFFECTS["i01"] + 0.05, abs=0.01)


def test_the_effect_of_each_retailer_is_found() -> None:
    finding = HomeAway(ends=ends()).run(made(_rate))
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    assert by_name == pytest.approx(EFFECTS, abs=ROUNDED)
    assert finding.verdict.outcome is Outcome.ADVANTAGE_SHOWN


def test_every_contrast_finds_the_effect() -> None:
    finding = HomeAway(ends=ends()).run(made(_rate))
    # what an exit of losing retailers or a trend would explain, no bound of this study stands for
    voiding = {check.name for check in finding.checks if check.voids}
    assert voiding == {"compared", "mix", "same_kind", "trend_before"}
    found = {test.estimand: test.estimate for test in finding.tests}
    for estimand in (
        "access_effect_eligible",
        "access_effect_same_kind",
        "access_effect_home_away",
        "access_effect_triple",
    ):
        assert found[estimand] == pytest.approx(-0.02, abs=0.002), estimand


def test_a_home_that_always_differs_is_told_from_an_effect_of_access() -> None:
    """Address data at home are worse for everybody's exposed requests, before and after."""

    def rate(gaining: str, losing: str, area: str, month: int) -> float:
        at_home = gaining == f"i{area}"
        spread = 0.002 * (ord(area[-1]) % 3)
        return 0.15 + (0.04 + spread if at_home else 0.0)

    finding = HomeAway(ends=ends()).run(made(rate))
    found = {test.estimand: test.estimate for test in finding.tests}
    assert found["access_effect_eligible"] == pytest.approx(0.0, abs=ROUNDED)
    # before the end alone, the difference of home is in the estimate
    assert found["access_effect_home_away"] > 0.03
    check = next(check for check in finding.checks if check.name == "at_home_after")
    assert check.passed is False


def test_an_exit_of_retailers_does_not_fool_it_where_losing_retailers_are_told_apart() -> None:
    """Customers of e0 have bad records and are all gone by the end of access."""

    def rate(gaining: str, losing: str, area: str, month: int) -> float:
        effect = EFFECTS.get(gaining, 0.0) if exposed(gaining, losing, area, month) else 0.0
        return 0.15 + (0.10 if losing == "e0" else 0.0) + effect

    def requests(gaining: str, losing: str, area: str, month: int) -> int:
        del gaining, area
        return 0 if losing == "e0" and month >= 4 else REQUESTS

    counts = made(rate, requests=requests)
    finding = HomeAway(ends=ends()).run(counts)
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    assert by_name == pytest.approx(EFFECTS, abs=ROUNDED)


def test_without_area_or_losing_retailer_it_is_refused_by_name() -> None:
    for strata in ((), ("area",), ("losing",)):
        finding = HomeAway(ends=ends()).run(made(_rate).collapse(*strata))
        assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
        assert finding.not_answerable[0].name == "leak_contrast"


def test_a_retailer_without_requests_elsewhere_has_no_contrast() -> None:
    # as Okinawa's, which is not connected to the other areas
    def requests(gaining: str, losing: str, area: str, month: int) -> int:
        del month
        alone = gaining == f"i{AREAS[0]}" and (area != AREAS[0] or losing.startswith("i"))
        return 0 if alone else REQUESTS

    finding = HomeAway(ends=ends()).run(made(_rate, requests=requests))
    assert {one.retailer.retailer for one in finding.effects} == {"i02", "i03", "i04"}


def test_every_rate_beside_the_verdict_has_the_level_of_the_study() -> None:
    rates = HomeAway(ends=ends(), level=0.9).run(made(_rate)).rates
    levels = {each.interval.level for each in rates.retailers if each.interval is not None}
    assert levels == {0.9}
