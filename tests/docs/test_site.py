"""The site builds without a warning, runs every notebook, and needs nothing from elsewhere."""

import inspect
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

import switchstats as ss
from switchstats import inference

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# where a page may fetch something from
FETCHED = re.compile(
    r"<(?:script|img|link|iframe|source)\b[^>]*?\b(?:src|href)=\"(https?:)?//", re.I
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    folders = ["-d", str(out / "doctrees"), str(DOCS), str(out / "html")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", *folders],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return out / "html"


def test_every_notebook_is_shown_with_outputs(site: Path) -> None:
    assert len(NOTEBOOKS) == 6
    for book in NOTEBOOKS:
        page = (site / "notebooks" / f"{book.stem}.html").read_text("utf-8")
        assert 'class="cell_output' in page, book.stem


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        assert not FETCHED.search(page.read_text("utf-8")), page.name


def test_every_picture_has_an_alternative_text(site: Path) -> None:
    for folder in (".", "methods", "how-to"):
        for page in (site / folder).glob("*.html"):
            for picture in re.findall(r"<img\b[^>]*>", page.read_text("utf-8")):
                assert re.search(r'alt="[^"]{10,}"', picture), (page.name, picture)


def test_formulas_are_drawn_without_a_script(site: Path) -> None:
    page = (site / "methods" / "welch.html").read_text("utf-8")
    assert page.count("<math") == 1
    assert "mathjax@" not in page.lower()


def test_the_japanese_page_reads_as_written(site: Path) -> None:
    page = unescape((site / "ja.html").read_text("utf-8"))
    assert "優位がないことを示すものではない" in page


def _tests() -> list[str]:
    """Return the public functions that give one test of two groups, or plan or adjust tests."""
    return [
        name
        for name in inference.__all__
        if inspect.isfunction(getattr(inference, name))
        and not name.startswith("fit_")
        and name not in ("permutation_distribution", "power_curve")
    ]


def test_every_method_has_its_page_with_use_and_limits() -> None:
    pages = {path.stem: path.read_text("utf-8") for path in (DOCS / "methods").glob("*.md")}
    listed = pages.pop("index")
    told = "\n".join(pages.values())
    for name in _tests():
        assert f".. autofunction:: switchstats.inference.{name}\n" in told, name
    for name, page in pages.items():
        assert f"\n{name}\n" in listed, name
        assert "## Reference" in page, name
        if name not in ("which-test", "rates"):
            assert "## When to use it" in page, name
            assert "## When not" in page, name
            assert "$$" in page or name == "many-looks", name


def test_the_python_in_the_guides_names_what_exists() -> None:
    for path in DOCS.rglob("*.md"):
        for block in re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            if not block.startswith(">>>"):
                compile(block, str(path), "exec")
            for dotted in re.findall(r"\bss\.([A-Za-z_]+(?:\.[a-z_]+)?)", block):
                found: object = ss
                for part in dotted.split("."):
                    found = getattr(found, part)


def test_the_architecture_page_names_every_room() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    rooms = {path.parent.name for path in (ROOT / "src" / "switchstats").glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}`" not in page} == set()
