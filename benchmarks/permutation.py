"""Permutation tests of retailers beside numpy, scipy and R's coin.

Both sides get the same retailers in the same run; CPU seconds, the median of some repeats. The
peers give a p-value; ours gives the inverted interval as well.

    python benchmarks/permutation.py [--draws 100000] [--repeat 7]
"""

import argparse
import shutil
import subprocess
import tempfile
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
from clock import cpu_seconds
from made import retailers

from switchstats.inference import permutation

SCIPY_BATCH = 2_000
COIN = """
library(coin)
d <- read.csv(commandArgs(TRUE)[1], header = FALSE)
draws <- as.integer(commandArgs(TRUE)[2])
once <- function() pvalue(oneway_test(V2 ~ factor(V1), data = d, distribution = approximate(draws)))
once()
s <- replicate(3, sum(system.time(p <<- once())[1:2]))
cat(median(s), p)
"""


def show(name: str, seconds: float, against: float | None = None) -> None:
    ratio = "" if against is None else f"  {seconds / against:9.1f} times ours"
    print(f"  {name:<44} {seconds:9.4f} s{ratio}")


def _differences(e: np.ndarray, n: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Request-weighted differences of the splits whose first groups are the rows of `first`."""
    e1, n1 = e[first].sum(axis=1), n[first].sum(axis=1)
    return e1 / n1 - (e.sum() - e1) / (n.sum() - n1)


def exact(repeat: int) -> None:
    from scipy import stats

    e1, n1, e0, n0 = data = retailers(10, 10)
    e, n = np.append(e1, e0), np.append(n1, n0)
    print("10 v 10 retailers, request-weighted, all 184,756 splits")
    ours = cpu_seconds(partial(permutation, *data, weighting="requests"), repeat)
    show("permutation, with interval", ours)

    def matrix() -> np.ndarray:
        splits = np.fromiter(
            (place for split in combinations(range(20), 10) for place in split), np.intp
        )
        return splits.reshape(-1, 10)

    made = matrix()
    show("numpy, index matrix at hand", cpu_seconds(lambda: _differences(e, n, made), repeat), ours)
    show(
        "numpy, index matrix made",
        cpu_seconds(lambda: _differences(e, n, matrix()), max(1, repeat // 3)),
        ours,
    )

    def statistic(first: np.ndarray, second: np.ndarray, axis: int) -> np.ndarray:
        first, second = (np.asarray(part, dtype=np.intp) for part in (first, second))
        one, other = (e[part].sum(axis=axis) / n[part].sum(axis=axis) for part in (first, second))
        return one - other

    def by_scipy() -> float:
        return stats.permutation_test(
            (np.arange(10), np.arange(10, 20)),
            statistic,
            n_resamples=np.inf,
            vectorized=True,
            batch=SCIPY_BATCH,
        ).pvalue

    show("scipy.stats.permutation_test", cpu_seconds(by_scipy, 1), ours)
    print(f"  p: {permutation(*data, weighting='requests').p_value:.6f}, scipy {by_scipy():.6f}")


def drawn(draws: int, repeat: int) -> None:
    from scipy import stats

    e1, n1, e0, n0 = data = retailers(40, 660)
    first, second = e1 / n1, e0 / n0
    print(f"40 v 660 retailers, {draws:,} random splits")
    plain = {"n_draws": draws, "seed": 1}
    equal = cpu_seconds(partial(permutation, first, second, **plain), repeat)
    show("permutation, equal weights", equal)
    weighted = partial(permutation, *data, weighting="requests", **plain)
    show("permutation, request-weighted", cpu_seconds(weighted, repeat), equal)

    def by_scipy() -> float:
        return stats.permutation_test(
            (first, second),
            lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis),
            n_resamples=draws,
            vectorized=True,
            batch=SCIPY_BATCH,
            rng=1,
        ).pvalue

    show("scipy.stats.permutation_test", cpu_seconds(by_scipy, 1), equal)
    if shutil.which("Rscript") is None:
        print("  coin: Rscript is missing")
        return
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder, "rates.csv"), Path(folder, "coin.R")
        rows = np.column_stack([np.repeat([1, 0], [40, 660]), np.append(first, second)])
        np.savetxt(path, rows, delimiter=",")
        script.write_text(COIN)
        command = ["Rscript", str(script), str(path), str(draws)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        print("  coin: " + (done.stderr.strip().splitlines() or ["no answer"])[-1])
        return
    show("coin (R), approximate", float(done.stdout.split()[-2]), equal)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=7)
    chosen = parser.parse_args()
    exact(chosen.repeat)
    drawn(chosen.draws, chosen.repeat)


if __name__ == "__main__":
    main()
