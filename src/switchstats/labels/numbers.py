"""Numbers as a reader of a slide expects them: percent and percentage points, a real minus."""

import math

__all__ = ["confidence", "p_range", "p_value", "percent", "points", "points_up", "signed_points"]

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


def p_range(low: float, high: float) -> tuple[str, str]:
    """Return the ends of a range of p-values, rounded outward so that the range stays true.

    Examples
    --------
    >>> p_range(0.5788, 0.6305), p_range(0.00042, 0.9999)
    (('0.578', '0.631'), ('0.00042', '1.000'))
    """
    least = math.floor(low * 1000) / 1000 if low >= _SMALL_P else low
    most = min(1.0, math.ceil(high * 1000) / 1000) if high >= _SMALL_P else high
    return p_value(least), p_value(most)


def points_up(size: float, decimals: int = 2) -> str:
    """Return a size in percentage points rounded up, so that what is said to exceed it does.

    Examples
    --------
    >>> points_up(0.02531), points_up(0.025)
    ('2.54', '2.50')
    """
    unit = 10**decimals
    return f"{math.ceil(round(100 * abs(size) * unit, 6)) / unit:.{decimals}f}"


def confidence(level: float) -> str:
    """Return a level of confidence in percent, without the mark, with the decimals that it needs.

    Examples
    --------
    >>> confidence(0.95), confidence(0.975), confidence(1 - 0.05 / 12)
    ('95', '97.5', '99.58')
    """
    return f"{100 * level:.2f}".rstrip("0").rstrip(".")
