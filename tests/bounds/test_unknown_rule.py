"""A rule of rounding that nobody names: the range covers those under each rule."""

from dataclasses import replace

import pytest

from switchstats.bounds import audit
from switchstats.bounds.small_cells import least_by_column
from switchstats.errors import UsageError
from switchstats.values import PrintedRate

RULES = ("half_up", "half_even", "truncation")


@pytest.mark.parametrize("test", ["welch", "rank_sum", "permutation"])
def test_ranges_cover_those_under_each_rule(committee, test) -> None:
    # by definition: the least of the low ends and the greatest of the high ends
    period = committee.widest_period
    alone = [audit(committee, (), rule).test_range(test, period) for rule in RULES]
    found = audit(committee, (), "unknown").test_range(test, period)
    for kind in ("p_value", "statistic"):
        for part in ("interval", "attained"):
            ends = [getattr(getattr(each, kind), part) for each in alone]
            ours = getattr(getattr(found, kind), part)
            assert ours.low == pytest.approx(min(each.low for each in ends), abs=1e-9)
            assert ours.high == pytest.approx(max(each.high for each in ends), abs=1e-9)
    assert found.test == test


@pytest.mark.parametrize("name", ["anova", "median", "zeta"])
def test_a_test_that_does_not_exist_is_refused(committee, name) -> None:
    with pytest.raises(UsageError, match=f"no test '{name}'"):
        audit(committee).test_range(name, committee.widest_period)


def test_each_cell_has_its_own_least_requests(committee) -> None:
    # entrant-i prints 16.9, 17.0 and 0.0: one request prints as 0.0; 17.0 first prints from 8 of
    # 47, by trying all fractions; the whole's cells are together those of `least_volume`
    whole, before, after = least_by_column(audit(committee), "entrant-i")
    tried = next(n for n in range(1, 999) for e in range(n) if int(1000 * e / n + 0.5) == 170)
    assert (before, after) == (tried, 1)
    assert whole == audit(committee).least_volume("entrant-i").requests
    with_blank = least_by_column(audit(_without(committee, 2)), "entrant-i")
    assert with_blank[2] is None
    assert with_blank[1] == before


def test_a_cell_that_its_parts_deny_has_no_least_requests(committee) -> None:
    # the first row's parts print 18.2 and 16.3, so that no requests and errors print as 28.0 over
    # both; each part by itself has its first fraction, by trying all
    first = committee.rows[0]
    row = replace(first, cells=tuple(map(PrintedRate, ("28.0", "18.2", "16.3"))))
    table = replace(committee, rows=(row, *committee.rows[1:]))
    found = least_by_column(audit(table), first.retailer.retailer)
    tried = [
        next(n for n in range(1, 999) for e in range(n) if int(1000 * e / n + 0.5) == tenths)
        for tenths in (182, 163)
    ]
    assert found == (None, *tried)


def _without(table, column):
    rows = [
        replace(
            row, cells=tuple(None if at == column else cell for at, cell in enumerate(row.cells))
        )
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows), averages=())
