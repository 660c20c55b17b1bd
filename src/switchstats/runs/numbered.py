"""The folder of all runs of a study: numbered, each complete, the newest also as ``latest``."""

import json
import re
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchstats.errors import InputError
from switchstats.runs.damaged import unharmed
from switchstats.runs.output import MANIFEST
from switchstats.whole_file import cannot_be_written

__all__ = [
    "Past",
    "folders_of_runs",
    "forget_torn",
    "lock",
    "past_run",
    "past_runs",
    "point_latest",
]

_NUMBER = re.compile(r"\d{4,}")
_TORN = re.compile(r"\.\d{4,}-[\w.-]+")


@dataclass(frozen=True, slots=True)
class Past:
    """A run that was completed.

    Parameters
    ----------
    number
        From 1.
    folder
        Where it is.
    manifest
        Its manifest.
    """

    number: int
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def run(self) -> Mapping[str, Any]:
        """What the manifest says of the run itself."""
        return self.manifest["run"]


def past_runs(out: Path) -> tuple[Past, ...]:
    """Return every completed run, the oldest first.

    Raises
    ------
    InputError
        For a run whose manifest is damaged.
    """
    return tuple(past_run(folder) for folder in folders_of_runs(out))


def folders_of_runs(out: Path) -> list[Path]:
    """Return the folders of completed runs, the oldest first."""
    if not out.is_dir():
        return []
    folders = sorted(each for each in out.iterdir() if _NUMBER.fullmatch(each.name))
    return [each for each in folders if (each / MANIFEST).is_file()]


def past_run(folder: Path) -> Past:
    """Return the run in a folder.

    Raises
    ------
    InputError
        When its manifest is damaged.
    """
    with unharmed(folder):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        past = Past(int(folder.name), folder, manifest)
        if not {"fingerprint", "look", "deliveries"} <= set(past.run):
            raise ValueError(folder)
        return past


def point_latest(out: Path, number: int) -> None:
    """Make ``latest`` lead to a run, in one step."""
    latest, name = out / "latest", f"{number:04d}"
    if latest.is_symlink() and str(latest.readlink()) == name:
        return
    fresh = out / ".latest"
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(name, target_is_directory=True)
    except (OSError, NotImplementedError):  # a system without links
        fresh.write_text(name + "\n", encoding="utf-8")
        latest = out / "latest.txt"
    fresh.replace(latest)


def forget_torn(out: Path) -> None:
    """Remove what runs that were killed left behind; only for who holds the lock."""
    for each in out.iterdir():
        if _TORN.fullmatch(each.name):
            shutil.rmtree(each, ignore_errors=True)
    for each in out.glob(".cache/loads/.load-*"):
        shutil.rmtree(each, ignore_errors=True)


@contextmanager
def lock(out: Path) -> Generator[None]:
    """Hold the folder against a second run; the lock of a killed process falls with it.

    Raises
    ------
    InputError
        When another run holds it, or the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        held = (out / ".lock").open("a")
    except OSError as error:
        raise cannot_be_written("the folder of runs", error, out) from None
    with held:
        try:
            _lock(held.fileno())
        except OSError:
            raise InputError(
                "another run of this study is going on", "wait until it has ended", str(out)
            ) from None
        yield


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
