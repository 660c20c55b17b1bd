"""What the printed digits pin down, and whether they can be right at all."""

from collections.abc import Sequence

from switchstats.bounds import Audit, fixed_mix_changes, naive_thresholds, shares_of_period
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.studies.decide import Conclusion
from switchstats.values import Check, IdentifiedQuantity, Interval, PublishedTable, TestResult

__all__ = ["arithmetic_check", "contradiction", "identified_quantities"]


def identified_quantities(
    found: Audit, groups: tuple[str, str], tests: Sequence[TestResult]
) -> tuple[IdentifiedQuantity, ...]:
    """Return shares of the later period, changes at a fixed mix, and the range of each test.

    Parameters
    ----------
    found
        The audit of the table; an impossible one identifies nothing.
    groups
        First and second group.
    tests
        The tests of the finding, whose p-values already carry their range over rounding.
    """
    table = found.table
    present = [group for group in groups if table.members(group)]
    if found.consistent is False:
        return ()
    parts = table.parts(table.widest_period)
    both = (groups[0], groups[1]) if len(present) == len(groups) else None
    return (
        *shares_of_period(found, parts[1:]),
        *fixed_mix_changes(found, present),
        *(each for test in tests for each in _p_range(table, test)),
        *(() if both is None else naive_thresholds(found, both)),
    )


def arithmetic_check(found: Audit, held: Conclusion) -> Check:
    """Return whether the table is possible; if not, no claim stands."""
    if found.consistent is None:
        return Check("arithmetic", None, text("study.arithmetic_unknown"))
    if found.consistent:
        return Check("arithmetic", passed=True, text=text("study.arithmetic_holds"))
    words = text("study.arithmetic_fails", conflict=_conflicts(found))
    return Check("arithmetic", passed=False, text=words, undoes=tuple(sorted(held.claims)))


def contradiction(found: Audit) -> tuple[Text, ...]:
    """Return why nothing is concluded from an impossible table; nothing for any other."""
    if found.consistent is not False:
        return ()
    return (text("study.impossible", conflict=_conflicts(found)),)


def _conflicts(found: Audit) -> Text:
    messages = [conflict.message for conflict in found.conflicts]
    return Text(
        ja="".join(message.ja for message in messages),
        en=" ".join(message.en for message in messages),
    )


def _p_range(table: PublishedTable, test: TestResult) -> tuple[IdentifiedQuantity, ...]:
    """Return the range over rounding of a test of one period; volumes have no bearing on it."""
    period, ends = test.period, test.p_rounding
    if period is None or ends is None or test.baseline is not None:
        return ()
    if test.alternative != "two-sided":
        return ()
    words = text(
        "bounds.test_p_value",
        method=text(f"method.{test.method}"),
        alternative=text(f"alternative.{test.alternative}"),
        estimand=text(f"estimand.{test.estimand}"),
        period=_label(table, period),
    )
    return (
        IdentifiedQuantity(
            name="p_value",
            quantity=words,
            unit="p_value",
            interval=Interval(ends.low, ends.high, "identified"),
            attained=_attained(test, ends),
            method=test.method,
            estimand=test.estimand,
            period=period,
        ),
    )


def _attained(test: TestResult, ends: Interval) -> Interval:
    """Return p-values that are reached: both ends of a permutation of all equal splits.

    The permutation test's range is exact there (see `permutation`); of others, that of the printed
    rates is reached.
    """
    equal = len(set(test.n_by_group)) == 1
    if test.method == "permutation" and equal and test.seed is None:
        return Interval(ends.low, ends.high, "identified")
    return Interval(test.p_value, test.p_value, "identified")


def _label(table: PublishedTable, period: Period) -> Text:
    return table.periods[table.column(period)].label
