"""Errors on leaked fields against the others, on counts whose reasons strike independently."""

from collections.abc import Callable

import pandas as pd
import pytest

from switchstats.studies import ReasonPlacebo
from switchstats.values import Counts, Grade, Outcome

from .made import AREAS, EFFECTS, MONTHS, ends, exposed, retailers

REQUESTS = 1_000_000  # so that whole errors are near enough to their expectation
ROUNDED = 5e-4
LEAKED_SHARE = 0.6


def _made(hazard: Callable[[str, str, str, int], float], *, with_effect: bool) -> Counts:
    """Reasons strike independently: hazards 0.6 h on the leaked field, 0.4 h on the other."""
    members = retailers()
    rows = []
    for month, period in enumerate(MONTHS):
        for area in AREAS:
            for gaining in members:
                for losing in (members[-1], members[0]):
                    if gaining is losing:
                        continue
                    cell = (gaining.retailer, losing.retailer, area, month)
                    h = hazard(*cell)
                    leaked = 1 - 2.718281828459045 ** (-LEAKED_SHARE * h)
                    placebo = 1 - 2.718281828459045 ** (-(1 - LEAKED_SHARE) * h)
                    if with_effect and exposed(*cell):
                        # the error probability falls by the effect: less of the leaked field alone
                        leaked += EFFECTS[gaining.retailer] / (1 - placebo)
                    shares = {
                        "customer_name": leaked * (1 - placebo),
                        "contract_number": placebo * (1 - leaked),
                        "contract_number+customer_name": leaked * placebo,
                    }
                    for reason, share in shares.items():
                        rows.append(
                            {
                                "retailer": gaining.retailer,
                                "period_start": period.start,
                                "period_end": period.end,
                                "area": area,
                                "losing": losing.retailer,
                                "reason": reason,
                                "requests": REQUESTS,
                                "errors": round(REQUESTS * share),
                            }
                        )
    return Counts.of(pd.DataFrame(rows), members)


def _level(gaining: str, losing: str, area: str, month: int) -> float:
    return 0.2 + 0.01 * (ord(gaining[-1]) % 3) + 0.01 * (ord(area[-1]) % 2) + 0.0 * month


def _bad_months(gaining: str, losing: str, area: str, month: int) -> float:
    """Exposed requests of each retailer have bad months of their own, on all reasons alike."""
    own = gaining == f"i{area}" and losing.startswith("e")
    extra = 0.06 if own and month < 4 else 0.0
    return _level(gaining, losing, area, month) + extra


def test_the_effect_is_found_on_the_scale_of_the_error_rate() -> None:
    finding = ReasonPlacebo(ends=ends()).run(_made(_level, with_effect=True))
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    assert by_name == pytest.approx(EFFECTS, abs=ROUNDED)
    assert finding.verdict.outcome is Outcome.ADVANTAGE_SHOWN
    assert finding.verdict.grade is Grade.WITHIN_RETAILER


def test_what_raises_all_reasons_alike_cancels() -> None:
    """Six points of hazard more while access lasts hide the effect, but not from this study."""
    finding = ReasonPlacebo(ends=ends()).run(_made(_bad_months, with_effect=True))
    by_name = {one.retailer.retailer: one.estimate for one in finding.effects}
    # the scale is that of the area's others, at their lower level: second-order error
    assert by_name == pytest.approx(EFFECTS, abs=0.003)
    unscaled = next(t for t in finding.tests if t.estimand == "access_effect_all_errors")
    # errors of every reason rose by about 0.06 * 0.8 while access lasted
    assert unscaled.estimate > 0.02
    # that the unscaled contrast differs is what the design is for, and takes nothing back
    differs = next(check for check in finding.checks if check.name == "all_errors")
    assert (differs.undoes, differs.voids) == ((), False)
    assert {check.name for check in finding.checks if check.voids} == {"compared"}


def test_counts_without_reasons_are_refused() -> None:
    counts = _made(_level, with_effect=True).collapse("area", "losing")
    finding = ReasonPlacebo(ends=ends()).run(counts)
    assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert finding.not_answerable[0].name == "by_reason"


def test_reasons_that_are_no_leaked_fields_are_refused() -> None:
    from dataclasses import replace

    other = tuple(replace(end, fields=("supply_point",)) for end in ends())
    finding = ReasonPlacebo(ends=other).run(_made(_level, with_effect=False))
    assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert finding.not_answerable[0].name == "leaked_reasons"
