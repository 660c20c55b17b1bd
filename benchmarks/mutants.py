"""A seeded sample of mutants of the rooms `inference` and `bounds`, made by cosmic-ray.

A *site* is an operator, a number, a condition, a loop or a keyword of the code. A systematic sample
of sites is drawn (in order of file and line, every k-th from a seeded start, so that every module
has its share) and of each site one mutant at random: cosmic-ray makes ten mutants of one `+` and
two of one number. Not mutated, since no result could tell, or any would:

* texts, annotations and imports for them, and what stands in `raise`: the words of errors;
* decorators (`frozen`, `slots`, sizes of caches) and `strict=` of `zip`: guards, not results;
* sums into shifts, powers and bits, `==` into `is`, and the reverse: on arrays of floats they raise
  at once, and would flatter the score.
"""

import ast
import random
from itertools import groupby
from pathlib import Path

import parso  # noqa: F401  before cosmic_ray, which otherwise meets itself half imported
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

TOP = Path(__file__).parents[1]
ROOMS = ("inference", "bounds")
ALIKE = [
    {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod"},
    {"Pow", "Mul"},
    {"BitAnd", "BitOr", "BitXor"},
    {"UAdd", "USub", "Delete"},
    {"Invert", "Delete"},
    {"Not", "Delete"},
    {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"},
    {"Is", "IsNot"},
    {"In", "NotIn"},
]


def operators() -> dict[str, object]:
    """The mutations of cosmic-ray that are alike enough not to stop every run."""
    names = [n for n in plugins.operator_names() if "Decorator" not in n and "Variable" not in n]
    pairs = {n: set(n.rpartition("Operator_")[2].split("_")) for n in names if "Operator_" in n}
    kept = [n for n in names if n not in pairs or any(pairs[n] <= alike for alike in ALIKE)]
    return {n: plugins.get_operator(n)() for n in kept if not plugins.get_operator(n).arguments()}


def excluded(tree: ast.Module) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The spans of annotations and their imports, decorators, errors raised and `strict=`."""
    nodes: list[ast.AST | None] = []
    for node in ast.walk(tree):
        nodes += getattr(node, "decorator_list", [])
        nodes += [getattr(node, "annotation", None), getattr(node, "returns", None)]
        nodes += [node] if isinstance(node, ast.Raise) else []
        nodes += (
            [node] if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) else []
        )
        nodes += [node.value] if isinstance(node, ast.keyword) and node.arg == "strict" else []
    return [
        ((n.lineno, n.col_offset), (n.end_lineno or 0, n.end_col_offset or 0)) for n in nodes if n
    ]


def sites(file: Path) -> list[list[tuple[str, int, int]]]:
    """Groups of mutants (operator, occurrence, line) that share a place in the file."""
    text = file.read_text("utf-8")
    spans = excluded(ast.parse(text))
    tree, rows = get_ast(text), text.splitlines()
    found: list[tuple[tuple[int, int], str, int]] = []
    for name, operator in operators().items():
        places = (place for node in ast_nodes(tree) for place in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(places):
            only_names = rows[start[0] - 1].startswith("*,", start[1])  # taken for a product
            if not only_names and not any(first <= start < last for first, last in spans):
                found.append((start, name, occurrence))
    grouped = groupby(sorted(found), key=lambda mutant: mutant[0])
    return [[(name, n, place[0]) for place, name, n in group] for place, group in grouped]


def mutated(text: str, operator: str, occurrence: int) -> str:
    return mutate_code(text, operators()[operator], occurrence)


def sample(size: int, seed: int) -> list[tuple[str, str, int, int]]:
    """A systematic sample of sites and one mutant of each: file, operator, occurrence, line."""
    draw = random.Random(seed)  # noqa: S311  a sample, no secret
    files = [f for room in ROOMS for f in sorted((TOP / "src/switchstats" / room).rglob("*.py"))]
    every = [(str(f.relative_to(TOP)), site) for f in files for site in sites(f)]
    step, start = len(every) / size, draw.random()
    drawn = [every[int((n + start) * step)] for n in range(size)]
    print(f"{size} of {len(every)} sites, seed {seed}", flush=True)
    mutants = [(file, *draw.choice(site)) for file, site in drawn]
    draw.shuffle(mutants)  # a run that is cut short is a sample too
    return mutants
