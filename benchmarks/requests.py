"""Request rows to counts, beside DuckDB's bare GROUP BY and the same checks in pandas.

``python benchmarks/requests.py [--rows 10000000] [--csv] [--pandas] [--repeat 3]``

With ``--csv`` the same rows also stand in CP932, which DuckDB itself does not read.
"""

import argparse
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import pandas as pd

from switchstats.engines import read_requests

N_RETAILERS, N_AREAS = 700, 10
LIMITS = "SET memory_limit = '1GB'; SET preserve_insertion_order = false"
REGISTRY = pd.DataFrame(
    {
        "retailer": [f"r{number:03d}" for number in range(N_RETAILERS)],
        "name": [f"小売電気事業者{number:03d}" for number in range(N_RETAILERS)],
        "group": ["incumbent"] * N_AREAS + ["entrant"] * (N_RETAILERS - N_AREAS),
        "area": [f"{area:02d}" for area in range(1, N_AREAS + 1)]
        + [None] * (N_RETAILERS - N_AREAS),
    }
)
REASONS = {"供給地点特定番号", "需要者名", "契約番号", "住所", "その他"}
_ROWS = """
    SELECT 'Q' || lpad(i::VARCHAR, 10, '0') AS request_id,
        DATE '2021-04-01' + (hash(i * 7 + 1) % 730)::INT AS submitted,
        '小売電気事業者' || lpad(
            floor(700 * pow((hash(i * 7 + 2) % 1000000) / 1e6, 3))::INT::VARCHAR, 3, '0'
        ) AS gaining,
        '小売電気事業者' || lpad(
            floor(700 * pow((hash(i * 7 + 3) % 1000000) / 1e6, 3))::INT::VARCHAR, 3, '0') AS losing,
        area,
        area || lpad((hash(i // 2 * 7 + 5) % 10000000000)::VARCHAR, 20, '0') AS supply_point,
        CASE WHEN u < 80 THEN '成立' WHEN u < 96 THEN 'エラー' WHEN u < 98 THEN '処理中'
            ELSE '取下げ' END AS outcome,
        CASE WHEN u BETWEEN 80 AND 95 THEN ['供給地点特定番号', '需要者名', '契約番号', '住所',
            '供給地点特定番号、住所', 'その他'][1 + (hash(i * 7 + 9) % 6)::INT] END AS reasons,
        1 + (hash(i * 7 + 10) % 10 = 0)::INT AS attempt,
        ['低圧', '高圧', '特別高圧'][1 + (hash(i * 7 + 11) % 3)::INT] AS voltage
    FROM (SELECT i, lpad((1 + hash(i // 2 * 7 + 4) % 10)::VARCHAR, 2, '0') AS area,
        hash(i * 7 + 6) % 100 AS u FROM range({rows}) AS t(i))
"""


def make(path: Path, rows: int) -> None:
    kind = "csv" if path.suffix == ".csv" else "parquet"
    duckdb.execute(f"COPY ({_ROWS.format(rows=rows)}) TO '{path}' (FORMAT {kind})")


def in_cp932(path: Path) -> Path:
    return path.with_name(f"{path.stem}-cp932{path.suffix}")


def make_cp932(path: Path) -> None:
    with (
        path.open(encoding="utf-8", newline="") as source,
        in_cp932(path).open("w", encoding="cp932", newline="") as target,
    ):
        while text := source.read(1 << 24):
            target.write(text)


def bare(path: str) -> None:
    connection = duckdb.connect()
    connection.execute(LIMITS)
    connection.execute(
        "SELECT gaining, area, date_trunc('month', submitted) AS month, count(*), "  # noqa: S608
        f"count(*) FILTER (outcome = 'エラー') FROM '{path}' GROUP BY ALL"
    ).fetchall()


def ours(path: str, *left_out: str, **choices: Any) -> None:
    mapping = dict.fromkeys(left_out)
    loaded = read_requests(path, mapping=mapping, registry=REGISTRY, strata=("area",), **choices)
    if len(loaded.quarantine):
        raise SystemExit(f"clean rows were rejected: {loaded.quarantine}")


def in_pandas(path: str) -> None:
    """Make every check that ours makes, as one who knows pandas well would write it."""
    rows = pd.read_csv(path, dtype=str) if path.endswith(".csv") else pd.read_parquet(path)
    known = dict(zip(REGISTRY["name"], REGISTRY["retailer"], strict=True))
    rows["submitted"] = pd.to_datetime(rows["submitted"], errors="coerce")
    rows["attempt"] = pd.to_numeric(rows["attempt"], errors="coerce")
    point, reasons = rows["supply_point"], rows["reasons"]
    listed = [cell for cell in reasons.dropna().unique() if set(cell.split("、")) <= REASONS]
    wrong = {
        "bad_date": rows["submitted"].isna(),
        "unknown_retailer": ~(rows["gaining"].isin(known) & rows["losing"].isin(known)),
        "unknown_area": ~rows["area"].isin([f"{area:02d}" for area in range(1, N_AREAS + 1)]),
        "bad_supply_point": ~point.str.fullmatch(r"(?:0[1-9]|10)[0-9]{20}").fillna(value=False),
        "wrong_area": point.str[:2] != rows["area"],
        "bad_outcome": ~rows["outcome"].isin(["成立", "エラー", "処理中", "取下げ"]),
        "unknown_reason": ~(reasons.isna() | reasons.isin(listed)),
        "not_a_number": ~(rows["attempt"] >= 1) | (rows["attempt"] % 1 != 0),
        "duplicate": rows.duplicated("request_id"),
    }
    fine = ~pd.concat(wrong, axis=1).any(axis=1)
    quarantine = [rows.loc[bad, ["request_id"]].assign(code=code) for code, bad in wrong.items()]
    if len(pd.concat(quarantine)):
        raise SystemExit("clean rows were rejected")
    last = rows["submitted"].max() - pd.Timedelta(days=30)
    kept = rows[fine & (rows["attempt"] == 1) & (rows["submitted"] <= last)]
    kept = kept[kept["outcome"].isin(["成立", "エラー"])]
    retailer, month = kept["gaining"].map(known), kept["submitted"].dt.to_period("M")
    failed = kept["outcome"] == "エラー"
    failed.groupby([retailer, kept["area"], month]).agg(["size", "sum"])


BARE, COUNTS, PANDAS, CP932 = (
    *("bare GROUP BY", "counts with duplicate detection", "the same checks in pandas"),
    "counts with duplicate detection, CP932",
)
CASES = {
    BARE: bare,
    "counts, no identifiers, no supply points": lambda path: ours(
        path, "request_id", "supply_point"
    ),
    "counts, no identifiers": lambda path: ours(path, "request_id"),
    COUNTS: ours,
    CP932: lambda path: ours(str(in_cp932(Path(path)))),
    "counts, first attempts by links": lambda path: ours(path, "request_id", "attempt"),
    "cases": lambda path: ours(path, "request_id", estimand="cases"),
    PANDAS: in_pandas,
}


def measure(case: str, path: Path) -> tuple[float, float, float]:
    """Run one case in its own process; return seconds, processor seconds and peak GiB."""
    program = [sys.executable, __file__, "--one", case, str(path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.splitlines() or [f"ended with {done.returncode}"]
        sys.stdout.write(f"{case}: failed, {said[-1][:300]}\n")
        return (float("nan"),) * 3
    seconds, processor, gib = json.loads(done.stdout.splitlines()[-1])
    return seconds, processor, gib


def one(case: str, path: str) -> None:
    # no side pays for its imports
    for module in ("narwhals", "pyarrow.parquet"):
        importlib.import_module(module)
    duckdb.connect().close()
    started, worked = time.perf_counter(), _processor()
    CASES[case](path)
    seconds, processor = time.perf_counter() - started, _processor() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(json.dumps([seconds, processor, peak]) + "\n")


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--pandas", action="store_true")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--file", type=Path, help="made when missing, kept; else a temporary one")
    parser.add_argument("--only", default="", help="cases whose names hold this, and the bare one")
    parser.add_argument("--one", nargs=2)
    given = parser.parse_args()
    if given.one:
        one(*given.one)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / ("rows.csv" if given.csv else "rows.parquet")
        if not path.exists():
            make(path, given.rows)
        text = path.suffix == ".csv"
        if text and not in_cp932(path).exists():
            make_cp932(path)
        size = path.stat().st_size / 1e6
        sys.stdout.write(f"{given.rows:,} rows, {path.suffix}, {size:,.0f} MB\n")
        asked = {PANDAS: given.pandas, CP932: text}
        named = [case for case in CASES if case == BARE or given.only in case]
        cases = [case for case in named if asked.get(case, True)]
        # the sides take turns, so that a busy moment hits all of them
        runs = [{case: measure(case, path) for case in cases} for _ in range(given.repeat)]
        sys.stdout.write(
            f"{'':45s} {'wall':>9s} {'ratio':>8s} {'CPU':>9s} {'ratio':>8s}     peak\n"
        )
        for case in cases:
            figures: list[str] = []
            for place in (0, 1):
                seconds = median(run[case][place] for run in runs)
                ratio = median(run[case][place] / run[BARE][place] for run in runs)
                figures.append(f"{seconds:7.2f} s {ratio:6.2f} x")
            peak = max(run[case][2] for run in runs)
            sys.stdout.write(f"{case:45s} {' '.join(figures)} {peak:6.2f} GiB\n")


if __name__ == "__main__":
    main()
