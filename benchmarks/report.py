"""A whole run beside the bare cost of its figures, and a chart of 700 retailers beside its marks.

``python benchmarks/report.py [--repeat 5]``
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

_MARKS = 60
_BYTECODE = tempfile.mkdtemp(prefix="bytecode-")
_BARE = """
import sys
from matplotlib.figure import Figure
for place, spec in enumerate(sys.argv[2:]):
    kind, width, height = spec.split(":")
    figure = Figure(figsize=(float(width), float(height)), layout="constrained")
    for panel in (1, 2):
        axes = figure.add_subplot(1, 2, panel)
        axes.plot(range({marks}), range({marks}), "o", label="rates")
        axes.set_title("title")
        axes.set_xlabel("rate")
        axes.legend()
    figure.savefig(f"{{sys.argv[1]}}/{{place}}.{{kind}}", dpi=300)
"""
_SLIDE, _NOTEBOOK = "13.333:7.5", "10:5.8"
# The committee's table in one language: two figures as SVG and PNG; on the page both in both
# languages; on a slide the one that is no chart.
_FIGURES = [
    *(f"{kind}:{_SLIDE}" for kind in ("svg", "png") for _ in range(2)),
    *(f"svg:{_NOTEBOOK}" for _ in range(4)),
    f"png:{_NOTEBOOK}",
]


def seconds(arguments: list[str]) -> float:
    started = time.perf_counter()
    # as on a user's machine: compiled once, and from then on taken from the cache
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": _BYTECODE}
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=env)  # noqa: S603
    return time.perf_counter() - started


def whole_run(repeat: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        bare = ["-c", _BARE.format(marks=_MARKS), folder, *_FIGURES]
        ours = ["-m", "switchstats", "run", "--out", out, "--margin", "0.02"]
        seconds(bare)
        seconds(ours)
        # the sides take turns, so that a busy moment hits both
        pairs = [(seconds(bare), seconds(ours)) for _ in range(repeat)]
    told("start, import matplotlib, save 9 figures", "switchstats run", pairs)


def many_retailers(repeat: int) -> None:
    from matplotlib.figure import Figure

    from switchstats.figures import figure_bytes, rates_by_period
    from switchstats.simulate import World, simulate_counts
    from switchstats.studies import GroupComparison

    counts = simulate_counts(World(n_retailers=700), 1_000_000, 1)
    rates = GroupComparison().run(counts).rates
    values = [100 * item.rate for item in rates.retailers]

    def bare() -> float:
        started = time.perf_counter()
        figure = Figure(figsize=(13.333, 7.5), layout="constrained")
        for place, part in enumerate((values[:10], values[10:])):
            axes = figure.add_subplot(1, 2, place + 1)
            axes.plot(part, range(len(part)), "os"[place])
            axes.set_title("title")
            axes.set_xlabel("rate")
        figure.savefig(f"{folder}/bare.png", dpi=300)
        return time.perf_counter() - started

    def ours() -> float:
        started = time.perf_counter()
        Path(folder, "ours.png").write_bytes(figure_bytes(rates_by_period(rates), ".png"))
        return time.perf_counter() - started

    with tempfile.TemporaryDirectory() as folder:
        bare(), ours()
        pairs = [(bare(), ours()) for _ in range(repeat)]
    told("matplotlib alone, 700 marks", "chart of 700 retailers", pairs)


def told(peer: str, what: str, pairs: list[tuple[float, float]]) -> None:
    theirs, mine = (median(side) for side in zip(*pairs, strict=True))
    sys.stdout.write(f"{peer}: {theirs:.2f} s; {what}: {mine:.2f} s, {mine / theirs:.1f} x\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    whole_run(repeat)
    many_retailers(repeat)


if __name__ == "__main__":
    main()
