"""The samples in data/ are what the command writes with the recorded options."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from switchstats.cli.simulate import simulate
from switchstats.facts import read_registry

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
OPTIONS = ["--requests", "2000", "--seed", "83", "--effect", "2", "--retailers", "40"]
REGISTRY = "synthetic-registry.csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    for suffix in (".csv", ".parquet"):
        files = ["--out", str(folder / f"synthetic-requests{suffix}")]
        files += ["--registry-out", str(folder / REGISTRY)]
        done = CliRunner().invoke(simulate, [*OPTIONS, *files], catch_exceptions=False)
        assert done.exit_code == 0, done.output
    return folder


@pytest.mark.parametrize("name", ["synthetic-requests.csv", REGISTRY])
def test_text_is_the_same_to_the_byte(made: Path, name: str) -> None:
    assert (made / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_parquet_holds_the_same_rows(made: Path) -> None:
    name = "synthetic-requests.parquet"
    assert pq.read_table(made / name).equals(pq.read_table(SAMPLES / name))
    assert pq.read_table(SAMPLES / name).num_rows == 2000


def test_the_registry_knows_every_retailer() -> None:
    table = pq.read_table(SAMPLES / "synthetic-requests.parquet")
    known = read_registry(SAMPLES / REGISTRY)
    names = set(table["gaining"].to_pylist()) | set(table["losing"].to_pylist())
    assert all(known.find(name) for name in names)
