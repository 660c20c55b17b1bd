"""Printed rates: text with an interval of numbers behind it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchstats.errors import UsageError
from switchstats.values import PrintedRate


# By hand: half a last digit either way, cut to [0, 1].
@pytest.mark.parametrize(
    ("text", "unit", "rule", "low", "high"),
    [
        ("18.0", "pct", "half_up", "0.1795", "0.1805"),
        ("18", "pct", "half_up", "0.175", "0.185"),
        ("18.0", "pct", "half_even", "0.1795", "0.1805"),
        ("18.0", "pct", "truncation", "0.18", "0.181"),
        ("18.0", "pct", "unknown", "0.1795", "0.181"),
        ("0.0", "pct", "half_up", "0", "0.0005"),
        ("100.0", "pct", "half_up", "0.9995", "1"),
        ("5.2", "permille", "half_up", "0.00515", "0.00525"),
        ("0.18", "fraction", "half_up", "0.175", "0.185"),
    ],
)
def test_bounds_are_exact(text: str, unit: str, rule: str, low: str, high: str) -> None:
    bounds = PrintedRate(text, unit).bounds(rule)  # type: ignore[arg-type]
    assert bounds == (Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    "text", ["", "-1.0", "１８.０", "18.0%", "18.", ".5", "1e2", "18,0", "nan"]
)
def test_anything_but_plain_digits_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a printed rate"):
        PrintedRate(text)


@pytest.mark.parametrize(
    ("text", "unit"), [("100.1", "pct"), ("1001", "permille"), ("1.01", "fraction")]
)
def test_a_rate_above_one_is_refused(text: str, unit: str) -> None:
    with pytest.raises(UsageError, match="a rate above"):
        PrintedRate(text, unit)  # type: ignore[arg-type]


@given(errors=st.integers(0, 500), more=st.integers(0, 500), decimals=st.integers(0, 3))
def test_a_rounded_rate_holds_the_rate_it_was_rounded_from(
    errors: int, more: int, decimals: int
) -> None:
    exact = Fraction(errors, errors + more or 1)
    scaled = exact * 100 * 10**decimals
    half_up = int(scaled + Fraction(1, 2))
    down = int(scaled)
    for digits, rule in (
        (half_up, "half_up"),
        (down, "truncation"),
        (half_up, "unknown"),
        (down, "unknown"),
    ):
        text = f"{digits // 10**decimals}" + (
            f".{digits % 10**decimals:0{decimals}d}" if decimals else ""
        )
        low, high = PrintedRate(text).bounds(rule)  # type: ignore[arg-type]
        assert low <= exact <= high
