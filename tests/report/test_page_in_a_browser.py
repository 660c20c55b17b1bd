"""The page in a real browser, headless Chromium: languages, sorting, search, print, downloads."""

import os
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest

import switchstats as ss
from switchstats.simulate import World, simulate_counts

_CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(_CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The committee's table, and 40 retailers whose names are meant to break a page."""
    out = tmp_path_factory.mktemp("pages")
    ss.write_results(ss.PublishedOnly(margin=0.02).run(ss.load_published("egc-083")), out / "egc")
    counts = simulate_counts(World(n_retailers=40), 60_000, 1, strata=("area",))
    ss.write_results(ss.RetailerByRetailer().run(counts), out / "counts", ["ja"])
    return {"egc": out / "egc", "counts": out / "counts"}


@pytest.fixture(scope="module")
def browser(fonts: dict[str, str]) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        made = started.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox"], env=dict(os.environ) | fonts
        )
        yield made
        made.close()


@pytest.fixture
def opened(browser, folders: dict[str, Path]) -> Iterator:
    """Return a function that opens a page; at the end nothing may have gone wrong in any."""
    context = browser.new_context()
    told: list[str] = []

    def open_page(name: str):
        page = context.new_page()
        page.on("console", lambda message: told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                told.append(f"request: {request.url[:80]}")
                if not request.url.startswith(("file:", "data:"))
                else None
            ),
        )
        page.goto((folders[name] / "report.html").as_uri())
        return page

    yield open_page
    context.close()
    assert told == []


@pytest.mark.parametrize("name", ["egc", "counts"])
def test_the_reader_chooses_the_language(opened, name: str) -> None:
    page = opened(name)
    first = {"egc": "en", "counts": "ja"}[name]
    for language, word in ((first, None), ("ja", "結論"), ("en", "Verdict")):
        if word is not None:
            page.click(f"nav button[data-language={language}]")
            assert word in page.inner_text("h2 >> nth=0")
        assert page.get_attribute("html", "lang") == language
        other = {"ja": "en", "en": "ja"}[language]
        hidden = page.locator(f"main [lang={other}]")
        assert hidden.count() > 20
        assert page.evaluate(
            f"[...document.querySelectorAll('main [lang={other}]')]"
            ".every(each => getComputedStyle(each).display === 'none')"
        )
        assert page.title() == page.inner_text("h1")
        assert page.get_attribute(f"nav button[data-language={language}]", "aria-pressed") == "true"


def test_the_language_is_changed_by_keyboard_alone(opened) -> None:
    page = opened("egc")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_attribute("html", "lang") == "ja"


def test_a_column_of_numbers_is_sorted_as_numbers_and_totals_stay_last(opened) -> None:
    page = opened("egc")
    table = page.locator("table").first
    table.locator("thead th button").nth(1).click()
    rates = [
        float(words.split()[0])
        for words in table.locator("tbody tr:not(.total) td:nth-child(2)").all_inner_texts()
    ]
    # page 16 of 083_10_00.txt: from Shikoku's 15.0 to Hokuriku's 30.4 %
    assert (rates[0], rates[-1]) == (15.0, 30.4)
    assert rates == sorted(rates)
    assert table.locator("thead th").nth(1).get_attribute("aria-sort") == "ascending"
    assert "Weighted average" in table.locator("tbody tr").last.inner_text()
    table.locator("thead th button").nth(1).click()
    again = table.locator("tbody tr:not(.total) td:nth-child(2)").all_inner_texts()
    assert [float(words.split()[0]) for words in again] == sorted(rates, reverse=True)


def test_a_long_table_is_searched(opened) -> None:
    page = opened("counts")
    section = page.locator("section.table", has=page.locator("input[type=search]")).first
    every = section.locator("tbody tr:visible").count()
    section.locator("input").fill("Ａ")
    found = section.locator("tbody tr:not(.total):visible").all_inner_texts()
    assert 0 < len(found) < every
    assert all("A" in words.upper() for words in found)
    assert section.locator(".found").inner_text().startswith(f"{len(found)} / ")
    section.locator("input").fill("")
    assert section.locator("tbody tr:visible").count() == every


def test_a_table_is_saved(opened) -> None:
    page = opened("egc")
    with page.expect_download() as started:
        page.locator("a[download]:visible").first.click()
    saved = started.value
    assert saved.suggested_filename == "table-01.en.csv"
    content = Path(saved.path()).read_text(encoding="utf-8-sig")
    assert "Hokkaido Electric Power,18.0 %,18.2 %,16.3 %" in content


def test_headings_alternatives_and_contrast(opened) -> None:
    page = opened("egc")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert page.evaluate("[...document.images].every(each => each.alt && each.naturalWidth > 0)")
    assert page.evaluate(_LEAST_CONTRAST) >= 4.5  # WCAG 2.2, 1.4.3, level AA


@pytest.mark.parametrize("language", ["ja", "en"])
def test_printed_on_a4_nothing_is_cut_off(opened, language: str, tmp_path: Path) -> None:
    page = opened("egc")
    page.click(f"nav button[data-language={language}]")
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    with pdfplumber.open(tmp_path / "page.pdf") as printed:
        for sheet in printed.pages:
            assert (round(sheet.width), round(sheet.height)) == (595, 842)
            words = sheet.extract_words()
            assert max(word["x1"] for word in words) <= sheet.width - 28
        text = "".join(sheet.extract_text() for sheet in printed.pages)
    assert ("English" in text) is False
    assert {"ja": "結論", "en": "Verdict"}[language] in text


_LEAST_CONTRAST = """() => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (words) => words.match(/[\\d.]+/g).map(Number);
  const behind = (each) => {
    for (; each; each = each.parentElement) {
      const colour = parts(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  let least = 21;
  for (const each of document.querySelectorAll("body *")) {
    const own = [...each.childNodes].filter((node) => node.nodeType === 3);
    if (!own.some((node) => node.textContent.trim())) continue;
    const [a, b] = [parts(getComputedStyle(each).color).slice(0, 3), behind(each)].map(light);
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
}"""
