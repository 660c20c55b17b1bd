"""Writes the least that is an Excel 97 workbook (.xls): one sheet of texts and numbers."""

import struct

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
# Streams below this size would stand elsewhere in the file.
_CUTOFF = 4096


def old_workbook(rows: list[list[object]]) -> bytes:
    """Return the bytes of a workbook with one sheet."""
    stream = _stream(rows)
    stream += bytes(max(_CUTOFF, -(-len(stream) // _SECTOR) * _SECTOR) - len(stream))
    return _container(stream)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _stream(rows: list[list[object]]) -> bytes:
    name = "s".encode("utf-16-le")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    bound = struct.pack("<IBBBB", 0, 0, 0, 1, 1) + name
    offset = len(begin) + 4 + len(bound) + 4
    bound = struct.pack("<I", offset) + bound[4:]
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", line, column, 0)
            if isinstance(value, int | float):
                sheet += _record(0x0203, place + struct.pack("<d", value))
            elif value is not None:
                text = str(value).encode("utf-16-le")
                sheet += _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    end = _record(0x000A, b"")
    return begin + _record(0x0085, bound) + end + sheet + end


def _container(stream: bytes) -> bytes:
    """Wrap a stream: header, one sector of allocations, one of names, then the stream."""
    n = len(stream) // _SECTOR
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _CUTOFF, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    chain = [_FAT, _END, *range(3, n + 2), _END]
    fat = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    names = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    return header + fat + names + bytes(2 * 128) + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
