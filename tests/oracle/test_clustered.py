"""Tests with retailers as clusters against R: clustered.R wrote clustered.csv from two tables."""

import csv
import math
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from switchstats.inference import (
    cluster_robust,
    equivalence,
    minimal_detectable_effect,
    retailer_bootstrap,
    wild_bootstrap,
)
from switchstats.labels import Text
from switchstats.rates import group_rates
from switchstats.values import Counts, Retailer, TestResult

HERE = Path(__file__).parent
SCRIPT, DATA, DYADS, VALUES = (
    HERE / name
    for name in ("clustered.R", "clustered_data.csv", "clustered_dyads.csv", "clustered.csv")
)
# Closed forms; the noncentral t of both sides is solved by a root finder.
REL_TOLERANCE = 1e-8
ABS_TOLERANCE = 1e-12
# Shares of counted patterns are the same fraction.
COUNT_TOLERANCE = 1e-13
# A seeded draw is compared with the share among all resamples in its own standard errors.
STD_ERRORS = 4
SEED = 20240401
# As in clustered.R.
NULL_SHIFT = 0.02
MARGIN = 0.05

MONTH = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
GROUPS = {"groups": ("first", "second")}
DIRECTIONS = {"two_sided": "two-sided", "less": "less", "greater": "greater"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(path: Path = VALUES) -> dict[tuple[str, str], float]:
    return {(row["dataset"], row["quantity"]): float(row["value"]) for row in read(path)}


def counts_of(rows: list[dict[str, str]], name: str) -> Counts:
    frame = pd.DataFrame(
        [
            {
                "retailer": row[name],
                **({"losing": row["losing"]} if "losing" in row else {}),
                **MONTH,
                "requests": int(row["requests"]),
                "errors": int(row["errors"]),
            }
            for row in rows
        ]
    )
    members = dict.fromkeys((row[name], row["group"]) for row in rows)
    return Counts.of(frame, [Retailer(one, Text(one, one), group) for one, group in members])


def all_arrays() -> dict[str, list[list[int]]]:
    rows = read(DATA)
    return {
        dataset: [
            [int(row[name]) for row in rows if (row["dataset"], row["group"]) == (dataset, group)]
            for group in GROUPS["groups"]
            for name in ("errors", "requests")
        ]
        for dataset in dict.fromkeys(row["dataset"] for row in rows)
    }


def all_counts() -> dict[str, Counts]:
    found = {}
    for path, name in ((DATA, "retailer"), (DYADS, "gaining")):
        rows = read(path)
        for dataset in dict.fromkeys(row["dataset"] for row in rows):
            own = [row for row in rows if row["dataset"] == dataset]
            found[dataset] = counts_of(own, name)
    return found


EXPECTED = expected()
COUNTS = all_counts()
ARRAYS = all_arrays()


@cache
def clustered(dataset: str, how: str, alternative: str, null: float) -> TestResult:
    weighting, estimator, *more = how.split("_")
    effective = more == ["effective"]
    return cluster_robust(
        *ARRAYS[dataset],
        estimator=estimator,
        weighting=weighting,
        working=more[0] if more and not effective else None,
        df="effective" if effective else "usual",
        alternative=alternative,
        null=null,
    )


def of_t(dataset: str, rest: str) -> float:
    for name in ("std_error", "df", "p_two_sided", "p_less", "low", "high"):
        if rest.endswith(f"_{name}"):
            how = rest.removesuffix(f"_{name}")
            break
    if name == "p_less":
        return clustered(dataset, how, "less", NULL_SHIFT).p_value
    result = clustered(dataset, how, "two-sided", 0.0)
    if name in ("low", "high"):
        return getattr(result.interval, name)
    return result.p_value if name == "p_two_sided" else getattr(result, name)


def of_group(dataset: str, rest: str) -> float:
    group, weighting, estimator, name = rest.split("_", 3)
    rates = group_rates(COUNTS[dataset], groups=[group], weighting=weighting, estimator=estimator)
    return getattr(rates[group], name)


def of_wild(dataset: str, rest: str) -> float:
    weights, weighting, _, direction = (
        rest.replace("_at_null", "").replace("_at_0", "").split("_", 3)
    )
    return wild_bootstrap(
        *ARRAYS[dataset],
        weights=weights,
        weighting=weighting,
        alternative=DIRECTIONS[direction],
        null=NULL_SHIFT if rest.endswith("_at_null") else 0.0,
    ).p_value


def of_several(dataset: str, rest: str) -> float:
    cluster = "dyadic" if rest.startswith("dyadic") else "two-way"
    estimator = "CR1" if "CR1" in rest else "CR3"
    return cluster_robust(COUNTS[dataset], cluster=cluster, estimator=estimator, **GROUPS).std_error


def of_plan(dataset: str, quantity: str) -> float:
    kind, _, alternative = quantity.partition("_")
    if kind == "equivalence":
        return equivalence(*ARRAYS[dataset], MARGIN, alternative=alternative).p_value
    return minimal_detectable_effect(*ARRAYS[dataset], alternative=DIRECTIONS[alternative]).effect


def computed(dataset: str, quantity: str) -> float:
    """The same quantity from switchstats, by its name in the CSV."""
    kind, _, rest = quantity.partition("_")
    if kind in ("two", "dyadic"):
        return of_several(dataset, quantity)
    if kind in ("equivalence", "detectable"):
        return of_plan(dataset, quantity)
    return {"t": of_t, "group": of_group, "wild": of_wild}[kind](dataset, rest)


def test_the_oracle_covers_enough():
    assert len(EXPECTED) > 700
    assert {dataset for dataset, _ in EXPECTED} == set(COUNTS)


@pytest.mark.parametrize("dataset", COUNTS)
def test_equals_r(dataset):
    compared = 0
    for (name, quantity), value in EXPECTED.items():
        if name != dataset or quantity.startswith("resampled"):
            continue
        compared += 1
        tolerance = COUNT_TOLERANCE if quantity.startswith("wild") else REL_TOLERANCE
        ours = computed(dataset, quantity)
        assert math.isclose(ours, value, rel_tol=tolerance, abs_tol=ABS_TOLERANCE), quantity
    assert compared


def test_drawn_retailers_come_near_all_resamples():
    compared = 0
    for (dataset, quantity), value in EXPECTED.items():
        if not quantity.startswith("resampled"):
            continue
        compared += 1
        _, weighting, _, direction = quantity.split("_", 3)
        ours = retailer_bootstrap(
            *ARRAYS[dataset],
            seed=SEED,
            weighting=weighting,
            alternative=DIRECTIONS[direction],
        )
        assert abs(ours.p_value - value) < STD_ERRORS * ours.p_std_error, (dataset, quantity)
    assert compared == 12


@pytest.mark.needs_r
def test_the_script_still_writes_these_values(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    needed = "library(clubSandwich); library(sandwich)"
    if subprocess.run([rscript, "-e", needed], capture_output=True, check=False).returncode:
        pytest.skip("R's packages clubSandwich and sandwich are not both installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, DATA, DYADS, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    for key, value in fresh.items():
        assert math.isclose(value, EXPECTED[key], rel_tol=REL_TOLERANCE, abs_tol=ABS_TOLERANCE), key
