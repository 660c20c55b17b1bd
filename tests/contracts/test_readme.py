"""The README says what the program does."""

import re
from pathlib import Path

import switchstats as ss
from switchstats.values import PublishedTable

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def _words(text: str) -> str:
    return " ".join(text.split())


def test_the_verdict_in_the_readme_is_the_programs(committee: PublishedTable) -> None:
    finding = ss.PublishedOnly().run(committee)
    assert _words(finding.question.en) in _words(README)
    for sentence in finding.sentences:
        assert _words(sentence.en) in _words(README)


def test_every_link_in_the_readme_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_name_of_the_package_in_the_readme_exists() -> None:
    names = set(re.findall(r"\bss\.(\w+(?:\.\w+)?)", README))
    assert names
    for name in names:
        value = ss
        for part in name.split("."):
            value = getattr(value, part)


def test_the_commands_in_the_readme_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = set(re.findall(r"\bmake ([a-z-]+)", README))
    assert {"run", "test"} <= commands <= targets
