"""What may go wrong around a command: interruptions, a full disk, a pipe that is closed."""

import codecs
import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import click

from switchstats.cli.language import spoken
from switchstats.errors import InputError, SwitchstatsError

__all__ = ["guarded"]

_BAD_INPUT = 2
_CLOSED_PIPE = 1
_SIGNALLED = 128
# as other programs write them where only ASCII is at hand; a number must not lose its sign
_PLAIN = {"−": "-", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "×": "x"}


class _TerminatedError(BaseException):
    """The system asks the process to end; folders and files in the making are cleared away."""


def guarded(command: Callable[[], object]) -> int:
    """Run a command of click, say what went wrong in words, and return the exit code.

    Parameters
    ----------
    command
        Raises what it finds wrong; its result counts as exit code when it is one.

    Examples
    --------
    >>> guarded(lambda: None)
    0
    """
    _speak_whatever_the_terminal_can()
    before = None
    with suppress(ValueError):  # not in the main thread
        before = signal.signal(signal.SIGTERM, _terminate)
    try:
        _refuse_lost_folder()
        result = command()
        if sys.stdout is not None:  # a caller may have closed it
            sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return _say_stopped(signal.SIGINT)
    except _TerminatedError:
        return _say_stopped(signal.SIGTERM)
    except BrokenPipeError:
        return _forget_output()
    except (SwitchstatsError, click.ClickException, MemoryError, OSError) as error:
        return _said(error)
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
    return result if isinstance(result, int) else 0


def _said(error: Exception) -> int:
    """Say what went wrong, and return the exit code."""
    match error:
        case click.UsageError():
            from switchstats.cli.usage import say_usage

            return say_usage(error, spoken(sys.argv))
        case click.ClickException():
            error.show()
            return error.exit_code
        case SwitchstatsError():
            return _say(error)
        case OSError():
            return _say(_of_system(error))
        case _:
            return _say(InputError("this needs more memory than there is", "ask for less at once"))


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise _TerminatedError


def _speak_whatever_the_terminal_can() -> None:
    """Print what an encoding lacks as plain signs or escapes, which JSON reads as the same."""
    codecs.register_error("switchstats", _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="switchstats")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter) or _escaped(letter) for letter in lost), error.end


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _refuse_lost_folder() -> None:
    try:
        os.getcwd()  # noqa: PTH109 -- Path.cwd says no more
    except FileNotFoundError:
        raise InputError(
            "the current folder does not exist any more", "change to a folder that does"
        ) from None


def _say(error: SwitchstatsError) -> int:
    from switchstats.labels import told

    click.echo(f"switchstats: {told(error, spoken(sys.argv))}", err=True)
    return _BAD_INPUT


def _say_stopped(by: signal.Signals) -> int:
    from switchstats.labels import label

    click.echo(f"switchstats: {label('cli.stopped', spoken(sys.argv))}", err=True)
    return _SIGNALLED + by


def _forget_output() -> int:
    """Leave in silence: who read the output wants no more of it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _CLOSED_PIPE


def _of_system(error: OSError) -> InputError:
    words = os.strerror(error.errno) if error.errno else str(error)
    file = None if error.filename is None else os.fsdecode(error.filename)
    if error.errno == errno.ENOSPC:
        return InputError(f"the output cannot be written ({words})", "make room on the disk", file)
    return InputError(
        f"the system refuses it ({words})",
        "check that the place exists and that you may use it",
        file,
    )
