"""The models of retailers beside R's lme4 and glmmTMB, and PyPI's glmm.

700 retailers over 24 months: 16,800 cells. The mixed logit has no months, so that a retailer's
cells are collapsed to one; the beta-binomial has a level for each month. Both sides fit in the same
run; CPU seconds, the median of some repeats, R's without its start. Our times hold the test and the
profile intervals, the peers' the fit and that without a difference. lme4 takes 7 nodes, ours 15
unless it says 7, glmm what is named; lme4 and glmm are timed on the collapsed cells, too. glmm is
no dependency of the package: it is run by the Python that ``--peers`` names, such as that of a
throw-away environment with ``pip install glmm``, and left out without.

    python benchmarks/models.py [--repeat 7] [--peers OTHER/bin/python]
"""

import argparse
import shutil
import subprocess
import sys
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
mixed <- function(d) {
  fit <- function(formula) glmer(formula, data = d, family = binomial, nAGQ = 7)
  one <- fit(cbind(errors, requests - errors) ~ first + (1 | retailer))
  none <- fit(cbind(errors, requests - errors) ~ 1 + (1 | retailer))
  c(fixef(one)[2], 2 * (logLik(one) - logLik(none)))
}
few <- aggregate(cbind(errors, requests) ~ retailer + first, data = d, sum)
invisible(mixed(few))
a <- seconds(function() mixed(d))
few <- seconds(function() mixed(few))
b <- seconds(function() {
  fit <- function(formula) glmmTMB(formula, data = d, family = betabinomial)
  one <- fit(cbind(errors, requests - errors) ~ first + month + (1 | retailer))
  none <- fit(cbind(errors, requests - errors) ~ month + (1 | retailer))
  c(fixef(one)$cond[2], 2 * (logLik(one) - logLik(none)))
})
cat(a$s, a$found, few$s, few$found, b$s, b$found)
"""
# nagq is the number of nodes; weights are requests where the response is a rate.
GLMM = """
import csv, sys, time
from statistics import median
import glmm, numpy as np
with open(sys.argv[1]) as lines:
    rows = list(csv.DictReader(lines))
retailer = np.array([row["retailer"] for row in rows])
first, requests, errors = (
    np.array([float(row[name]) for row in rows]) for name in ("first", "requests", "errors")
)
names, place = np.unique(retailer, return_inverse=True)
e, n = np.bincount(place, errors), np.bincount(place, requests)
f = np.zeros(names.size)
f[place] = first
cells = {"y": errors / requests, "first": first, "retailer": retailer, "n": requests}
few = {"y": e / n, "first": f, "retailer": names, "n": n}

def fits(data, nagq):
    started = time.process_time()
    one, none = (
        glmm.fit(data, formula, family="binomial", weights=data["n"], nagq=nagq)
        for formula in ("y ~ first + (1 | retailer)", "y ~ 1 + (1 | retailer)")
    )
    seconds = time.process_time() - started
    return seconds, one.beta[1], 2 * (one.loglik - none.loglik)

for data in (cells, few):
    for nagq in (1, 7, 15):
        found = [fits(data, nagq) for _ in range(int(sys.argv[2]) + 1)][1:]
        print(median(row[0] for row in found), *found[0][1:])
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


def _written(counts: Counts, folder: str) -> Path:
    frame = counts.frame
    frame["first"] = (frame["group"] == "incumbent").astype(int)
    frame["month"] = frame["period_start"]
    path = Path(folder, "cells.csv")
    frame[["retailer", "first", "month", "requests", "errors"]].to_csv(path, index=False)
    return path


def _numbers(command: list[str]) -> list[tuple[float, ...]]:
    """Return seconds, estimate and likelihood ratio of each fit that the command prints."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        print("  " + (done.stderr.strip().splitlines() or ["no answer"])[-1])
        return []
    words = [float(word) for word in done.stdout.split()]
    return [tuple(words[place : place + 3]) for place in range(0, len(words), 3)]


def peers(counts: Counts, python: str, repeat: int) -> dict[str, tuple[float, ...]]:
    found: dict[str, tuple[float, ...]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = _written(counts, folder)
        if shutil.which("Rscript") is not None:
            script = Path(folder, "models.R")
            script.write_text(R)
            names = ("lme4, 7 nodes", "lme4, 7 nodes, collapsed", "glmmTMB")
            found |= zip(names, _numbers(["Rscript", str(script), str(path)]), strict=False)
        names = [
            f"glmm, {nodes} node{'s' if nodes > 1 else ''}{cells}"
            for cells in ("", ", collapsed")
            for nodes in (1, 7, 15)
        ]
        found |= zip(names, _numbers([python, "-c", GLMM, str(path), str(repeat)]), strict=False)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--peers", default=sys.executable)
    asked = parser.parse_args()
    counts = simulated()
    print(f"{len(counts):,} cells of {N_ALL} retailers")
    theirs = peers(counts, asked.peers, asked.repeat)
    months = partial(beta_binomial, counts, by=("period",), retailer_intercept=True)
    cases = (
        ("mixed_logit", partial(mixed_logit, counts), asked.repeat, ("lme4", "glmm, ")),
        (
            "mixed_logit, 7 nodes",
            partial(mixed_logit, counts, n_quadrature=7),
            asked.repeat,
            ("lme4", "glmm, "),
        ),
        ("beta_binomial, months, intercepts", months, 3, ("glmmTMB",)),
    )
    for name, work, repeat, against in cases:
        seconds, found = cpu_seconds(work, repeat), work()
        print(f"  {name:<36} {seconds:8.4f} s, {found.estimate:+.5f}, LR {found.statistic:.4f}")
        for peer, (s, estimate, ratio) in theirs.items():
            if peer.startswith(against):
                times = f"{s / seconds:.1f} times"
                print(f"    {peer:<34} {s:8.4f} s, {estimate:+.5f}, LR {ratio:.4f}: {times}")


if __name__ == "__main__":
    main()
