"""Files hold the rows that were drawn, appear whole or not at all, and need little memory."""

import gzip
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from switchstats.errors import InputError, UsageError
from switchstats.simulate import World, simulate_requests, write_registry, write_requests

WORLD = World(n_retailers=40)
GROWTH_ALLOWED = 1.1
PEAK = """
import sys
from pathlib import Path
from switchstats.simulate import World, write_requests
write_requests(World(), int(sys.argv[1]), 1, Path(sys.argv[2]))
status = Path("/proc/self/status").read_text().split()
print(status[status.index("VmHWM:") + 1])
"""


def test_every_format_holds_the_same_rows(tmp_path: Path) -> None:
    files = {suffix: tmp_path / f"rows{suffix}" for suffix in (".csv", ".csv.gz", ".parquet")}
    for path in files.values():
        write_requests(WORLD, 3000, 5, path)
    drawn = pa.Table.from_batches(simulate_requests(WORLD, 3000, 5))
    assert pq.read_table(files[".parquet"]).equals(drawn)
    text = files[".csv"].read_bytes()
    assert gzip.decompress(files[".csv.gz"].read_bytes()) == text
    header, *lines = text.decode("ascii").splitlines()
    assert header.split(",") == drawn.column_names
    cells = [line.split(",") for line in lines]
    for place, name in enumerate(drawn.column_names):
        values = ["" if value is None else str(value) for value in drawn[name].to_pylist()]
        assert [row[place] for row in cells] == values


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".parquet"])
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    files = [tmp_path / f"{place}{suffix}" for place in "ab"]
    for path in files:
        write_requests(WORLD, 2000, 9, path)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.parquet, \.csv or \.csv\.gz"):
        write_requests(WORLD, 10, 1, tmp_path / "rows.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_requests(WORLD, 10, 1, tmp_path / "nowhere" / "rows.csv")
    with pytest.raises(InputError, match="cannot be written"):
        write_registry(WORLD, tmp_path / "nowhere" / "who.csv")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_interrupted_run_leaves_the_earlier_file(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"rows{suffix}"
    path.write_bytes(b"earlier")

    def stops(*arguments: object) -> object:
        yield next(simulate_requests(WORLD, 10, 1))
        raise KeyboardInterrupt

    monkeypatch.setattr("switchstats.simulate.write.simulate_requests", stops)
    with pytest.raises(KeyboardInterrupt):
        write_requests(WORLD, 20, 1, path)
    assert path.read_bytes() == b"earlier"
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's peak memory")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """Held in memory, three million more rows of some 100 bytes would double the peak."""
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", PEAK, str(n_requests), str(tmp_path / "rows.parquet")],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for n_requests in (1_000_000, 4_000_000)
    ]
    assert peaks[1] <= GROWTH_ALLOWED * peaks[0], peaks
