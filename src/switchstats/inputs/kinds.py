"""Says what a file is by how it begins, whatever its name says."""

import re
from pathlib import Path
from typing import Literal

from switchstats.errors import InputError

__all__ = ["BEGINNING", "GZIP", "ZSTD", "Kind", "kind_of"]

Kind = Literal["workbook", "parquet", "text"]

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# Enough of the beginning to see what a file is.
BEGINNING = 2**16
_ZIP, _OLD_SHEET, _PARQUET, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF-"
_HTML = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")
_COMMENTS = re.compile(rb"\A(?:<!--.*?-->\s*)+", re.DOTALL)
_NAMES = (".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".pq")
# Some writers put other bytes before the PDF's own first ones.
_PDF_WITHIN = 1024


def kind_of(beginning: bytes, name: str) -> Kind:
    """Return what a file is.

    Parameters
    ----------
    beginning
        Its first bytes, unpacked: `BEGINNING` of them, or all.
    name
        What messages call it.

    Raises
    ------
    InputError
        For a web page, a PDF, or a file that is named as a workbook or Parquet and is no such file
        nor text.

    Examples
    --------
    >>> kind_of(b"PAR1...", "t.csv"), kind_of("社名,件数".encode(), "t.xls")
    ('parquet', 'text')
    """
    if beginning.startswith((_ZIP, _OLD_SHEET)):
        return "workbook"
    if beginning.startswith(_PARQUET):
        return "parquet"
    words = _COMMENTS.sub(b"", beginning.lstrip(b"\xef\xbb\xbf \t\r\n")).lower()
    if words.startswith(_HTML) or (words.startswith(b"<?xml") and b"<" in words[5:]):
        raise InputError(
            "a web page (HTML or XML), whatever its name says",
            "open it in Excel and save it as a workbook (.xlsx) or CSV",
            name,
        )
    if _PDF in beginning[:_PDF_WITHIN]:
        raise InputError("a PDF", "save the table as a workbook (.xlsx) or CSV", name)
    if Path(name).suffix.casefold() in _NAMES and b"\0" in beginning:
        raise InputError(
            f"the file is named {Path(name).suffix} but is no such file",
            "copy or download it again",
            name,
        )
    return "text"
