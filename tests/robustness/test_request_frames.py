"""Damaged frames of requests: no raw error, an account that adds up, and nothing personal said.

Names, addresses and supply points are planted where customers' records have them, and then cells,
rows and columns are damaged as people and programs do, so that they land in any column.
"""

import io
import json
import os
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from click.testing import CliRunner

from switchstats.cli.main import commands
from switchstats.engines import read_requests
from switchstats.errors import InputError, NotAnswerableError, SwitchstatsError
from switchstats.labels import told
from switchstats.readers import write_quarantine
from switchstats.values import STRATA, Loaded

# Raise for a long run: FUZZ_FRAMES=20000 pytest tests/robustness/test_request_frames.py
FUZZ_FRAMES = int(os.environ.get("FUZZ_FRAMES", "150"))
FUZZ_CHECKS = int(os.environ.get("FUZZ_CHECKS", "15"))

NAMES = (
    *("佐藤", "電気太郎", "髙橋　花子", "ｻﾄｳ ﾊﾅｺ", "林", "Taro Denki", "可奈子", "本田一致"),
    *("株式会社山田商店", "有限会社霞が関ビル", "成立舎", "北海太郎", "千代田保"),
)
PLACES = (
    *("東京都千代田区霞が関一丁目", "札幌市中央区北一条西2丁目", "霞が関1-3-1", "千代田区"),
    *("北海道函館市", "虎ノ門ハイツ203号室", "090-1234-5678", "100-0013"),
)
POINTS = tuple(f"{1 + n % 10:02d}{7_345_678_901 + n:020d}" for n in range(12))
PERSONAL = (*NAMES, *PLACES, *POINTS)
HEADS = (
    *("申込番号", "申込日", "新小売", "現小売", "エリア", "供給地点特定番号", "需要者名", "住所"),
    *("結果", "エラー理由", "申込回数", "解消日", "電圧"),
)
Table = dict[str, list[Any]]


def _row(rng: random.Random, number: int) -> list[Any]:
    day = date(2023, 1, 1) + timedelta(rng.randrange(80))
    failed = rng.random() < 0.4
    point = rng.choice(POINTS)
    return [
        f"Q{number:04d}",
        rng.choice((day.isoformat(), f"R5.{day.month}.{day.day}", f"{day:%Y/%m/%d} 10:30")),
        rng.choice(("北海道電力", "東北電力㈱", "新電力A")),
        rng.choice(("新電力B", "関西電力")),
        point[:2],
        point,
        rng.choice(NAMES),
        rng.choice(PLACES),
        "ＮＧ" if failed else rng.choice(("成立", "処理中", "取下げ")),
        rng.choice(("住所", "契約番号、住所", "需要者名不一致")) if failed else None,
        str(rng.choice((1, 1, 2))),
        None,
        rng.choice(("低圧", "高圧")),
    ]


def _damaged(rng: random.Random) -> Table:
    """Return a table of requests with one to four accidents."""
    rows = [_row(rng, number) for number in range(rng.choice((0, 1, 8, 25)))]
    heads = list(HEADS)
    for _ in range(rng.randint(1, 4)):
        rng.choice(_ACCIDENTS)(rng, rows, heads)
    return {head: [row[place] for row in rows] for place, head in enumerate(heads)}


def _shift(rng: random.Random, rows: list[list[Any]], _: list[str]) -> None:
    for row in rng.sample(rows, rng.randint(0, len(rows))):
        by = rng.choice((-2, -1, 1, 2))
        row[:] = row[by:] + row[:by]


def _swap(rng: random.Random, rows: list[list[Any]], _: list[str]) -> None:
    one, other = rng.sample(range(len(HEADS)), 2)
    for row in rows[rng.randint(0, len(rows)) :]:
        row[one], row[other] = row[other], row[one]


def _plant(rng: random.Random, rows: list[list[Any]], _: list[str]) -> None:
    for row in rng.sample(rows, min(len(rows), rng.randint(1, 6))):
        secret, known = rng.choice(PERSONAL), rng.choice(("需要者名不一致", "成立", "住所", ""))
        written = rng.choice(("{s}", "{k}（{s}）", "{k} {s}", "{s}様", " {s}　", "{k}:{s}"))
        row[rng.randrange(len(row))] = written.format(k=known, s=secret)


def _blank(rng: random.Random, rows: list[list[Any]], _: list[str]) -> None:
    column, blank = rng.randrange(len(HEADS)), rng.choice((None, "", "　"))
    for row in rows:
        row[column] = blank


def _repeat(rng: random.Random, rows: list[list[Any]], _: list[str]) -> None:
    rows += [list(row) for row in rng.sample(rows, min(len(rows), 4))]


def _rename(rng: random.Random, _: list[list[Any]], heads: list[str]) -> None:
    place = rng.randrange(len(heads))
    heads[place] = f"{rng.choice(('列', '備考', '申込'))}{place}"


def _mistype(rng: random.Random, rows: list[list[Any]], _: list[str]) -> None:
    cells = (
        "2023-02-30",
        "2203-01-05",
        "なぞ電力",
        "?",
        "1.5",
        "#N/A",
        "北海\0道",
        "\ufffd",
        "合計",
    )
    for row in rng.sample(rows, min(len(rows), 3)):
        row[rng.randrange(len(row))] = rng.choice(cells)


def _head_row(rng: random.Random, rows: list[list[Any]], heads: list[str]) -> None:
    rows.insert(rng.randint(0, len(rows)), list(heads))


_ACCIDENTS = (_shift, _shift, _swap, _plant, _plant, _blank, _repeat, _rename, _mistype, _head_row)
FORMS: dict[str, Callable[[Table], object]] = {
    "pandas": pd.DataFrame,
    "polars": lambda rows: pl.DataFrame(rows, strict=False),
    "polars lazy": lambda rows: pl.LazyFrame(rows, strict=False),
    "arrow": pa.table,
    "pandas of Arrow": lambda rows: pd.DataFrame(rows).convert_dtypes(dtype_backend="pyarrow"),
}


def _options(rng: random.Random) -> dict[str, Any]:
    """Return a random question, and now and then a mapping that takes one column for another."""
    options: dict[str, Any] = {
        "estimand": rng.choice(("first_attempt", "all_attempts", "cases")),
        "settle_days": rng.choice((0, 10, 200)),
        "cases_days": rng.choice((0, 30)),
        "strata": rng.sample(STRATA, rng.randint(0, 3)),
        "month": rng.random() < 0.8,
    }
    if rng.random() < 0.3:
        field = rng.choice(("request_id", "attempt", "supply_point", "area", "voltage"))
        options["mapping"] = {field: None}
    if rng.random() < 0.2:
        wrong = rng.choice(("gaining", "area", "outcome", "request_id", "voltage", "reasons"))
        options["mapping"] = {wrong: rng.choice(("需要者名", "住所"))}
    return options


def _everything_said(loaded: Loaded, folder: Path) -> str:
    out = io.StringIO()
    loaded.quarantine.frame.to_csv(out)
    loaded.counts.frame.to_csv(out)
    for language in ("en", "ja"):
        write_quarantine(loaded, folder / "q.csv", language=language)
        out.write((folder / "q.csv").read_text("utf-8-sig"))
    said = json.dumps(loaded.to_dict(), ensure_ascii=False)
    return "\n".join((out.getvalue(), said, repr(loaded), loaded.quarantine._repr_html_()))


def _leaks(said: str) -> list[str]:
    return [secret for secret in PERSONAL if secret in said]


@pytest.mark.parametrize("form", FORMS)
def test_damaged_frames_give_clear_errors_or_an_account_that_adds_up(
    form: str, tmp_path: Path
) -> None:
    outcomes = {"read": 0, "refused": 0}
    refusals: list[str] = []
    for number in range(FUZZ_FRAMES // len(FORMS)):
        rng = random.Random(f"{form} {number}")  # noqa: S311 - reproducible damage
        table, options = _damaged(rng), _options(rng)
        try:
            source = FORMS[form](table)
        except (pa.ArrowException, ValueError):
            continue
        try:
            loaded = read_requests(source, **options)
        except (InputError, NotAnswerableError) as error:
            outcomes["refused"] += 1
            refusals.append(f"{error} {told(error, 'ja')}")
            continue
        outcomes["read"] += 1
        account = loaded.account
        assert account.read == account.accepted + len(loaded.quarantine), number
        assert account.read == len(next(iter(table.values()))), number
        assert account.counted == loaded.counts.requests, number
        assert not _leaks(_everything_said(loaded, tmp_path)), (number, options)
    assert not _leaks("\n".join(refusals)), [said for said in refusals if _leaks(said)]
    assert min(outcomes.values()) > FUZZ_FRAMES / len(FORMS) / 20


def test_the_same_frames_say_the_same_in_every_library() -> None:
    for number in range(FUZZ_FRAMES // 10):
        rng = random.Random(f"same {number}")  # noqa: S311 - reproducible damage
        table, options = _damaged(rng), _options(rng)
        ends = {name: _end(make, table, options) for name, make in FORMS.items()}
        assert len(set(ends.values())) == 1, (number, options, ends)


def _end(make: Callable[[Table], object], table: Table, options: dict[str, Any]) -> str:
    try:
        loaded = read_requests(make(table), **options)
    except SwitchstatsError as error:
        return str(error)
    quarantine = loaded.quarantine.frame.to_csv()
    return f"{loaded.account}\n{loaded.counts.frame.to_csv()}\n{quarantine}"


@pytest.mark.parametrize("how", [[], ["--json"], ["--lang", "ja"]])
def test_check_says_nothing_personal_of_damaged_files(how: list[str], tmp_path: Path) -> None:
    for number in range(FUZZ_CHECKS):
        rng = random.Random(f"check {number}")  # noqa: S311 - reproducible damage
        frame = pd.DataFrame(_damaged(rng))
        path = tmp_path / "rows.csv"
        frame.to_csv(path, index=False, header=rng.random() < 0.8)
        arguments = ["check", str(path), "--kind", "requests", *how]
        arguments += ["--rejected-out", str(tmp_path / "q.csv")]
        done = CliRunner(env={"COLUMNS": "400"}).invoke(commands, arguments)
        refused = isinstance(done.exception, SwitchstatsError)
        assert done.exit_code in (0, 2) or refused, (number, done.output, done.exception)
        said = done.output + done.stderr + str(done.exception)
        if (tmp_path / "q.csv").exists():
            said += (tmp_path / "q.csv").read_text("utf-8-sig")
            (tmp_path / "q.csv").unlink()
        assert not _leaks(said), (number, _leaks(said))
