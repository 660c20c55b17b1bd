"""Numbers as a reader of a slide expects them: percent and percentage points, a real minus."""

__all__ = ["confidence", "p_value", "percent", "points", "signed_points"]

_MINUS = "\N{MINUS SIGN}"
_SMALL_P = 0.001


def percent(rate: float, decimals: int = 1) -> str:
    """Return a rate in percent, without the mark.

    Examples
    --------
    >>> percent(0.1797)
    '18.0'
    """
    return f"{100 * rate:.{decimals}f}"


def points(difference: float, decimals: int = 2) -> str:
    """Return the size of a difference of rates in percentage points, without sign.

    Examples
    --------
    >>> points(-0.0104)
    '1.04'
    """
    return f"{abs(100 * difference):.{decimals}f}"


def signed_points(difference: float, decimals: int = 2) -> str:
    """Return a difference of rates in percentage points, with its sign.

    Examples
    --------
    >>> signed_points(0.0104), signed_points(-0.0104), signed_points(0.00001)
    ('+1.04', '−1.04', '0.00')
    """
    size = points(difference, decimals)
    if float(size) == 0:
        return size
    return ("+" if difference > 0 else _MINUS) + size


def p_value(p: float) -> str:
    """Return a p-value to three decimals, or to two digits when it is small.

    Examples
    --------
    >>> p_value(0.62443), p_value(0.00042), p_value(0.9999)
    ('0.624', '0.00042', '1.000')
    """
    return f"{p:.3f}" if p >= _SMALL_P else f"{p:.2g}"


def confidence(level: float) -> str:
    """Return a level of confidence in percent, without the mark, with the decimals that it needs.

    Examples
    --------
    >>> confidence(0.95), confidence(0.975), confidence(1 - 0.05 / 12)
    ('95', '97.5', '99.58')
    """
    return f"{100 * level:.2f}".rstrip("0").rstrip(".")
