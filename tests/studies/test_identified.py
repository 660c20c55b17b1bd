"""What the study of a printed table says is identified, and what it does with an impossible one."""

from dataclasses import replace

import pytest

import switchstats as ss
from switchstats.values import Finding, Outcome, PrintedRate, PublishedTable

PRINTED_DIGITS = 6e-5
LOW = ["10.0", "10.4", "10.9", "11.3", "11.8", "12.1", "12.6", "13.0"]
HIGH = ["18.0", "18.4", "18.9", "19.3", "19.8", "20.1", "20.6", "21.0"]


@pytest.fixture(scope="module")
def finding(committee: PublishedTable) -> Finding:
    return ss.PublishedOnly(margin=0.02).run(committee)


def _only(finding: Finding, name: str, group: str | None):
    found = [q for q in finding.identified if (q.name, q.group, q.retailer) == (name, group, None)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("group", "low", "high"), [("incumbent", 0.0278, 0.2290), ("entrant", 0.0526, 0.1053)]
)
def test_shares_of_the_later_period(finding: Finding, group: str, low, high) -> None:
    # linear programmes over all rows and averages, solved with other software
    share = _only(finding, "share_of_period", group)
    assert share.interval.kind == "identified"
    assert share.interval.low == pytest.approx(low, abs=PRINTED_DIGITS)
    assert share.interval.high == pytest.approx(high, abs=PRINTED_DIGITS)
    # January and February are 59 of 334 days
    assert share.reference == pytest.approx(59 / 334)


def test_changes_at_fixed_mix_and_their_difference(finding: Finding) -> None:
    for mix in ("before", "after"):
        first, second = (
            _only(finding, f"fixed_mix_change_{mix}", group).interval
            for group in ("incumbent", "entrant")
        )
        gap = _only(finding, f"fixed_mix_difference_{mix}", None).interval
        # the groups' volumes are not tied, so that every pair of changes is possible
        assert gap.low == pytest.approx(first.low - second.high)
        assert gap.high == pytest.approx(first.high - second.low)
    assert "fixed_mix_change" not in {item.name for item in finding.not_answerable}


def test_a_table_of_one_period_refuses_the_change(make_table) -> None:
    finding = ss.PublishedOnly().run(make_table(LOW, HIGH))
    assert "fixed_mix_change" in {item.name for item in finding.not_answerable}
    assert {q.name for q in finding.identified} == {"p_value"}


def test_ranges_of_tests_are_those_over_rounding(finding: Finding) -> None:
    ranges = [q for q in finding.identified if q.name == "p_value"]
    assert len(ranges) == 9
    for each in ranges:
        (test,) = (
            test
            for test in finding.tests
            if (test.method, test.period, test.alternative, test.baseline)
            == (each.method, each.period, "two-sided", None)
        )
        assert (each.interval.low, each.interval.high) == (
            test.p_rounding.low,
            test.p_rounding.high,
        )


def test_the_naive_threshold_at_its_best_case(finding: Finding) -> None:
    # Printed gap 18.5 v 18.0: widest 18.55 v 17.95 = 0.6 points. z = 0.006 sqrt(N v (1 - v) /
    # (p (1 - p))); the best share v is near one half, where p = .1825: N = 1.96^2 p (1 - p) 4 /
    # .006^2 = 63,682, and slightly less at the best share.
    best = next(q for q in finding.identified if q.name == "naive_threshold").interval
    assert 63_600 < best.low <= 63_682
    assert best.high is None


def test_the_verdict_says_what_is_identified(finding: Finding) -> None:
    assert "2.7 to 23.0 %" in finding.paragraph("en")
    assert "not confidence intervals" in finding.paragraph("en")
    assert "2.7～23.0％" in finding.paragraph("ja")
    assert "信頼区間ではない" in finding.paragraph("ja")


def test_an_impossible_table_shows_its_tests_and_concludes_nothing(make_table) -> None:
    # a clear advantage, but an average that lies outside all rates of its group
    finding = ss.PublishedOnly(margin=0.02).run(make_table(LOW, HIGH, ("15.5", "19.5")))
    check = finding.checks[0]
    assert (check.name, check.passed, check.undoes) == ("arithmetic", False, ("advantage",))
    assert "15.5" in check.text.en
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert finding.tests
    assert finding.identified == ()
    for language, words in (("en", "nothing is concluded"), ("ja", "何も結論できない")):
        assert words in finding.paragraph(language)
        assert "15.5" in finding.paragraph(language)


def test_an_impossible_table_shows_no_disadvantage_either(make_table) -> None:
    assert ss.PublishedOnly().run(make_table(HIGH, LOW, ("19.5", "11.5"))).verdict.disadvantage
    finding = ss.PublishedOnly().run(make_table(HIGH, LOW, ("19.5", "15.5")))
    assert not finding.verdict.disadvantage


def test_the_committees_table_is_possible(finding: Finding) -> None:
    assert finding.checks[0].passed is True


def test_a_wrong_digit_elsewhere_is_named(committee: PublishedTable) -> None:
    averages = list(committee.averages)
    cells = (PrintedRate("28.5"), *averages[0].cells[1:])
    averages[0] = replace(averages[0], cells=cells)
    finding = ss.PublishedOnly().run(replace(committee, averages=tuple(averages)))
    assert finding.checks[0].passed is False
    assert "28.5" in finding.verdict.reasons[0].en
