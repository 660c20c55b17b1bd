"""Two groups of retailers' rates, read from what the user has and checked once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias, cast, get_args

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import Data, read_two_groups
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import PrintedRate, RoundingRule

__all__ = ["SAME", "Floats", "Group", "Rates", "Samples", "read_rates", "read_samples"]

Floats: TypeAlias = NDArray[np.float64]
Rates: TypeAlias = Iterable[float] | Iterable[PrintedRate]

_TWO = 2

# Numbers closer than this share of the largest are the same number: doubles carry 1e-16 of it,
# sums of hundreds of them lose some 1e-14, and no printed rate has twelve digits.
SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The rates of one group: as given, and the least and greatest that print the same."""

    value: Floats
    low: Floats
    high: Floats

    @property
    def n(self) -> int:
        """Number of retailers."""
        return self.value.size

    @property
    def mean(self) -> float:
        """Mean in which every retailer counts once."""
        return float(np.mean(self.value))


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Two groups to compare.

    Parameters
    ----------
    first, second
        The groups; differences are first minus second.
    printed
        Whether any rate is a `PrintedRate`, so that rounding leaves a range of p-values.
    period
        What the counts span that the rates came from, when they say.
    notes
        What was left out.
    """

    first: Group
    second: Group
    printed: bool
    period: Period | None = None
    notes: tuple[Text, ...] = ()

    @property
    def n_by_group(self) -> tuple[int, int]:
        """Retailers in the first and in the second group."""
        return self.first.n, self.second.n

    @property
    def n_units(self) -> int:
        """Retailers in all."""
        return self.first.n + self.second.n

    @property
    def difference(self) -> float:
        """Mean of the first group minus mean of the second."""
        return self.first.mean - self.second.mean

    @property
    def difference_range(self) -> tuple[float, float]:
        """Least and greatest difference of means over the rounding intervals."""
        low = np.mean(self.first.low) - np.mean(self.second.high)
        high = np.mean(self.first.high) - np.mean(self.second.low)
        return float(low), float(high)

    def tolerance(self, null: float = 0.0) -> float:
        """Return the distance below which two numbers of this size are the same number."""
        largest = max(
            abs(null),
            *(
                float(np.max(np.abs(ends)))
                for group in (self.first, self.second)
                for ends in (group.low, group.high)
            ),
        )
        return SAME * largest


def read_samples(
    first: Rates, second: Rates, *, rounding: RoundingRule, test: str, least: int = 1
) -> Samples:
    """Return both groups as arrays with their rounding bounds.

    Parameters
    ----------
    first, second
        One rate a retailer: numbers (fractions, taken as exact) or `PrintedRate` (the printed
        number, with the bounds of `rounding`).
    rounding
        The rule under which printed digits are read.
    test
        Name of the test, for the error.
    least
        Least number of retailers that the test needs in each group.

    Raises
    ------
    UsageError
        When an item is not a finite number or a printed rate, or the rule is unknown.
    NotAnswerableError
        When a group has fewer than `least` retailers.

    Examples
    --------
    >>> rates = [PrintedRate("18.0"), PrintedRate("16.8")]
    >>> samples = read_samples(rates, [0.211], rounding="half_up", test="a test")
    >>> samples.first.value, samples.first.low, samples.printed
    (array([0.18 , 0.168]), array([0.1795, 0.1675]), True)
    """
    if rounding not in get_args(RoundingRule):
        raise UsageError(f"unknown rounding rule: {rounding!r}")
    items = {"first": _items(first, "first"), "second": _items(second, "second")}
    for name, rates in items.items():
        if len(rates) < least:
            raise NotAnswerableError(
                test,
                f"the {name} group has {len(rates)} retailer(s)",
                f"at least {least} retailer(s) in each group",
            )
    return Samples(
        _group(items["first"], "first", rounding),
        _group(items["second"], "second", rounding),
        printed=any(isinstance(item, PrintedRate) for rates in items.values() for item in rates),
    )


def read_rates(
    data: Sequence[Data | Rates],
    *,
    test: str,
    groups: tuple[str, str],
    period: Period | None,
    rounding: RoundingRule,
    least: int = 1,
) -> Samples:
    """Return one rate a retailer of both groups, from lists of rates or from requests and errors.

    Parameters
    ----------
    data
        Two lists of rates as in `read_samples`, or what `read_two_groups` reads: counts, or
        ``(e1, n1, e0, n0)``.
    test, groups, period, least
        As in `read_two_groups`.
    rounding
        As in `read_samples`.

    Raises
    ------
    UsageError, NotAnswerableError
        As these two.

    Examples
    --------
    >>> from switchstats.inference.groups import GROUPS
    >>> terms = {"test": "a test", "groups": GROUPS, "period": None, "rounding": "half_up"}
    >>> read_rates(([2, 1], [10, 10], [3], [10]), **terms).first.value
    array([0.2, 0.1])
    """
    if len(data) == _TWO:
        first, second = (cast("Rates", part) for part in data)
        return read_samples(first, second, rounding=rounding, test=test, least=least)
    two = read_two_groups(
        cast("Sequence[Data]", data), test=test, groups=groups, period=period, least=least
    )
    n, rates = two.n_by_group[0], two.rates
    first, second = (Group(part, part, part) for part in (rates[:n], rates[n:]))
    return Samples(first, second, printed=False, period=two.period, notes=two.notes)


def _items(rates: object, name: str) -> list[object]:
    if isinstance(rates, (str, bytes)) or getattr(rates, "ndim", 1) != 1:
        raise UsageError(f"the {name} group must be a plain list of rates, one a retailer")
    if not isinstance(rates, Iterable):
        raise UsageError(f"the {name} group must be a list of rates, not {type(rates).__name__}")
    return list(rates)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _group(rates: list[object], name: str, rounding: RoundingRule) -> Group:
    triples = np.array(
        [
            _triple(item, f"item {place} of the {name} group", rounding)
            for place, item in enumerate(rates, start=1)
        ]
    )
    return Group(triples[:, 0], triples[:, 1], triples[:, 2])


def _triple(item: object, where: str, rounding: RoundingRule) -> tuple[float, float, float]:
    if isinstance(item, PrintedRate):
        low, high = item.bounds(rounding)
        return item.value, float(low), float(high)
    if isinstance(item, str):
        raise UsageError(
            f"{where} is the text {item!r}: give a fraction such as 0.18, or PrintedRate('18.0')"
        )
    try:
        value = float(item)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError):
        raise UsageError(
            f"{where} is not a number: leave a retailer without a rate out of the group"
        ) from None
    if not isfinite(value):
        raise UsageError(f"{where} is {value}: leave a retailer without a rate out of the group")
    return value, value, value
