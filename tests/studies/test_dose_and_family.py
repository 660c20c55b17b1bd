"""Doses, the family of specifications and the dossier, on counts without noise."""

from dataclasses import replace

import pytest

import switchstats as ss
from switchstats.errors import UsageError
from switchstats.studies import (
    DoseResponse,
    GroupComparison,
    RetailerByRetailer,
    Sensitivity,
)
from switchstats.studies.sensitivity import AccessSpecification
from switchstats.values import Outcome

from .made import EFFECTS, ends, exposed, made


def _rate(gaining: str, losing: str, area: str, month: int) -> float:
    effect = EFFECTS.get(gaining, 0.0) if exposed(gaining, losing, area, month) else 0.0
    return 0.15 + 0.01 * (ord(gaining[-1]) % 4) + effect


def test_the_slope_is_the_effect_at_the_mean_dose() -> None:
    # effects -1, -2, -3, -2 points at doses 1, 2, 3, 2: exactly one point a dose; mean dose 2
    doses = {"i01": 1.0, "i02": 2.0, "i03": 3.0, "i04": 2.0}
    finding = DoseResponse(ends=ends(), dose=doses).run(made(_rate))
    assert finding.primary.estimate == pytest.approx(-0.02, abs=1e-4)
    # 12 distinct ways of handing out 1, 2, 2, 3, of which the actual one is the most extreme
    assert finding.primary.p_value == pytest.approx(1 / 12)


def test_unexposed_retailers_have_no_dose() -> None:
    finding = DoseResponse(ends=ends(3), dose={"i01": 1, "i02": 2, "i03": 3}).run(made(_rate))
    assert finding.primary.n_by_group == (3, 1)


def test_doses_out_of_range_and_absent_ones() -> None:
    with pytest.raises(UsageError, match="dose must be"):
        DoseResponse(dose="viewers")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="0 or above"):
        DoseResponse(ends=ends(), dose={"i01": -1.0}).run(made(_rate))
    nothing = DoseResponse(ends=ends(), dose={"zz": 1.0}).run(made(_rate))
    assert nothing.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert nothing.not_answerable[0].name == "dose"


def test_a_family_reports_every_specification_with_its_adjusted_p_value() -> None:
    finding = Sensitivity(ends=ends()).run(made(_rate))
    less = [test for test in finding.tests if "p_flips" in test.quantities]
    # full, same kind, before/after, home/away, triple; 2 windows, 2 sets of controls, 4 left out
    names = [note.en for test in less for note in test.notes if "Specification" in note.en]
    assert len(names) == len(less) >= 11
    for test in less:
        assert test.quantities["p_adjusted"] >= test.quantities["p_flips"]
    # four retailers: no p-value by flips is below 1/16, so that 5 % cannot be reached
    assert finding.primary.quantities["p_adjusted"] >= 1 / 16
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert any(check.name == "family" and check.passed is False for check in finding.checks)


def test_studies_of_another_question_come_behind_the_family() -> None:
    # the retailers of these counts have no doses of their own, so that two can be run
    alone = [GroupComparison().run(made(_rate)), RetailerByRetailer().run(made(_rate))]
    finding = Sensitivity(ends=ends()).run(made(_rate))
    behind = finding.tests[-len(alone) :]
    assert [test.method for test in behind] == [one.primary.method for one in alone]
    # Holm by hand: twice the smaller, and no less than that for the larger; and none below the
    # adjusted p-value of the family's first
    low, high = sorted(one.primary.p_value for one in alone)
    steps = [min(1, 2 * low), max(min(1, 2 * low), high)]
    gate = finding.primary.quantities["p_adjusted"]
    by_p = sorted(behind, key=lambda test: test.p_value)
    assert [test.quantities["p_adjusted"] for test in by_p] == pytest.approx(
        [max(gate, step) for step in steps]
    )
    assert finding.provenance.config["other_studies"] == [one.study for one in alone]
    # given, they are not run again
    given = Sensitivity(ends=ends()).run(made(_rate), others=alone[:1])
    assert given.provenance.config["other_studies"] == ["group_comparison"]
    assert len(given.tests) == len(finding.tests) - 1


def test_other_studies_change_nothing_of_the_family() -> None:
    without = Sensitivity(ends=ends()).run(made(_rate), others=())
    beside = Sensitivity(ends=ends()).run(made(_rate))
    assert beside.primary == without.primary
    assert beside.verdict == without.verdict


def test_a_family_of_ones_own() -> None:
    chosen = (
        AccessSpecification(name="a", design="before_after"),
        AccessSpecification(name="b", design="full", window="clean"),
    )
    finding = Sensitivity(ends=ends(), specifications=chosen, level=0.9).run(made(_rate))
    assert finding.verdict.outcome is Outcome.ADVANTAGE_SHOWN
    assert finding.verdict.grade.key == "before_after"
    with pytest.raises(UsageError, match="window"):
        AccessSpecification(name="c", design="full", window="other")  # type: ignore[arg-type]


def test_the_dossier_of_the_committees_table_is_that_of_the_table() -> None:
    finding = ss.Dossier().run(ss.load_published("egc-083"))
    alone = ss.PublishedOnly().run(ss.load_published("egc-083"))
    assert finding.verdict.outcome is alone.verdict.outcome is Outcome.INCONCLUSIVE
    assert finding.primary is not None
    assert replace(finding.primary, variant=None) == alone.primary
    assert {part.study for part in finding.parts} == {"published_only", "before_after"}
