"""Ends of proved ranges keep the digit that they lie on, and go outward from between two."""

import math
from decimal import Decimal

import pytest

from switchstats.values.outward import ceiling_digits, floor_digits


@pytest.mark.parametrize("digits", ["0.05", "29.95", "0.171", "-0.171", "1234.5", "0", "450"])
def test_the_double_beside_a_digit_is_that_digit(digits: str) -> None:
    # an end is proved as a fraction and comes as the next double outward
    places, number = max(-Decimal(digits).as_tuple().exponent, 0), float(digits)
    assert floor_digits(math.nextafter(number, -math.inf), places) == Decimal(digits)
    assert ceiling_digits(math.nextafter(number, math.inf), places) == Decimal(digits)


def test_between_two_digits_it_goes_outward() -> None:
    assert (floor_digits(-0.0185, 3), ceiling_digits(-0.0185, 3)) == (
        Decimal("-0.019"),
        Decimal("-0.018"),
    )
    assert (floor_digits(0.27001, 2), ceiling_digits(0.27001, 2)) == (
        Decimal("0.27"),
        Decimal("0.28"),
    )


def test_no_number_is_too_large() -> None:
    assert float(ceiling_digits(1e300, 0)) == 1e300
