"""One rate and two rates of independent requests against R: proportions.R wrote proportions.csv."""

import csv
import math
import shutil
import subprocess
from pathlib import Path

import pytest

from switchstats.inference import (
    barnard,
    boschloo,
    fisher,
    mee,
    miettinen_nurminen,
    newcombe,
    pooled_z,
)
from switchstats.rates import proportion_interval

HERE = Path(__file__).parent
SCRIPT, VALUES = (HERE / name for name in ("proportions.R", "proportions.csv"))
# Closed forms; roots that R's uniroot finds to 1e-15; exact sums.
REL_TOLERANCE = 1e-8
ABS_TOLERANCE = 1e-13
# A limit near 0 of a table with 1e12 requests, where R's nested roots stop earlier.
LIMIT_TOLERANCE = 1e-11
# optimize() settles a supremum to half the digits of its place.
SUPREMUM_TOLERANCE = 1e-9
# uniroot's tolerance for the limits of Boschloo's test, whose suprema are searched at each step.
BOSCHLOO_LIMIT_TOLERANCE = 1e-7

DIRECTIONS = {"two_sided": "two-sided", "less": "less", "greater": "greater"}
TESTS = {
    "barnard": barnard,
    "boschloo": boschloo,
    "fisher": fisher,
    "mee": mee,
    "miettinen_nurminen": miettinen_nurminen,
    "newcombe": newcombe,
}

Row = tuple[tuple[int, ...], str]


def expected(path: Path = VALUES) -> dict[Row, float]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (
                tuple(
                    int(float(row[name])) for name in ("e1", "n1", "e0", "n0") if row[name] != "NA"
                ),
                row["quantity"],
            ): float(row["value"])
            for row in csv.DictReader(file)
        }


EXPECTED = expected()


def computed(table: tuple[int, ...], quantity: str) -> float:
    """The same quantity from switchstats, by its name in the CSV."""
    if len(table) == 2:
        method, _, end = quantity.rpartition("_")
        return getattr(proportion_interval(*table, method=method), end)
    if quantity.startswith("pooled_z"):
        result = pooled_z(*table)
        return result.statistic if quantity.endswith("statistic") else result.p_value
    if quantity.startswith("fisher"):
        return of_fisher(table, quantity.removeprefix("fisher_"))
    name = next(name for name in TESTS if quantity.startswith(name))
    rest = quantity.removeprefix(f"{name}_")
    options = {} if name in ("mee", "miettinen_nurminen", "newcombe") else {"interval_up_to": 0}
    if rest in ("low", "high"):
        return getattr(TESTS[name](*table).interval, rest)
    rest, _, null = rest.removeprefix("p_").partition("_at_")
    if rest not in DIRECTIONS:
        rest, null = "two_sided", rest
    return TESTS[name](
        *table, alternative=DIRECTIONS[rest], null=float(null or 0), **options
    ).p_value


def of_fisher(table: tuple[int, ...], quantity: str) -> float:
    return {
        "p_two_sided": lambda: fisher(*table).p_value,
        "p_less": lambda: fisher(*table, alternative="less").p_value,
        "p_greater": lambda: fisher(*table, alternative="greater").p_value,
        "p_two_sided_at_2": lambda: fisher(*table, null=2.0).p_value,
        "mid_p": lambda: fisher(*table, mid_p=True).p_value,
        "mid_p_less": lambda: fisher(*table, mid_p=True, alternative="less").p_value,
        "mid_p_low": lambda: fisher(*table, mid_p=True).interval.low,
        "mid_p_high": lambda: fisher(*table, mid_p=True).interval.high,
        "estimate": lambda: fisher(*table).estimate,
        "high_less": lambda: fisher(*table, alternative="less").interval.high,
        "low": lambda: fisher(*table).interval.low,
        "high": lambda: fisher(*table).interval.high,
    }[quantity]()


def tolerances(quantity: str) -> tuple[float, float]:
    if quantity in ("boschloo_low", "boschloo_high"):
        return 0.0, BOSCHLOO_LIMIT_TOLERANCE
    if quantity.startswith(("barnard", "boschloo")):
        return SUPREMUM_TOLERANCE, 0.0
    if quantity.endswith(("_low", "_high")):
        return REL_TOLERANCE, LIMIT_TOLERANCE
    return REL_TOLERANCE, ABS_TOLERANCE


# Fay's example, where 1 lies in a gap of what the two-sided test keeps: the p-value is then that of
# the gap's far side, and R's stands in the note (see test_fisher.py).
IN_A_GAP = ((7, 262, 30, 494), "fisher_p_two_sided")


def test_the_oracle_covers_enough():
    assert len(EXPECTED) > 500
    assert IN_A_GAP in EXPECTED


@pytest.mark.parametrize("quantity", sorted({quantity for _, quantity in EXPECTED}))
def test_equals_r(quantity):
    relative, absolute = tolerances(quantity)
    compared = 0
    for (table, name), value in EXPECTED.items():
        if name != quantity or (table, name) == IN_A_GAP:
            continue
        compared += 1
        ours = computed(table, quantity)
        assert math.isclose(ours, value, rel_tol=relative, abs_tol=absolute), (table, ours, value)
    assert compared


@pytest.mark.needs_r
@pytest.mark.slow
def test_the_script_still_writes_these_values(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    for (table, quantity), value in fresh.items():
        relative, absolute = tolerances(quantity)
        known = EXPECTED[table, quantity]
        assert math.isclose(value, known, rel_tol=relative, abs_tol=absolute), (table, quantity)
