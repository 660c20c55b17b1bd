"""Comparisons within strata against R: strata.R wrote strata.csv from its two data files."""

import csv
import math
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from switchstats.inference import (
    breslow_day,
    cmh,
    mantel_haenszel,
    stratified_miettinen_nurminen,
)
from switchstats.labels import Text
from switchstats.values import Counts, Retailer, TestResult

HERE = Path(__file__).parent
SCRIPT, DATA, RETAILERS, VALUES = (
    HERE / name for name in ("strata.R", "strata_data.csv", "strata_retailers.csv", "strata.csv")
)
# Closed forms, and roots that R found to its last digits.
REL_TOLERANCE = 1e-8
ABS_TOLERANCE = 1e-12
# As in strata.R.
NULL_RATIO = 1.2
NULL_DIFFERENCE = 0.02
FEWEST = 400

TAILS = {"central": {"central": True}, "mid": {"mid_p": True}, "likelihood": {}}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(path: Path = VALUES) -> dict[tuple[str, str], float]:
    return {(row["dataset"], row["quantity"]): float(row["value"]) for row in read(path)}


def tables() -> dict[str, tuple[list[int], ...]]:
    rows = read(DATA)
    return {
        name: tuple(
            [int(row[column]) for row in rows if row["dataset"] == name]
            for column in ("e1", "n1", "e0", "n0")
        )
        for name in dict.fromkeys(row["dataset"] for row in rows)
    }


def counts_of(rows: list[dict[str, str]]) -> Counts:
    frame = pd.DataFrame(
        {
            "retailer": [row["retailer"] for row in rows],
            "period_start": date(2022, 4, 1),
            "period_end": date(2023, 4, 1),
            "area": [row["stratum"] for row in rows],
            "requests": [int(row["requests"]) for row in rows],
            "errors": [int(row["errors"]) for row in rows],
        }
    )
    groups = {row["retailer"]: row["group"] for row in rows}
    return Counts.of(
        frame, [Retailer(name, Text(name, name), group) for name, group in groups.items()]
    )


def by_retailer() -> dict[str, Counts]:
    rows = read(RETAILERS)
    return {
        name: counts_of([row for row in rows if row["dataset"] == name])
        for name in dict.fromkeys(row["dataset"] for row in rows)
    }


TABLES = tables()
COUNTS = by_retailer()
EXPECTED = expected()
QUANTITIES = sorted({quantity for _, quantity in EXPECTED})


@cache
def run(test: Callable[..., TestResult], dataset: str, **asked: object) -> TestResult:
    if dataset in COUNTS:
        return test(COUNTS[dataset], by=("area",), **asked)
    return test(*TABLES[dataset], **asked)


def part(result: TestResult, name: str) -> float | None:
    """The number that the last words of a quantity mean."""
    if name.startswith(("low", "high")):
        return getattr(result.interval, name.split("_", maxsplit=1)[0])
    return getattr(result, {"p": "p_value"}.get(name.split("_", maxsplit=1)[0], name))


def question(name: str, null: float) -> dict[str, object]:
    """Direction, null and level as the last words of a quantity tell them."""
    words = name.split("_")
    asked: dict[str, object] = {"null": null} if words[-1] == "null" else {}
    if words[-1].isdigit():
        asked["level"] = int(words[-1]) / 100
    for word in ("less", "greater"):
        if word in words:
            asked["alternative"] = word
    return asked


def exact(dataset: str, rest: str) -> float | None:
    tails = next((TAILS[word] for word in rest.split("_") if word in TAILS), {})
    asked = question(rest, NULL_RATIO)
    for word in TAILS:
        rest = rest.removeprefix(f"{word}_")
    return part(run(cmh, dataset, exact=True, **tails, **asked), rest)


def asymptotic(dataset: str, rest: str) -> float | None:
    correction, _, rest = rest.partition("_")
    asked = question(rest, NULL_RATIO)
    return part(run(cmh, dataset, continuity=correction == "corrected", **asked), rest)


def cmh_retailers(dataset: str, rest: str) -> float | None:
    return part(run(cmh, dataset, **question(rest, NULL_RATIO)), rest)


def estimate_of(scale: str) -> Callable[[str, str], float | None]:
    null = NULL_DIFFERENCE if scale == "difference" else NULL_RATIO

    def compute(dataset: str, rest: str) -> float | None:
        rest = rest.removeprefix("retailers_").removesuffix("_cr3")
        return part(run(mantel_haenszel, dataset, scale=scale, **question(rest, null)), rest)

    return compute


def score(dataset: str, rest: str) -> float | None:
    rest = rest.removeprefix("retailers_")
    asked = question(rest, NULL_DIFFERENCE)
    return part(run(stratified_miettinen_nurminen, dataset, **asked), rest)


def homogeneity(*, tarone: bool) -> Callable[[str, str], float | None]:
    def compute(dataset: str, rest: str) -> float | None:
        return part(run(breslow_day, dataset, tarone=tarone), rest or "statistic")

    return compute


COMPUTED = {
    "exact": exact,
    "cmh_retailers": cmh_retailers,
    "cmh": asymptotic,
    "difference": estimate_of("difference"),
    "risk_ratio": estimate_of("risk_ratio"),
    "odds_ratio": estimate_of("odds_ratio"),
    "mn": score,
    "breslow_day": homogeneity(tarone=False),
    "tarone": homogeneity(tarone=True),
}


def computed(dataset: str, quantity: str) -> float | None:
    name = next(name for name in COMPUTED if quantity.startswith(name))
    return COMPUTED[name](dataset, quantity.removeprefix(name).lstrip("_"))


def test_the_oracle_covers_enough() -> None:
    assert len(EXPECTED) >= FEWEST
    assert {dataset for dataset, _ in EXPECTED} == {*TABLES, *COUNTS}
    assert all(math.isfinite(value) for value in EXPECTED.values())


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_equals_r(quantity: str) -> None:
    compared = 0
    for (dataset, name), value in EXPECTED.items():
        if name == quantity:
            compared += 1
            ours = computed(dataset, quantity)
            assert ours == pytest.approx(value, rel=REL_TOLERANCE, abs=ABS_TOLERANCE), dataset
    assert compared


def test_one_tail_as_small_as_it_gets() -> None:
    dataset, quantity = "far_tail", "exact_p_greater"
    assert EXPECTED[dataset, quantity] < 1e-50
    ours = computed(dataset, quantity)
    assert ours == pytest.approx(EXPECTED[dataset, quantity], rel=REL_TOLERANCE, abs=0)


@pytest.mark.needs_r
def test_the_script_still_writes_these_values(tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    for package in ("metafor", "clubSandwich"):
        there = subprocess.run(
            [rscript, "-e", f"library({package})"], capture_output=True, check=False
        )
        if there.returncode:
            pytest.skip(f"R's package {package} is not installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, DATA, RETAILERS, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    ours, theirs = (np.array([values[key] for key in fresh]) for values in (fresh, EXPECTED))
    np.testing.assert_allclose(ours, theirs, rtol=REL_TOLERANCE, atol=ABS_TOLERANCE)
