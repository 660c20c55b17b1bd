"""The bundled run, end to end: the same bytes twice, apart from the manifest's clock."""

import hashlib
import json
from pathlib import Path

import pytest

import switchstats as ss
from switchstats.values import PublishedTable


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, committee: PublishedTable) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("runs")
    for name in ("one", "two"):
        study = ss.PublishedOnly(margin=0.02)
        ss.write_results(study.run(ss.load_published("egc-083")), place / name, ("en", "ja"))
    return place / "one", place / "two"


def test_the_same_bytes_twice_apart_from_the_clock(runs: tuple[Path, Path]) -> None:
    one, two = (_files(folder) for folder in runs)
    manifests = [json.loads(files.pop("manifest.json")) for files in (one, two)]
    assert one == two
    for manifest in manifests:
        assert manifest["provenance"].pop("created")
    assert manifests[0] == manifests[1]


def test_the_manifest_names_every_file_by_its_digest(runs: tuple[Path, Path]) -> None:
    files = _files(runs[0])
    manifest = json.loads(files.pop("manifest.json"))
    listed = {output["path"]: output["sha256"] for output in manifest["outputs"]}
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_no_clock_outside_the_manifest(runs: tuple[Path, Path]) -> None:
    created = json.loads((runs[0] / "manifest.json").read_text("utf-8"))["provenance"]["created"]
    for name, content in _files(runs[0]).items():
        if name != "manifest.json":
            assert created[:10].encode() not in content, name


def test_the_headline_numbers_stand_in_the_results(runs: tuple[Path, Path]) -> None:
    finding = json.loads((runs[0] / "results.json").read_text("utf-8"))["findings"][0]
    verdict = finding["verdict"]
    assert verdict["outcome"] == "inconclusive"
    assert verdict["n_units"] == 20
    assert verdict["identification_grade"] == "cross_section"
    assert verdict["most_influential"]["retailer"] == "hokuriku"
    # exact enumeration of 184,756 splits, done independently
    assert round(verdict["p_value"], 5) == 0.69124
