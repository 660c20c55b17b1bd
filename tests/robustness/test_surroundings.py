"""What surrounds a command goes wrong: no half output, no traceback, but words and a mend."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from switchstats.errors import InputError
from switchstats.inputs.steady import refuse_changed, state_of
from switchstats.runs.output import MANIFEST, output_folder
from switchstats.whole_file import whole_file

COMMAND = [sys.executable, "-m", "switchstats"]
# a shell that runs the tests in the background has SIGINT ignored, and children inherit that
INTERRUPTIBLE = [
    sys.executable,
    "-c",
    (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from switchstats.__main__ import main; main()"
    ),
]
SHORT = ("simulate", "--requests", "50", "--retailers", "30", "--out")


def ran(
    arguments: Sequence[str], cwd: Path, code: str | None = None, **surroundings: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command, or Python that calls it, in a folder and with surroundings of its own."""
    own = COMMAND if code is None else [sys.executable, "-c", code]
    return subprocess.run(
        [*own, *arguments],
        cwd=cwd,
        env={**os.environ, **surroundings},
        capture_output=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "(No space left on device). To mend: "), ("ja", "（空き容量がない）。対処：")],
)
def test_a_full_disk(
    said: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    """A disk without room: the folder is made, and every content fails to be written."""

    def full(self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert words in said("run", "--out", "out", "--lang", language)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_an_output_that_is_full() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "facts", "--json", "--lang", "ja"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert "空き容量がない" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no such folder here")
def test_a_folder_that_nobody_may_write(said: Callable[..., str]) -> None:
    """A folder of the system's own files, where not even root makes one."""
    assert "cannot be written" in said("run", "--out", "/proc/x")
    assert "書き込めない" in said(*SHORT, "/proc/x.csv", "--lang", "ja")
    assert "cannot be written" in said("calibrate", "--data-sets", "1", "--out", "/proc/x")


def test_a_file_in_the_place_of_a_folder(said: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "a file or a link" in said("run", "--out", "file")
    assert "cannot be written" in said("run", "--out", "file/out")
    assert "cannot be written" in said(*SHORT, "file/rows.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


def half_written(path: Path) -> None:
    with whole_file(path) as part:
        part.write_text("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("earlier")
    with pytest.raises(InputError, match="No space left"):
        half_written(path)
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(InputError, match="pipe or device"), whole_file(Path("/dev/null")):
        pass


@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "x"],
        ["run", "x.toml"],
        ["audit", "x"],
        ["check", "x"],
        ["check", "a.csv", "--mapping", "x"],
        ["check", "a.csv", "--mended", "x"],
        ["check", "a.csv", "--registry", "x"],
        ["init", "x"],
        ["audit", "egc-083", "--known", "x"],
    ],
    ids=" ".join,
)
def test_pipes_and_devices_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], kind: str
) -> None:
    from switchstats.cli.main import commands

    for name in ("x", "x.toml"):
        if kind == "pipe":
            os.mkfifo(tmp_path / name)
        else:
            (tmp_path / name).symlink_to("/dev/zero")
    (tmp_path / "a.csv").write_text("x\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises((InputError, SystemExit)) as caught:
        commands(arguments, standalone_mode=False)
    # `check` says it itself, and leaves with 2
    assert "pipe or device" in str(caught.value) or caught.value.args == (2,)


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, sign: signal.Signals, code: int) -> None:
    """Interrupted in the middle of writing, where the folder in the making is there."""
    process = subprocess.Popen(
        [*INTERRUPTIBLE, "run", "--lang", "ja"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".out-*")) and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(sign)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said.decode().strip() == "switchstats: 中断した。書きかけのものは残していない。"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_interruptions_at_random_moments_leave_nothing(tmp_path: Path) -> None:
    rng = random.Random(1)  # noqa: S311 -- moments, not secrets
    for _ in range(40):
        sign = rng.choice([signal.SIGINT, signal.SIGTERM])
        process = subprocess.Popen(
            [*INTERRUPTIBLE, "run", "--quiet"],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
        )
        time.sleep(rng.uniform(0.3, 4))
        process.send_signal(sign)
        _, said = process.communicate(timeout=60)
        assert process.returncode in (0, 128 + sign)
        assert b"Traceback" not in said
        left = [each.name for each in tmp_path.iterdir()]
        assert left in ([], ["out"])
        if left:
            assert (tmp_path / "out" / MANIFEST).is_file()
            shutil.rmtree(tmp_path / "out")


def test_runs_that_end_at_the_same_time_leave_one_of_them_whole(tmp_path: Path) -> None:
    target, barrier = tmp_path / "out", threading.Barrier(6)
    wrong: list[BaseException] = []

    def one(number: int) -> None:
        try:
            with output_folder(target) as folder:
                for name in ("a", MANIFEST):
                    (folder / name).write_text(str(number))
                barrier.wait()
        except BaseException as error:  # noqa: BLE001 -- told below
            wrong.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    assert (target / "a").read_text() == (target / MANIFEST).read_text()


def test_a_reader_that_wants_no_more(tmp_path: Path) -> None:
    """What `switchstats facts | head -1` does: the reading end is closed."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "facts", "--json"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 1


def test_a_terminal_of_another_encoding(tmp_path: Path) -> None:
    """Whatever the encoding, a number keeps its sign and JSON stays the same JSON."""
    western = {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}
    words = ran(["run", "--out", "out"], tmp_path, **western)
    assert words.returncode == 0
    assert b"lower -2.53 points" in words.stdout  # as README prints it, but for the sign


@pytest.mark.parametrize("words", ["−1 😀 電力", "\udcff.csv"], ids=["letters", "bytes"])
def test_json_of_any_letters_is_json_in_any_encoding(words: str) -> None:
    from switchstats.cli.surroundings import guarded

    guarded(lambda: None)
    written = json.dumps([words], ensure_ascii=False).encode("latin-1", "switchstats")
    assert json.loads(written) == [words.replace("−", "-")]


def test_a_bare_environment(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, *SHORT, "a.csv"], cwd=tmp_path, env={}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_folder_that_is_gone(said: Callable[..., str], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert "作業中のフォルダーはもう存在しない" in said("run", "--lang", "ja")


def test_more_than_there_is_memory(said: Callable[..., str], tmp_path: Path) -> None:
    """A thousand billion retailers, whose rates alone are 7 TiB."""
    many = ("--requests", "9", "--retailers", str(10**12), "--lang", "ja")
    assert "メモリーが足りない" in said("simulate", *many, "--out", "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_mistakes_in_a_command_are_told_in_the_asked_language(said: Callable[..., str]) -> None:
    for margin in ("-1", "nan", "inf", "6"):
        assert "0以上1未満の割合" in said("run", f"--margin={margin}", "--lang", "ja")
    for level in ("1.2", "0", "1", "nan"):
        assert "0.5より大きく1より小さい" in said("run", "--level", level, "--lang", "ja")
    assert "数ではない" in said("run", "--margin", "abc", "--lang", "ja")
    assert "範囲x>=0の外" in said(*SHORT, "a.csv", "--seed", "-1", "--lang", "ja")
    assert "範囲x>=1の外" in said("simulate", "--requests", "0", "--out", "a.csv", "--lang", "ja")


@pytest.mark.parametrize("how", ["cut", "written", "replaced", "gone"])
def test_a_file_that_is_no_longer_the_same(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("0123456789")
    before = state_of(path)
    refuse_changed(path, before, "a.csv")
    if how == "cut":
        os.truncate(path, 5)
    elif how == "written":
        path.write_text("01234567890")
    elif how == "replaced":
        (tmp_path / "b").write_text("9876543210")
        (tmp_path / "b").replace(path)
    else:
        path.unlink()
    with pytest.raises(InputError, match=r"a\.csv: the file changed while it was read"):
        refuse_changed(path, before, "a.csv")
