"""Incidence of resolution against R's survival package: journeys.R wrote journeys.csv."""

import csv
import math
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from switchstats.rates.resolution import Incidence, aalen_johansen

HERE = Path(__file__).parent
SCRIPT, DATA, VALUES = (HERE / name for name in ("journeys.R", "journeys_data.csv", "journeys.csv"))
# R prints 17 digits; both sides multiply some thirty doubles.
TOLERANCE = 1e-12
# As in journeys.R.
DAYS = 30

Key = tuple[str, str, int]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(path: Path = VALUES) -> dict[Key, float]:
    rows = read(path)
    return {(r["dataset"], r["quantity"], int(r["day"])): float(r["value"]) for r in rows}


def incidence(dataset: str, *, competing: bool) -> Incidence:
    rows = [row for row in read(DATA) if row["dataset"] == dataset]
    ends = Counter((row["end"], int(row["day"])) for row in rows)
    resolved, withdrawn, censored = (
        # followed to the last day and open: no end
        np.array(
            [ends[name, day] if name != "censored" or day < DAYS else 0 for day in range(DAYS + 1)]
        )
        for name in ("resolved", "withdrawn", "censored")
    )
    if not competing:
        withdrawn, censored = 0 * withdrawn, censored + withdrawn
    return aalen_johansen(len(rows), resolved, withdrawn, censored)


EXPECTED = expected()


def test_the_oracle_covers_enough() -> None:
    assert len(EXPECTED) > 400
    assert len({dataset for dataset, _, _ in EXPECTED}) == 5


@pytest.mark.parametrize("dataset", sorted({dataset for dataset, _, _ in EXPECTED}))
def test_equals_r(dataset: str) -> None:
    competing = incidence(dataset, competing=True)
    kaplan_meier = incidence(dataset, competing=False)
    ours = {
        "at_risk": competing.at_risk,
        "withdrawn_censored": kaplan_meier.resolved,
        "competing_resolved": competing.resolved,
        "competing_withdrawn": competing.withdrawn,
    }
    for (name, quantity, day), value in EXPECTED.items():
        if name != dataset:
            continue
        if quantity == "withdrawn_censored_waiting":
            found = kaplan_meier.waiting_days
        else:
            found = float(ours[quantity][day])
        assert math.isclose(found, value, rel_tol=TOLERANCE, abs_tol=TOLERANCE), (quantity, day)


@pytest.mark.needs_r
@pytest.mark.slow
def test_the_script_still_writes_these_values(tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, DATA, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    for key, value in fresh.items():
        assert math.isclose(value, EXPECTED[key], rel_tol=TOLERANCE, abs_tol=TOLERANCE), key
