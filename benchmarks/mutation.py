"""Mutation score of the rooms `inference` and `bounds`: would the tests see a changed operator?

`mutants.py` beside this file draws the mutants and says which kinds are left out.

A mutant meets the tests that ran its line, quickest first, up to 10 seconds of them, and as much of
the other tests that ran anything of its file. A test that fails, or a run that lasts
five times too long, kills. A line that no test runs survives. So the score is a lower bound, and
survivors that compute the same are not taken out of it.

    pip install cosmic-ray coverage
    python benchmarks/mutation.py [--sample 400] [--seed 1] [--minutes 60]

The first run copies the project into `--folder` and measures there which test runs which line (20
minutes). Use another folder when source or tests have changed. Mutants come in random order, so
that what was done in `--minutes` is a sample as well.
"""

import argparse
import ast
import json
import math
import os
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import coverage
import duckdb  # noqa: F401  what the tests need, once, before the forks
import hypothesis  # noqa: F401
import pandas  # noqa: F401
import pytest
import scipy.stats  # noqa: F401
from mutants import ROOMS, TOP, mutated, sample

BESIDE = ("rates", "oracle", "properties", "published_examples")
TESTS = [
    *(f"tests/{room}" for room in (*ROOMS, *BESIDE)),
    *(f"src/switchstats/{room}" for room in ROOMS),
]
BUDGET = 10.0


class Meter:
    """A pytest plugin: seconds and outcome of each test, and its lines as coverage contexts."""

    def __init__(self, cover: object) -> None:
        self.seconds, self.failed, self.cover = Counter(), set(), cover

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.cover.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: object) -> None:
        self.seconds[report.nodeid] += report.duration
        if not report.passed:
            self.failed.add(report.nodeid)


def run_tests(tests: list[str], *plugged: object) -> int:
    options = ["-q", "-p", "no:cacheprovider", "-m", "not slow", "--tb=line", "--assert=plain"]
    return pytest.main([*options, *([] if plugged else ["-x"]), *tests], plugins=list(plugged))


def measure() -> int:
    """Write which test runs which line, and how long each takes."""
    cover = coverage.Coverage(data_file=None, source=[f"src/switchstats/{room}" for room in ROOMS])
    meter = Meter(cover)
    cover.start()
    run_tests(TESTS, meter)
    cover.stop()
    lines = {
        str(Path(file).relative_to(Path.cwd())): {
            line: sorted({*tests} - {""} - meter.failed)
            for line, tests in cover.get_data().contexts_by_lineno(file).items()
        }
        for file in cover.get_data().measured_files()
    }
    Path("map.json").write_text(json.dumps({"seconds": meter.seconds, "lines": lines}))
    return 0


def forked(folder: Path, work: Callable[[], int], seconds: int | None = None) -> int:
    """Exit code of `work` in a child that stands in `folder`; negative when it was killed.

    The limit is one of the processor's time, so that a busy machine kills no mutant.
    """
    child = os.fork()
    if child == 0:
        if seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os.chdir(folder)
        os.dup2(os.open("log.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 1)
        os.dup2(1, 2)
        sys.path.insert(0, str(folder / "src"))
        os._exit(int(work()))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tests_of(known: dict, file: str, text: str, line: int) -> list[str]:
    """The tests that ran the statement, then others that ran anything of its file."""
    spans = [
        range(node.lineno, max(end, node.lineno + 1))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt)
        for body in [getattr(node, "body", None)]
        for end in [body[0].lineno if body else node.end_lineno + 1]
    ]
    statement = min((span for span in spans if line in span), key=len, default=[line])
    ran = known["lines"].get(file, {})
    mine = [ran[str(n)] for n in statement if str(n) in ran]
    every = {test for tests in ran.values() for test in tests} if mine else set()
    # What runs only when its module is imported belongs to all tests of the file.
    near = {test for tests in mine for test in tests} or every
    chosen: list[str] = []
    for tests in (near, every - near):
        seconds = 0.0
        for test in sorted(tests, key=known["seconds"].get):
            seconds += known["seconds"][test]
            if seconds <= BUDGET or not chosen:
                chosen.append(test)
    return chosen


def outcome(tree: Path, known: dict, mutant: tuple) -> str:
    """What the tests make of a mutant: no test, killed, too long, or survived."""
    file, name, occurrence, line = mutant
    place, text = tree / file, (tree / file).read_text("utf-8")
    tests = tests_of(known, file, text, line)
    if not tests:
        return "no test"
    for stale in place.parent.glob(f"__pycache__/{place.stem}.*"):
        stale.unlink()
    place.write_text(mutated(text, name, occurrence), "utf-8")
    try:
        seconds = 30 + int(5 * sum(known["seconds"][test] for test in tests))
        code = forked(tree, partial(run_tests, tests), seconds)
    finally:
        place.write_text(text, "utf-8")
    return "survived" if code == 0 else "too long" if code < 0 else "killed"


def score(rows: list[dict], room: str) -> None:
    """Print the share killed with its 95 % interval (Wilson 1927)."""
    counts = Counter(row["outcome"] for row in rows if f"switchstats/{room}" in row["file"])
    n, killed = counts.total(), counts["killed"] + counts["too long"]
    z2 = 1.959964**2
    middle, half = killed + z2 / 2, math.sqrt(z2 * (killed * (n - killed) / n + z2 / 4))
    low, high = (middle - half) / (n + z2), (middle + half) / (n + z2)
    share = f"{killed / n:.1%} ({low:.1%} to {high:.1%})"
    print(f"{room or 'both':<10} {killed} of {n} killed: {share}; {dict(counts)}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/mutation"))  # noqa: S108
    options = parser.parse_args()
    tree = options.folder.resolve() / "tree"
    if not tree.exists():
        shutil.copytree(TOP, tree, ignore=shutil.ignore_patterns(".*", "__pycache__", "out"))
    if not (tree / "map.json").exists():
        forked(tree, measure)
    known = json.loads((tree / "map.json").read_text())
    sys.dont_write_bytecode = True  # two mutants of a second and a size share a time stamp
    rows, end = [], time.monotonic() + 60 * options.minutes
    for mutant in sample(options.sample, options.seed):
        started = time.monotonic()
        if started > end:
            break
        row = dict(zip(("file", "operator", "occurrence", "line"), mutant, strict=True))
        row["outcome"] = outcome(tree, known, mutant)
        row["seconds"] = round(time.monotonic() - started, 1)
        rows.append(row)
        (options.folder / f"seed{options.seed}.json").write_text(json.dumps(rows, indent=1))
        if row["outcome"] in ("survived", "no test"):
            print(row, flush=True)
    for room in (*ROOMS, ""):
        score(rows, room)


if __name__ == "__main__":
    main()
