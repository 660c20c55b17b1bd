"""An output folder that appears whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from switchstats.errors import InputError
from switchstats.whole_file import cannot_be_written

__all__ = ["MANIFEST", "output_folder"]

MANIFEST = "manifest.json"


@contextmanager
def output_folder(target: Path) -> Generator[Path]:
    """Yield a new empty folder beside `target` and move it there at the end.

    An earlier run in `target` stays untouched until the new one is complete, and is then replaced.
    When the block raises, nothing is left behind.

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
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        fresh.chmod(0o755)
    except OSError as error:
        raise cannot_be_written("the output folder", error, target) from None
    try:
        yield fresh
        with _alone(target.parent):
            _refuse_foreign(target)
            _replace(target, fresh)
    except OSError as error:
        raise cannot_be_written("the output folder", error, target) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


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


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Let runs that end at the same time take their places one after the other."""
    try:
        import fcntl
    except ImportError:  # Windows lets nobody rename over a folder in use
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _replace(target: Path, fresh: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = fresh.with_name(fresh.name + "-old")
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
