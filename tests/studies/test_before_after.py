"""Before against after the end of access: on counts without noise, and on the printed table."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest

import switchstats as ss
from switchstats.errors import UsageError
from switchstats.studies import AccessEnd, BeforeAfter
from switchstats.values import Grade, Outcome

from .made import EFFECTS, END, REQUESTS, ends, exposed, made

ROUNDED = 1e-4 / 2  # cells hold whole errors of 10,000 requests


def _level(name: str) -> float:
    return 0.15 + 0.01 * (sum(map(ord, name)) % 7)


def _with_effect(gaining: str, losing: str, area: str, month: int) -> float:
    """Retailers, losing retailers × months and areas all differ; the effect is on top."""
    season = 0.01 * ((3 * month + ord(area[-1])) % 5)
    record = 0.02 * (ord(losing[-1]) % 3) * (month % 2)
    effect = EFFECTS.get(gaining, 0.0) if exposed(gaining, losing, area, month) else 0.0
    return _level(gaining) + season + record + effect


def test_levels_seasons_and_losing_retailers_do_not_pass_for_an_effect() -> None:
    finding = BeforeAfter(ends=ends()).run(made(_with_effect))
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    assert by_name == pytest.approx(EFFECTS, abs=ROUNDED)
    assert finding.verdict.outcome is Outcome.ADVANTAGE_SHOWN
    assert finding.verdict.grade is Grade.BEFORE_AFTER
    assert finding.verdict.estimand == "access_effect_eligible"
    # mean of the four true effects, which weigh alike: equal requests
    assert finding.primary.estimate == pytest.approx(-0.02, abs=ROUNDED)
    assert finding.primary.n_by_group[0] == 4
    assert finding.verdict.influential is not None


def test_no_effect_is_no_advantage_and_a_margin_can_be_ruled_out() -> None:
    tiny = {"i01": 0.0004, "i02": -0.0004, "i03": 0.0002, "i04": -0.0002}

    def rate(gaining: str, losing: str, area: str, month: int) -> float:
        own = tiny.get(gaining, 0.0) if exposed(gaining, losing, area, month) else 0.0
        return _level(gaining) + own

    finding = BeforeAfter(ends=ends(), margin=0.02).run(made(rate))
    assert finding.verdict.outcome is Outcome.RULED_OUT
    assert BeforeAfter(ends=ends()).run(made(rate)).verdict.outcome is Outcome.INCONCLUSIVE


def test_a_change_of_who_files_is_not_read_as_a_change_of_quality() -> None:
    """An entrant with many errors files ten times as much after the end; its quality stays."""

    def rate(gaining: str, losing: str, area: str, month: int) -> float:
        own = EFFECTS.get(gaining, 0.0) if exposed(gaining, losing, area, month) else 0.0
        return 0.30 if gaining == "e0" else _level(gaining) + own

    def requests(gaining: str, losing: str, area: str, month: int) -> int:
        del losing, area
        return 10 * REQUESTS if gaining == "e0" and month >= 4 else REQUESTS

    finding = BeforeAfter(ends=ends()).run(made(rate, requests=requests))
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    assert by_name == pytest.approx(EFFECTS, abs=ROUNDED)


def test_a_month_in_which_access_ended_is_exposed_by_its_days() -> None:
    # half of September's 30 days: the rate of that month holds half of the effect
    halfway = tuple(replace(end, end=date(2022, 9, 16)) for end in ends())

    def rate(gaining: str, losing: str, area: str, month: int) -> float:
        if gaining != f"i{area}" or not losing.startswith("e"):
            return _level(gaining)
        share = 1.0 if month < 5 else 0.5 if month == 5 else 0.0
        return _level(gaining) + EFFECTS[gaining] * share

    finding = BeforeAfter(ends=halfway).run(made(rate))
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    assert by_name == pytest.approx(EFFECTS, abs=ROUNDED)


@pytest.mark.parametrize(
    ("strata", "estimand"),
    [
        (("area", "losing"), "access_effect_eligible"),
        (("area", "losing_group"), "access_effect_eligible"),
        (("area",), "access_effect_home"),
        ((), "access_effect_all"),
    ],
)
def test_the_estimand_says_which_requests_can_be_told_apart(
    strata: tuple[str, ...], estimand: str
) -> None:
    finding = BeforeAfter(ends=ends()).run(made(_with_effect).collapse(*strata))
    assert finding.verdict.estimand == estimand
    assert {test.estimand for test in finding.tests[:2]} == {estimand}


def test_unseen_shift_of_the_mix_undoes_the_claims() -> None:
    """Losing retailers are not told apart, and exposed customers triple at home only."""

    def requests(gaining: str, losing: str, area: str, month: int) -> int:
        more = gaining == f"i{area}" and losing.startswith("e") and month >= 4
        return 3 * REQUESTS if more else REQUESTS

    counts = made(_with_effect, requests=requests).collapse("area", "losing_group")
    finding = BeforeAfter(ends=ends(), margin=0.05).run(counts)
    check = next(check for check in finding.checks if check.name == "mix")
    assert check.passed is False
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert finding.verdict.smallest_margin is None


def test_exposed_requests_on_the_move_before_the_end_undo_the_claims() -> None:
    def rate(gaining: str, losing: str, area: str, month: int) -> float:
        own = gaining == f"i{area}" and losing.startswith("e")
        return _level(gaining) + (0.01 * month * (1 + 0.1 * (ord(area[-1]) % 3)) if own else 0.0)

    finding = BeforeAfter(ends=ends()).run(made(rate))
    check = next(check for check in finding.checks if check.name == "trend_before")
    assert check.passed is False
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE


def test_any_two_groups_by_their_own_names() -> None:
    counts = made(_with_effect, groups=("north", "south"))
    finding = BeforeAfter(ends=ends(), groups=("north", "south")).run(counts)
    assert finding.verdict.groups == ("north", "south")
    assert finding.primary.estimate == pytest.approx(-0.02, abs=ROUNDED)
    assert "north" in finding.summary("ja")


def test_what_cannot_be_answered_is_refused_by_name() -> None:
    counts = made(_with_effect)
    strangers = BeforeAfter().run(counts)  # the facts know none of these retailers
    assert strangers.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert "ends=" in strangers.not_answerable[0].needs.en
    one = BeforeAfter(ends=ends(1)).run(counts)
    assert one.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert one.not_answerable[0].name == "end_of_access"
    later = tuple(replace(end, end=date(2030, 1, 1)) for end in ends())
    assert BeforeAfter(ends=later).run(counts).not_answerable[0].name == "end_of_access"
    with pytest.raises(UsageError, match="two ends"):
        BeforeAfter(ends=(*ends(), AccessEnd("i01", END))).run(counts)


def test_the_committees_table_by_hand() -> None:
    """Exact permutation of who was exposed, written out from the printed digits (page 17)."""
    table = ss.load_published("egc-083")
    early, late = table.parts(table.widest_period)
    exposed_names = {end.retailer for end in ss.access_ends()}
    names = [one.retailer for one in table.retailers if one.group == "incumbent"]
    moved = {
        name: float(table.rate(name, early).exact - table.rate(name, late).exact) for name in names
    }
    values = np.array([moved[name] for name in names])
    actual = np.array([name in exposed_names for name in names])
    observed = values[actual].mean() - values[~actual].mean()
    splits = [
        values[list(chosen)].mean() - np.delete(values, list(chosen)).mean()
        for chosen in combinations(range(10), 7)
    ]
    assert len(splits) == 120
    finding = BeforeAfter(margin=0.02).run(table)
    assert finding.primary.estimate == pytest.approx(observed, abs=1e-12)
    assert finding.primary.p_value == pytest.approx(np.mean(np.array(splits) <= observed + 1e-12))
    assert finding.primary.p_value == pytest.approx(115 / 120)
    assert finding.primary.n_by_group == (7, 3)
    # changes of printed rates hold changes of mix: nothing is claimed of them
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert {item.name for item in finding.not_answerable} >= {"pooled_test", "leak_contrast"}


def test_the_committees_later_period_is_no_clean_after() -> None:
    # pages 16-17: four utilities' views went on into January, Kansai's ended on 12 December
    finding = BeforeAfter().run(ss.load_published("egc-083"))
    check = next(check for check in finding.checks if check.name == "clean_after")
    assert check.passed is False
    assert "Chubu" in check.text.en.partition(";")[0]
    assert "Kansai" in check.text.en.partition(";")[2]


def test_months_around_the_end_show_the_effect_and_nothing_before() -> None:
    finding = BeforeAfter(ends=ends()).run(made(_with_effect))
    path = {point.offset: point.estimate for point in finding.path}
    assert set(path) == {-4, -3, -2, 0, 1, 2, 3}
    # after the end the exposed requests have the errors back: minus the mean effect
    for offset in (0, 1, 2, 3):
        assert path[offset] == pytest.approx(0.02, abs=2 * ROUNDED)
    for offset in (-4, -3, -2):
        assert path[offset] == pytest.approx(0.0, abs=2 * ROUNDED)


def test_the_raw_change_is_split_into_mix_and_rate_by_hand() -> None:
    """Customers of e0 err 10 points more and go from a third of the exposed requests to none."""
    from switchstats.studies.contrast.cells import read_cells
    from switchstats.studies.contrast.checks import split_of_change

    def rate(gaining: str, losing: str, area: str, month: int) -> float:
        effect = -0.02 if exposed(gaining, losing, area, month) else 0.0
        return 0.15 + (0.10 if losing == "e0" else 0.0) + effect

    def requests(gaining: str, losing: str, area: str, month: int) -> int:
        del gaining, area
        return 0 if losing == "e0" and month >= 4 else REQUESTS

    cells = read_cells(made(rate, requests=requests), ("incumbent", "entrant"), study="x")
    raw, by_mix = split_of_change(cells, ends())
    # before: (0.23 + 0.13 + 0.13) / 3; after: 0.15
    assert raw == pytest.approx(0.49 / 3 - 0.15, abs=1e-6)
    # shares 1/3, 1/3, 1/3 to 0, 1/2, 1/2; rates 0.23 on both sides, 0.14 on average
    assert by_mix == pytest.approx(0.23 / 3 - 0.14 / 3, abs=1e-6)
