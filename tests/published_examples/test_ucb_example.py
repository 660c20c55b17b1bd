"""The worked example of standardising and splitting: what docs/examples/ucb.md shows is so."""

import csv
import doctest
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from switchstats.labels import Text
from switchstats.rates import decompose, standardise
from switchstats.values import Counts, Retailer

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
# Departments A to F: admitted men, men, admitted women, women, as in test_bickel_1975.py.
ADMISSIONS = (
    (512, 825, 89, 108),
    (353, 560, 17, 25),
    (120, 325, 202, 593),
    (138, 417, 131, 375),
    (53, 191, 94, 393),
    (22, 373, 24, 341),
)
# Sums of a few doubles.
TOLERANCE = 1e-12
# Freedman, Pisani and Purves print whole percent, computed from rates in whole percent.
WHOLE_PERCENT = 0.005


@pytest.fixture(scope="module")
def counts() -> Counts:
    month = {"period_start": "1973-09-01", "period_end": "1973-12-01"}
    rows = [
        month | {"retailer": sex, "area": area, "requests": asked, "errors": asked - admitted}
        for area, (men_in, men, women_in, women) in zip("ABCDEF", ADMISSIONS, strict=True)
        for sex, admitted, asked in (("men", men_in, men), ("women", women_in, women))
    ]
    return Counts.of(
        pd.DataFrame(rows), [Retailer(sex, Text(sex, sex), sex) for sex in ("men", "women")]
    )


def test_the_page_shows_what_the_program_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = EXAMPLES / "ucb.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried > 10
    assert failed == 0


def test_the_file_holds_the_published_numbers() -> None:
    with (EXAMPLES / "ucb-admissions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = {(row["sex"], row["department"]): row for row in rows}
    assert len(held) == len(rows) == 12
    for name, (men_in, men, women_in, women) in zip("ABCDEF", ADMISSIONS, strict=True):
        for sex, admitted, asked in (("men", men_in, men), ("women", women_in, women)):
            row = held[sex, name]
            assert (int(row["admitted"]), int(row["applicants"])) == (admitted, asked)


def test_standardised_to_all_applicants(counts: Counts) -> None:
    found = standardise(counts, ("area",), groups=("women", "men"))
    total = sum(men + women for _, men, _, women in ADMISSIONS)
    # the same sums in whole numbers
    of_men = sum(Fraction(i * (m + w), m) for i, m, _, w in ADMISSIONS) / total
    of_women = sum(Fraction(i * (m + w), w) for _, m, i, w in ADMISSIONS) / total
    assert found.row("men").rate == pytest.approx(float(1 - of_men), abs=TOLERANCE)
    assert found.row("women").rate == pytest.approx(float(1 - of_women), abs=TOLERANCE)
    # D. Freedman, R. Pisani and R. Purves, Statistics, chapter 2, section 4
    assert float(of_men) == pytest.approx(0.39, abs=WHOLE_PERCENT)
    assert float(of_women) == pytest.approx(0.43, abs=WHOLE_PERCENT)


def test_split_into_departments_and_rates_by_kitagawa(counts: Counts) -> None:
    found = decompose(counts.group("women"), counts.group("men"), by=("area",))
    men, women = (sum(row[place] for row in ADMISSIONS) for place in (1, 3))
    mix = rate = Fraction(0)
    for men_in, m, women_in, w in ADMISSIONS:
        share_w, share_m = Fraction(w, women), Fraction(m, men)
        rate_w, rate_m = 1 - Fraction(women_in, w), 1 - Fraction(men_in, m)
        # Kitagawa, Journal of the American Statistical Association 50 (1955) 1168-1194
        mix += (share_w - share_m) * (rate_w + rate_m) / 2
        rate += (rate_w - rate_m) * (share_w + share_m) / 2
    assert found.parts["area_mix"] == pytest.approx(float(mix), abs=TOLERANCE)
    assert found.parts["rate"] == pytest.approx(float(rate), abs=TOLERANCE)
    # 1,278 of 1,835 women and 1,493 of 2,691 men were refused
    assert found.difference == pytest.approx(1278 / 1835 - 1493 / 2691, abs=TOLERANCE)
    assert found.parts["rate"] < 0 < found.difference
