"""Damaged request files: each one clear error, or an account that adds up and loses nothing."""

import csv
import io
import json
import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from switchstats.engines import DuckDB, read_requests
from switchstats.errors import InputError, NotAnswerableError

HEAD = (
    *("申込番号", "申込日", "新小売", "現小売", "エリア", "供給地点特定番号"),
    *("結果", "エラー理由", "申込回数", "解消日", "備考"),
)
ROWS = [
    (
        f"Q{n:04d}",
        ("2023-01-05", "R5.1.6", "２０２３年１月７日", "2023/2/8 10:30")[n % 4],
        ("北海道電力", "新電力A", "東京電力EP")[n % 3],
        ("新電力B", "東北電力")[n % 2],
        "01" if n % 3 < 2 else "東京",
        ("01" if n % 3 < 2 else "03") + f"{n // 2:020d}",
        ("成立", "ＮＧ", "処理中", "取下げ", "OK")[n % 5],
        '"住所、契約番号"' if n % 5 == 1 else "",
        str(1 + n % 2),
        "2023-02-20" if n % 4 == 0 else "",
        '"一行目\n二行目, ""引用"""' if n == 7 else "",
    )
    for n in range(12)
]
TEXT = "".join(",".join(row) + "\n" for row in (HEAD, *ROWS))
PLAIN = TEXT.replace('"一行目\n二行目, ""引用"""', "x").replace('"', "")
# A long run, whole or in parts: FUZZ_FROM=20000 FUZZ_FILES=80000 pytest tests/robustness
FUZZ_FROM = int(os.environ.get("FUZZ_FROM", "0"))
FUZZ_FILES = int(os.environ.get("FUZZ_FILES", "300"))
CODECS = {"UTF-8": "utf-8", "UTF-8 with BOM": "utf-8-sig", "EUC-JP": "euc_jp", "UTF-16": "utf-16"}
SUPPLY_POINT = re.compile(r"0[13]0{10}[0-9]{10}")


Write = Callable[[str], bytes]


def kinds(packed) -> dict[str, tuple[str, Write]]:
    """Return name of a file → its text, and how the text becomes its content."""
    return {
        "a.csv": (TEXT, str.encode),
        "b.csv": ("題,,\n" + TEXT, lambda text: text.encode("cp932", "replace")),
        "c.tsv": (PLAIN, lambda text: text.replace(",", "\t").encode("euc_jp", "replace")),
        "d.csv": (TEXT, lambda text: text.replace("\n", "\r\n").encode("utf-8-sig")),
        "e.csv.gz": (PLAIN, lambda text: packed(text, "csv.gz")),
        "f.csv.zst": (TEXT, lambda text: packed(text, "csv.zst")),
        "g.parquet": (PLAIN, lambda text: packed(_squared(text), "parquet")),
        "h.xlsx": (PLAIN, lambda text: packed(_ILLEGAL.sub("", text), "xlsx")),
    }


_ILLEGAL = re.compile("[\0\r]")


def _squared(text: str) -> str:
    """Return a text whose lines have as many cells as the header, which Parquet asks for."""
    rows = [line.split(",") for line in text.splitlines() if line]
    heads = [f"{head}{at}" if rows[0].count(head) > 1 else head for at, head in enumerate(rows[0])]
    width = len(heads)
    full = [heads, *([*row, *[""] * width][:width] for row in rows[1:])]
    return "\n".join(map(",".join, full))


def mutants(packed, mutated, mutated_text, first: int, last: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged files, half of them damaged before they were written; same at every run."""
    made = kinds(packed)
    names = sorted(made)
    for number in range(first, last):
        rng = random.Random(number)  # noqa: S311 - reproducible damage
        name = names[number % len(names)]
        text, written = made[name]
        inside = rng.random() < 0.7
        yield name, written(mutated_text(text, rng)) if inside else mutated(written(text), rng)


def records(path: Path, loaded) -> int | None:
    """Return the rows below the header by another program, ``None`` where it cannot tell."""
    (table,) = loaded.understood
    if path.suffix not in (".csv", ".tsv") or table.encoding is None:
        return None
    text = path.read_bytes().decode(CODECS.get(table.encoding, "cp932"))
    head = text.splitlines()[table.header_line - 1]
    try:
        return sum(line > table.header_line for line in _lines(text, max(",\t", key=head.count)))
    except csv.Error:
        return None


def _lines(text: str, separator: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    for cells in reader:
        if cells:
            yield line
        line = reader.line_num + 1


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    made = DuckDB(memory_limit="500MB", threads=1)
    yield made
    made.close()


def test_the_undamaged_files_are_good(tmp_path, packed, engine) -> None:
    for name, (text, written) in kinds(packed).items():
        (tmp_path / name).write_bytes(written(text))
        loaded = read_requests(tmp_path / name, settle_days=0, engine=engine)
        assert loaded.account.read == len(ROWS)
        assert len(loaded.quarantine) == 0


def test_mutated_files_give_clear_errors_or_an_account_that_adds_up(
    tmp_path, packed, mutated, mutated_text, engine
) -> None:
    outcomes = {"read": 0, "refused": 0}
    messages: set[str] = set()
    last = FUZZ_FROM + FUZZ_FILES
    for name, content in mutants(packed, mutated, mutated_text, FUZZ_FROM, last):
        path = tmp_path / name
        path.write_bytes(content)
        try:
            loaded = read_requests(path, settle_days=0, engine=engine)
        except (InputError, NotAnswerableError) as error:
            outcomes["refused"] += 1
            messages.add(str(error))
            continue
        outcomes["read"] += 1
        account = loaded.account
        assert account.read == account.accepted + len(loaded.quarantine)
        assert account.counted == loaded.counts.requests
        expected = records(path, loaded)
        assert expected in (None, account.read)
        assert not SUPPLY_POINT.search(json.dumps(loaded.to_dict()))
    assert not SUPPLY_POINT.search("\n".join(messages))
    assert min(outcomes.values()) > FUZZ_FILES / 20
