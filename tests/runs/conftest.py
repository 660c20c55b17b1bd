"""A study of made-up counts, delivered month by month."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from switchstats.simulate import World, simulate_counts

STUDY = """
title = "Made-up months"
studies = ["GroupComparison"]
margin = 0.02

[data]
kind = "counts"
files = ["data"]
registry = "registry.csv"
"""


def deliver(folder: Path, name: str, rows: pd.DataFrame) -> None:
    rows.to_csv(folder / "data" / f"{name}.csv", index=False)


def complete(folder: Path) -> bool:
    """Say whether every file that a run's manifest names is there, with its digest."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["outputs"]
    return all(
        hashlib.sha256((folder / each["path"]).read_bytes()).hexdigest() == each["sha256"]
        for each in manifest["outputs"]
    )


@pytest.fixture(scope="session")
def months() -> dict[str, pd.DataFrame]:
    """Counts of twelve months as somebody would deliver them, by month."""
    counts = simulate_counts(World(n_retailers=24), 60_000, seed=1, strata=())
    names = {each.retailer: each.name.ja for each in counts.retailers}
    frame = counts.frame
    delivered: dict[str, pd.DataFrame] = {}
    for start, rows in frame.groupby("period_start"):
        month = f"{start:%Y-%m}"
        delivered[month] = pd.DataFrame(
            {
                "小売電気事業者名": rows["retailer"].astype(str).map(names),
                "対象年月": month,
                "申込件数": rows["requests"],
                "エラー件数": rows["errors"],
            }
        )
    return dict(list(delivered.items())[:12])


@pytest.fixture(scope="session")
def registry() -> pd.DataFrame:
    counts = simulate_counts(World(n_retailers=24), 60_000, seed=1, strata=())
    return pd.DataFrame(
        [
            {"retailer": r.retailer, "name": r.name.ja, "group": r.group, "area": r.area}
            for r in counts.retailers
        ]
    )


@pytest.fixture
def study(tmp_path: Path, registry: pd.DataFrame) -> Callable[..., Path]:
    """Return a maker of a study file, in a folder of its own with an empty folder ``data``."""

    def make(text: str = STUDY, name: str = "study.toml") -> Path:
        (tmp_path / "data").mkdir(exist_ok=True)
        registry.to_csv(tmp_path / "registry.csv", index=False)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make
