"""Every value that a user can hold shows itself in Jupyter, in the language that is set."""

import importlib
import re
from dataclasses import fields, is_dataclass, replace

import pytest

import switchstats as ss
from switchstats.errors import SwitchstatsError
from switchstats.labels import LANGUAGE_VARIABLE, Text, catalogue, text
from switchstats.periods import Period
from switchstats.values import (
    Account,
    Interval,
    PrintedRate,
    Quarantine,
    RateDifference,
    Rejected,
    Retailer,
    RetailerRate,
    TestResult,
)
from switchstats.values.shown import Shown

ROOMS = ("values", "rates", "inference", "bounds", "runs")
# what a call did, and what it was asked
NOT_SHOWN = ("StudyFile", "StudyRun", "Known")
# of rooms below, with words of their own
BELOW = (Period, Text)


def value_types() -> list[type]:
    rooms = (importlib.import_module(f"switchstats.{room}") for room in ROOMS)
    named = (getattr(room, name) for room in rooms for name in room.__all__)
    return [
        each
        for each in named
        if isinstance(each, type)
        and is_dataclass(each)
        and each not in BELOW
        and not issubclass(each, SwitchstatsError)
        and each.__name__ not in NOT_SHOWN
    ]


@pytest.mark.parametrize("kind", value_types(), ids=lambda kind: kind.__name__)
def test_every_value_type_has_a_display_and_words_for_its_fields(kind: type) -> None:
    assert hasattr(kind, "_repr_html_")
    if issubclass(kind, Shown):
        names = {field.name for field in fields(kind) if not field.name.startswith("_")}
        assert {f"field.{name}" for name in names - {"language"}} <= set(catalogue())


def test_the_set_language_decides_unless_a_value_has_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = ss.load_published("egc-083")
    finding = ss.PublishedOnly().run(table)
    fixed = ss.PublishedOnly(language="en").run(table)
    assert "Possible" not in finding._repr_html_()
    assert "Inconclusive" in finding._repr_html_()
    monkeypatch.setenv(LANGUAGE_VARIABLE, "ja")
    assert "判断できない" in finding._repr_html_()
    assert "判断できない" in repr(finding)
    assert "Inconclusive" in fixed._repr_html_()
    assert "北海道電力" in table._repr_html_()
    assert "判断できない" in finding.verdict._repr_html_()
    assert not re.search(r"[a-z]{5}", text_of(finding.verdict._repr_html_()))


def test_numbers_have_the_unit_that_their_field_says() -> None:
    """Units by hand: 0.1797 is 17.97 %, −0.0104 is −1.04 points."""
    retailer = Retailer("a", Text("甲", "First"), "incumbent")
    result = TestResult(
        method="welch",
        estimand="equal_difference",
        weighting="equal",
        estimate=-0.0104,
        null=0.0,
        alternative="less",
        p_value=0.0004,
        interval=Interval(None, 0.02, "confidence", 0.95),
        n_units=1234,
        n_by_group=(617, 617),
        n_effective=20.0,
        quantities={"tau": 0.03},
    )
    shown = text_of(result._repr_html_())
    assert "Estimate (points) −1.04" in shown
    assert "+2.00 or less (95 % confidence)" in shown
    assert "p-value 0.0004" in shown
    assert "Retailers 1,234" in shown
    assert "each retailer once" in shown
    ratio = text_of(replace(result, scale="odds_ratio", estimate=0.81, interval=None)._repr_html_())
    assert "Estimate 0.81" in ratio
    rate = RetailerRate(retailer, _any(), 0.1797, None, PrintedRate("18.0"))
    assert "17.97 %" in text_of(rate._repr_html_())
    assert "18.0 %" in text_of(rate._repr_html_())
    gap = RateDifference("incumbent", "entrant", _any(), "equal", -0.0104, None)
    assert "−1.04" in text_of(gap._repr_html_())
    assert "incumbents" in text_of(gap._repr_html_())


def test_names_are_escaped_and_long_lists_are_cut() -> None:
    retailer = Retailer("a", Text("<b>甲</b>", "<b>First</b>"), "incumbent")
    assert "&lt;b&gt;First" in retailer._repr_html_()
    rates = ss.PublishedOnly().run(ss.load_published("egc-083")).rates
    assert "20 more" in text_of(rates._repr_html_())  # 20 retailers by 3 periods, 40 shown


def test_an_account_and_an_audit_show_what_they_know() -> None:
    account = Account(read=10, counted=7, excluded={"settling": 2}, quarantined=1)
    assert "settling: 2" in text_of(account._repr_html_())
    audit = ss.bounds.audit(ss.load_published("egc-083"))
    assert text("audit.consistent", rounding=text("audit.half_up")).en in text_of(
        audit._repr_html_()
    )
    assert repr(audit) == "Audit of 'egc-083': possible (rounding: half_up)"
    summary = ss.bounds.summarise_audit(audit)._repr_html_()
    assert text("audit.not_confidence").en in text_of(summary)


def test_tables_of_rows_are_in_the_set_language_and_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    from switchstats.simulate import simulate_counts, trap_worlds

    counts = simulate_counts(trap_worlds()["none"], 3_000, 1, strata=("area", "losing"))
    rows = len(counts.frame)
    assert rows > 40
    assert f"{rows - 40:,} more" in text_of(counts._repr_html_())
    rejected = Quarantine.of(
        [Rejected("negative", "a.csv", line=3, note=Text("負の数", "below 0"))]
    )
    assert "below 0" in rejected._repr_html_()
    monkeypatch.setenv(LANGUAGE_VARIABLE, "ja")
    assert "負の数" in rejected._repr_html_()
    assert "below 0" not in rejected._repr_html_()
    assert "現小売" in counts._repr_html_()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _any() -> Period:
    return ss.load_published("egc-083").periods[0].period


def test_counts_by_reason_show_requests_once_and_periods_in_words() -> None:
    from datetime import date

    import pandas as pd

    from switchstats.values import Counts

    month = {"period_start": date(2023, 1, 1), "period_end": date(2023, 2, 1)}
    rows = [
        {"retailer": "a", **month, "reason": "name", "requests": 4321, "errors": 2},
        {"retailer": "a", **month, "reason": "address", "requests": 4321, "errors": 1},
    ]
    owner = Retailer("a", Text("甲", "A"), "incumbent", "01")
    shown = text_of(Counts.of(pd.DataFrame(rows), [owner])._repr_html_())
    assert "00:00" not in shown
    assert "Why not" not in shown
    assert shown.count("4321") == 1
    assert "2023" in shown
