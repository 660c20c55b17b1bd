"""Opens a file of any kind that holds a table, the kind found out by its content."""

import hashlib
from pathlib import Path

from switchstats.errors import InputError
from switchstats.inputs.compressed import decompressed
from switchstats.inputs.frames import parquet_sheet
from switchstats.inputs.kinds import BEGINNING, kind_of
from switchstats.inputs.limits import Limits
from switchstats.inputs.masks import refuse_supply_point
from switchstats.inputs.paths import refuse_pipe
from switchstats.inputs.sheet import Opened, Sheet
from switchstats.inputs.steady import refuse_changed, state_of
from switchstats.inputs.text import text_sheet
from switchstats.inputs.workbook import workbook_sheets
from switchstats.values import InputFile

__all__ = ["opened"]


def opened(path: Path, name: str, encoding: str | None, limits: Limits) -> Opened:
    """Read a file into sheets of raw cells.

    Parameters
    ----------
    path
        The file.
    name
        What messages call it.
    encoding
        Forced encoding of a text file, ``None`` to detect it.
    limits
        Bounds.

    Raises
    ------
    InputError
        When the file is missing, not what it claims to be, damaged or too large.
    """
    content = _bytes(path, name, limits)
    file = InputFile(name, hashlib.sha256(content).hexdigest())
    sheets = _sheets(decompressed(content, name, limits), name, encoding, limits)
    for sheet in sheets:
        refuse_supply_point(sheet.name or "", "sheet")
    return Opened(file, sheets)


def _bytes(path: Path, name: str, limits: Limits) -> bytes:
    refuse_pipe(path)
    try:
        before = state_of(path)
        limits.refuse_content(path.stat().st_size, name)
        with path.open("rb") as stream:
            content = stream.read(limits.content + 1)
        refuse_changed(path, before, name)
    except FileNotFoundError:
        raise InputError("there is no such file", "check its name and folder", str(path)) from None
    except OSError as error:
        problem = f"the file cannot be opened ({error.strerror})"
        raise InputError(problem, "check that you may read it", str(path)) from None
    limits.refuse_content(len(content), name)
    if not content.strip():
        raise InputError("an empty file", "choose the file that holds the table", name)
    return content


def _sheets(content: bytes, name: str, encoding: str | None, limits: Limits) -> tuple[Sheet, ...]:
    kind = kind_of(content[:BEGINNING], name)
    if kind == "workbook":
        return workbook_sheets(content, name, limits)
    if kind == "parquet":
        return (parquet_sheet(content, name, limits),)
    return (text_sheet(content, name, encoding, limits),)
