"""Printed with fewer digits a cell stands for all that it stood for: nothing becomes narrower."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchstats.bounds.coarser import coarser_forms
from switchstats.values import PrintedRate, RateUnit, RoundingRule

# printed rates of up to four decimals, in each unit
RATES = st.builds(
    lambda thousandths, decimals, unit: PrintedRate(
        f"{thousandths / 10**decimals:.{decimals}f}", unit
    ),
    st.integers(0, 9999),
    st.integers(2, 4),
    st.sampled_from(("pct", "permille")),
)


@given(RATES, st.sampled_from(get_args(RoundingRule)))
def test_every_form_holds_the_one_before(rate: PrintedRate, rule: RoundingRule) -> None:
    forms = coarser_forms(rate, rule)
    assert forms[-1] is None
    finer = rate
    for form in forms[:-1]:
        assert form is not None
        assert form.decimals < finer.decimals
        (low, high), (inner_low, inner_high) = form.bounds(rule), finer.bounds(rule)
        assert low <= inner_low
        assert inner_high <= high
        finer = form


@pytest.mark.parametrize(
    ("text", "rule", "forms"),
    [
        # by hand: 18.45 to 18.55 rounds to 18 or 19, so that neither is offered
        ("18.5", "half_up", [None]),
        ("18.5", "half_even", [None]),
        # cut off, 18.5 to 18.6 is 18 in any case
        ("18.5", "truncation", ["18", None]),
        # 18.46 rounds to 18.5, of which 18 does not stand for all
        ("18.46", "half_up", ["18.5", None]),
        ("99.9", "half_up", ["100", None]),
        ("0.0", "half_up", ["0", None]),
        # rounded or cut off, 18.2 is 18; 18.7 is 19 or 18
        ("18.2", "unknown", ["18", None]),
        ("18.7", "unknown", [None]),
        ("18", "half_up", [None]),
    ],
)
def test_forms_by_hand(text: str, rule: RoundingRule, forms: list) -> None:
    found = coarser_forms(PrintedRate(text), rule)
    assert [None if form is None else form.text for form in found] == forms


@pytest.mark.parametrize("unit", get_args(RateUnit))
def test_the_unit_stays(unit: RateUnit) -> None:
    assert coarser_forms(PrintedRate("0.12", unit), "half_up")[0] == PrintedRate("0.1", unit)
