"""Tests with retailers as clusters beside wildboottest and scipy: wild and retailer bootstrap.

Both sides get the same retailers in the same run; CPU seconds, the median of some repeats.
wildboottest is no dependency of the package: it is run by the Python that ``--peers`` names, such
as that of a throw-away environment with ``pip install wildboottest``, and left out without. It is
called twice, once to compile, but once only with 700 retailers, which take it a minute.

    python benchmarks/clustered.py [--draws 100000] [--repeat 7] [--peers OTHER/bin/python]
"""

import argparse
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from clock import cpu_seconds
from made import SEED, retailers

from switchstats.inference import cluster_robust, retailer_bootstrap, wild_bootstrap
from switchstats.inference.clustered import cluster_robust_p_values
from switchstats.inference.resampled import retailer_bootstrap_p_values
from switchstats.inference.wild import wild_bootstrap_p_values

SIZES = ((10, 10), (40, 660))
SCIPY_BATCH = 5_000
# Weighted least squares of retailers' rates, by its transformation to ordinary ones.
PEER = """
import sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, statsmodels.api as sm
from wildboottest.wildboottest import wildboottest
first, errors, requests = np.loadtxt(sys.argv[1], delimiter=",", unpack=True)
root = np.sqrt(requests)
model = sm.OLS(errors / root, np.column_stack([root, root * first]))
for _ in range(2 if first.size < 100 else 1):  # compiling takes seconds, 700 retailers a minute
    started = time.process_time()
    found = wildboottest(
        model, B=int(sys.argv[2]), cluster=np.arange(first.size), param="x2",
        weights_type="rademacher", seed=1, show=False,
    )
    seconds = time.process_time() - started
print(seconds, float(found["p-value"].iloc[0]))
"""


def wildboottest(
    data: tuple[np.ndarray, ...], draws: int, python: str
) -> tuple[float, float] | None:
    e1, n1, e0, n0 = data
    table = np.column_stack(
        [np.repeat([1, 0], [e1.size, e0.size]), np.append(e1, e0), np.append(n1, n0)]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "retailers.csv")
        np.savetxt(path, table, fmt="%d", delimiter=",")
        command = [python, "-c", PEER, str(path), str(draws)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        print("  " + (done.stderr.strip().splitlines() or ["no answer"])[-1])
        return None
    seconds, p_value = (float(word) for word in done.stdout.split()[-2:])
    return seconds, p_value


def wild(data: tuple[np.ndarray, ...], draws: int, repeat: int, python: str) -> None:
    for weights in ("rademacher", "webb"):
        result = wild_bootstrap(*data, weights=weights, n_draws=draws, max_patterns=0, seed=1)
        ours = cpu_seconds(
            partial(wild_bootstrap, *data, weights=weights, n_draws=draws, max_patterns=0, seed=1),
            repeat,
        )
        name = f"wild_bootstrap, {weights}"
        print(f"  {name:<28} {ours:.4f} s, p {result.p_value:.4f} and an interval")
        if weights == "rademacher":
            signs = ours
    theirs = wildboottest(data, draws, python)
    if theirs is None:
        print("  --peers needs a Python with wildboottest: pip install wildboottest")
        return
    seconds, p_value = theirs
    ratio = seconds / signs
    print(f"  {'wildboottest, rademacher':<28} {seconds:.4f} s, p {p_value:.4f}: {ratio:.0f} times")


def resampled(data: tuple[np.ndarray, ...], draws: int, repeat: int) -> None:
    from scipy import stats

    e1, n1, e0, n0 = data

    def difference(first: np.ndarray, second: np.ndarray, axis: int = -1) -> np.ndarray:
        one, other = (
            e[rows].sum(axis=axis) / n[rows].sum(axis=axis)
            for e, n, rows in ((e1, n1, first), (e0, n0, second))
        )
        return one - other

    ours = cpu_seconds(lambda: retailer_bootstrap(*data, n_draws=draws, seed=1), repeat)
    theirs = cpu_seconds(
        lambda: stats.bootstrap(
            (np.arange(e1.size), np.arange(e0.size)),
            difference,
            n_resamples=draws,
            batch=SCIPY_BATCH,
            method="percentile",
            rng=1,
        ),
        max(1, repeat // 3),
    )
    print(f"  {'retailer_bootstrap':<28} {ours:.4f} s, studentised")
    print(f"  {'scipy.stats.bootstrap':<28} {theirs:.4f} s, percentiles: {theirs / ours:.1f} times")


def batches(n_sets: int, n: int, m: int) -> None:
    rng = np.random.default_rng(SEED)
    requests = np.maximum(rng.lognormal(7, 1.5, (n_sets, n + m)), 1).astype(int)
    errors = rng.binomial(requests, 0.18)
    first = np.arange(n + m) < n
    print(f"{n_sets:,} data sets of {n} v {m} retailers, 999 draws")
    for name, work in {
        "CR2": lambda: cluster_robust_p_values(errors, requests, first),
        "CR3": lambda: cluster_robust_p_values(errors, requests, first, estimator="CR3"),
        "wild bootstrap": lambda: wild_bootstrap_p_values(errors, requests, first, seed=1),
        "retailer bootstrap": lambda: retailer_bootstrap_p_values(errors, requests, first, seed=1),
    }.items():
        print(f"  {name:<28} {cpu_seconds(work, 3):.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--peers", default=sys.executable)
    asked = parser.parse_args()
    for n, m in SIZES:
        data = retailers(n, m)
        print(f"{n} v {m} retailers, {asked.draws:,} draws")
        seconds = cpu_seconds(partial(cluster_robust, *data), 20)
        print(f"  {'cluster_robust, CR2':<28} {seconds:.5f} s")
        wild(data, asked.draws, asked.repeat, asked.peers)
        resampled(data, asked.draws, asked.repeat)
    batches(10_000, 10, 10)
    batches(1_000, 10, 700)


if __name__ == "__main__":
    main()
