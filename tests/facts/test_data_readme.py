"""data/README.md lists every file below data/ with its digest."""

import re
from hashlib import sha256
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
README = DATA / "README.md"
ROW = re.compile(r"^\| `(?P<name>[^`]+)` (?P<middle>\|.*\|) (?P<digest>\w*) ?\|$", re.MULTILINE)
UNKNOWN = "| WHAT | SOURCE | PAGE | LICENCE | DATE |"


def listed() -> dict[str, re.Match[str]]:
    rows = [row for row in ROW.finditer(README.read_text(encoding="utf-8")) if "/" in row["name"]]
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)), "a file stands twice in data/README.md"
    return {row["name"]: row for row in rows}


def shipped() -> dict[str, str]:
    return {
        path.relative_to(DATA).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(DATA.rglob("*"))
        if path.is_file() and path != README
    }


def test_every_file_is_listed_with_its_digest() -> None:
    rows = listed()
    wrong = [
        f"| `{name}` {rows[name]['middle'] if name in rows else UNKNOWN} {digest} |"
        for name, digest in shipped().items()
        if name not in rows or rows[name]["digest"] != digest
    ]
    assert not wrong, "rows to paste into data/README.md:\n" + "\n".join(wrong)


def test_every_listed_file_exists() -> None:
    assert not set(listed()) - set(shipped())
