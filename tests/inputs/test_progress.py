"""A bar for who can see it: in a terminal and a notebook, never in a pipe nor for short loads."""

import os
import pty
import re
import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest

from switchstats.inputs import progress as module
from switchstats.inputs.progress import progress
from switchstats.labels import Text

READING, COUNTING = Text(ja="読み込み", en="reading"), Text(ja="集計", en="counting")
# Nobody waits a second in a test: the bar is drawn after a fiftieth of one, and the program goes on
# when it was drawn.
PROGRAM = """
    import sys, time
    from switchstats.inputs import progress as module
    module._FIRST_AFTER, module._AGAIN_AFTER = {after}, 0.02
    drawn, show = [], module._Terminal.show
    def recorded(self, steps):
        show(self, steps)
        drawn.append(steps.words)
    module._Terminal.show = recorded
    def wait(word):
        end = time.monotonic() + (20 if sys.stderr.isatty() and {after} < 1 else 0.1)
        while word not in " ".join(drawn) and time.monotonic() < end:
            time.sleep(0.01)
"""
STEPS = """
    from switchstats.labels import Text
    with module.progress(2) as steps:
        steps.begin(Text(ja="読み込み", en="reading"), "ファイル.csv")
        wait("reading")
        steps.begin(Text(ja="集計", en="counting"))
        wait("counting")
"""
LOAD = """
    from switchstats.readers import read_counts
    from switchstats.readers.counts import read
    slowly = read.opened
    def opened(*given):
        wait("reading")
        return slowly(*given)
    read.opened = opened
    print(read_counts({path!r}).counts.requests)
"""
REQUESTS = """
    from switchstats.engines import checked, read_requests
    slowly = checked.code_rows
    def code_rows(*given):
        wait("checking")
        return slowly(*given)
    checked.code_rows = code_rows
    print(read_requests({path!r}, settle_days=0).counts.requests)
"""


def ran(work: str, *, after: float = 0.02, terminal: bool = True) -> tuple[str, str]:
    """Return what a program writes to standard output, a pipe, and to standard error."""
    program = textwrap.dedent(PROGRAM).format(after=after) + textwrap.dedent(work)
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    command = [sys.executable, "-c", program]
    if not terminal:
        done = subprocess.run(command, capture_output=True, env=environment, check=True)
        return done.stdout.decode(), done.stderr.decode()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 4096):
                seen += piece
        except OSError:  # the other end was closed
            pass
        out = process.stdout.read() if process.stdout else b""
    os.close(ours)
    assert process.returncode == 0, seen.decode()
    return out.decode(), seen.decode()


def test_a_terminal_sees_each_step_and_nothing_is_left() -> None:
    out, seen = ran(STEPS)
    assert out == ""
    assert "読み込み / reading: ファイル.csv" in seen
    assert "集計 / counting" in seen
    assert "1/2" in seen
    # the line is wiped at the end
    assert seen.rstrip().endswith("\x1b[2K")


def test_a_pipe_sees_nothing() -> None:
    assert ran(STEPS, terminal=False) == ("", "")


def test_a_short_load_shows_nothing() -> None:
    assert ran(STEPS, after=1.0) == ("", "")


@pytest.mark.parametrize("terminal", [True, False])
def test_counts_show_the_file_at_hand(tmp_path: Path, *, terminal: bool) -> None:
    (tmp_path / "t.csv").write_text("社名,年月,申込,NG\n北海道電力,R5.1,10,1\n", "utf-8")
    out, seen = ran(LOAD.format(path=str(tmp_path / "t.csv")), terminal=terminal)
    assert out == "10\n"
    assert ("読み込み / reading: t.csv" in seen) == terminal
    assert bool(seen) == terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_requests_show_what_is_done(tmp_path: Path, *, terminal: bool) -> None:
    (tmp_path / "t.csv").write_text(
        "申込日,新小売,結果,申込回数\n2023-01-10,北海道電力,成立,1\n", "utf-8"
    )
    out, seen = ran(REQUESTS.format(path=str(tmp_path / "t.csv")), terminal=terminal)
    assert out == "1\n"
    # which of the four steps a bar is drawn at depends on how fast the machine is
    assert bool(re.search(r"\d/4", seen)) == terminal
    assert bool(seen) == terminal


def test_a_notebook_sees_an_element_that_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    handle = types.SimpleNamespace(update=shown.append)
    display = types.ModuleType("IPython.display")
    display.HTML = str  # type: ignore[attr-defined]
    display.display = lambda html, display_id: (shown.append(html), handle)[1]  # type: ignore[attr-defined]
    shell = types.ModuleType("IPython")
    shell.get_ipython = lambda: types.SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", shell)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    monkeypatch.setattr(module, "_FIRST_AFTER", 0.0)
    monkeypatch.setattr(module, "_AGAIN_AFTER", 0.01)
    with progress(2) as steps:
        steps.begin(READING, "<a>.csv")
        _wait_for(shown, "reading")
        steps.begin(COUNTING)
        _wait_for(shown, "counting")
    assert shown[0] == shown[-1] == ""
    assert '<progress max="2" value="0"></progress> 読み込み / reading: &lt;a&gt;.csv' in shown
    assert '<progress max="2" value="1"></progress> 集計 / counting' in shown


def _wait_for(shown: list[str], word: str) -> None:
    import time

    end = time.monotonic() + 20
    while not any(word in html for html in shown) and time.monotonic() < end:
        time.sleep(0.01)


def test_a_plain_ipython_shell_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = types.ModuleType("IPython")
    shell.get_ipython = object  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", shell)
    monkeypatch.setattr(sys, "stderr", None)
    assert module._canvas() is None
