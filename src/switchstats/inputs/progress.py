"""A bar for long loads, in a terminal or a notebook; nothing at all where output is piped."""

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from typing import Any, Protocol

from switchstats.labels import Text

__all__ = ["Steps", "progress"]

_FIRST_AFTER, _AGAIN_AFTER = 1.0, 0.25
_WIDEST = 50


class Steps:
    """How far a load has come: the step at hand, and how many there are.

    Examples
    --------
    >>> steps = Steps(2)
    >>> steps.begin(Text(ja="読み込み", en="reading"), "a.csv")
    >>> steps.words, steps.done, steps.total
    ('読み込み / reading: a.csv', 0, 2)
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = -1
        self.words = ""

    def begin(self, what: Text, name: str = "") -> None:
        """Begin the next step, and with it end the one before."""
        self.done += 1
        self.words = f"{what.ja} / {what.en}" + (f": {name}" if name else "")


@contextmanager
def progress(total: int) -> Generator[Steps]:
    """Show how far a load has come, if it takes more than a second and someone can see it.

    Someone can where standard error is a terminal, or in a notebook. The bar is drawn by a thread
    of its own and leaves nothing behind.

    Parameters
    ----------
    total
        Number of steps.

    Examples
    --------
    >>> with progress(1) as steps:
    ...     steps.begin(Text(ja="読み込み", en="reading"))
    """
    steps = Steps(total)
    canvas = _canvas()
    if canvas is None:
        yield steps
        return
    ended = threading.Event()
    drawer = threading.Thread(target=_draw, args=(steps, canvas, ended), daemon=True)
    drawer.start()
    try:
        yield steps
    finally:
        ended.set()
        drawer.join()


class _Canvas(Protocol):
    def show(self, steps: Steps) -> None: ...

    def clear(self) -> None: ...


def _canvas() -> "type[_Canvas] | None":
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if hasattr(shell, "kernel"):
        return _Notebook
    in_terminal = sys.stderr is not None and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison] - None without a console
    return _Terminal if in_terminal else None


def _draw(steps: Steps, make: "type[_Canvas]", ended: threading.Event) -> None:
    if ended.wait(_FIRST_AFTER):
        return
    canvas = make()
    canvas.show(steps)
    while not ended.wait(_AGAIN_AFTER):
        canvas.show(steps)
    canvas.clear()


class _Terminal:
    """A line of the terminal, wiped at the end."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.table import Column

        words = Column(max_width=_WIDEST, no_wrap=True, overflow="ellipsis")
        self._bar = Progress(
            SpinnerColumn("line"),
            TextColumn("{task.description}", markup=False, table_column=words),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("")

    def show(self, steps: Steps) -> None:
        can = sys.stderr.encoding or "ascii"
        words = steps.words.encode(can, "replace").decode(can)
        self._bar.update(self._task, description=words, completed=steps.done, total=steps.total)
        self._bar.start()

    def clear(self) -> None:
        self._bar.stop()


class _Notebook:
    """An element of the cell's output, emptied at the end; needs no widgets."""

    def __init__(self) -> None:
        display: Any = import_module("IPython.display")
        self._html = display.HTML
        self._handle = display.display(self._html(""), display_id=True)

    def show(self, steps: Steps) -> None:
        bar = f'<progress max="{steps.total}" value="{max(steps.done, 0)}"></progress>'
        self._handle.update(self._html(f"{bar} {escape(steps.words)}"))

    def clear(self) -> None:
        self._handle.update(self._html(""))
