"""One awkward data set in every form that is read, and a server that speaks Spark Connect."""

import os
import random
import re
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SECONDS_TO_START = 180
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


@pytest.fixture(scope="session", params=["sail", pytest.param("apache", marks=pytest.mark.slow)])
def spark(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Connect to a Spark Connect server: one out of a wheel, and Apache Spark itself on Java."""
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    if request.param == "sail":
        server = sail()
    else:
        server = apache(spark_home(), tmp_path_factory.mktemp("spark"))
    with server as address, warnings.catch_warnings():
        # pyspark warns that it has not been tried with pandas 3
        warnings.simplefilter("ignore", FutureWarning)
        from pyspark.sql import SparkSession

        session = SparkSession.builder.remote(address).create()
        yield session
        session.stop()


@contextmanager
def sail() -> Iterator[str]:
    """Start pysail, and yield its address."""
    server_module = pytest.importorskip("pysail.spark", reason="pysail is not installed")
    try:
        server = server_module.SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
    except OSError as error:
        pytest.skip(f"pysail cannot start: {error}")
    yield f"sc://localhost:{server.listening_address[1]}"
    server.stop()


def spark_home() -> Path:
    """Return the folder of Apache Spark, or skip."""
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Apache Spark needs Java, which is not installed")
    if named := os.environ.get("SPARK_HOME"):
        return Path(named)
    found = find_spec("pyspark")
    home = Path(found.origin or "").parent if found else Path()
    if not (home / "jars").is_dir():
        pytest.skip("Apache Spark itself is not installed; `make test-slow` fetches it")
    return home


@contextmanager
def apache(home: Path, folder: Path) -> Iterator[str]:
    """Start the Spark Connect server of Apache Spark on a free port, and yield its address."""
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": "0",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    program = [str(home / "bin" / "spark-submit"), "--master", "local[2]"]
    for name, value in settings.items():
        program += ["--conf", f"{name}={value}"]
    program += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    log = folder / "server.log"
    environment = os.environ | {"SPARK_HOME": str(home)}
    with (
        log.open("w") as out,
        subprocess.Popen(
            [*program, "spark-internal"], stdout=out, stderr=out, cwd=folder, env=environment
        ) as server,
    ):
        try:
            yield f"sc://localhost:{_port(server, log)}"
        finally:
            server.terminate()


def _port(server: "subprocess.Popen[bytes]", log: Path) -> int:
    for _ in range(SECONDS_TO_START):
        if found := re.search(r"Connect server started at: \S+:(\d+)", log.read_text()):
            return int(found[1])
        if server.poll() is not None:
            break
        time.sleep(1)
    pytest.fail(f"Apache Spark did not start: {log.read_text()[-2000:]}")
