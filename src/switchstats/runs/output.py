"""An output folder that appears whole or not at all."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from switchstats.errors import InputError

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
    except OSError as error:
        raise InputError(
            f"the output folder cannot be made ({error.strerror})",
            "choose a folder that you may write to with --out",
            file=str(target),
        ) from None
    fresh.chmod(0o755)
    try:
        yield fresh
        _replace(target, fresh)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


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
    old = fresh.with_name(fresh.name + "-old")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
