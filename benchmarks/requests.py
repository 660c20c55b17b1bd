"""Request rows to counts, beside DuckDB's bare GROUP BY and the same checks in pandas.

``python benchmarks/requests.py [--rows 10000000] [--csv] [--pandas] [--repeat 3]``
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

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


def bare(path: str) -> None:
    connection = duckdb.connect()
    connection.execute(LIMITS)
    connection.execute(
        "SELECT gaining, area, date_trunc('month', submitted) AS month, count(*), "  # noqa: S608
        f"count(*) FILTER (outcome = 'エラー') FROM '{path}' GROUP BY ALL"
    ).fetchall()


def ours(path: str, *left_out: str, estimand: str = "first_attempt") -> None:
    mapping = dict.fromkeys(left_out)
    loaded = read_requests(
        path, mapping=mapping, registry=REGISTRY, strata=("area",), estimand=estimand
    )
    if len(loaded.quarantine):
        raise SystemExit(f"clean rows were rejected: {loaded.quarantine}")


def in_pandas(path: str) -> None:
    rows = pd.read_csv(path, dtype=str) if path.endswith(".csv") else pd.read_parquet(path)
    known = dict(zip(REGISTRY["name"], REGISTRY["retailer"], strict=True))
    rows["submitted"] = pd.to_datetime(rows["submitted"], errors="coerce")
    point = rows["supply_point"]
    fine = (
        rows["submitted"].notna()
        & rows["gaining"].map(known).notna()
        & rows["losing"].map(known).notna()
        & point.str.fullmatch(r"(?:0[1-9]|10)[0-9]{20}")
        & (point.str[:2] == rows["area"])
        & rows["outcome"].isin(["成立", "エラー", "処理中", "取下げ"])
        & ~rows.duplicated("request_id")
    )
    last = rows["submitted"].max() - pd.Timedelta(days=30)
    first = rows["attempt"].astype(int) == 1
    kept = rows[fine & first & (rows["submitted"] <= last)]
    kept = kept[kept["outcome"].isin(["成立", "エラー"])]
    month = kept["submitted"].dt.to_period("M")
    kept.assign(error=kept["outcome"] == "エラー").groupby(["gaining", "area", month])["error"].agg(
        ["size", "sum"]
    )


CASES = {
    "bare GROUP BY": bare,
    "counts, no identifiers, no supply points": lambda path: ours(
        path, "request_id", "supply_point"
    ),
    "counts, no identifiers": lambda path: ours(path, "request_id"),
    "counts with duplicate detection": ours,
    "counts, first attempts by links": lambda path: ours(path, "request_id", "attempt"),
    "cases": lambda path: ours(path, "request_id", estimand="cases"),
    "the same checks in pandas": in_pandas,
}


def measure(case: str, path: Path) -> tuple[float, float]:
    """Run one case in its own process; return seconds and peak GiB."""
    program = [sys.executable, __file__, "--one", case, str(path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.stdout.write(f"{case}: failed, {done.stderr.splitlines()[-1][:300]}\n")
        return float("nan"), float("nan")
    seconds, gib = json.loads(done.stdout.splitlines()[-1])
    return seconds, gib


def one(case: str, path: str) -> None:
    duckdb.connect().close()
    started = time.perf_counter()
    CASES[case](path)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(json.dumps([seconds, peak]) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--pandas", action="store_true")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--file", type=Path, help="made when missing, kept; else a temporary one")
    parser.add_argument("--one", nargs=2)
    given = parser.parse_args()
    if given.one:
        one(*given.one)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / ("rows.csv" if given.csv else "rows.parquet")
        if not path.exists():
            make(path, given.rows)
        size = path.stat().st_size / 1e6
        sys.stdout.write(f"{given.rows:,} rows, {path.suffix}, {size:,.0f} MB\n")
        cases = [case for case in CASES if given.pandas or "pandas" not in case]
        # the sides take turns, so that a busy moment hits all of them
        runs = [{case: measure(case, path) for case in cases} for _ in range(given.repeat)]
        for case in cases:
            seconds = median(run[case][0] for run in runs)
            ratio = median(run[case][0] / run["bare GROUP BY"][0] for run in runs)
            peak = max(run[case][1] for run in runs)
            sys.stdout.write(f"{case:45s} {seconds:7.2f} s {ratio:6.2f} x {peak:6.2f} GiB\n")


if __name__ == "__main__":
    main()
