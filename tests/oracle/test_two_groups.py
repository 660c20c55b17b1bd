"""Two-group tests against R: two_groups.R wrote two_groups.csv from two_groups_data.csv."""

import csv
import math
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from switchstats.inference import (
    equivalence,
    minimal_detectable_effect,
    permutation,
    rank_sum,
    welch,
)
from switchstats.inference.rank_null import doubled_ranks, normal_null

HERE = Path(__file__).parent
SCRIPT, DATA, VALUES = (
    HERE / name for name in ("two_groups.R", "two_groups_data.csv", "two_groups.csv")
)
# Of R's printed 17 digits; a share of an exact count differs in the last one only.
REL_TOLERANCE = 1e-8
ABS_TOLERANCE = 1e-12
COUNT_TOLERANCE = 1e-13
# Beyond 60 retailers choices are counted in doubles; coin's own counts are doubles too.
LARGE_COUNT_TOLERANCE = 1e-11
# 0.1 + 0.2 and 0.3 are the same rate.
SAME_RATE = 1e-12
# A seeded draw is compared with the exact p-value in its own standard errors.
STD_ERRORS = 4
# As in two_groups.R.
NULL_SHIFT = 0.01
MARGIN = 0.05

# More than two million splits: convolved, since the rates are thousandths, or drawn at random.
LARGE = ("twelve_v_fifteen", "forty_v_thirty_five")
DIRECTIONS = {"two_sided": "two-sided", "less": "less", "greater": "greater"}

Groups = tuple[np.ndarray, np.ndarray]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def groups() -> dict[str, Groups]:
    rows = read(DATA)
    return {
        name: tuple(
            np.array([float(r["value"]) for r in rows if (r["dataset"], r["group"]) == (name, g)])
            for g in ("first", "second")
        )
        for name in dict.fromkeys(row["dataset"] for row in rows)
    }


def expected(path: Path = VALUES) -> dict[tuple[str, str], float]:
    return {(row["dataset"], row["quantity"]): float(row["value"]) for row in read(path)}


GROUPS = groups()
EXPECTED = expected()
QUANTITIES = sorted({quantity for _, quantity in EXPECTED})


def ends(test: Callable, x: np.ndarray, y: np.ndarray, level: float, **named: str):
    return test(x, y, level=level, **named).interval


def by_normal(x: np.ndarray, y: np.ndarray, alternative: str, null: float) -> float:
    ranks = doubled_ranks(np.concatenate([x - null, y]), SAME_RATE)
    return normal_null(ranks, x.size).p_value(int(ranks[: x.size].sum()), alternative)


def computed(quantity: str, x: np.ndarray, y: np.ndarray) -> float:
    """The same quantity from switchstats, by its name in the CSV."""
    method, _, rest = quantity.rpartition("_p_")
    if method == "rank_normal":
        null = NULL_SHIFT if rest.endswith("_null") else 0.0
        return by_normal(x, y, DIRECTIONS[rest.removesuffix("_null")], null)
    if method in ("permutation", "rank_sum", "welch"):
        test = {"permutation": permutation, "rank_sum": rank_sum, "welch": welch}[method]
        null = NULL_SHIFT if rest.endswith("_null") else 0.0
        direction = DIRECTIONS[rest.removesuffix("_null")]
        return test(x, y, alternative=direction, null=null).p_value
    if method == "equivalence_welch":
        return equivalence(x, y, MARGIN, alternative=rest, method="welch").p_value
    name, _, number = quantity.rpartition("_")
    at = int(number) / 100 if number.isdigit() else None
    return {
        "welch_statistic": lambda: welch(x, y).statistic,
        "welch_df": lambda: welch(x, y).df,
        "welch_std_error": lambda: welch(x, y).std_error,
        "welch_low": lambda: ends(welch, x, y, at).low,
        "welch_high": lambda: ends(welch, x, y, at).high,
        "welch_high_less": lambda: ends(welch, x, y, at, alternative="less").high,
        "welch_low_greater": lambda: ends(welch, x, y, at, alternative="greater").low,
        "rank_sum_statistic": lambda: rank_sum(x, y).statistic,
        "rank_sum_estimate": lambda: rank_sum(x, y).estimate,
        "rank_sum_low": lambda: ends(rank_sum, x, y, at).low,
        "rank_sum_high": lambda: ends(rank_sum, x, y, at).high,
        "detectable_less": lambda: minimal_detectable_effect(x, y, power=at).effect,
        "detectable_two_sided": lambda: (
            minimal_detectable_effect(x, y, power=at, alternative="two-sided").effect
        ),
        "power_t_test_less": lambda: minimal_detectable_effect(x, y, power=at).effect,
        "power_t_test_two_sided": lambda: (
            minimal_detectable_effect(x, y, power=at, alternative="two-sided").effect
        ),
    }[quantity if at is None else name]()


def test_the_oracle_covers_enough():
    assert len(GROUPS) >= 12
    assert {dataset for dataset, _ in EXPECTED} == set(GROUPS)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_equals_r(quantity):
    compared = 0
    for (dataset, name), value in EXPECTED.items():
        if name != quantity:
            continue
        compared += 1
        counted = quantity.startswith(("permutation_p", "rank_sum_p"))
        tolerance = COUNT_TOLERANCE if counted else REL_TOLERANCE
        if counted and sum(part.size for part in GROUPS[dataset]) > 60:
            tolerance = LARGE_COUNT_TOLERANCE
        ours = computed(quantity, *GROUPS[dataset])
        assert math.isclose(ours, value, rel_tol=tolerance, abs_tol=ABS_TOLERANCE), dataset
    assert compared


@pytest.mark.parametrize("null", [0.0, NULL_SHIFT])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("dataset", LARGE)
def test_random_splits_come_near_r(dataset, direction, null):
    x, y = GROUPS[dataset]
    exact = EXPECTED[dataset, f"permutation_p_{direction}{'_null' if null else ''}"]
    draw = {"n_draws": 99_999, "seed": 20230131}
    ours = permutation(x, y, alternative=DIRECTIONS[direction], null=null, **draw)
    assert abs(ours.p_value - exact) < STD_ERRORS * ours.p_std_error


def test_seventeen_million_splits_equal_r():
    x, y = GROUPS[LARGE[0]]
    ours = permutation(x, y, alternative="less", max_splits=20_000_000)
    exact = EXPECTED[LARGE[0], "permutation_p_less"]
    assert math.isclose(ours.p_value, exact, rel_tol=COUNT_TOLERANCE)


@pytest.mark.needs_r
def test_the_script_still_writes_these_values(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    has_coin = subprocess.run([rscript, "-e", "library(coin)"], capture_output=True, check=False)
    if has_coin.returncode:
        pytest.skip("R's package coin is not installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, DATA, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    for key, value in fresh.items():
        assert math.isclose(value, EXPECTED[key], rel_tol=REL_TOLERANCE, abs_tol=ABS_TOLERANCE), key
