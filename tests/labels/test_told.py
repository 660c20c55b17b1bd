"""Every error that a user can meet is told in Japanese too."""

import ast
import builtins
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from switchstats.errors import InputError, UsageError
from switchstats.labels import told, worded

SOURCE = Path(__file__).parents[2] / "src" / "switchstats"
# What makes an error, and how many of its first arguments are sentences.
MAKERS = {
    "Error": 2,
    "error": 2,
    "_error": 3,
    "BadParameter": 1,
    "Implausible": 5,
    "NotAnswerableError": 3,
    "Impossible": 3,
    "Unbounded": 3,
    "Problem": 4,
    "_at": 5,
    "cannot_be_written": 1,
    "worded": 1,
}
# Arguments of functions in Python, which the command asks about before it passes them on.
FROM_CODE_ONLY = ("inference", "rates")
# What a label that is missing says to whoever writes the code.
LABELS = SOURCE / "labels"
# Its checks raise sentences of two parts, which a study file's error tells apart.
OF_TWO = SOURCE / "runs" / "study_file" / "checks.py"
COMMAND = re.compile("`.*?`")
THREE_WORDS = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")

Values = dict[str, list[ast.expr]]


def sentences() -> Iterator[tuple[Path, int, str, str]]:
    """Yield file, line, maker and sentence, a sign in the place of what differs."""
    for file in sorted(SOURCE.rglob("*.py")):
        if file.parent == LABELS:
            continue
        tree = ast.parse(file.read_text("utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        returned = {each.name: list(_returned(each)) for each in functions}
        top = _assigned(tree.body)
        for function in functions:
            names = top | _handed(function, tree) | _assigned(function.body)
            for call in _calls(function):
                maker = ast.unparse(call.func).rpartition(".")[2]
                if hasattr(builtins, maker):
                    continue
                for words in _arguments(call, maker, returned, names):
                    yield file, call.lineno, maker, words


def _arguments(
    call: ast.Call, maker: str, returned: dict[str, list[ast.expr]], names: Values
) -> Iterator[str]:
    ending = max((name for name in MAKERS if maker.endswith(name)), key=len, default=None)
    if ending is None:
        return
    for argument in call.args[: MAKERS[ending]]:
        nodes = [argument]
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Call):
            pairs = returned.get(ast.unparse(argument.value.func), [])
            nodes = [part for pair in pairs if isinstance(pair, ast.Tuple) for part in pair.elts]
        for node in nodes:
            yield from _words(node, names)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """Yield the calls of a function, those of functions within it apart."""
    left: list[ast.AST] = list(function.body)
    while left:
        node = left.pop()
        if isinstance(node, ast.Call):
            yield node
        left += [n for n in ast.iter_child_nodes(node) if not isinstance(n, ast.FunctionDef)]


def _assigned(body: list[ast.stmt]) -> Values:
    found: Values = {}
    for node in (node for statement in body for node in ast.walk(statement)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _handed(function: ast.FunctionDef, tree: ast.Module) -> Values:
    """Return what the calls in the module give to the parameters of a function, by place."""
    found: Values = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == function.name:
            for parameter, value in zip(function.args.args, call.args, strict=False):
                found.setdefault(parameter.arg, []).append(value)
    return found


def _returned(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value


def _words(node: ast.expr, names: Values) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            for value in names.get(name, ()):
                if not isinstance(value, ast.Name):
                    yield from _words(value, names)
        case ast.IfExp():
            yield from _words(node.body, names)
            yield from _words(node.orelse, names)
        case ast.Constant(value=str() as text) if " " in text:
            yield text
        case ast.JoinedStr() if any(isinstance(part, ast.Constant) for part in node.values):
            yield from map("".join, product(*(_part(part, names) for part in node.values)))
        case _:
            return


def _part(part: ast.expr, names: Values) -> list[str]:
    """Return what may stand in one part: the words of a name, or a sign for what differs."""
    if isinstance(part, ast.Constant):
        return [str(part.value)]
    named = names.get(ast.unparse(part.value), []) if isinstance(part, ast.FormattedValue) else []
    words = [each.value for each in named if isinstance(each, ast.Constant)]
    return [str(each) for each in words] if named and len(words) == len(named) else ["§"]


def test_every_sentence_has_its_japanese() -> None:
    found = list(sentences())
    assert len(found) > 900
    lacking: list[tuple[str, str]] = []
    for file, line, maker, words in found:
        room = file.relative_to(SOURCE).parts[0]
        if maker == "UsageError" and room in FROM_CODE_ONLY:
            continue
        parts = words.split("; ") if file == OF_TWO else [words]
        for part in (part for part in parts if re.search("[a-z].* ", part)):
            japanese = worded(part).ja
            if japanese == part or THREE_WORDS.search(COMMAND.sub("", japanese)):
                lacking.append((f"{file.relative_to(SOURCE)}:{line}", part))
    assert lacking == []


def test_an_error_with_its_place() -> None:
    error = InputError("a column stands twice", "keep one of them", "名簿.csv", 3, "区分", "x")
    assert told(error, "ja") == (
        "名簿.csv、3行目、列「区分」、値「x」：同じ列が2回ある。対処：一つだけ残す。"
    )
    assert told(error, "en") == str(error)


def test_a_page_of_a_pdf() -> None:
    error = InputError("rates without a name", "write them in the row above", "t.pdf (page 3)")
    assert told(error, "ja") == "t.pdf（3ページ）：名称のない率である。対処：上の行に書く。"


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
