"""The models of retailers beside R's lme4 and glmmTMB.

700 retailers over 24 months: 16,800 cells. The mixed logit has no months, so that a retailer's
cells are collapsed to one; the beta-binomial has a level for each month. Both sides fit in the same
run; CPU seconds, the median of some repeats, R's without its start. Our times hold the test and the
profile interval, R's the fit and that without a difference.

    python benchmarks/models.py [--repeat 5]
"""

import argparse
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from clock import cpu_seconds

from switchstats.inference import beta_binomial, mixed_logit
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

SEED, N_FIRST, N_ALL, N_MONTHS = 20230131, 10, 700, 24
R = """
suppressMessages({library(lme4); library(glmmTMB)})
d <- read.csv(commandArgs(TRUE)[1])
d$retailer <- factor(d$retailer)
d$month <- factor(d$month)
seconds <- function(work) {s <- system.time(found <- work()); list(s = sum(s[1:2]), found = found)}
glmer_of <- function(formula) glmer(formula, data = d, family = binomial, nAGQ = 7)
a <- seconds(function() {
  one <- glmer_of(cbind(errors, requests - errors) ~ first + (1 | retailer))
  c(fixef(one)[2], 2 * (logLik(one) - logLik(glmer_of(
    cbind(errors, requests - errors) ~ 1 + (1 | retailer)))))
})
b <- seconds(function() {
  fit <- function(formula) glmmTMB(formula, data = d, family = betabinomial)
  one <- fit(cbind(errors, requests - errors) ~ first + month + (1 | retailer))
  none <- fit(cbind(errors, requests - errors) ~ month + (1 | retailer))
  c(fixef(one)$cond[2], 2 * (logLik(one) - logLik(none)))
})
cat(a$s, a$found, b$s, b$found)
"""


def simulated() -> Counts:
    rng = np.random.default_rng(SEED)
    size = np.maximum(rng.lognormal(4, 1.3, N_ALL), 2)
    rate = rng.beta(12, 55, N_ALL)
    starts = pd.date_range("2022-04-01", periods=N_MONTHS + 1, freq="MS")
    requests = np.maximum(rng.poisson(size[:, None], (N_ALL, N_MONTHS)), 1)
    errors = rng.binomial(requests, rate[:, None])
    frame = pd.DataFrame(
        {
            "retailer": np.repeat([f"r{k:03d}" for k in range(N_ALL)], N_MONTHS),
            "period_start": np.tile(starts[:-1], N_ALL),
            "period_end": np.tile(starts[1:], N_ALL),
            "requests": requests.ravel(),
            "errors": errors.ravel(),
        }
    )
    groups = ["incumbent"] * N_FIRST + ["entrant"] * (N_ALL - N_FIRST)
    return Counts.of(
        frame,
        [Retailer(f"r{k:03d}", Text(f"r{k}", f"r{k}"), group) for k, group in enumerate(groups)],
    )


def in_r(counts: Counts) -> list[float] | None:
    if shutil.which("Rscript") is None:
        return None
    frame = counts.frame
    frame["first"] = (frame["group"] == "incumbent").astype(int)
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder, "cells.csv"), Path(folder, "models.R")
        frame["month"] = frame["period_start"]
        frame[["retailer", "first", "month", "requests", "errors"]].to_csv(path, index=False)
        script.write_text(R)
        command = ["Rscript", str(script), str(path)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        print("  R: " + (done.stderr.strip().splitlines() or ["no answer"])[-1])
        return None
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    counts = simulated()
    print(f"{len(counts):,} cells of {N_ALL} retailers")
    theirs = in_r(counts)
    cases = (
        ("mixed_logit", partial(mixed_logit, counts), "lme4, nAGQ = 7", 0),
        (
            "beta_binomial, months, intercepts",
            partial(beta_binomial, counts, by=("period",), retailer_intercept=True),
            "glmmTMB",
            3,
        ),
    )
    for name, work, peer, at in cases:
        seconds, found = cpu_seconds(work, repeat), work()
        print(f"  {name:<36} {seconds:8.4f} s, {found.estimate:+.5f}, LR {found.statistic:.4f}")
        if theirs is not None:
            s, estimate, ratio = theirs[at : at + 3]
            times = f"{s / seconds:.0f} times"
            print(f"  {peer:<36} {s:8.4f} s, {estimate:+.5f}, LR {ratio:.4f}: {times}")


if __name__ == "__main__":
    main()
