"""The two paths that the page on architecture draws are the ones that a run takes."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs/architecture.md").read_text(encoding="utf-8")
SAMPLES = REPOSITORY / "data/samples"
PDF = REPOSITORY / "tests/readers/data/table.pdf"

STUDY = """\
studies = ["GroupComparison"]

[data]
kind = "requests"
files = ["synthetic-requests.csv"]
registry = "synthetic-registry.csv"
strata = ["area", "losing", "losing_group", "reason"]
"""

ROW, CELL = "One request row, from file to slide", "One printed cell, from PDF to verdict"
COMMANDS = {ROW: ["run", "study.toml", "--quiet"], CELL: ["run", str(PDF), "--quiet"]}
READING = {"readers", "engines", "inputs"}
COMPUTING = {"studies", "inference", "bounds", "rates", "simulate", "facts"}
# Which function closes the door, and the rooms behind it.
DOORS = {
    ROW: [
        ("studies.group_comparison.study:GroupComparison.run", READING),
        ("runs.written:write_finding", READING | COMPUTING),
    ],
    CELL: [
        ("studies.published_only.study:PublishedOnly.run", READING),
        ("runs.written:write_results", READING | COMPUTING),
    ],
}
# What is walked on everywhere, and what holds words, files and mistakes.
FLOOR = {"values", "periods", "labels", "errors", "bundled", "inputs", "whole_file"}

Walk = dict[str, tuple[int, int]]


def drawn(title: str) -> list[tuple[str, str]]:
    """Return room and function of every line of a drawn path."""
    picture = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    steps: list[tuple[str, str]] = []
    room = ""
    for line in picture.splitlines():
        if head := re.match(r"[┌├] (\w+) ─", line):
            room = head[1]
        elif step := re.match(r"│ (\w\S*:\S+)", line):
            steps.append((room, step[1]))
    return steps


def room_of(function: str) -> str:
    return re.split(r"[.:]", function)[0]


def walked(words: Sequence[str], folder: Path) -> Walk:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("walk.py")), *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return {name: (first, last) for name, (first, last) in json.loads(done.stdout).items()}


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Walk]:
    folder = tmp_path_factory.mktemp("walk")
    for name in ("synthetic-requests.csv", "synthetic-registry.csv"):
        shutil.copy(SAMPLES / name, folder)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return {title: walked(words, folder) for title, words in COMMANDS.items()}


@pytest.mark.parametrize("title", COMMANDS)
def test_functions_are_entered_in_the_order_that_is_drawn(
    title: str, walks: dict[str, Walk]
) -> None:
    steps = [function for _, function in drawn(title)]
    assert len(steps) > 20
    assert not [step for step in steps if step not in walks[title]]
    assert steps == sorted(steps, key=lambda step: walks[title][step][0])


@pytest.mark.parametrize("title", COMMANDS)
def test_every_room_is_named(title: str, walks: dict[str, Walk]) -> None:
    steps = drawn(title)
    assert all(room_of(function) == room for room, function in steps)
    entered = {room_of(name) for name in walks[title] if "__init__:" not in name}
    # from the cell on, `figures` and `report` are drawn on the row's path
    later = {"figures", "report"} if title == CELL else set[str]()
    assert entered - FLOOR <= {room for room, _ in steps} | later


@pytest.mark.parametrize("title", COMMANDS)
def test_no_door_opens_again(title: str, walks: dict[str, Walk]) -> None:
    walk = walks[title]
    for door, behind in DOORS[title]:
        closed, _ = walk[door]
        again = [name for name, (_, last) in walk.items() if last > closed]
        assert not [name for name in again if room_of(name) in behind], door


def test_the_list_of_retailers_is_read_once(walks: dict[str, Walk]) -> None:
    first, last = walks[ROW]["facts.registry_file:read_registry"]
    assert first == last
