"""Opens a file of any kind that holds a table, the kind found out by its content."""

import hashlib
from pathlib import Path

from switchstats.errors import InputError
from switchstats.readers.sheets.compressed import decompressed
from switchstats.readers.sheets.frames import parquet_sheet
from switchstats.readers.sheets.limits import Limits
from switchstats.readers.sheets.sheet import Opened, Sheet
from switchstats.readers.sheets.text import text_sheet
from switchstats.readers.sheets.workbook import workbook_sheets
from switchstats.values import InputFile

__all__ = ["opened"]

_ZIP, _OLD_SHEET, _PARQUET, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF-"
_HTML = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
# Enough of the beginning to see what a file is.
_BEGINNING = 512
# Some writers put other bytes before the PDF's own first ones.
_PDF_WITHIN = 1024


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
    return Opened(file, _sheets(decompressed(content, name, limits), name, encoding, limits))


def _bytes(path: Path, name: str, limits: Limits) -> bytes:
    try:
        limits.refuse_content(path.stat().st_size, name)
        with path.open("rb") as stream:
            content = stream.read(limits.content + 1)
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
    if content.startswith((_ZIP, _OLD_SHEET)):
        return workbook_sheets(content, name, limits)
    if content.startswith(_PARQUET):
        return (parquet_sheet(content, name, limits),)
    beginning = content[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith(_HTML) or (beginning.startswith(b"<?xml") and b"<" in beginning[5:]):
        raise InputError(
            "a web page (HTML or XML), whatever its name says",
            "open it in Excel and save it as a workbook (.xlsx) or CSV",
            name,
        )
    if _PDF in content[:_PDF_WITHIN]:
        raise InputError("a PDF", "save the table as a workbook (.xlsx) or CSV", name)
    if Path(name).suffix.casefold() in (*_WORKBOOKS, ".parquet") and not _is_text(content):
        raise InputError(
            f"the file is named {Path(name).suffix} but is no such file",
            "copy or download it again",
            name,
        )
    return (text_sheet(content, name, encoding, limits),)


def _is_text(content: bytes) -> bool:
    return b"\0" not in content[: 2**16]
