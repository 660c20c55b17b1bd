"""The verdict's rules, one by one."""

import pytest

from switchstats.labels import text
from switchstats.studies.decide import Conclusion, decide
from switchstats.studies.left_out import left_out
from switchstats.values import Check, Outcome

GROUPS = ("incumbent", "entrant")
WORDS = text("check.unbounded")


# Each row by the rules of the issue: bounds of incumbents minus entrants, margin, outcome,
# whether a larger advantage is ruled out.
@pytest.mark.parametrize(
    ("lower", "upper", "margin", "outcome", "ruled_out"),
    [
        (-0.05, -0.01, 0.02, Outcome.ADVANTAGE_SHOWN, False),
        (-0.015, -0.01, 0.02, Outcome.ADVANTAGE_SHOWN, True),
        (-0.05, -0.01, None, Outcome.ADVANTAGE_SHOWN, False),
        (-0.01, 0.03, 0.02, Outcome.RULED_OUT, True),
        (-0.01, 0.03, None, Outcome.INCONCLUSIVE, False),
        (-0.03, 0.03, 0.02, Outcome.INCONCLUSIVE, False),
        (-0.02, 0.03, 0.02, Outcome.INCONCLUSIVE, False),
        (0.01, 0.03, 0.02, Outcome.RULED_OUT, True),
        (0.01, 0.03, None, Outcome.INCONCLUSIVE, False),
        (0.01, 0.03, 0.0, Outcome.RULED_OUT, True),
        (None, None, 0.5, Outcome.INCONCLUSIVE, False),
        (None, -0.01, 0.5, Outcome.ADVANTAGE_SHOWN, False),
        (-0.01, 0.0, None, Outcome.INCONCLUSIVE, False),
    ],
)
def test_rules(
    lower: float | None,
    upper: float | None,
    margin: float | None,
    outcome: Outcome,
    ruled_out: bool,
) -> None:
    assert decide(Conclusion(lower, upper, margin), (), GROUPS) == (outcome, ruled_out, ())


def test_a_check_undoes_only_the_claims_that_it_names() -> None:
    both = Conclusion(-0.015, -0.01, 0.02)
    shown_undone = Check("mix", False, WORDS, ("advantage",))
    outcome, ruled_out, reasons = decide(both, (shown_undone,), GROUPS)
    assert (outcome, ruled_out) == (Outcome.RULED_OUT, True)
    assert len(reasons) == 1
    rounding = Check("rounding", False, WORDS, ("advantage", "ruled_out"))
    outcome, ruled_out, reasons = decide(both, (rounding,), GROUPS)
    assert (outcome, ruled_out) == (Outcome.INCONCLUSIVE, False)
    assert len(reasons) == 2


def test_a_failed_check_that_undoes_nothing_informs() -> None:
    informs = Check("ranks", False, WORDS)
    outcome, _, reasons = decide(Conclusion(-0.05, -0.01, None), (informs,), GROUPS)
    assert outcome is Outcome.ADVANTAGE_SHOWN
    assert reasons == ()


def test_claims_at_a_disadvantage() -> None:
    assert Conclusion(0.01, 0.03, None).claims == {"disadvantage"}
    assert Conclusion(0.01, 0.03, None).smallest_margin == 0


def test_a_check_says_itself_whether_its_words_stand_with_the_verdict() -> None:
    """Whatever it is called, and whether it passes, fails or cannot say."""
    inconclusive = Conclusion(-0.01, 0.03, None)
    for passed in (True, False, None):
        told = Check("by_another_name", passed, WORDS, in_verdict=True)
        assert decide(inconclusive, (told,), GROUPS)[2] == (WORDS,)
        untold = Check("leave_one_out", passed, WORDS)
        assert decide(inconclusive, (untold,), GROUPS)[2] == ()


def test_every_study_puts_the_retailer_that_decides_into_its_verdict() -> None:
    told = left_out(WORDS, passed=False, undoes=("advantage",))
    assert (told.name, told.passed, told.undoes) == ("leave_one_out", False, ("advantage",))
    assert told.in_verdict
    assert not told.voids
