"""A release says everywhere which one it is, and carries the notices that it owes."""

import tomllib
from pathlib import Path

import yaml

from switchstats.version import __version__

ROOT = Path(__file__).resolve().parents[2]


def test_version_changelog_readme_and_citation_name_one_release() -> None:
    heading = next(
        line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if "## " in line
    )
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert heading == f"## {__version__} ({citation['date-released'].isoformat()})"
    assert citation["version"] == __version__
    assert f"version {__version__}." in (ROOT / "README.md").read_text("utf-8")


def test_the_citation_has_what_its_format_requires() -> None:
    # citation file format 1.2.0: cff-version, message, title and authors are required
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert all(author["name"] for author in citation["authors"])


def test_every_dependency_stands_in_the_notices() -> None:
    notices = (ROOT / "NOTICE.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["spark"]]
    names = [requirement.split(">")[0].strip() for requirement in needed]
    missing = [name for name in names if f"| {name} " not in notices]
    assert not missing
    assert project["license-files"] == ["LICENSE", "NOTICE.md"]
