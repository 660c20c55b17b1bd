"""Digits of an end of a proved range, rounded outward so that they stay true."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

__all__ = ["ceiling_digits", "floor_digits"]

# Digits beyond the shown ones. An end that lies on a shown digit comes as the double beside it,
# rounded outward: it is put back before the digits are.
_KEPT = 9
_ALL_DIGITS = Context(prec=400)  # of the largest double, and what is kept


def floor_digits(end: float, places: int) -> Decimal:
    """Return a low end with so many decimals, none greater than the end.

    Examples
    --------
    >>> str(floor_digits(29.949999999999996, 2)), str(floor_digits(29.949, 2))
    ('29.95', '29.94')
    """
    return _rounded(end, places, ROUND_FLOOR)


def ceiling_digits(end: float, places: int) -> Decimal:
    """Return a high end with so many decimals, none less than the end.

    Examples
    --------
    >>> str(ceiling_digits(20.050000000000004, 2)), str(ceiling_digits(20.051, 2))
    ('20.05', '20.06')
    """
    return _rounded(end, places, ROUND_CEILING)


def _rounded(end: float, places: int, rounding: str) -> Decimal:
    plain = Decimal(end).quantize(Decimal(1).scaleb(-places - _KEPT), ROUND_HALF_EVEN, _ALL_DIGITS)
    return plain.quantize(Decimal(1).scaleb(-places), rounding, _ALL_DIGITS)
