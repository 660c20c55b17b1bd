"""What starting costs: `import switchstats` beside `import pandas`, and the command beside click.

Each case runs in its own fresh process, compiled files warm; the sides take turns. Names of the
package load when they are first used: "every public name" is what all of them together cost, but
for the figures, which matplotlib draws.

    python benchmarks/imports.py --repeat 15
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

COMMAND = Path(sys.executable).with_name("switchstats")
BARE_CLICK = """
import click

@click.group()
def commands():
    '''Ask.'''

commands(['--help'])
"""
EVERY_NAME = """
import switchstats as ss
[getattr(ss, name) for name in ss.__all__ if name != "figures"]
"""
PYTHON = [sys.executable, "-c"]
CASES = {
    "python": [*PYTHON, "pass"],
    "import pandas": [*PYTHON, "import pandas"],
    "import switchstats": [*PYTHON, "import switchstats"],
    "every public name": [*PYTHON, EVERY_NAME],
    "bare click --help": [*PYTHON, BARE_CLICK],
    "switchstats --help": [str(COMMAND), "--help"],
}
RATIOS = (
    ("import switchstats", "import pandas"),
    ("every public name", "import pandas"),
    ("switchstats --help", "bare click --help"),
)


def seconds(case: str) -> float:
    started = time.perf_counter()
    subprocess.run(CASES[case], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    for case in CASES:
        seconds(case)
    runs = [{case: seconds(case) for case in CASES} for _ in range(repeat)]
    for case in CASES:
        sys.stdout.write(f"{case:20s} {median(run[case] for run in runs):6.3f} s\n")
    for case, peer in RATIOS:
        ratio = median(run[case] / run[peer] for run in runs)
        sys.stdout.write(f"{case} / {peer}: {ratio:.2f}\n")


if __name__ == "__main__":
    main()
