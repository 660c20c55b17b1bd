"""The naive test where the number of requests is known, as quantities to show."""

from collections.abc import Mapping
from contextlib import suppress

from switchstats.bounds.audit import Audit
from switchstats.errors import NotAnswerableError
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.values import IdentifiedQuantity

__all__ = ["naive_tests"]

_TWO_GROUPS = 2


def naive_tests(found: Audit, totals: Mapping[Period, int]) -> tuple[IdentifiedQuantity, ...]:
    """Return the range of the p-value of the naive z test of both groups, for known totals.

    Parameters
    ----------
    found
        An audit of a table of two groups; of others nothing is returned.
    totals
        Requests of both groups together, by printed period.
    """
    groups = found.table.groups
    if len(groups) != _TWO_GROUPS:
        return ()
    quantities: list[IdentifiedQuantity] = []
    for period, total in totals.items():
        with suppress(NotAnswerableError):  # no average is printed
            ranged = found.test_range(
                "pooled_z", period, groups=(groups[0], groups[1]), total=total
            )
            label = found.table.periods[found.table.column(period)].label
            quantities.append(
                IdentifiedQuantity(
                    name="p_value",
                    quantity=text("disclosure.naive_p_value", period=label, total=f"{total:,}"),
                    unit="p_value",
                    interval=ranged.p_value.interval,
                    attained=ranged.p_value.attained,
                    method="pooled_z",
                    estimand="request_weighted_difference",
                    period=period,
                )
            )
    return tuple(quantities)
