"""One awkward data set in every form that is read, and a server that speaks Spark Connect."""

import random
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

COLUMNS = (
    *("申込番号", "申込日", "新小売", "現小売", "エリア", "供給地点特定番号"),
    *("結果", "エラー理由", "申込回数", "解消日", "電圧"),
)
_DAYS = (
    *("R5.1.6", "令和5年1月6日", "2023/1/7", "２０２３年２月３日", "2023-02-05 10:30", "20230206"),
    *("2023-03-20", "2023-04-01", "2022-12-31", "H31.4.30"),
)
_GAINING = ("北海道電力", "北海道電力（株）", "㈱北海道電力", "新電力A", "新電力Ｂ", "東京電力EP")
_AREAS = (("01", "01"), ("北海道", "01"), ("東京エリア", "03"), ("３", "03"), ("Okinawa", "10"))
_OUTCOMES = ("成立", "OK", "ＮＧ", "エラー", "処理中", "取下げ", "○")
_REASONS = ("住所", "住所、契約番号", "契約番号＋住所", "名義；住所", "供給地点特定番号", "", None)
_RESOLVED = (None, None, "", "2023-04-02", "令和5年4月3日")


Table = dict[str, list[str | None]]


@pytest.fixture(scope="session")
def awkward_rows() -> Table:
    """Columns of text with nulls, duplicates, ties, era dates, full width and several reasons."""
    n, seed = 400, 7
    rng = random.Random(seed)  # noqa: S311
    rows = [_row(rng, number) for number in range(n)]
    for number in rng.sample(range(n), 90):
        _spoil(rows[number], rng)
    for number in rng.sample(range(n), 20):
        rows.append(list(rows[number]))
    for number in rng.sample(range(n), 10):
        copy = list(rows[number])
        copy[1], copy[6] = rng.choice(_DAYS), rng.choice(_OUTCOMES)
        rows.append(copy)
    rng.shuffle(rows)
    return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}


def _row(rng: random.Random, number: int) -> list[str | None]:
    area, code = rng.choice(_AREAS)
    point = code + f"{rng.randrange(60):020d}"
    if rng.random() < 0.2:
        point = "".join(chr(0xFF10 + int(digit)) for digit in point)
    elif rng.random() < 0.1:
        point = f"{point[:2]}-{point[2:12]} {point[12:]}"
    outcome = rng.choice(_OUTCOMES)
    failed = outcome in ("ＮＧ", "エラー")
    return [
        None if rng.random() < 0.1 else f"Q{number:05d}",
        rng.choice(_DAYS),
        rng.choice(_GAINING),
        rng.choice(("新電力A", "新電力B", "東北電力", " 関西電力 ")),
        area,
        point,
        outcome,
        rng.choice(_REASONS) if failed else None,
        rng.choice(("1", "２回目", "初回", "3.0", "1")),
        rng.choice(_RESOLVED),
        rng.choice(("低圧", "高圧", "特高", "low")),
    ]


def _spoil(row: list[str | None], rng: random.Random) -> None:
    place, cell = rng.choice(
        (
            *((1, "2023-02-30"), (1, None), (1, "２０２３年"), (2, "なぞ電力"), (2, " ")),
            *((3, "なぞ電力"), (4, "本州"), (4, None), (5, "01" + "1" * 19), (5, "x"), (5, None)),
            *((5, "05" + "1" * 20), (6, "?"), (6, None), (7, "ひみつ"), (8, "1.5"), (8, "-1")),
            *((8, None), (9, "2001-01-01"), (9, "いつか"), (10, None)),
        )
    )
    row[place] = cell


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Start a Spark Connect server out of a wheel, and connect to it."""
    server_module = pytest.importorskip("pysail.spark", reason="pysail is not installed")
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    try:
        server = server_module.SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
    except OSError as error:
        pytest.skip(f"pysail cannot start: {error}")
    with warnings.catch_warnings():
        # pyspark warns that it has not been tried with pandas 3
        warnings.simplefilter("ignore", FutureWarning)
        from pyspark.sql import SparkSession

        port = server.listening_address[1]
        session = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
    yield session
    session.stop()
    server.stop()
