"""What a statistician asks of every sentence: which hypothesis, units and kind of interval.

The rules are walked over the rendered words of all studies, of made-up counts with and without an
effect and of the committee's table, in both languages.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

import switchstats as ss
from switchstats.labels import Language, Text, catalogue
from switchstats.report.display import identified_tables, tables_of_tests
from switchstats.report.document import Points
from switchstats.report.finding import finding_document
from switchstats.simulate import World, simulate_counts
from switchstats.values import Finding, cells_of

LANGUAGES: tuple[Language, ...] = ("ja", "en")
# a p-value told in a sentence: "p for a lower rate = 0.04", "p=0.04", "0.008 is the p-value"
TOLD_P = re.compile(
    r"\bp\b[^.;]*= ?[0-9]|[0-9] is the p-value|p-values?[^.]* (is|within) "
    r"|p=[0-9]|p値[^。]*は[0-9]|p値.*識別区間"
)
HYPOTHESIS = {
    "en": re.compile(r"for no difference|for a (lower|higher) |for fewer errors|adjusted for"),
    "ja": re.compile(r"差がないとする|低いとする|高いとする|少なかったとする|考慮した"),
}
UNITS = {"en": re.compile(r"retailers|incumbents|entrants"), "ja": re.compile(r"社|事業者")}
CONFIDENCE = {"en": "confidence", "ja": "信頼区間"}
DENIED = {"en": "not confidence intervals", "ja": "信頼区間ではない"}


def _parts(finding: Finding) -> Iterator[Finding]:
    yield finding
    for part in finding.parts:
        yield from _parts(part)


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    table = ss.load_published("egc-083")
    found: list[Finding] = [
        ss.PublishedOnly().run(table),
        ss.PublishedOnly(margin=0.02).run(table),
        ss.PublishedOnly(margin=0.05).run(table),
        ss.BeforeAfter().run(table),
    ]
    strata = ("area", "losing", "losing_group", "reason")
    for effect, margin in ((0, None), (8, 0.02)):
        counts = simulate_counts(World(n_retailers=40, effect_pp=effect), 40_000, 1, strata=strata)
        found += _parts(ss.Dossier(margin=margin).run(counts))
    return found


def _sentences(finding: Finding) -> Iterator[Text]:
    yield from finding.sentences
    for check in finding.checks:
        yield check.text


def test_every_p_value_in_a_sentence_has_its_hypothesis_and_its_units(
    findings: list[Finding],
) -> None:
    told = 0
    for finding in findings:
        for sentence in _sentences(finding):
            for language in LANGUAGES:
                words = sentence[language]
                if TOLD_P.search(words):
                    told += 1
                    assert HYPOTHESIS[language].search(words), words
                    assert UNITS[language].search(words), words
    # the verdict of each finding tells one, in both languages
    assert told >= 2 * len(findings)


def test_every_test_in_a_table_has_its_estimand_and_can_be_told_from_the_others(
    findings: list[Finding],
) -> None:
    for finding in findings:
        for table in tables_of_tests(finding):
            for language in LANGUAGES:
                keys = catalogue()
                names = {keys[f"estimand.{test.estimand}"][language] for test in finding.tests}
                assert any(name in table.title[language] for name in names)
                # role, method, period, alternative
                rows = Counter(tuple(cell[language] for cell in row[1:4]) for row in table.rows)
                assert not [row for row, n in rows.items() if n > 1], finding.study


def test_an_identified_interval_is_never_called_a_confidence_interval(
    findings: list[Finding],
) -> None:
    identified = [each for finding in findings for each in finding.identified]
    assert identified
    for each in identified:
        for language in LANGUAGES:
            assert CONFIDENCE[language] not in each.words[language]
            assert CONFIDENCE[language] not in each.quantity[language]
    for finding in findings:
        for table in identified_tables(finding):
            assert table.header[-1] == Text("識別区間", "Identified interval")
            assert any("not a confidence interval" in note.en for note in table.notes)
    for key, entry in catalogue().items():
        for language in LANGUAGES:
            words = entry[language]
            if ("識別区間" in words or "dentified interval" in words) and "信頼区間" in words:
                assert re.search("信頼区間ではな", words), key
            if "dentified interval" in words and "confidence" in words:
                assert re.search("not (a )?confidence interval|no confidence", words), key


def test_what_requests_as_units_say_is_labelled_naive(findings: list[Finding]) -> None:
    naive = [
        (finding, test)
        for finding in findings
        for test in finding.tests
        if test.units != "retailers"
    ]
    assert naive
    for finding, test in naive:
        assert test.cautions
        assert "(naive)" in cells_of(test, finding.rates, "en")[0]
        assert "参考" in cells_of(test, finding.rates, "ja")[0]
        # the number of units says that they are requests
        assert "requests" in cells_of(test, finding.rates, "en")[-1]
        said = [
            item.en
            for block in finding_document(finding).blocks
            if isinstance(block, Points)
            for item in block.items
        ]
        assert any(test.cautions[0].message.en in words for words in said)


def test_the_range_of_a_p_value_is_the_same_in_a_table_and_in_a_sentence() -> None:
    finding = ss.PublishedOnly().run(ss.load_published("egc-083"))
    ranges = {
        (each.method, each.period): each.words
        for each in finding.identified
        if each.unit == "p_value"
    }
    assert len(ranges) == 9  # three tests in three periods
    for test in finding.tests:
        shown = ranges.get((test.method, test.period))
        if shown is None or test.baseline or test.alternative != "two-sided":
            continue
        for language in LANGUAGES:
            assert cells_of(test, finding.rates, language)[-2] == shown[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_only_not_shown_is_never_told_as_absent(language: Language) -> None:
    """The words of every check that passes because a p-value is large take no absence from it."""
    disclaimer = {"en": "This is not a finding ", "ja": "ことを示すものではない。"}[language]
    for name in ("trend_flat", "placebo_flat", "at_home_after_alike", "all_errors_agrees"):
        assert catalogue()[f"check.{name}"][language].count(disclaimer) == 1, name
    for key, entry in catalogue().items():
        section, _, name = key.partition(".")
        if section == "verdict" and "inconclusive" in name:
            tail = {"en": "This is not a finding ", "ja": "示すものでは"}[language]
            ja_without = "示すものでもない"
            assert tail in entry[language] or ja_without in entry[language], key


def test_every_table_of_tests_says_what_is_subtracted_from_what(findings: list[Finding]) -> None:
    for finding in findings:
        for table in tables_of_tests(finding):
            assert "incumbents minus entrants" in table.notes[0].en
            assert "みなし小売電気事業者－新電力" in table.notes[0].ja
