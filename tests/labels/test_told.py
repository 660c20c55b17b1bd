"""Every error that reading a file can end with is told in Japanese too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from switchstats.errors import InputError, UsageError
from switchstats.labels import told, worded

SOURCE = Path(__file__).parents[2] / "src" / "switchstats"
ROOMS = ("inputs", "readers/counts", "engines", "periods", "facts/registry_file.py")
# Of `Period`, `fiscal_part` and `format_period`, and of arguments in Python only: no file and no
# option of the command leads to them.
FROM_CODE_ONLY = (
    "a period must end",
    "fiscal ",
    "unknown language",
    "style ",
    "unknown engine",
    "the engine ",
    "DuckDB reads files",
    "not a frame",
    "unknown estimand",
    "settle_days",
    "unknown stratum",
    "days must be at least",
    "Spark is not",
    "too many strata",
    "counts can be read from paths",
)


def sentences() -> Iterator[tuple[str, str]]:
    """Yield the sentences in calls that make an error, a sign in the place of what differs."""
    for room in ROOMS:
        path = SOURCE / room
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            tree = ast.parse(file.read_text("utf-8"))
            named = {
                node.targets[0].id: node.value
                for node in tree.body
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                if ast.unparse(call.func).rpartition(".")[2] in (
                    "InputError",
                    "UsageError",
                    "error",
                ):
                    for argument in call.args[:2]:
                        node = (
                            named.get(argument.id) if isinstance(argument, ast.Name) else argument
                        )
                        if words := sentence(node):
                            yield f"{file.relative_to(SOURCE)}:{call.lineno}", words


def sentence(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (v.value if isinstance(v, ast.Constant) else "§" for v in node.values)
        return "".join(map(str, parts))
    return None


def test_every_sentence_has_its_japanese() -> None:
    found = list(sentences())
    assert len(found) > 150
    lacking = [
        (place, words)
        for place, words in found
        if not words.startswith(FROM_CODE_ONLY) and worded(words).ja == words
    ]
    assert lacking == []


def test_an_error_with_its_place() -> None:
    error = InputError("a column stands twice", "keep one of them", "名簿.csv", 3, "区分", "x")
    assert told(error, "ja") == (
        "名簿.csv、3行目、列「区分」、値「x」：同じ列が2回ある。対処：一つだけ残す。"
    )
    assert told(error, "en") == str(error)


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        (
            "a table of counts, but nothing tells the period",
            "件数の表だが、期間が分からない",
        ),
        (
            "add a column of months, or name it among the constants of a mapping",
            "年月の列を加えるか、対応表の定数で指定する",
        ),
        (
            "a used area of 5 cells on the sheet 'x'; at most 4 are read",
            "使用範囲（シート'x'）が5セルある（読めるのは4セルまで）",
        ),
        ("what nobody wrote", "what nobody wrote"),
    ],
)
def test_a_sentence_within_a_sentence(english: str, japanese: str) -> None:
    assert worded(english).ja == japanese


def test_a_usage_error() -> None:
    error = UsageError("year is a calendar year such as 2022, not 1022")
    assert told(error, "ja") == "yearは2022のような西暦であり、1022ではない"
