"""Models of how retailers vary against R: models.R wrote models.csv from models_data.csv."""

import csv
import math
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from switchstats.inference import (
    beta_binomial,
    fit_beta_binomial,
    fit_mixed_logit,
    mixed_logit,
    random_effects,
)
from switchstats.labels import Text
from switchstats.rates.random_effects import random_effects_mean
from switchstats.values import Counts, Retailer

HERE = Path(__file__).parent
SCRIPT, DATA, VALUES = (HERE / name for name in ("models.R", "models_data.csv", "models.csv"))
# metafor's roots and scoring steps end at 1e-15; what is left is rounding.
CLOSED = 1e-8
# nlminb and uniroot on a profile; Newton steps on glmmTMB's own gradient.
OPTIMISER = 1e-6
# Maxima of sums over a trapezoidal rule with numerical gradients; lme4 stops within 1e-7 of its
# deviance.
SEARCH = 1e-5
# The least that counts, where a number is 0 or near it.
ABSOLUTE = {CLOSED: 1e-12, OPTIMISER: 1e-7, SEARCH: 1e-7}
EXACT_NODES = 25


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(path=VALUES):
    return {(row["dataset"], row["quantity"]): float(row["value"]) for row in read(path)}


EXPECTED = expected()
ROWS = pd.DataFrame(read(DATA)).astype({"errors": int, "requests": int})


def rows(dataset):
    return ROWS[ROWS["dataset"] == dataset]


def groups(dataset):
    found = rows(dataset)
    parts = [found[found["group"] == group] for group in ("incumbent", "entrant")]
    return [part[name].to_numpy() for part in parts for name in ("errors", "requests")]


def counts(dataset):
    """The same as counts by month."""
    found = rows(dataset)
    retailers = found[["retailer", "group"]].drop_duplicates().itertuples(index=False)
    starts = pd.to_datetime("2023-" + found["period"].str.zfill(2) + "-01")
    frame = pd.DataFrame(
        {
            "retailer": found["retailer"],
            "period_start": starts,
            "period_end": starts + pd.offsets.MonthBegin(1),
            "errors": found["errors"],
            "requests": found["requests"],
        }
    )
    return Counts.of(frame, [Retailer(name, Text(name, name), group) for name, group in retailers])


@cache
def answer_to(dataset, test, **options):
    return test(*groups(dataset), **options)


def of_test(result, rest):
    """A number of a test's result, by its name in the CSV."""
    names = {
        "estimate": result.estimate,
        "std_error": result.std_error,
        "statistic": result.statistic,
        "p_value": result.p_value,
        "low": result.interval.low,
        "high": result.interval.high,
        "sd": result.quantities.get("retailer_sd"),
    }
    if rest in names:
        return names[rest]
    return result.quantities[rest.replace("correlation", "intra_retailer_correlation")]


@cache
def fitted(dataset, what):
    """The regression that R fitted, and its coefficients' standard errors."""
    found = rows(dataset)
    periods = pd.get_dummies(found["period"]).to_numpy(float)
    first = (found["group"] == "incumbent").to_numpy(float)
    ones = np.ones(len(found))
    design = {
        "cbpp": np.column_stack([ones, periods[:, 1:]]),
        "panel": np.column_stack([periods, first]),
    }.get(dataset, np.column_stack([ones, first]))
    cells = (found["errors"], found["requests"], design)
    if what.startswith("glmer"):
        return fit_mixed_logit(*cells, found["retailer"], n_quadrature=int(what[6:]))
    if what == "tmb_mixed_logit":
        return fit_mixed_logit(*cells, found["retailer"], n_quadrature=1)
    if dataset != "panel_rough":
        return fit_beta_binomial(*cells)
    nodes = 1 if what.startswith("tmb") else EXACT_NODES
    return fit_beta_binomial(*cells, cluster=found["retailer"], n_quadrature=nodes)


def of_fit(fit, rest):
    kind, _, place = rest.rpartition("_")
    if kind in ("coefficient", "std_error"):
        numbers = fit.coefficients if kind == "coefficient" else fit.std_errors
        return numbers[int(place) - 1]
    return {
        "sd": fit.intercept_sd,
        "correlation": fit.intra_correlation,
        "log_likelihood": fit.log_likelihood,
    }[rest]


def of_random_effects(dataset, rest):
    method, variance, rest = rest.split("_", 2)
    options = {
        "method": {"pm": "paule_mandel", "reml": "reml"}[method],
        "variance": variance,
        "heterogeneity": "common" if rest.startswith("common") else "by_group",
    }
    result = answer_to(dataset, random_effects, **options)
    rest = rest.removeprefix("common_")
    if rest in ("estimate", "std_error", "p_value", "low"):
        return of_test(result, rest)
    if rest.startswith("std_error"):
        place = 0 if rest.endswith("first") else 2
        cells = groups(dataset)[place : place + 2]
        del options["heterogeneity"]
        return random_effects_mean(*cells, **options).std_error
    if rest == "tau":
        return result.quantities["tau_first"]
    return result.quantities[rest.replace("mean", "rate")]


def of_fit_to(what):
    return lambda dataset, rest: of_fit(fitted(dataset, what), rest)


def of_tested(test, **options):
    return lambda dataset, rest: of_test(answer_to(dataset, test, **options), rest)


LOG_ODDS = {"variance": "own", "heterogeneity": "common", "scale": "log_odds_ratio"}
# How each quantity's name begins, who gives it here and how near it must come; the first that fits.
GIVERS = {
    "random_log_odds_own_common_": (of_tested(random_effects, **LOG_ODDS), CLOSED),
    "random_": (of_random_effects, CLOSED),
    "beta_binomial_p_value_t": (
        lambda dataset, _: answer_to(dataset, beta_binomial, reference="t").p_value,
        OPTIMISER,
    ),
    "beta_binomial_": (of_tested(beta_binomial), OPTIMISER),
    "by_group_": (of_tested(beta_binomial, dispersion="by_group"), OPTIMISER),
    "mixed_logit_": (of_tested(mixed_logit, n_quadrature=EXACT_NODES), SEARCH),
    "laplace_": (
        lambda dataset, rest: of_test(
            mixed_logit(counts(dataset), by=("period",), n_quadrature=1), rest
        ),
        SEARCH,
    ),
    "tmb_mixed_logit_": (of_fit_to("tmb_mixed_logit"), OPTIMISER),
    "tmb_beta_binomial_": (of_fit_to("tmb_beta_binomial"), OPTIMISER),
    "vgam_": (of_fit_to("vgam"), OPTIMISER),
    "exact_": (of_fit_to("exact"), SEARCH),
    "glmer_2_": (of_fit_to("glmer_2"), SEARCH),
    "glmer_7_": (of_fit_to("glmer_7"), SEARCH),
    "glmer_25_": (of_fit_to("glmer_25"), SEARCH),
}


def computed(dataset, quantity):
    """The same quantity from switchstats, and how near it must come."""
    beginning = next(name for name in GIVERS if quantity.startswith(name))
    give, tolerance = GIVERS[beginning]
    return give(dataset, quantity.removeprefix(beginning)), tolerance


def test_the_oracle_covers_enough():
    assert len(EXPECTED) > 400


@pytest.mark.parametrize("dataset", sorted({dataset for dataset, _ in EXPECTED}))
def test_equals_r(dataset):
    off = []
    for (name, quantity), value in EXPECTED.items():
        if name == dataset:
            ours, tolerance = computed(dataset, quantity)
            if not math.isclose(ours, value, rel_tol=tolerance, abs_tol=ABSOLUTE[tolerance]):
                off.append((quantity, ours, value))
    assert not off


@pytest.mark.needs_r
@pytest.mark.slow
def test_the_script_still_writes_these_values(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    packages = ";".join(f"library({name})" for name in ("VGAM", "lme4", "glmmTMB", "metafor"))
    if subprocess.run([rscript, "-e", packages], capture_output=True, check=False).returncode:
        pytest.skip("an R package of VGAM, lme4, glmmTMB, metafor is not installed")
    again = tmp_path / "again.csv"
    subprocess.run([rscript, SCRIPT, DATA, again], check=True, capture_output=True)
    fresh = expected(again)
    assert fresh.keys() == EXPECTED.keys()
    for key, value in fresh.items():
        assert math.isclose(value, EXPECTED[key], rel_tol=SEARCH, abs_tol=ABSOLUTE[SEARCH]), key
