"""Barnard, Boschloo, Fisher and score tests of two rates, beside scipy and statsmodels.

Both sides get the same tables in the same run; CPU seconds, the median of some repeats. scipy's
Boschloo takes a quarter of a minute at 1,000 a group, and its Barnard a minute and 2 GB at 5,000
(asked for with --slow). statsmodels is shown where it is installed (`pip install statsmodels`).

    python benchmarks/two_by_two.py [--repeat 5] [--slow]
"""

import argparse
import math
from importlib.util import find_spec

import numpy as np
from clock import cpu_seconds
from scipy.stats import barnard_exact, boschloo_exact, fisher_exact

from switchstats.inference import barnard, boschloo, fisher, miettinen_nurminen
from switchstats.inference.two_by_two import (
    fisher_mid_p_values,
    mee_p_values,
    miettinen_nurminen_p_values,
    newcombe_p_values,
    pooled_z_p_values,
)

SEED = 20230131
DATA_SETS = 10_000
Table = tuple[int, int, int, int]


def table_of(n: int) -> Table:
    """Return two groups of this size about two standard errors apart at a rate of one fifth."""
    e1 = n // 5
    return e1, n, e1 + round(2 * math.sqrt(0.32 * n)), n


def show(name: str, ours: float, theirs: float | None = None, peer: str = "") -> None:
    beside = "" if theirs is None else f"   {peer} {theirs:9.4f} s   ratio {theirs / ours:9.1f}"
    print(f"{name:38s} {ours:9.5f} s{beside}")


def exact(repeat: int, *, slow: bool) -> None:
    for n in (100, 1_000, 5_000):
        e1, n1, e0, n0 = data = table_of(n)
        columns = [[e1, e0], [n1 - e1, n0 - e0]]
        for test, peer in ((barnard, barnard_exact), (boschloo, boschloo_exact)):
            ours = cpu_seconds(lambda test=test, data=data: test(*data, interval_up_to=0), repeat)
            p_value = test(*data, interval_up_to=0).p_value
            name = f"{test.__name__}, {n:,} a group"
            if n > 1_000 and not (slow and test is barnard):
                show(name, ours)
                continue
            times = 1 if n > 100 else repeat
            results = []
            theirs = cpu_seconds(
                lambda peer=peer, columns=columns, results=results: results.append(peer(columns)),
                times,
            )
            show(name, ours, theirs, "scipy")
            print(f"    p {p_value:.10f}, scipy {results[-1].pvalue:.10f}")


def intervals(repeat: int) -> None:
    for n in (20, 100):
        show(
            f"barnard with interval, {n} a group",
            cpu_seconds(lambda n=n: barnard(*table_of(n)), repeat),
        )
    for n in (20, 100, 500):
        show(
            f"boschloo with interval, {n} a group",
            cpu_seconds(lambda n=n: boschloo(*table_of(n)), repeat),
        )
    e1, n1, e0, n0 = table_of(1_000)
    theirs = cpu_seconds(lambda: fisher_exact([[e1, e0], [n1 - e1, n0 - e0]]), repeat)
    ours = cpu_seconds(lambda: fisher(e1, n1, e0, n0), repeat)
    show("fisher with interval, 1,000 a group", ours, theirs, "scipy, without interval")
    ours = cpu_seconds(lambda: miettinen_nurminen(e1, n1, e0, n0), repeat)
    if find_spec("statsmodels") is None:
        show("miettinen_nurminen with interval", ours)
        return
    from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

    def both() -> None:
        confint_proportions_2indep(e1, n1, e0, n0, method="score", compare="diff")
        test_proportions_2indep(e1, n1, e0, n0, method="score", compare="diff")

    show("miettinen_nurminen with interval", ours, cpu_seconds(both, repeat), "statsmodels (wrong)")


def batches(repeat: int) -> None:
    rng = np.random.default_rng(SEED)
    n1, n0 = rng.integers(5_000, 50_000, (2, DATA_SETS))
    e1, e0 = rng.binomial(n1, 0.18), rng.binomial(n0, 0.18)
    for test in (
        pooled_z_p_values,
        newcombe_p_values,
        miettinen_nurminen_p_values,
        mee_p_values,
        fisher_mid_p_values,
    ):
        seconds = cpu_seconds(lambda test=test: test(e1, n1, e0, n0), repeat)
        show(f"{test.__name__}, {DATA_SETS:,}", seconds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--slow", action="store_true")
    given = parser.parse_args()
    exact(given.repeat, slow=given.slow)
    intervals(given.repeat)
    batches(given.repeat)


if __name__ == "__main__":
    main()
