"""The least of a counts file and of a request file, in every kind of file, good and damaged."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from switchstats.engines import read_requests
from switchstats.errors import InputError
from switchstats.readers import read_counts
from switchstats.values import Loaded

Row = Sequence[object]


class Reader(NamedTuple):
    """A reader, with a header and two good rows for it."""

    name: str
    read: Callable[..., Loaded]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self, *more: Row) -> str:
        lines = (self.head, *self.rows, *more)
        return "".join(",".join(map(str, line)) + "\n" for line in lines)


def _read_requests(source: object, **options: object) -> Loaded:
    options = {"settle_days": 0, "estimand": "all_attempts"} | options
    return read_requests(source, **options)  # type: ignore[arg-type]


READERS = {
    "counts": Reader(
        "counts",
        read_counts,
        ("社名", "年月", "申込件数", "エラー件数"),
        (("北海道電力", "2023年1月", "10", "1"), ("東北電力", "2023年1月", "20", "2")),
    ),
    "requests": Reader(
        "requests",
        _read_requests,
        ("申込番号", "申込日", "新小売", "現小売", "結果", "申込回数"),
        (
            ("a1", "2023-01-10", "北海道電力", "新電力A", "成立", "1"),
            ("a2", "R5.1.11", "東北電力", "新電力A", "ＮＧ", "2"),
        ),
    ),
}


@pytest.fixture(params=list(READERS))
def reader(request: pytest.FixtureRequest) -> Reader:
    return READERS[request.param]


def _xlsx(*rows: Row, in_error: Sequence[str] = ()) -> bytes:
    """Return a workbook of one sheet, some of its cells in error."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for cell in in_error:
        book.active[cell].data_type = "e"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(*rows: Row, encrypted: bool = False) -> bytes:
    """Return an OpenDocument sheet; a cell that begins with ``<`` is taken as XML."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="s">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    entry = "<manifest:encryption-data/>" if encrypted else ""
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        f'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entry}'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def _ods_cell(value: object) -> str:
    text = str(value)
    if text.startswith("<"):
        return text
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def _packed(text: str, ending: str) -> bytes:
    """Return a text as the content of a file of that ending."""
    content = text.encode()
    rows = [line.split(",") for line in text.splitlines()]
    if ending == "csv.gz":
        return gzip.compress(content, mtime=0)
    if ending == "csv.zst":
        return pa.compress(content, "zstd", asbytes=True)
    if ending == "parquet":
        out = io.BytesIO()
        columns = zip(*rows[1:], strict=True)
        pq.write_table(pa.table(dict(zip(rows[0], map(list, columns), strict=True))), out)
        return out.getvalue()
    return {"xlsx": _xlsx, "ods": _ods}[ending](*rows)


@pytest.fixture
def xlsx() -> Callable[..., bytes]:
    return _xlsx


@pytest.fixture
def ods() -> Callable[..., bytes]:
    return _ods


@pytest.fixture
def packed() -> Callable[[str, str], bytes]:
    return _packed


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of bytes or text."""

    def make(name: str, content: bytes | str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def refused(write: Callable[..., Path]) -> Callable[..., InputError]:
    """Have a reader refuse a file, with the file's name and a mend in the message."""

    def check(reader: Reader, name: str, content: bytes | str, match: str) -> InputError:
        path = write(name, content)
        with pytest.raises(InputError, match=match) as caught:
            reader.read(path)
        assert Path(caught.value.file or "").name == name
        assert caught.value.mend
        return caught.value

    return check


def _mutated(content: bytes, rng: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(data) + 1)
        kind = rng.randrange(6)
        if kind == 0 and place < len(data):
            data[place] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del data[place : place + rng.randint(1, 20)]
        elif kind == 2:
            data[place:place] = rng.randbytes(rng.randint(1, 8))
        elif kind == 3:
            data[place:place] = rng.choice(
                [b",", b"\n", b'"', "計".encode(), b"\t", b"-1", b"2022"]
            )
        elif kind == 4:
            other = rng.randrange(len(data) + 1)
            data[place:place] = data[other : other + rng.randint(1, 40)]
        else:
            cells = bytes(data).split(b",")
            rng.shuffle(cells)
            data = bytearray(b",".join(cells))
    return bytes(data)


def _rezipped(content: bytes, rng: random.Random) -> bytes:
    """Damage a workbook inside of its archive, where damage to the zip would hide it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        hit = rng.choice([info.filename for info in old.infolist() if "xl/" in info.filename])
        for info in old.infolist():
            part = old.read(info)
            new.writestr(info.filename, _mutated(part, rng) if info.filename == hit else part)
    return out.getvalue()


_TOKENS = (
    *(
        ",",
        "\n",
        '"',
        "\t",
        "\r",
        "\0",
        ";",
        "''",
        "　",
        "計",
        "x",
        "-1",
        "0",
        "2022",
        "1.5",
        "=A1",
    ),
    *("#N/A", "▲", "９", "令和", "申込日", "社名", "NG", "北海道電力", "\ufffd", "縺", "\u2028"),
)


def _mutated_text(text: str, rng: random.Random) -> str:
    """Damage a text as people and programs do: cells, lines and columns in the wrong place."""
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(text) + 1)
        kind = rng.randrange(6)
        if kind == 0:
            text = text[:place] + rng.choice(_TOKENS) + text[place:]
        elif kind == 1:
            text = text[:place] + text[place + rng.randint(1, 12) :]
        elif kind == 2:
            text = text[:place] + rng.choice(_TOKENS) + text[place + 1 :]
        else:
            lines = text.split("\n")
            at = rng.randrange(len(lines))
            cells = lines[at].split(",")
            if kind == 3:
                rng.shuffle(cells)
                lines[at] = ",".join(cells)
            elif kind == 4:
                lines.insert(rng.randrange(len(lines) + 1), lines[at])
            else:
                one, other = rng.randrange(len(cells)), rng.randrange(len(cells))
                lines[at:] = [_swapped(line, one, other) for line in lines[at:]]
            text = "\n".join(lines)
    return text


def _swapped(line: str, one: int, other: int) -> str:
    cells = line.split(",")
    if max(one, other) < len(cells):
        cells[one], cells[other] = cells[other], cells[one]
    return ",".join(cells)


@pytest.fixture
def mutated_text() -> Callable[[str, random.Random], str]:
    return _mutated_text


@pytest.fixture
def mutated() -> Callable[[bytes, random.Random], bytes]:
    return _mutated


@pytest.fixture
def mutants() -> Callable[[dict[str, bytes], int], Iterator[tuple[str, bytes]]]:
    """Yield so many damaged files, each kind in turn, the same at every run."""

    def make(seeds: dict[str, bytes], n_files: int) -> Iterator[tuple[str, bytes]]:
        names = sorted(seeds)
        for number in range(n_files):
            rng = random.Random(number)  # noqa: S311 - reproducible damage
            name = names[number % len(names)]
            inside = name.endswith(".xlsx") and rng.random() < 0.7
            yield name, (_rezipped if inside else _mutated)(seeds[name], rng)

    return make
