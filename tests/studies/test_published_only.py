"""The study of a printed table: golden numbers, the four verdicts, and refusals."""

import re

import pytest

import switchstats as ss
from switchstats.errors import UsageError
from switchstats.values import Finding, Outcome, PublishedTable, TestResult, paragraph

P_DIGITS = 5  # oracles are given to five decimals

# Exact enumeration of 184,756 splits and Welch's t test of the committee's table, computed
# independently (R 4.2.2 and Python): full year, April to December, January to February.
TWO_SIDED = (0.62443, 0.48193, 0.88004)
INCUMBENTS_LOWER = (0.69124, 0.76201, 0.56222)
WELCH = (0.6160, 0.4756, 0.8752)

LOW = ["10.0", "10.4", "10.9", "11.3", "11.8", "12.1", "12.6", "13.0"]
HIGH = ["18.0", "18.4", "18.9", "19.3", "19.8", "20.1", "20.6", "21.0"]


@pytest.fixture(scope="module")
def finding(committee: PublishedTable) -> Finding:
    return ss.PublishedOnly(margin=0.02).run(committee)


def _test(finding: Finding, method: str, alternative: str, place: int) -> TestResult:
    period = finding.rates.periods[place].period
    found = [
        test
        for test in finding.tests
        if (test.method, test.alternative, test.period) == (method, alternative, period)
        and test.baseline is None
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_golden_numbers_of_the_committees_table(finding: Finding, place: int) -> None:
    two_sided = _test(finding, "permutation", "two-sided", place)
    assert round(two_sided.p_value, P_DIGITS) == TWO_SIDED[place]
    lower = _test(finding, "permutation", "less", place)
    assert round(lower.p_value, P_DIGITS) == INCUMBENTS_LOWER[place]
    assert round(_test(finding, "welch", "two-sided", place).p_value, 4) == WELCH[place]


def test_every_test_names_its_estimand_units_and_interval(finding: Finding) -> None:
    for test in finding.tests:
        assert test.n_units == 20
        assert test.weighting == "equal"
        assert test.interval is not None
        assert test.interval.kind == "confidence"
        assert ss.labels.label(f"estimand.{test.estimand}", "ja")
        assert ss.labels.label(f"method.{test.method}", "ja")


def test_the_primary_test_is_named_beforehand(finding: Finding, committee: PublishedTable) -> None:
    assert finding.primary is not None
    assert finding.primary.method == "permutation"
    assert finding.primary.alternative == "less"
    assert finding.primary.period == committee.widest_period
    assert finding.verdict.estimate == finding.primary.estimate


def test_the_verdict_carries_what_it_must(finding: Finding) -> None:
    verdict = finding.verdict
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.n_units == verdict.n_effective == 20
    assert verdict.bound is not None
    assert verdict.bound.low is not None
    assert verdict.bound.high is not None
    assert verdict.bound.low < -0.02 < verdict.bound.high
    assert verdict.smallest_margin == -verdict.bound.low
    assert verdict.detectable is not None
    # twenty retailers with a spread of over 4 points cannot show an advantage of 3
    assert 0.03 < verdict.detectable < 0.07
    assert verdict.influential is not None
    assert verdict.influential.retailer.retailer == "hokuriku"
    assert verdict.grade.key == "cross_section"


def test_without_a_margin_nothing_is_ruled_out(committee: PublishedTable) -> None:
    finding = ss.PublishedOnly().run(committee)
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert finding.verdict.smallest_margin is not None
    assert "needs a margin" in paragraph(finding.verdict, "en")
    assert "許容差" in paragraph(finding.verdict, "ja")


def test_a_margin_beyond_the_bound_is_ruled_out(committee: PublishedTable) -> None:
    smallest = ss.PublishedOnly().run(committee).verdict.smallest_margin
    assert smallest is not None
    # without Hokuriku, the most influential, the lower bound is between -3 and -3.5 points
    wide = ss.PublishedOnly(margin=smallest + 0.01).run(committee)
    assert wide.verdict.outcome is Outcome.RULED_OUT
    assert "ruled out" in paragraph(wide.verdict, "en")
    narrow = ss.PublishedOnly(margin=smallest - 0.002).run(committee)
    assert narrow.verdict.outcome is Outcome.INCONCLUSIVE


def test_a_margin_ruled_out_only_with_one_retailer_is_not_called_ruled_out(
    committee: PublishedTable,
) -> None:
    # the bound is -2.53 points with all twenty, and below -3 without Hokuriku alone
    finding = ss.PublishedOnly(margin=0.03).run(committee)
    left_out = next(check for check in finding.checks if check.name == "leave_one_out")
    assert left_out.undoes == ("ruled_out",)
    assert "Hokuriku" in left_out.text.en
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert "a check fails" in paragraph(finding.verdict, "en")


def test_within_the_rounding_of_the_bound_nothing_is_ruled_out(committee: PublishedTable) -> None:
    smallest = ss.PublishedOnly().run(committee).verdict.smallest_margin
    assert smallest is not None
    finding = ss.PublishedOnly(margin=smallest + 0.0002).run(committee)
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    rounding = next(check for check in finding.checks if check.name == "rounding")
    assert rounding.passed is False
    assert rounding.undoes == ("ruled_out",)
    assert finding.verdict.reasons


def test_a_clear_advantage_is_shown(make_table) -> None:
    finding = ss.PublishedOnly(margin=0.02).run(make_table(LOW, HIGH, ("11.5", "19.5")))
    assert finding.verdict.outcome is Outcome.ADVANTAGE_SHOWN
    assert not finding.verdict.larger_ruled_out
    # all of one group below all of the other: one split of C(16, 8)
    assert finding.primary is not None
    assert finding.primary.p_value == pytest.approx(1 / 12870)


def test_an_advantage_smaller_than_the_margin_says_both(make_table) -> None:
    finding = ss.PublishedOnly(margin=0.10).run(make_table(LOW, HIGH))
    assert finding.verdict.outcome is Outcome.ADVANTAGE_SHOWN
    assert finding.verdict.larger_ruled_out
    words = paragraph(finding.verdict, "en")
    assert "advantage is shown" in words
    assert "larger than 10.00 points is ruled out" in words


@pytest.mark.parametrize("margin", [None, 0.02])
def test_a_disadvantage_is_said_in_words(make_table, margin: float | None) -> None:
    finding = ss.PublishedOnly(margin=margin).run(make_table(HIGH, LOW))
    assert finding.verdict.disadvantage
    assert finding.verdict.smallest_margin == 0
    assert "significantly higher" in paragraph(finding.verdict, "en")
    assert "有意に高く" in paragraph(finding.verdict, "ja")
    expected = Outcome.INCONCLUSIVE if margin is None else Outcome.RULED_OUT
    assert finding.verdict.outcome is expected


def test_an_advantage_that_hangs_on_one_retailer_is_not_called_shown(make_table) -> None:
    # 5 v 5: 11 of 252 splits with all ten, up to 11 of 126 without one of them
    table = make_table(
        ["10.6", "10.8", "11.0", "11.7", "12.5"],
        ["11.6", "11.6", "12.3", "12.9", "13.8"],
    )
    finding = ss.PublishedOnly().run(table)
    assert finding.primary is not None
    assert finding.primary.p_value == pytest.approx(11 / 252)
    left_out = next(check for check in finding.checks if check.name == "leave_one_out")
    assert left_out.passed is False
    assert left_out.undoes == ("advantage",)
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert "check fails" in paragraph(finding.verdict, "en")


@pytest.mark.parametrize(
    ("incumbents", "entrants", "words"),
    [
        (["10.0", "11.0"], ["12.0", "13.0"], "only 6 ways"),
        (["10.0"], HIGH, "1 of the incumbents"),
        (LOW, [], "0 of the entrants"),
    ],
)
def test_too_few_retailers_are_not_answerable(
    make_table, incumbents: list, entrants: list, words: str
) -> None:
    finding = ss.PublishedOnly(margin=0.02).run(make_table(incumbents, entrants))
    assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert finding.tests == ()
    assert finding.primary is None
    assert words in paragraph(finding.verdict, "en")


def test_what_rates_alone_cannot_answer_is_refused_by_name(finding: Finding) -> None:
    names = {item.name for item in finding.not_answerable}
    assert {"pooled_test", "weighted_permutation"} <= names
    assert "fixed_mix_change" not in names
    for item in finding.not_answerable:
        assert item.needs.ja
        assert item.needs.en
    methods = {test.method for test in finding.tests}
    assert not any("pooled" in method for method in methods)


def test_another_period_by_its_printed_label(committee: PublishedTable) -> None:
    finding = ss.PublishedOnly(period="2022年4～12月").run(committee)
    assert finding.primary is not None
    assert round(finding.primary.p_value, P_DIGITS) == INCUMBENTS_LOWER[1]
    same = ss.PublishedOnly(period="2022-04..2022-12").run(committee)
    assert same.primary == finding.primary
    with pytest.raises(UsageError, match="does not print"):
        ss.PublishedOnly(period="2019年度").run(committee)


@pytest.mark.parametrize(
    "arguments",
    [
        {"margin": -0.01},
        {"margin": 2},
        {"margin": float("nan")},
        {"level": 1.2},
        {"level": 0.4},
        {"power": 1.0},
        {"groups": ("incumbent", "incumbent")},
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict) -> None:
    with pytest.raises(UsageError):
        ss.PublishedOnly(**arguments)


def test_no_placeholder_or_nan_is_left_in_any_sentence(finding: Finding) -> None:
    for language in ("en", "ja"):
        words = finding.summary(language)
        assert not re.search(r"[{}]|\b(nan|None)\b", words)


def test_it_shows_itself(finding: Finding) -> None:
    assert repr(finding).startswith("Did the incumbents")
    html = finding._repr_html_()
    assert html.count("<tr>") == len(finding.tests) + 1
    frame = finding.to_frame()
    assert len(frame) == len(finding.tests)
    assert list(frame["role"][:2]) == ["primary", "secondary"]
    assert finding.plot().axes


def test_names_are_escaped_in_html(make_table) -> None:
    from dataclasses import replace

    from switchstats.labels import Text
    from switchstats.values import Retailer, TableRow

    table = make_table(LOW, HIGH)
    evil = Text("<b>悪</b>", "<script>alert(1)</script>")
    first = table.rows[0]
    assert first.retailer is not None
    renamed = Retailer(first.retailer.retailer, evil, "incumbent")
    rows = (TableRow(renamed, "incumbent", first.cells), *table.rows[1:])
    finding = ss.PublishedOnly().run(replace(table, rows=rows))
    assert "<script>" not in finding._repr_html_()


def test_a_group_without_spread_is_answered_without_welch(make_table) -> None:
    finding = ss.PublishedOnly(margin=0.02).run(make_table(["10.0"] * 5, ["10.0"] * 5))
    assert finding.primary is not None
    assert finding.primary.p_value == 1
    assert "welch" not in {test.method for test in finding.tests}
    assert finding.verdict.detectable is None


def test_the_order_of_the_rows_changes_nothing(committee: PublishedTable) -> None:
    from dataclasses import replace

    turned = replace(committee, rows=committee.rows[::-1], averages=committee.averages[::-1])
    one = ss.PublishedOnly(margin=0.02).run(committee)
    two = ss.PublishedOnly(margin=0.02).run(turned)
    assert [check.text for check in one.checks] == [check.text for check in two.checks]
    assert two.verdict.influential is not None
    assert two.verdict.influential.retailer.retailer == "hokuriku"


def test_swapped_groups_turn_the_question_around(committee: PublishedTable) -> None:
    turned = ss.PublishedOnly(groups=("entrant", "incumbent")).run(committee)
    assert turned.primary is not None
    # the mirrored one-sided test of the oracle: 1 - .69124 + mass of ties at the observed value
    assert turned.primary.p_value == pytest.approx(0.31222, abs=0.00001)
    assert turned.verdict.estimate == pytest.approx(-0.0104)
