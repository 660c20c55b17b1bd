"""Twelve looks at the same retailers: what each may spend, and what that does to false alarms."""

import numpy as np
import pytest

from switchstats.errors import UsageError
from switchstats.inference import cluster_robust
from switchstats.runs.looks import level_of_look
from switchstats.runs.study_file import Looks

LOOKS = 12
PLANNED = Looks(spending="equal", planned=LOOKS)
OPEN = Looks(spending="open")
# Monte Carlo: 600 studies, three standard errors of 5 %
N_STUDIES, TOLERANCE = 600, 3 * (0.05 * 0.95 / 600) ** 0.5


def test_the_parts_add_up_to_the_whole_error() -> None:
    """Sums of 1/12 twelve times, and of 1/(k (k + 1)), which is k/(k + 1) after k looks."""
    spent = [1 - level_of_look(0.95, PLANNED, look) for look in range(1, LOOKS + 1)]
    assert sum(spent) == pytest.approx(0.05, rel=1e-12)
    spent = [1 - level_of_look(0.95, OPEN, look) for look in range(1, 101)]
    assert sum(spent) == pytest.approx(0.05 * 100 / 101, rel=1e-12)
    assert level_of_look(0.95, None, 7) == 0.95


def test_more_looks_than_planned_are_refused() -> None:
    with pytest.raises(UsageError, match="look 13 of 12"):
        level_of_look(0.95, PLANNED, 13)


def test_persistence_finds_no_advantage_where_looks_are_paid_for() -> None:
    """10 v 10 retailers that do not differ by group, one more month a look, tested as recommended.

    Rates are beta with SD 4.5 points, and move by 2 points from month to month; volumes are
    log-normal. The test is that of equal weights which `recommend` names.
    """
    found = {"unpaid": 0, "equal": 0, "open": 0}
    rng = np.random.default_rng(20221)
    for _ in range(N_STUDIES):
        p_values = one_study(rng)
        found["unpaid"] += any(p < 0.05 for p in p_values)
        for name, looks in (("equal", PLANNED), ("open", OPEN)):
            limits = [1 - level_of_look(0.95, looks, look) for look in range(1, LOOKS + 1)]
            found[name] += any(p < limit for p, limit in zip(p_values, limits, strict=True))
    share = {name: count / N_STUDIES for name, count in found.items()}
    assert share["unpaid"] > 0.07
    assert share["equal"] <= 0.05 + TOLERANCE
    assert share["open"] <= 0.05 + TOLERANCE
    assert share["open"] > 0


def one_study(rng: np.random.Generator) -> list[float]:
    rates = rng.beta(12.94, 58.93, size=20)  # mean .18, SD .045
    requests = np.maximum(rng.lognormal(np.log(150), 1.0, size=20).astype(int), 5)
    errors, filed = np.zeros(20, int), np.zeros(20, int)
    p_values: list[float] = []
    for _ in range(LOOKS):
        monthly = np.clip(rates + rng.normal(0, 0.02, size=20), 0.001, 0.999)
        errors += rng.binomial(requests, monthly)
        filed += requests
        test = cluster_robust(
            errors[:10],
            filed[:10],
            errors[10:],
            filed[10:],
            estimator="CR3",
            df="effective",
            weighting="equal",
            alternative="less",
        )
        p_values.append(test.p_value)
    return p_values
