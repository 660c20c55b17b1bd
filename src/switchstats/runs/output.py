"""An output folder that appears whole or not at all."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from switchstats.errors import InputError
from switchstats.runs.leftovers import OLD, alone, fresh_folder
from switchstats.whole_file import cannot_be_written

__all__ = ["MANIFEST", "output_folder"]

MANIFEST = "manifest.json"


@contextmanager
def output_folder(target: Path) -> Generator[Path]:
    """Yield a new empty folder beside `target` and move it there at the end.

    An earlier run in `target` stays untouched until the new one is complete, and is then replaced.
    When the block raises, nothing is left behind; what a run leaves that is killed is removed by
    the next one with the same target.

    Parameters
    ----------
    target
        The folder to make; a missing parent is made too.

    Raises
    ------
    InputError
        When `target` holds something that is not a run, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with output_folder(Path(place) / "out") as folder:
    ...         _ = (folder / MANIFEST).write_text("{}")
    ...     sorted(path.name for path in Path(place).iterdir())
    ['out']
    """
    _refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with fresh_folder(target) as fresh:
            yield fresh
            with alone(target.parent):
                _refuse_foreign(target)
                _replace(target, fresh)
    except OSError as error:
        raise cannot_be_written("the output folder", error, target) from None


def _refuse_foreign(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputError(
            "the output folder is a file or a link", "choose another --out", file=str(target)
        )
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise InputError(
            "the output folder holds files that no run of switchstats wrote",
            "empty it or choose another --out",
            file=str(target),
        )


def _replace(target: Path, fresh: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = fresh.with_name(fresh.name + OLD)
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
