"""Permutation of counts against R: permutation.R wrote permutation.csv from the two data files."""

import csv
import math
import shutil
import subprocess
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from switchstats.inference import (
    Specification,
    benjamini_hochberg,
    holm,
    max_t,
    permutation,
    rank_sum,
    welch,
)
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

HERE = Path(__file__).parent
SCRIPT, DATA, CELLS, VALUES = (
    HERE / f"permutation{end}" for end in (".R", "_data.csv", "_cells.csv", ".csv")
)
# A share of an exact count differs in the last of 17 digits only, closed forms in a few.
COUNT_TOLERANCE = 1e-13
REL_TOLERANCE = 1e-8
# As in permutation.R.
NULL = 0.02
LEVEL = 0.8
DIRECTIONS = {"two_sided": "two-sided", "less": "less", "greater": "greater"}
P_VALUES = {
    "few": [0.01, 0.04, 0.03],
    "ties": [0.02, 0.02, 0.5, 1, 0.02, 0.005],
    "many": [0.0001, 0.02, 0.011, 0.048, 0.0499, 0.3, 0.9, 0.0032, 0.7, 0.051],
}
YEAR = {"period_start": date(2022, 4, 1), "period_end": date(2023, 4, 1)}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_dataset(path):
    rows = defaultdict(list)
    for row in read(path):
        rows[row["dataset"]].append(row)
    return dict(rows)


def numbers(rows, name):
    return np.array([int(row[name]) for row in rows])


def expected(path=VALUES):
    return {(row["dataset"], row["quantity"]): float(row["value"]) for row in read(path)}


ONE_A_RETAILER, BY_AREA = by_dataset(DATA), by_dataset(CELLS)
EXPECTED = expected()


def arrays(rows):
    """Errors and requests of the first group, then of the second; they stand in this order."""
    groups = [[row for row in rows if row["group"] == group] for group in ("first", "second")]
    return [numbers(group, name) for group in groups for name in ("errors", "requests")]


def counts_of(rows, *, area):
    named = {row["retailer"]: row["group"] for row in rows}
    frame = pd.DataFrame(
        {
            "retailer": [row["retailer"] for row in rows],
            **YEAR,
            **({"area": [row["stratum"] for row in rows]} if area else {}),
            "requests": numbers(rows, "requests"),
            "errors": numbers(rows, "errors"),
        }
    )
    retailers = [Retailer(name, Text(name, name), group) for name, group in named.items()]
    return Counts.of(frame, retailers)


def how(dataset, name):
    """Data and options of `permutation` for a name in the CSV."""
    options = {
        "weighting": "equal" if "equal" in name else "requests",
        "statistic": "studentised" if "studentised" in name else "difference",
    }
    if name.startswith("across"):
        counts = counts_of(BY_AREA[dataset], area=True)
        return [counts], {**options, "strata": "area", "groups": ("first", "second")}
    rows = ONE_A_RETAILER[dataset]
    if name.startswith("within"):
        options["strata"] = [row["stratum"] for row in rows]
    if name != "within_equal_10000":
        return arrays(rows), options
    e1, n1, e0, n0 = arrays(rows)
    return [np.rint(10_000 * e1 / n1), np.rint(10_000 * e0 / n0)], options


@cache
def permuted(dataset, name, direction, null=0.0):
    data, options = how(dataset, name)
    return permutation(*data, **options, alternative=direction, null=null, level=LEVEL)


def computed(dataset, quantity):
    """The same quantity from switchstats."""
    if quantity.startswith(("welch", "rank_sum")):
        test = welch if quantity.startswith("welch") else rank_sum
        result = test(*arrays(ONE_A_RETAILER[dataset]), level=LEVEL)
        return result.interval.high if quantity.endswith("high") else result.p_value
    if quantity.endswith("std_error"):
        data, options = how(dataset, quantity)
        return permutation(*data, **options, max_splits=0, n_draws=9, seed=1).std_error
    if "_p_" in quantity:
        name, _, rest = quantity.partition("_p_")
        null = NULL if rest.endswith("_null") else 0.0
        return permuted(dataset, name, DIRECTIONS[rest.removesuffix("_null")], null).p_value
    for end, direction in (("_less", "less"), ("_greater", "greater"), ("", "two-sided")):
        if quantity.endswith(end):
            name, _, side = quantity.removesuffix(end).rpartition("_")
            return getattr(permuted(dataset, name, direction).interval, side)
    raise AssertionError(quantity)


def family(dataset, quantity):
    """Adjusted p-values of both weightings and of leaving out each retailer."""
    names = [row["retailer"] for row in ONE_A_RETAILER[dataset]]
    specifications = [
        Specification(name="equal"),
        Specification(name="requests", weighting="requests"),
        *(
            Specification(name=f"without {name}", weighting="requests", without=(name,))
            for name in names
        ),
    ]
    tests = max_t(
        counts_of(ONE_A_RETAILER[dataset], area=False),
        specifications,
        groups=("first", "second"),
        statistic="studentised" if "studentised" in quantity else "difference",
        procedure="single_step" if "single" in quantity else "step_down",
    )
    return [test.p_adjusted for test in tests]


SINGLE = [key for key in EXPECTED if not key[1].startswith(("max_t", "holm", "BH"))]
FAMILIES = sorted(
    {(dataset, name.rpartition("_")[0]) for dataset, name in EXPECTED if name.startswith("max_t")}
)


def test_the_oracle_covers_enough():
    assert len(EXPECTED) >= 500
    assert {dataset for dataset, _ in SINGLE} == {*ONE_A_RETAILER, *BY_AREA}


@pytest.mark.parametrize("dataset", [*ONE_A_RETAILER, *BY_AREA])
def test_equals_r(dataset):
    quantities = [quantity for name, quantity in SINGLE if name == dataset]
    for quantity in quantities:
        counted = "_p_" in quantity and not quantity.startswith("welch")
        tolerance = COUNT_TOLERANCE if counted else REL_TOLERANCE
        ours, value = computed(dataset, quantity), EXPECTED[dataset, quantity]
        assert math.isclose(ours, value, rel_tol=tolerance), (quantity, ours, value)


@pytest.mark.parametrize(("dataset", "name"), FAMILIES)
def test_the_largest_statistic_of_a_family_equals_r(dataset, name):
    ours = family(dataset, name)
    values = [EXPECTED[dataset, f"{name}_{place}"] for place in range(1, len(ours) + 1)]
    assert ours == pytest.approx(values, rel=COUNT_TOLERANCE)


@pytest.mark.parametrize("name", P_VALUES)
def test_adjusted_p_values_equal_r(name):
    for method, label in ((holm, "holm"), (benjamini_hochberg, "BH")):
        values = [EXPECTED[name, f"{label}_{at}"] for at in range(1, len(P_VALUES[name]) + 1)]
        assert method(P_VALUES[name]).tolist() == pytest.approx(values, rel=COUNT_TOLERANCE)


@pytest.mark.needs_r
def test_the_script_still_writes_these_values(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    for package in ("coin", "clubSandwich"):
        found = subprocess.run(
            [rscript, "-e", f"library({package})"], capture_output=True, check=False
        )
        if found.returncode:
            pytest.skip(f"R's package {package} is not installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, DATA, CELLS, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    for key, value in fresh.items():
        assert math.isclose(value, EXPECTED[key], rel_tol=REL_TOLERANCE), key
