"""Rates, splits, influence and funnels against R: rates.R wrote rates.csv from rates_data.csv."""

import csv
import math
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from switchstats import rates
from switchstats.inference.funnel import funnel_limits
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

HERE = Path(__file__).parent
SCRIPT, DATA, VALUES = (HERE / name for name in ("rates.R", "rates_data.csv", "rates.csv"))
# R prints 17 digits; both sides sum a few hundred doubles.
REL_TOLERANCE = 1e-10
ABS_TOLERANCE = 1e-13
# As in rates.R.
TARGET = 0.18
LEVELS = (0.95, 0.998)
GROUPS = ("incumbent", "entrant")
MONTHS = {1: ("2023-01-01", "2023-02-01"), 2: ("2023-02-01", "2023-03-01")}
MONTHS[3] = ("2023-03-01", "2023-04-01")

Key = tuple[str, str, str]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(path: Path = VALUES) -> dict[Key, float]:
    keys = ("dataset", "quantity", "who")
    return {tuple(row[key] for key in keys): float(row["value"]) for row in read(path)}


def counts_of(dataset: str) -> Counts:
    rows = [row for row in read(DATA) if row["dataset"] == dataset]
    frame = pd.DataFrame(
        [
            {
                "retailer": row["retailer"],
                "period_start": MONTHS[int(row["period"])][0],
                "period_end": MONTHS[int(row["period"])][1],
                "area": row["area"],
                "requests": int(row["requests"]),
                "errors": int(row["errors"]),
            }
            for row in rows
        ]
    )
    names = dict.fromkeys((row["retailer"], row["group"]) for row in rows)
    return Counts.of(frame, [Retailer(name, Text(name, name), group) for name, group in names])


EXPECTED = expected()
COUNTS = {name: counts_of(name) for name in dict.fromkeys(dataset for dataset, _, _ in EXPECTED)}
QUANTITIES = sorted({quantity for _, quantity, _ in EXPECTED})


@cache
def standardised(dataset: str, method: str, units: str) -> rates.Standardised:
    return rates.standardise(COUNTS[dataset], ("area", "period"), method=method, units=units)


def of_standardised(dataset: str, quantity: str, who: str) -> float:
    if quantity.startswith("poisson"):
        interval = standardised(dataset, "indirect", "retailers").row(who).ratio_interval
        return getattr(interval, quantity.removeprefix("poisson_"))
    method, _, name = quantity.partition("_")
    row = standardised(dataset, method, "groups").row(who)
    found = {
        "rate": row.rate,
        "ratio": row.ratio,
        "expected": row.expected,
        "std_error": row.std_error,
        "low": row.interval.low,
        "high": row.interval.high,
        "ratio_low": row.ratio_interval.low,
        "ratio_high": row.ratio_interval.high,
    }
    return found[name]


@cache
def influences(dataset: str, weighting: str) -> dict[str, float]:
    found = rates.influence(COUNTS[dataset], weighting=weighting)
    return {item.retailer.retailer: item.estimate for item in found}


@cache
def split(dataset: str, kind: str) -> dict[str, float]:
    counts = COUNTS[dataset]
    if kind == "gap":
        sides = [counts.group(group) for group in GROUPS]
        return dict(rates.decompose(*sides, by=("area", "period")).parts)
    what, _, group = kind.partition("_")
    own = counts.group(group)
    after, before = (own.during(own.periods[place]) for place in (-1, 0))
    by = ("retailer",) if what == "change" else ("retailer", "area")
    return dict(rates.decompose(after, before, by=by).parts)


@cache
def funnel(dataset: str, target: float | str, winsorise: float, kind: str, scale: str):
    return funnel_limits(
        COUNTS[dataset],
        target=target,
        winsorise=winsorise,
        overdispersion=kind,
        transformation=scale,
        levels=LEVELS,
    )


def of_funnel(dataset: str, quantity: str, who: str) -> float:
    name, *rest = quantity.split("_")
    if name in ("phi", "tau2"):
        settings = ("pooled", 0.0) if rest == ["pooled"] else (TARGET, 0.1)
        found = funnel(dataset, *settings, "none", "arcsine" if rest == ["arcsine"] else "none")
        return getattr(found, name)
    kind, scale = ("none", rest[-1]) if len(rest) == 1 else (rest[0], rest[1])
    exact = name == "limit" or rest == ["exact"]
    found = funnel(dataset, TARGET, 0.1, "none" if exact else kind, "none" if exact else scale)
    row = next(row for row in found.retailers if row.retailer == who)
    if name == "limit":
        places = {"0.001": (1, 0), "0.025": (0, 0), "0.975": (0, 1), "0.999": (1, 1)}
        level, end = places[rest[0]]
        return row.limits[level][end]
    low, high = row.limits[0][0], row.limits[1][1]
    return {"z": row.z_adjusted, "p": row.p_value, "low": low, "high": high}[name]


def computed(dataset: str, quantity: str, who: str) -> float:
    """The same quantity from switchstats, by its name in the CSV."""
    if quantity.startswith(("direct", "indirect", "poisson")):
        return of_standardised(dataset, quantity, who)
    if quantity.startswith("influence"):
        return influences(dataset, quantity.removeprefix("influence_"))[who]
    if quantity == "effective_units":
        return rates.effective_units(COUNTS[dataset])[who]
    if quantity.startswith("split"):
        part = "rate" if who == "rate" else f"{who}_mix"
        return split(dataset, quantity.removeprefix("split_"))[part]
    return of_funnel(dataset, quantity, who)


def test_the_oracle_covers_enough():
    assert len(COUNTS) >= 3
    assert len(EXPECTED) >= 200


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_equals_r(quantity):
    compared = 0
    for (dataset, name, who), value in EXPECTED.items():
        if name != quantity:
            continue
        compared += 1
        ours = computed(dataset, quantity, who)
        assert math.isclose(ours, value, rel_tol=REL_TOLERANCE, abs_tol=ABS_TOLERANCE), (
            dataset,
            who,
            ours,
            value,
        )
    assert compared


@pytest.mark.needs_r
def test_the_script_still_writes_these_values(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    program = [rscript, "-e", "library(epiR); library(metafor)"]
    if subprocess.run(program, capture_output=True, check=False).returncode:
        pytest.skip("R's packages epiR and metafor are not installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, DATA, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    for key, value in fresh.items():
        assert math.isclose(value, EXPECTED[key], rel_tol=REL_TOLERANCE, abs_tol=ABS_TOLERANCE), key
