"""Sums of products too large for 64 bits, beside Python's whole numbers."""

from dataclasses import replace

import numpy as np
import pytest

from switchstats.bounds.build import build_system
from switchstats.bounds.wholes import columns_times, holds, opened, row_values, value_at
from switchstats.values import PrintedRate

# the most that 64 bits hold, so that a coefficient of 2 is too much
LARGEST = 2**63 - 1


@pytest.fixture(params=["three digits", "nine digits", "no rows"])
def system(request, committee):
    """Systems whose coefficients fit into 64 bits and do not, and one that has no rows."""
    texts = {
        "three digits": ("18.0", "18.2", "16.3"),
        "nine digits": ("18.1234567", "18.2345679", "16.3456781"),
    }
    cells = tuple(map(PrintedRate, texts.get(request.param, ()))) or (None,) * 3
    row = replace(committee.rows[0], cells=cells)
    made = build_system(replace(committee, rows=(row,), averages=()), ["incumbent"])
    assert bool(made.rows) is (request.param != "no rows")
    assert (made.coefficients.dtype == object) is (request.param == "nine digits")
    return made


@pytest.mark.parametrize("size", [1, 2**40, *(2**bits for bits in range(50, 62)), LARGEST])
@pytest.mark.parametrize("dtype", [np.int64, object])
def test_sums_are_those_of_whole_numbers(system, size: int, dtype: type) -> None:
    rng = np.random.default_rng(1)
    # some columns are 0, so that the others do not cancel
    point = np.array([size * int(each) for each in rng.integers(0, 2, system.n_columns)], dtype)
    forms = [row.form for row in system.rows]
    wanted = [sum(value * int(point[column]) for column, value in form.items()) for form in forms]
    assert row_values(system, point).tolist() == wanted
    assert [value_at(form, point) for form in forms] == wanted
    assert holds(system, point) is (min([*wanted, *point.tolist()], default=0) >= 0)
    multipliers = np.array([size * (each % 2) for each in range(len(forms))], dtype)
    assert columns_times(system, multipliers).tolist() == [
        sum(int(one) * form.get(column, 0) for one, form in zip(multipliers, forms, strict=True))
        for column in range(system.n_columns)
    ]


def test_a_point_with_a_negative_column_does_not_hold(system) -> None:
    point = np.zeros(system.n_columns, dtype=np.int64)
    assert holds(system, point)
    point[-1] = -1
    assert not holds(system, point)


def test_a_point_is_opened_by_a_billionth_of_the_interior() -> None:
    point, inside = np.array([3, 0]), np.array([2, 5])
    assert opened(point, None) is point
    # by definition: the point's part is above 10^9 times the interior's, of which there are 7
    found = opened(point, inside)
    assert (found - inside).tolist() == [3 * (7 * 10**9 // 3 + 1), 0]
    assert found.min() > 0
    # without any requests the interior is all that there is
    assert opened(np.array([0, 0]), inside).tolist() == [2, 5]
