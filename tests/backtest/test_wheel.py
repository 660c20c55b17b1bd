"""The wheel, installed elsewhere, does the main job without the checkout."""

import json
import os
import shutil
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


def test_the_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*command, "--sdist", str(ROOT)], check=True, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path, filter="data")
    source = tmp_path / archive.name.removesuffix(".tar.gz")
    subprocess.run([*command, "--wheel", str(source)], check=True, capture_output=True)
    with zipfile.ZipFile(tmp_path / wheel.name) as built, zipfile.ZipFile(wheel) as direct:
        assert {each.filename: each.CRC for each in built.infolist()} == {
            each.filename: each.CRC for each in direct.infolist()
        }
        notices = [name for name in built.namelist() if "licenses/" in name]
    assert sorted(Path(name).name for name in notices) == ["LICENSE", "NOTICE.md"]
    for name in ("CITATION.cff", "CHANGELOG.md", "requirements.lock", "docs/index.md"):
        assert (source / name).is_file()


def test_the_installed_wheel_runs_elsewhere(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    shutil.unpack_archive(wheel, installed, "zip")
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
