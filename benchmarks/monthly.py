"""A run of a study file, and the same again with nothing new, beside the first.

``python benchmarks/monthly.py [--requests 1000000] [--strata area losing_group] [--keep FOLDER]``

Made-up request rows in one Parquet file, the studies of `Dossier` on them. Reports both runs, their
ratio, and the peak memory of the first.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from switchstats.simulate import World, write_registry, write_requests

STUDY = """
studies = ["Dossier"]
margin = 0.02
[data]
kind = "requests"
files = ["rows.parquet"]
registry = "registry.csv"
strata = [{strata}]
"""


def prepare(folder: Path, requests: int, strata: list[str]) -> None:
    world = World()
    if not (folder / "rows.parquet").exists():
        write_requests(world, requests, 1, folder / "rows.parquet")
    write_registry(world, folder / "registry.csv")
    listed = ", ".join(f'"{name}"' for name in strata)
    (folder / "study.toml").write_text(STUDY.format(strata=listed), encoding="utf-8")


def seconds(folder: Path) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-m", "switchstats", "run", str(folder / "study.toml"), "--quiet"]
    subprocess.run(command, check=True)  # noqa: S603
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--strata", nargs="*", default=["area", "losing_group", "reason"])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        prepare(folder, options.requests, options.strata)
        first = seconds(folder)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
        again = min(seconds(folder) for _ in range(3))
    print(f"{options.requests:,} requests: first {first:.1f} s, peak {peak:.2f} GiB")
    print(f"again, nothing new: {again:.2f} s, {again / first:.1%} of the first")


if __name__ == "__main__":
    main()
