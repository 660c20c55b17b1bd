"""Every command, file and word of output in docs/auditing.md is what the program does."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from switchstats.cli.main import commands

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "auditing.md").read_text("utf-8")
FILE = re.compile(r"`(?P<name>[\w.]+)`[^`\n]*:\n\n```(?:csv|toml)\n(?P<content>.*?)```", re.DOTALL)
BLOCK = re.compile(r"```(?P<kind>console|text|python)\n(?P<content>.*?)```", re.DOTALL)


def _blocks(kind: str) -> list[str]:
    return [match["content"] for match in BLOCK.finditer(GUIDE) if match["kind"] == kind]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What all commands print, one after the other, in a folder with the guide's files."""
    folder = tmp_path_factory.mktemp("guide")
    files = {match["name"]: match["content"] for match in FILE.finditer(GUIDE)}
    assert set(files) == {"typed.csv", "known.toml", "retailers.csv", "draft.csv"}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    printed: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for line in "".join(_blocks("console")).splitlines():
            command, _, remark = line.partition("  #")
            program, *arguments = shlex.split(command)
            assert program == "switchstats"
            done = CliRunner(env={"COLUMNS": "200"}).invoke(commands, arguments)
            expected = int(remark.replace("exit", "")) if remark else 0
            assert done.exit_code == expected, (line, done.output, done.exception)
            printed.append(done.output)
    return "\n".join(printed)


def test_every_command_ends_as_the_guide_says(said: str) -> None:
    assert len("".join(_blocks("console")).splitlines()) > 10


def test_every_line_of_output_in_the_guide_is_printed(said: str) -> None:
    lines = [line for block in _blocks("text") for line in block.splitlines()]
    assert lines
    assert [line for line in lines if line not in said] == []


def test_the_python_in_the_guide_runs() -> None:
    blocks = _blocks("python")
    assert blocks
    for block in blocks:
        exec(compile(block, "auditing.md", "exec"), {})  # noqa: S102 -- our own guide


def test_every_option_of_both_verbs_is_in_the_guide() -> None:
    for verb in ("audit", "anonymise"):
        for option in commands.commands[verb].params:
            name = option.opts[-1]
            assert name in GUIDE or not name.startswith("--"), name
