"""What could undo the primary test on a printed table, tried one by one."""

from dataclasses import replace

from switchstats.errors import NotAnswerableError
from switchstats.inference import rank_sum
from switchstats.labels import Text, joined, signed_points, text
from switchstats.periods import Period
from switchstats.rates import difference, influence
from switchstats.studies.decide import Conclusion
from switchstats.studies.left_out import left_out
from switchstats.studies.published_only.comparison import Comparison
from switchstats.studies.published_only.secondary import other_periods
from switchstats.studies.second_opinion import ranks_check
from switchstats.values import Check, PublishedTable

__all__ = ["published_checks"]

# A conclusion hangs on an influential retailer if on any; trying all of 700 would take minutes.
_MOST_LEFT_OUT = 40
_DRAWS_LEFT_OUT = 19_999


def published_checks(
    table: PublishedTable, comparison: Comparison, held: Conclusion
) -> tuple[Check, ...]:
    """Return the checks, each tried on the data.

    Rounding undoes every claim that does not hold for all rates with the same printed digits.
    Leaving one retailer out undoes every claim that hangs on a single retailer; of more than 40
    retailers the 40 most influential are tried. The other checks inform.

    Parameters
    ----------
    table
        The printed table.
    comparison
        The primary comparison.
    held
        What its bounds say.
    """
    return (
        _rounding(comparison, held),
        _leave_one_out(table, comparison, held),
        _ranks(comparison, held),
        _weighting(table, comparison),
        _periods(table, comparison, held),
    )


def _rounding(comparison: Comparison, held: Conclusion) -> Check:
    low, high = (corner.conclude() for corner in comparison.corners())
    passed = low.claims == held.claims == high.claims
    fields = {
        "lower_from": _bound(low.lower),
        "lower_to": _bound(high.lower),
        "upper_from": _bound(low.upper),
        "upper_to": _bound(high.upper),
    }
    key = "check.rounding_holds" if passed else "check.rounding_changes"
    undone = held.claims - (low.claims & high.claims)
    return Check("rounding", passed, text(key, **fields), tuple(sorted(undone)))


def _leave_one_out(table: PublishedTable, comparison: Comparison, held: Conclusion) -> Check:
    ranked = sorted(
        enumerate(influence(table, groups=comparison.groups, period=comparison.period)),
        key=lambda item: -abs(item[1].shift),
    )[:_MOST_LEFT_OUT]
    n_draws = min(comparison.n_draws, _DRAWS_LEFT_OUT)
    smaller = [replace(comparison.without(place), n_draws=n_draws) for place, _ in ranked]
    if any(fewer.obstacle is not None for fewer in smaller):
        unknown = text("check.leave_one_out_unknown")
        return left_out(unknown, passed=None, undoes=tuple(sorted(held.claims)))
    conclusions = [fewer.conclude() for fewer in smaller]
    changed = [
        item.retailer.name
        for (_, item), conclusion in zip(ranked, conclusions, strict=True)
        if conclusion.claims != held.claims
    ]
    key = "check.tried_all" if len(ranked) == comparison.n_units else "check.tried_most_influential"
    tried = text(key, n=len(ranked))
    if not changed:
        found = text("check.leave_one_out_holds", tried=tried)
        return left_out(found, passed=True)
    stands = held.claims.intersection(*(conclusion.claims for conclusion in conclusions))
    found = text("check.leave_one_out_changes", tried=tried, retailers=joined(changed))
    undone = tuple(sorted(held.claims - stands))
    return left_out(found, passed=False, undoes=undone)


def _ranks(comparison: Comparison, held: Conclusion) -> Check:
    result = rank_sum(
        comparison.first,
        comparison.second,
        alternative="less",
        level=comparison.level,
        rounding=comparison.rounding,
    )
    return ranks_check(result, held, comparison.level)


def _weighting(table: PublishedTable, comparison: Comparison) -> Check:
    """Say whether both weightings point the same way, in the primary period and in the others."""
    whole = _both_weightings(table, comparison.period, comparison.groups)
    if whole is None:
        return Check("weighting", None, text("check.weighting_unknown"))
    same, fields = whole
    words = [text(f"check.weighting_{'agrees' if same else 'disagrees'}", **fields)]
    for column in table.periods:
        other = _both_weightings(table, column.period, comparison.groups)
        if column.period != comparison.period and other is not None and not other[0]:
            words.append(text("check.weighting_turns", period=column.label, **other[1]))
    passed = same and len(words) == 1
    ja, en = ("".join(each.ja for each in words), " ".join(each.en for each in words))
    return Check("weighting", passed, Text(ja, en))


def _both_weightings(
    table: PublishedTable, period: Period, groups: tuple[str, str]
) -> tuple[bool, dict[str, str]] | None:
    """Return whether the differences with either weighting have one sign, and both in words."""
    try:
        equal = difference(table, period, "equal", groups).estimate
        gap = difference(table, period, "requests", groups)
    except NotAnswerableError:
        return None
    weighted, decimals = gap.estimate, 2 if gap.interval is None else gap.interval.decimals(2)
    fields = {"equal": signed_points(equal), "weighted": signed_points(weighted, decimals)}
    return (equal < 0) == (weighted < 0), fields


def _periods(table: PublishedTable, comparison: Comparison, held: Conclusion) -> Check:
    others = other_periods(table, comparison)
    if not others:
        return Check("periods", None, text("check.periods_unknown"))
    changed = [
        table.periods[table.column(other.period)].label
        for other in others
        if other.printed().conclude().claims != held.claims
    ]
    if not changed:
        return Check("periods", passed=True, text=text("check.periods_agree"))
    found = text("check.periods_differ", periods=joined(changed))
    return Check("periods", passed=False, text=found)


def _bound(value: float | None) -> Text:
    return text("check.unbounded") if value is None else Text(*[signed_points(value)] * 2)
