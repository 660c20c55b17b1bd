"""A named quantity that data pin down only to a range, without sampling error."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from switchstats.errors import UsageError
from switchstats.labels import Text, group_name, joined, p_value, percent, signed_points, text
from switchstats.periods import Period
from switchstats.values.interval import Interval
from switchstats.values.outward import ceiling_digits, floor_digits
from switchstats.values.retailer import Retailer
from switchstats.values.shown import Shown

__all__ = ["IdentifiedQuantity", "IdentifiedUnit", "identified_sentences"]

IdentifiedUnit = Literal["share", "difference", "p_value", "requests"]

# decimals of the fraction that the words show
_PLACES = {"share": 3, "difference": 4, "p_value": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedQuantity(Shown):
    """What the printed digits say about one quantity: every value that they allow.

    It is not a confidence interval: no more data of the same kind would make it narrower, only
    finer digits or volumes would.

    Parameters
    ----------
    name
        Short name, as used in files: ``"share_of_group"``, ``"share_of_period"``,
        ``"fixed_mix_change_before"``, ``"fixed_mix_change_after"``, the same with ``difference``,
        ``"p_value"`` or ``"naive_threshold"``.
    quantity
        The same in words.
    unit
        ``"share"``: a fraction of requests; ``"difference"``: of rates, a fraction;
        ``"p_value"``; ``"requests"``: a whole number.
    interval
        Proved: nothing possible lies outside. An end is ``None`` where there is no limit.
    attained
        Values that are reached, inside `interval`; ``None`` where none is known.
    group, retailer
        Whose, where it is one group's or one retailer's.
    method
        Name of the test, for a p-value or a threshold.
    estimand
        Catalogue key below ``estimand.`` of what the test of a p-value is about.
    period, baseline
        When; `baseline` is the earlier period of a change.
    reference
        What the quantity would be if requests were spread evenly over the days, for a share of a
        period.

    Raises
    ------
    UsageError
        When the unit is unknown or an interval is not an identified one.

    Examples
    --------
    >>> IdentifiedQuantity(
    ...     name="share_of_period",
    ...     quantity=Text("割合", "Share"),
    ...     unit="share",
    ...     interval=Interval(0.0526, 0.1053, "identified"),
    ... ).words["en"]
    '5.2 to 10.6 %'
    """

    name: str
    quantity: Text
    unit: IdentifiedUnit
    interval: Interval
    attained: Interval | None = None
    group: str | None = None
    retailer: Retailer | None = None
    method: str | None = None
    estimand: str | None = None
    period: Period | None = None
    baseline: Period | None = None
    reference: float | None = None

    def __post_init__(self) -> None:
        if self.unit not in get_args(IdentifiedUnit):
            raise UsageError(f"unknown unit of an identified quantity: {self.unit!r}")
        for one in (self.interval, self.attained):
            if one is not None and one.kind != "identified":
                raise UsageError(f"an identified quantity has no {one.kind} interval")

    @property
    def words(self) -> Text:
        """The interval in words, its ends rounded outward so that they stay true."""
        if self.unit == "share":
            return text("display.percent", value=self.ends)
        if self.unit == "difference":
            return text("display.points", value=self.ends)
        return self.ends

    @property
    def ends(self) -> Text:
        """The same without its unit: percent of a share, points of a difference."""
        low, high = self.interval.low, self.interval.high
        if self.unit == "requests":
            least = "" if low is None else f"{low:,.0f}"
            if high is None:
                return text("bounds.requests_from", low=least)
            return text("interval.both", low=least, high=f"{high:,.0f}")
        if low is None or high is None:
            return text("interval.unbounded")
        places = _PLACES[self.unit]
        ends = (float(floor_digits(low, places)), float(ceiling_digits(high, places)))
        shown = {"share": percent, "difference": signed_points, "p_value": p_value}[self.unit]
        first, last = (shown(end) for end in ends)
        return text("interval.both", low=first, high=last)

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON; what is absent is ``None``."""
        return {
            "name": self.name,
            "quantity": self.quantity.to_dict(),
            "unit": self.unit,
            "interval": self.interval.to_dict(),
            "attained": None if self.attained is None else self.attained.to_dict(),
            "group": self.group,
            "retailer": None if self.retailer is None else self.retailer.retailer,
            "method": self.method,
            "estimand": self.estimand,
            "period": None if self.period is None else self.period.to_dict(),
            "baseline": None if self.baseline is None else self.baseline.to_dict(),
            "reference": self.reference,
        }


def identified_sentences(
    quantities: Sequence[IdentifiedQuantity],
    groups: tuple[str, str],
    label: Callable[[Period], Text],
) -> tuple[Text, ...]:
    """Return in words what is identified: shares of periods, changes, tests and their threshold.

    Of the changes, those at the mix of the earlier period; of the tests, those of one period, the
    first that has any.

    Parameters
    ----------
    quantities
        All that is identified.
    groups
        First and second group.
    label
        The printed words of a period.
    """
    names = {"first": group_name(groups[0]), "second": group_name(groups[1])}
    said: list[Text] = []
    for period in dict.fromkeys(each.period for each in quantities):
        first, second = (_of_group(quantities, "share_of_period", g, period) for g in groups)
        if period is None or first is None or second is None or first.reference is None:
            continue
        ranges = {"first_range": first.words, "second_range": second.words}
        days = percent(first.reference)
        fields = {**names, **ranges, "days": days, "period": label(period)}
        said.append(text("study.identified_shares", **fields))
    gap = next((each for each in quantities if each.name == "fixed_mix_difference_before"), None)
    if gap is not None and gap.baseline is not None:
        first, second = (
            _of_group(quantities, "fixed_mix_change_before", group, gap.period) for group in groups
        )
        if first is not None and second is not None:
            ranges = {"first_range": first.words, "second_range": second.words}
            fields = {**names, **ranges, "gap_range": gap.words, "mix": label(gap.baseline)}
            said.append(text("study.identified_change", **fields))
    return (*said, *_test_sentences(quantities, names, label))


def _test_sentences(
    quantities: Sequence[IdentifiedQuantity],
    names: Mapping[str, Text],
    label: Callable[[Period], Text],
) -> tuple[Text, ...]:
    """Return the ranges of p-values in words, and from how many requests the naive test speaks."""
    tests = [each for each in quantities if each.name == "p_value" and each.method is not None]
    period = next((each.period for each in tests), None)
    if period is None:
        return ()
    ranges = joined(
        text(
            "study.identified_p",
            method=text(f"method.{each.method}"),
            estimand=text(f"estimand_short.{each.estimand}"),
            range=each.words,
        )
        for each in tests
        if each.period == period
    )
    said = [text("study.identified_tests", **names, period=label(period), ranges=ranges)]
    for each in quantities:
        low, high = each.interval.low, each.interval.high
        if (each.name, each.period) == ("naive_threshold", period) and low is not None:
            fields = {"period": label(period), "low": f"{low:,.0f}"}
            if high is None:
                said.append(text("study.identified_easiest", **fields))
            else:
                said.append(text("study.identified_threshold", **fields, high=f"{high:,.0f}"))
    return tuple(said)


def _of_group(
    quantities: Sequence[IdentifiedQuantity], name: str, group: str, period: Period | None
) -> IdentifiedQuantity | None:
    wanted = (name, group, None, period)
    for each in quantities:
        if (each.name, each.group, each.retailer, each.period) == wanted:
            return each
    return None
