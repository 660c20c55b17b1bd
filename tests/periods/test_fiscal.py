"""The Japanese fiscal year and its parts."""

from datetime import date
from itertools import pairwise

import pytest

from switchstats.errors import UsageError
from switchstats.periods import Period, fiscal_part, fiscal_year, fiscal_year_of


def test_fiscal_year_is_april_to_march() -> None:
    assert fiscal_year(2022) == Period(date(2022, 4, 1), date(2023, 4, 1))


def test_parts_tile_the_year() -> None:
    for parts in (2, 4, 12):
        spans = [fiscal_part(2022, parts, number) for number in range(1, parts + 1)]
        assert spans[0].start == fiscal_year(2022).start
        assert spans[-1].end == fiscal_year(2022).end
        assert all(a.end == b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(("parts", "number"), [(2, 3), (4, 0), (5, 1)])
def test_part_that_does_not_exist(parts: int, number: int) -> None:
    with pytest.raises(UsageError, match="no part"):
        fiscal_part(2022, parts, number)


def test_year_beyond_the_calendar() -> None:
    with pytest.raises(UsageError, match="fiscal 9999"):
        fiscal_year(9999)


def test_fiscal_year_of_a_day() -> None:
    assert fiscal_year_of(date(2023, 2, 28)) == 2022
