"""700 retailers, ten years of months, ten areas: from a file to a run, in minutes and memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import switchstats as ss

MOST_KIB = 2 << 20
STUDY = """
import resource, sys
import switchstats as ss
ss.run_study(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_840_000_cells_take_less_than_2_gib(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    retailers = [f"r{number:03d}" for number in range(700)]
    months = pd.period_range("2013-04", "2023-03", freq="M").strftime("%Y-%m")
    areas = [f"{number:02d}" for number in range(1, 11)]
    names = ["小売電気事業者", "対象年月", "エリア"]
    cells = pd.MultiIndex.from_product([retailers, months, areas], names=names)
    requests = rng.integers(1, 200, len(cells))
    errors = rng.binomial(requests, 0.1)
    table = pd.DataFrame({"申込件数": requests, "エラー件数": errors}, index=cells)
    table.reset_index().to_csv(tmp_path / "a.csv", index=False)
    groups = ["incumbent"] * 10 + ["entrant"] * 690
    known = {"retailer": retailers, "group": groups, "area": [*areas, *[""] * 690]}
    pd.DataFrame(known).to_csv(tmp_path / "registry.csv", index=False)
    study = tmp_path / "study.toml"
    study.write_text(
        'studies = ["GroupComparison", "RetailerByRetailer"]\nmargin = 0.02\n'
        '[data]\nkind = "counts"\nfiles = ["a.csv"]\nregistry = "registry.csv"\n'
    )
    command = [sys.executable, "-c", STUDY, str(study)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=900)
    assert int(done.stdout.split()[-1]) < MOST_KIB
    run = ss.load_run(tmp_path / "runs" / "latest")
    assert run.run["account"]["counted"] == 840_000
    assert run.counts.requests == requests.sum()
    assert run.counts.errors == errors.sum()
