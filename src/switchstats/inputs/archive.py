"""Looks into the zip file that a workbook is, before any other library opens it."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from switchstats.errors import InputError
from switchstats.inputs.limits import Limits
from switchstats.inputs.marks import Marks
from switchstats.inputs.ods import ods_marks
from switchstats.inputs.xlsx import xlsx_marks

__all__ = ["looked_into", "password_error"]

_CHUNK = 2**20
_HEADER = 30
_ENCRYPTED = 0x1
_MEND = "open it in Excel and save it again, or copy or download the file again"


def looked_into(content: bytes, file: str, limits: Limits, *, printed: bool = False) -> Marks:
    """Check a zipped workbook's size when unpacked and the used area of each of its sheets.

    Parameters
    ----------
    content
        All bytes.
    file
        Its name, for messages.
    limits
        Bounds.
    printed
        Whether numbers are wanted as they are printed, where the workbook tells.

    Raises
    ------
    InputError
        When it is cut off, damaged or encrypted, unpacks to more than the limit, or holds cells
        too far apart.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpacked(content, archive, file, limits)
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise password_error(file)
        if "content.xml" in parts:
            return ods_marks(parts, file, limits, printed=printed)
        return xlsx_marks(parts, file, limits, printed=printed)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError):
        raise InputError("a workbook that is cut off or damaged", _MEND, file) from None
    except (KeyError, ValueError, ArithmeticError):
        raise InputError("a workbook that is damaged inside", _MEND, file) from None


def _unpacked(
    content: bytes, archive: zipfile.ZipFile, file: str, limits: Limits
) -> dict[str, bytes]:
    """Unpack every member by counting: the sizes that a zip file states may be lies."""
    total, parts = 0, dict[str, bytes]()
    for info in archive.infolist():
        if info.flag_bits & _ENCRYPTED:
            raise password_error(file)
        start = info.header_offset
        names = int.from_bytes(content[start + 26 : start + 28], "little")
        extra = int.from_bytes(content[start + 28 : start + 30], "little")
        begin = start + _HEADER + names + extra
        packed = content[begin : begin + info.compress_size]
        pieces: list[bytes] = []
        for piece in _pieces(packed, info.compress_type):
            total += len(piece)
            limits.refuse_content(total, file)
            pieces.append(piece)
        parts[info.filename] = b"".join(pieces)
        if (
            len(parts[info.filename]) != info.file_size
            or zlib.crc32(parts[info.filename]) != info.CRC
        ):
            raise zipfile.BadZipFile
    return parts


def password_error(file: str) -> InputError:
    """Return the error of a workbook that opens with a password only."""
    return InputError(
        "a workbook protected by a password",
        "open it in its program, remove the password and save it again",
        file,
    )


def _pieces(packed: bytes, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield packed
        return
    if method != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    stream = zlib.decompressobj(-15)
    while not stream.eof:
        piece = stream.decompress(packed, _CHUNK)
        packed = stream.unconsumed_tail
        if not piece and not packed and not stream.eof:
            raise EOFError
        yield piece
