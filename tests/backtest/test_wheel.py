"""The wheel, installed elsewhere, does the main job without the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = place.glob("*.whl")
    return built


def test_the_wheel_carries_data_templates_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("published", "facts"):
        for path in (ROOT / "data" / folder).iterdir():
            assert f"switchstats/data/{folder}/{path.name}" in names
    assert "switchstats/report/templates/report.html" in names
    assert "switchstats/report/results-1.schema.json" in names
    assert "switchstats/labels/catalogue.toml" in names
    assert not any(name.startswith("tests/") for name in names)


def test_the_installed_wheel_runs_elsewhere(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = os.environ | {"PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import switchstats; print(switchstats.__file__)"]
    found = subprocess.run(
        where, capture_output=True, text=True, cwd=elsewhere, env=environment, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(installed)
    subprocess.run(
        [sys.executable, "-m", "switchstats", "run", "--lang", "both"],
        capture_output=True,
        cwd=elsewhere,
        env=environment,
        check=True,
    )
    results = json.loads((elsewhere / "out" / "results.json").read_text("utf-8"))
    assert results["findings"][0]["verdict"]["outcome"] == "inconclusive"
