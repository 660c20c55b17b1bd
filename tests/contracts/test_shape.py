"""How long files and functions are, what a module says first, and where a name is at home."""

import ast
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("src", "tests", "benchmarks", "docs/_ext")

MOST_LINES = 400
# Of a function, without its docstring.
MOST_CODE = 60
SHORTEST_PURPOSE = 15


def sources() -> Iterator[tuple[str, str]]:
    """Return the name and the text of every source file."""
    found = 0
    for folder in FOLDERS:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            found += 1
            yield path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8")
    assert found > 700


def test_no_file_is_long() -> None:
    lines = {name: len(text.splitlines()) for name, text in sources()}
    assert {name: n for name, n in lines.items() if n > MOST_LINES} == {}


def test_no_function_is_long() -> None:
    long: dict[str, int] = {}
    for name, text in sources():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                code = lines_of(node) - (lines_of(node.body[0]) if ast.get_docstring(node) else 0)
                if code > MOST_CODE:
                    long[f"{name}:{node.name}"] = code
    assert long == {}


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_the_first_line_of_every_module_says_what_it_is_for() -> None:
    silent: dict[str, str] = {}
    said: dict[str, list[str]] = {}
    for name, text in sources():
        words = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
        said.setdefault(words, []).append(name)
        if not words.endswith((".", "?")) or len(words) < SHORTEST_PURPOSE:
            silent[name] = words
    assert silent == {}
    # two modules with one purpose are one module, or one of them does not say what it is for
    assert {words: names for words, names in said.items() if len(names) > 1} == {}


def test_a_name_is_imported_from_where_it_is_made_or_from_the_door_of_a_room() -> None:
    made: dict[str, set[str]] = {}
    asked: list[tuple[str, str, str]] = []
    for name, text in sources():
        if not name.startswith("src/"):
            continue
        tree = ast.parse(text)
        module = name.removeprefix("src/").removesuffix(".py").replace("/", ".")
        made[module] = set(top_names(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                asked += [(module, node.module, alias.name) for alias in node.names]
    # a door, the `__init__` of a folder, hands on what is behind it
    wrong = [each for each in asked if each[1] in made and each[2] not in made[each[1]]]
    assert wrong == []


def top_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
