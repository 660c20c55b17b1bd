"""Which claims of the deciding study another one undoes, by the rules of docs/verdicts.md."""

from dataclasses import replace

import pytest

import switchstats as ss
from switchstats.studies.dossier import Dossier
from switchstats.values import Finding, Grade, Outcome

SHOWN, RULED_OUT, INCONCLUSIVE = (
    Outcome.ADVANTAGE_SHOWN,
    Outcome.RULED_OUT,
    Outcome.INCONCLUSIVE,
)


@pytest.fixture(scope="module")
def made(committee):
    """Findings that differ in their verdicts alone."""
    base = ss.PublishedOnly(margin=0.02).run(committee)

    def make(outcome, *, study="before_after", grade=Grade.BEFORE_AFTER, **named) -> Finding:
        told = {"larger_ruled_out": outcome is RULED_OUT, "disadvantage": False, **named}
        verdict = replace(base.verdict, outcome=outcome, grade=grade, **told)
        return replace(base, study=study, verdict=verdict, checks=())

    return make


def together(*parts: Finding) -> Finding:
    return Dossier(margin=0.02)._together(parts, ss.Sensitivity.study)


def undone(found: Finding) -> tuple[str, ...]:
    (check,) = found.checks
    # a study that undoes nothing informs, and neither passes nor fails
    assert check.passed is (False if check.undoes else None)
    return check.undoes


def test_a_study_of_access_that_finds_a_disadvantage_undoes_an_advantage(made) -> None:
    other = made(INCONCLUSIVE, disadvantage=True)
    found = together(made(SHOWN, study="home_away"), other)
    assert undone(found) == ("advantage",)
    assert found.verdict.outcome is INCONCLUSIVE
    # the claim that nothing larger is there is another one, and stands
    found = together(made(SHOWN, study="home_away", larger_ruled_out=True), other)
    assert found.verdict.outcome is RULED_OUT
    assert found.verdict.larger_ruled_out


def test_an_advantage_that_follows_access_undoes_what_was_ruled_out(made) -> None:
    found = together(made(RULED_OUT, study="home_away"), made(SHOWN))
    assert undone(found) == ("ruled_out",)
    assert found.verdict.outcome is INCONCLUSIVE
    assert not found.verdict.larger_ruled_out
    found = together(made(SHOWN, study="home_away", larger_ruled_out=True), made(SHOWN))
    assert undone(found) == ("ruled_out",)
    assert (found.verdict.outcome, found.verdict.larger_ruled_out) == (SHOWN, False)


def test_a_family_without_an_advantage_undoes_one(made) -> None:
    for outcome in (INCONCLUSIVE, RULED_OUT):
        family = made(outcome, study=ss.Sensitivity.study)
        found = together(made(SHOWN, study="home_away"), family)
        assert undone(found) == ("advantage",)
        assert found.verdict.outcome is INCONCLUSIVE


def test_a_comparison_of_companies_undoes_nothing(made) -> None:
    crossed = {"study": "group_comparison", "grade": Grade.CROSS_SECTION}
    for first, other in (
        (made(SHOWN, study="home_away"), made(INCONCLUSIVE, disadvantage=True, **crossed)),
        (made(RULED_OUT, study="home_away"), made(SHOWN, **crossed)),
        (made(INCONCLUSIVE, study="home_away"), made(SHOWN)),
        (made(SHOWN, study="home_away"), made(INCONCLUSIVE)),
    ):
        found = together(first, other)
        assert undone(found) == ()
        assert found.verdict.outcome is first.verdict.outcome
        assert found.verdict.larger_ruled_out == first.verdict.larger_ruled_out


def test_studies_that_agree_say_so(made) -> None:
    said = []
    for outcome in (SHOWN, INCONCLUSIVE):
        found = together(made(SHOWN, study="home_away"), made(outcome))
        assert undone(found) == ()
        assert found.verdict.outcome is SHOWN
        said.append(found.checks[0].text.en)
    assert said[0] != said[1]


def test_the_deciding_study_is_the_first_that_could_run(made) -> None:
    no, yes = Outcome.NOT_ANSWERABLE, INCONCLUSIVE
    parts = made(no, study="reason_placebo"), made(yes, study="home_away"), made(yes)
    found = together(*parts)
    assert found.deciding is parts[1]
    # a study that sums up no others decides itself, and nobody where none could run
    assert parts[0].deciding is parts[0]
    assert together(parts[0]).deciding is None
