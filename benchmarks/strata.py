"""The exact conditional CMH test with odds ratio and interval, beside R's mantelhaen.test.

Both sides get the same tables in the same run; CPU seconds, the median of some repeats. The
interval is the one that R gives (twice the smaller tail). Without Rscript only one side is shown.

    python benchmarks/strata.py [--strata 10 120 1200] [--requests 10000] [--repeat 5]
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from clock import cpu_seconds

from switchstats.inference import cmh, mantel_haenszel
from switchstats.inference.stratified import cmh_p_values, mantel_haenszel_p_values

SEED = 20230131
SLOW_IN_R = 100
IN_R = """
arguments <- commandArgs(trailingOnly = TRUE)
d <- read.csv(arguments[1])
x <- array(as.double(rbind(d$e1, d$n1 - d$e1, d$e0, d$n0 - d$e0)), c(2, 2, nrow(d)))
times <- sapply(seq_len(as.integer(arguments[2])), function(i) {
  t <- system.time(for (j in 1:arguments[3]) test <<- mantelhaen.test(x, exact = TRUE))
  sum(t[c("user.self", "sys.self")]) / as.integer(arguments[3])
})
cat(sprintf("%.9g", c(median(times), test$p.value, test$estimate, test$conf.int)))
"""


def tables(n_strata: int, most: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(SEED)
    # many small strata and few large ones: the logarithms of the sizes are uniform
    first, second = (
        np.exp(rng.uniform(np.log(5), np.log(most / 2), n_strata)).astype(int) for _ in range(2)
    )
    rate = rng.uniform(0.1, 0.3, n_strata)
    return rng.binomial(first, rate), first, rng.binomial(second, rate), second


def in_r(data: tuple[np.ndarray, ...], repeat: int) -> list[float] | None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script, table = Path(folder, "cmh.R"), Path(folder, "tables.csv")
        script.write_text(IN_R)
        rows = np.column_stack(data)
        np.savetxt(table, rows, fmt="%d", delimiter=",", header="e1,n1,e0,n0", comments="")
        # R's clock has milliseconds, and 1,200 strata take it long enough to be timed once
        timed, inner = (1, 1) if len(rows) > SLOW_IN_R else (repeat, 20)
        command = [rscript, str(script), str(table), str(timed), str(inner)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return [float(word) for word in done.stdout.split()]


def exact(n_strata: int, most: int, repeat: int) -> None:
    data = tables(n_strata, most)
    ours = cpu_seconds(lambda: cmh(*data, exact=True, central=True), repeat)
    likelihood = cpu_seconds(lambda: cmh(*data, exact=True), repeat)
    result, central = cmh(*data, exact=True), cmh(*data, exact=True, central=True)
    print(f"{n_strata} strata of up to {most:,} requests")
    print(f"  switchstats, R's interval   {ours:.4f} s")
    print(f"  switchstats, interval of p  {likelihood:.4f} s")
    theirs = in_r(data, repeat)
    if theirs is None:
        print("  R is not installed: apt-get install r-base-core")
        return
    seconds, p_value, estimate, low, high = theirs
    print(f"  R mantelhaen.test           {seconds:.4f} s: {seconds / ours:.1f} times as long")
    print(f"  p {result.p_value:.9g} and {p_value:.9g}")
    print(f"  odds ratio {result.estimate:.9g} and {estimate:.9g}")
    print(f"  {central.interval} and {low:.9g} to {high:.9g}")


def batches(n_sets: int) -> None:
    rng = np.random.default_rng(SEED)
    requests = rng.integers(50, 2000, (n_sets, 6, 20))
    errors = rng.binomial(requests, 0.18)
    first = np.arange(20) < 10
    print(f"{n_sets:,} data sets of 6 strata and 20 retailers")
    for name, work in {
        "mantel_haenszel": lambda: mantel_haenszel_p_values(errors, requests, first),
        "  odds ratio": lambda: mantel_haenszel_p_values(
            errors, requests, first, scale="odds_ratio"
        ),
        "cmh, requests": lambda: cmh_p_values(errors, requests, first, units="requests"),
    }.items():
        print(f"  {name:<16} {cpu_seconds(work, 3):.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--strata", type=int, nargs="+", default=[10, 120, 1200])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    for n_strata in asked.strata:
        exact(n_strata, asked.requests, asked.repeat)
    data = tables(max(asked.strata), asked.requests)
    seconds = cpu_seconds(lambda: mantel_haenszel(*data), asked.repeat)
    print(f"Mantel-Haenszel difference of {max(asked.strata)} strata {seconds:.5f} s")
    batches(10_000)


if __name__ == "__main__":
    main()
