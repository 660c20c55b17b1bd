"""Help, and what click finds wrong, are said in the language of the command line."""

import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

import switchstats.labels
from switchstats.cli.main import commands

ENGLISH = re.compile(r"(?<![-\w])[A-Za-z]{3,} [a-z]{2,}")
COMMAND = re.compile("switchstats [a-z]+")
WRONG = (
    ("jump",),
    ("chekc",),
    ("--jump",),
    ("check", "--kind-of", "x"),
    ("check", "--knd", "x"),
    ("check",),
    ("diff", "a"),
    ("simulate", "--out", "a.csv"),
    ("check", "a.csv", "--kind", "x"),
    ("check", "a.csv", "--year", "x"),
    ("check", "a.csv", "--max-rejected", "few"),
    ("check", "a.csv", "--estimand", "cases"),
    ("run", "--margin"),
    ("run", "--margin", "two"),
    ("run", "--quiet=1"),
    ("run", "a.csv", "b.csv", "c.csv"),
    ("run", "a.csv", "b.csv"),
    ("run", "study.toml", "--margin", "0.02"),
    ("simulate", "--requests", "0", "--out", "a.csv"),
    ("simulate", "--requests", "x", "--out", "a.csv"),
    ("simulate", "--requests", "5", "--out", "."),
    ("init", "a.csv", "--registry", "none.csv"),
    ("facts", "rumours"),
    ("audit", "--small-cell", "3"),
    ("audit", "--total", "0"),
    ("audit", "--disclose", "x"),
    ("run", "none.csv"),
    ("run", "--margin", "2"),
    ("run", "--period", "2019年度"),
    ("run", "--lang"),
)


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_every_mistake_is_told_in_japanese(
    said: Callable[..., str], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SWITCHSTATS_LANGUAGE", "ja")
    words = COMMAND.sub("", said(*arguments))
    assert not ENGLISH.search(words)
    assert re.search("[ぁ-ん]", words)


def test_how_a_mistake_is_framed(said: Callable[..., str]) -> None:
    assert said("check", "--lang", "en") == (
        "Usage: switchstats check [OPTIONS] FILES...\n"
        "Try 'switchstats check --help' for help.\n"
        "\n"
        "Error: Missing argument 'FILES...'.\n"
    )
    assert said("check", "--lang", "ja") == (
        "使い方：switchstats check [オプション] FILES...\n"
        "説明は「switchstats check --help」で表示される。\n"
        "\n"
        "エラー：'FILES...'が指定されていない。\n"
    )


def test_no_command_shows_what_there_is(said: Callable[..., str]) -> None:
    words = said()
    assert words.startswith("Usage: switchstats")
    assert "simulate" in words
    assert "Error" not in words


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("新電力,2022年4～12月\n新電力 A,118.0\n", "値「118.0」：率が100 %を超えている"),
        ("新電力,2022年4～12月\n新電力 A,○\n", "値「○」：丸印は数値ではない"),
        ("新電力,2022年4～12月\n新電力 AZ,1.0\n", "名簿にない事業者である（近い名称：新電力A"),
        (
            "新電力,2022年度,2022年4～12月,2023年1～3月\n新電力 A,9.0,1.0,2.0\n",
            "新電力A：2022年度の値が、その内訳の値（2022年4～12月: 1.0、2023年1～3月: 2.0）",
        ),
    ],
)
def test_what_is_wrong_with_a_printed_table(
    said: Callable[..., str], tmp_path: Path, rows: str, words: str
) -> None:
    (tmp_path / "t.csv").write_text(rows, "utf-8")
    told = said("run", "t.csv", "--lang", "ja")
    assert words in told
    assert not ENGLISH.search(COMMAND.sub("", told))


def test_a_name_that_a_mapping_does_not_know(said: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('foo = "x"\n', "utf-8")
    told = said("check", "a.csv", "--mapping", "map.toml", "--lang", "ja")
    assert told.startswith("switchstats: map.toml：対応表に'foo'という列名は使えない（最も近いのは")


def test_everything_wrong_with_what_is_known(said: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "known.toml").write_text(
        'total = 0\n[[volume]]\nretailer = "誰か"\nlow = 1\n[[share]]\nwidth = 2\n', "utf-8"
    )
    assert said("audit", "--known", "known.toml", "--lang", "ja").startswith(
        "switchstats: known.toml：totalは1以上の整数の申込件数である。"
        "[[volume]] 1：表に'誰か'という事業者はない。"
        "[[share]] 1：widthは使えない（使えるもの：retailer, group, period, "
    )


PAGES = [(), *((name,) for name in sorted(commands.commands))]


@pytest.mark.parametrize("command", PAGES, ids=lambda page: page[0] if page else "switchstats")
def test_every_page_of_help_is_there_in_japanese(
    monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "argv", ["switchstats", *command, "--lang", "ja", "--help"])
    shown = CliRunner().invoke(commands, [*command, "--help"], prog_name="switchstats").output
    about, _, options = shown.partition("オプション：")
    english = re.compile(r"(?m)^  switchstats .*$|switchstats [a-z]+|\[.*?\]")
    assert not ENGLISH.search(english.sub("", shown))
    lines = [line for line in shown.splitlines() if not line.startswith("  switchstats ")]
    assert max(map(cell_len, lines)) <= 80
    # the same options as in English, each with its words
    monkeypatch.setattr(sys, "argv", ["switchstats"])
    plain = CliRunner().invoke(commands, [*command, "--help"]).output
    names = re.findall(r"(?m)^  (?:-\w, )?(--[\w-]+)", plain)
    assert re.findall(r"(?m)^  (?:-\w, )?(--[\w-]+)", options) == names
    assert plain.count("switchstats ") >= about.count("  switchstats ")


def test_no_word_of_help_is_left_over() -> None:
    """Each Japanese entry belongs to a command, an option of it, or a comment of an example."""
    path = Path(switchstats.labels.__file__).parent / "commands.toml"
    tables = tomllib.loads(path.read_text("utf-8"))
    every = {"switchstats": commands, **commands.commands}
    assert set(tables) - {"options", "comments"} == set(every)
    used = {"help"}
    for name, command in every.items():
        options = {max(each.opts, key=len).lstrip("-") for each in command.params}
        assert set(tables[name]) - {"about"} <= options
        used |= options - set(tables[name])
    assert set(tables["options"]) <= used
    english = "\n".join(command.help or "" for command in every.values())
    assert all(comment in english for comment in tables["comments"])
