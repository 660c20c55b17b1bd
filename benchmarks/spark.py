"""Request rows to counts in Spark through Spark Connect, beside Spark's own bare GROUP BY.

``python benchmarks/spark.py [--rows 10000000] [--file rows.parquet] [--repeat 3]``

The server is pysail, or Apache Spark itself where SPARK_HOME names its folder. It runs in a process
of its own, whose processor time and peak memory are reported apart.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from requests import make, ours

from switchstats.engines import Spark

SECONDS_TO_START = 180
SAIL = """
import time
from pysail.spark import SparkConnectServer
server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
print("Connect server started at: %s:%s" % server.listening_address, flush=True)
time.sleep(1e9)
"""


def program() -> list[str]:
    home = os.environ.get("SPARK_HOME")
    if home is None:
        return [sys.executable, "-c", SAIL]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": "0",
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
    }
    named = [f"{name}={value}" for name, value in settings.items()]
    return [
        *(f"{home}/bin/spark-submit", "--master", "local[2]", "--driver-memory", "2g"),
        *(part for each in named for part in ("--conf", each)),
        *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"),
    ]


@contextmanager
def served(folder: Path) -> Iterator[tuple[Any, int]]:
    """Start a server; yield a session and the server's process id."""
    log = folder / "server.log"
    with (
        log.open("w") as out,
        subprocess.Popen(program(), stdout=out, stderr=out, cwd=folder) as server,  # noqa: S603
    ):
        try:
            port = _port(server, log)
            with warnings.catch_warnings():
                # pyspark warns that it has not been tried with pandas 3
                warnings.simplefilter("ignore", FutureWarning)
                from pyspark.sql import SparkSession

                session = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
                yield session, server.pid
                session.stop()
        finally:
            server.kill()


def _port(server: "subprocess.Popen[bytes]", log: Path) -> int:
    for _ in range(SECONDS_TO_START):
        if found := re.search(r"Connect server started at: \S+:(\d+)", log.read_text()):
            return int(found[1])
        if server.poll() is not None:
            break
        time.sleep(1)
    raise SystemExit(f"the server did not start: {log.read_text()[-2000:]}")


def processor(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    """Return the largest memory of a process so far, in GiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 2**20 if found else float("nan")


def bare(session: Any, path: str) -> None:
    session.read.parquet(path).createOrReplaceTempView("rows_")
    session.sql(
        "SELECT gaining, area, date_trunc('month', submitted) AS month, count(*), "
        "sum(CASE WHEN outcome = 'エラー' THEN 1 ELSE 0 END) FROM rows_ GROUP BY 1, 2, 3"
    ).toArrow()


CASES = {
    "bare GROUP BY": bare,
    "counts, no identifiers": lambda session, path: ours(path, "request_id", engine=Spark(session)),
    "counts with duplicate detection": lambda session, path: ours(path, engine=Spark(session)),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--file", type=Path, help="made when missing, kept; else a temporary one")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / "rows.parquet"
        if not path.exists():
            make(path, given.rows)
        with served(Path(folder)) as (session, pid):
            runs: dict[str, list[tuple[float, float]]] = {case: [] for case in CASES}
            for _ in range(given.repeat):
                for case, run in CASES.items():
                    started, worked = time.perf_counter(), processor(pid)
                    run(session, str(path.absolute()))
                    used = processor(pid) - worked
                    runs[case].append((time.perf_counter() - started, used))
            for case, times in runs.items():
                wall, server = (median(column) for column in zip(*times, strict=True))
                sys.stdout.write(f"{case:35s} {wall:7.2f} s, server's CPU {server:7.2f} s\n")
            ours_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            sys.stdout.write(f"peak memory {ours_peak:.2f} GiB here, {peak(pid):.2f} GiB there\n")


if __name__ == "__main__":
    main()
