"""What the studies within retailers find in simulated files: recovery, false alarms, power.

Every world is drawn with every effect from the same seeds, so that a design's bias can be read off
the difference from no effect, free of most of the noise. Figures are of the primary tests: an
advantage is shown only where one rejects, so that their false alarms bound those of the verdicts.
The smallest detectable effect is 2.85 standard deviations of the estimates over the seeds (t on 6
degrees of freedom, one-sided 5 %, power 80 %), not taken from the method's own standard error.

    python benchmarks/studies.py [--requests 300000] [--seeds 200] [--effects 0 2 5] [--worlds all]
        [--shock 1] [--dossiers 0] [--out table.csv]

``--worlds``: names of `switchstats.simulate.trap_worlds`, ``all``, or ``none`` (the plain one).
``--dossiers``: so many whole dossiers a world besides, with a margin of 2 points: how often each
verdict. The row `GroupComparison` is the comparison that the committee made, for what fools it: its
estimate is a gap between groups, not the effect of access.
"""

import argparse
import csv
import time
from collections import Counter
from pathlib import Path

import numpy as np

from switchstats import Dossier
from switchstats.errors import NotAnswerableError
from switchstats.inference import cluster_robust
from switchstats.inference.few_units import few_units
from switchstats.simulate import simulate_counts, trap_worlds
from switchstats.studies.contrast.arms import build_arms, held_against
from switchstats.studies.contrast.cells import read_cells
from switchstats.studies.contrast.contrasts import contrasts_of
from switchstats.studies.contrast.exposure import ends_in

GROUPS = ("incumbent", "entrant")
GROUP_COMPARISON = "GroupComparison"
DESIGNS = {
    "BeforeAfter": "before_after",
    "HomeAway": "full",
    "HomeAway, same kind": "full_same_kind",
    "HomeAway, before only": "home_away",
    "HomeAway, triple": "triple",
    "ReasonPlacebo": "scaled_reasons",
}
STRATA = ("area", "losing", "losing_group", "reason")
# what these traps are about is how rows are counted
READING = {
    "pending_last_month": {"settle_days": 0},
    "retries_counted": {"estimand": "all_attempts"},
}
T_6 = 2.85


def estimates(world: object, name: str, requests: int, seed: int) -> dict[str, tuple[float, ...]]:
    counts = simulate_counts(world, requests, seed, strata=STRATA, **READING.get(name, {}))
    cells = read_cells(counts, GROUPS, study="benchmark")
    ends = ends_in(counts, None, GROUPS[0], study="benchmark")
    among = held_against(cells, [end.retailer for end in ends])
    arms = build_arms(cells, among=among)
    found = {}
    for study, design in DESIGNS.items():
        built = arms if design in ("before_after", "full", "full_same_kind") else None
        try:
            one = contrasts_of(cells, ends, design, among, built)
            kept = {"common": one.common}
            errors = np.sqrt(one.variances)
            less = few_units(one.estimates, errors, alternative="less", **kept)
            both = few_units(one.estimates, errors, **kept)
        except NotAnswerableError:
            continue
        low, high = both.interval.low, both.interval.high
        found[study] = (less.estimate, less.std_error, less.p_value, low, high)
    gap = {"estimator": "CR3", "df": "effective", "weighting": "equal"}
    less = cluster_robust(counts.collapse(), alternative="less", **gap)
    both = cluster_robust(counts.collapse(), **gap).interval
    found[GROUP_COMPARISON] = (less.estimate, less.std_error, less.p_value, both.low, both.high)
    return found


def dossiers(name: str, requests: int, seeds: int) -> None:
    """Print how often each verdict is reached without any effect."""
    outcomes: Counter[str] = Counter()
    for seed in range(seeds):
        world = trap_worlds()[name]
        counts = simulate_counts(world, requests, seed, strata=STRATA, **READING.get(name, {}))
        outcomes[Dossier(margin=0.02).run(counts).verdict.outcome.value] += 1
        print("# dossier", name, seed, dict(outcomes), flush=True)


def rows(name: str, effects: list[float], found: dict[float, list[dict]]) -> list[list[object]]:
    table = []
    for effect in effects:
        truth = -abs(effect) / 100
        for study in (*DESIGNS, GROUP_COMPARISON):
            here = [(i, one[study]) for i, one in enumerate(found[effect]) if study in one]
            if not here:
                continue
            values = np.array([one for _, one in here])
            base = np.array([found[effects[0]][i].get(study, (np.nan,))[0] for i, _ in here])
            estimate, p, sd = values[:, 0], values[:, 2], values[:, 0].std(ddof=1)
            covers = (values[:, 3] <= truth) & (truth <= values[:, 4])
            table.append(
                [
                    name,
                    -abs(effect),
                    study,
                    len(here),
                    *(round(100 * x, 3) for x in (estimate.mean(), sd / len(here) ** 0.5)),
                    round(100 * float(np.nanmean(estimate - base)), 3),
                    *(round(100 * x, 3) for x in (sd, values[:, 1].mean(), T_6 * sd)),
                    *(round(float(x), 3) for x in ((p <= 0.05).mean(), (p >= 0.95).mean())),
                    round(float(covers.mean()), 3),
                ]
            )
    return table


HEAD = [
    "world",
    "true_effect_pp",
    "study",
    "data_sets",
    "mean_pp",
    "monte_carlo_error_pp",
    "less_that_without_effect_pp",
    "sd_pp",
    "mean_std_error_pp",
    "smallest_detectable_pp",
    "fewer_errors_shown",
    "more_errors_shown",
    "coverage_95",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--requests", type=int, default=300_000)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--effects", type=float, nargs="+", default=[0.0, 2.0, 5.0])
    parser.add_argument("--worlds", nargs="+", default=["none"])
    parser.add_argument("--shock", type=float, default=1.0, help="SD of retailers' months, points")
    parser.add_argument("--dossiers", type=int, default=0)
    parser.add_argument("--out", type=Path, default=None)
    chosen = parser.parse_args()
    names = list(trap_worlds()) if chosen.worlds == ["all"] else chosen.worlds
    table: list[list[object]] = []
    for name in names:
        start = time.perf_counter()
        found = {
            effect: [
                estimates(
                    trap_worlds(effect_pp=effect, shock_sd_pp=chosen.shock)[name],
                    name,
                    chosen.requests,
                    seed,
                )
                for seed in range(chosen.seeds)
            ]
            for effect in chosen.effects
        }
        table += rows(name, chosen.effects, found)
        for row in table[-(len(DESIGNS) + 1) * len(chosen.effects) :]:
            print(*row, sep="\t", flush=True)
        dossiers(name, chosen.requests, chosen.dossiers)
        print(f"# {name}: {time.perf_counter() - start:.0f} s", flush=True)
        if chosen.out is not None:
            with chosen.out.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([HEAD, *table])


if __name__ == "__main__":
    main()
