"""An output folder appears whole or not at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from switchstats.errors import InputError
from switchstats.runs import output_folder


def _run(target: Path, content: str) -> None:
    with output_folder(target) as folder:
        (folder / "manifest.json").write_text("{}")
        (folder / "a.txt").write_text(content)


def _break_off(target: Path, error: type[BaseException]) -> None:
    with output_folder(target) as folder:
        (folder / "half.txt").write_text("half")
        raise error


def test_a_new_run_replaces_the_last(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    _run(target, "one")
    (target / "old.txt").write_text("left by the first run")
    _run(target, "two")
    assert sorted(path.name for path in target.iterdir()) == ["a.txt", "manifest.json"]
    assert (target / "a.txt").read_text() == "two"
    assert [path.name for path in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_last_run_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "out"
    _run(target, "one")
    with pytest.raises(error):
        _break_off(target, error)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "a.txt").read_text() == "one"


def test_a_failure_of_the_first_run_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), output_folder(tmp_path / "out"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


HOLD = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from switchstats.runs import output_folder\n"
    "with output_folder(Path(sys.argv[1])) as folder:\n"
    "    (folder / 'half.txt').write_text('half')\n"
    "    print(folder.name, flush=True)\n"
    "    time.sleep(60)\n"
)


def _holding(target: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a run that stays in the middle, and return it with the name of its folder."""
    command = [sys.executable, "-c", HOLD, str(target)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere nothing is swept")
def test_what_a_killed_run_left_is_swept_and_a_live_one_is_not(tmp_path: Path) -> None:
    target = tmp_path / "out"
    dead, left = _holding(target)
    live, held = _holding(target)
    mine = tmp_path / ".out-mybackup"
    mine.mkdir()
    try:
        dead.kill()  # SIGKILL: nothing of it can clear away
        dead.communicate()
        assert {path.name for path in tmp_path.iterdir()} == {left, held, mine.name}
        _run(target, "one")
        assert {path.name for path in tmp_path.iterdir()} == {"out", held, mine.name}
    finally:
        live.kill()
        live.communicate()
    _run(target, "two")
    assert {path.name for path in tmp_path.iterdir()} == {"out", mine.name}
    assert (target / "a.txt").read_text() == "two"


@pytest.mark.skipif(os.name != "posix", reason="elsewhere nothing is swept")
def test_a_run_that_was_killed_while_it_replaced_another_gives_it_back(tmp_path: Path) -> None:
    target = tmp_path / "out"
    _run(target, "one")
    # as between the two renamings of a replacement
    target.rename(tmp_path / ".out-abcd1234.part-old")
    with pytest.raises(RuntimeError):
        _break_off(target, RuntimeError)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "a.txt").read_text() == "one"


def test_somebody_elses_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="no run of switchstats wrote"), output_folder(tmp_path):
        pytest.fail("the folder must be refused before anything is written")
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("a file")
    with pytest.raises(InputError, match="is a file or a link"), output_folder(target):
        pytest.fail("the file must be refused")


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    _run(target, "one")
    assert (target / "a.txt").exists()
