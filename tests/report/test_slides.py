"""Slides: native tables and charts, everything on the slide, nothing of the data is executed."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pdfplumber
import pptx
import pytest
from openpyxl import load_workbook
from pptx.util import Inches

import switchstats as ss
from switchstats.errors import UsageError
from switchstats.figures import figure_bytes, pictures
from switchstats.labels import Text
from switchstats.report import finding_slides, render_slides
from switchstats.report.document import Picture, Table
from switchstats.report.slides import Chart, Charts, Deck, Series, Slide
from switchstats.simulate import World, simulate_counts
from switchstats.values import Finding

SIZE = (Inches(13.333), Inches(7.5))
_ROUNDING = Inches(0.01)
_EMPTY = re.compile(r"click to (add|edit)", re.IGNORECASE)
_SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def printed() -> Finding:
    return ss.PublishedOnly(margin=0.02).run(ss.load_published("egc-083"))


@pytest.fixture(scope="module")
def counted() -> Finding:
    """Every study of 120 retailers: tables that go on, and pictures instead of charts."""
    strata = ("area", "losing", "losing_group", "reason")
    counts = simulate_counts(World(n_retailers=120), 60_000, 1, strata=strata)
    return ss.Dossier(margin=0.02).run(counts)


def rendered(finding: Finding, language) -> bytes:
    deck = finding_slides(finding)
    drawn = pictures(finding, language=language, size="notebook")
    return render_slides(
        deck, {name: figure_bytes(drawn[name], ".png") for name in deck.pictures}, language
    )


def opened(content: bytes):
    return pptx.Presentation(io.BytesIO(content))


def words_of(slide) -> str:
    said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    cells = [
        cell.text
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    return "\n".join([*said, *cells])


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", ["printed", "counted"])
def test_all_stands_on_the_slides(name: str, language, request: pytest.FixtureRequest) -> None:
    finding = request.getfixturevalue(name)
    deck = opened(rendered(finding, language))
    assert (deck.slide_width, deck.slide_height) == SIZE
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= SIZE[0] + _ROUNDING
            assert shape.top + shape.height <= SIZE[1] + _ROUNDING
            assert not (shape.is_placeholder and not shape.text_frame.text)
    everything = "\n".join(words_of(slide) for slide in deck.slides)
    assert not _EMPTY.search(everything)
    for sentence in finding.sentences:
        assert sentence[language] in everything
    for item in finding.not_answerable:
        assert item.reason[language] in everything


def test_the_committees_rates_are_an_editable_chart_and_native_tables(printed: Finding) -> None:
    deck = opened(rendered(printed, "ja"))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 2
    incumbents = charts[0].plots[0]
    assert list(incumbents.categories)[:2] == ["北海道電力", "東北電力"]
    # page 16 of 083_10_00.txt: Hokkaido 18.0, 18.2 and 16.3 %, the weighted averages last
    assert [series.values[0] for series in incumbents.series] == [18.0, 18.2, 16.3]
    assert [series.values[-1] for series in incumbents.series] == [18.5, 18.6, 17.9]
    # the data behind the chart are those that PowerPoint opens for editing
    book = load_workbook(io.BytesIO(charts[0].part.chart_workbook.xlsx_part.blob))
    assert [cell.value for cell in book.active[2]] == ["北海道電力", 18, 18.2, 16.3]
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for row in tables[0].rows]
    assert rows[1] == ["北海道電力", "18.0％", "18.2％", "16.3％"]
    assert rows[-1] == ["上記10社加重平均", "18.5％", "18.6％", "17.9％"]
    everything = "\n".join(words_of(slide) for slide in deck.slides)
    assert "【みなし小売電気事業者のエラー率】" in everything
    assert "新電力A" in everything
    assert "（出典）" in everything
    assert "※" in everything


def test_speakers_have_method_and_numbers(printed: Finding) -> None:
    deck = opened(rendered(printed, "en"))
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert printed.question.en in notes[0]
    assert any("Hokkaido Electric Power, 18.0 %, 18.2 %, 16.3 %" in words for words in notes)


def test_pictures_have_an_alternative_text(counted: Finding) -> None:
    deck = opened(rendered(counted, "ja"))
    shown = [
        shape
        for slide in deck.slides
        for shape in slide.shapes
        if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.PICTURE
    ]
    assert len(shown) == len(finding_slides(counted).pictures) >= 3
    for shape in shown:
        assert shape._element.nvPicPr.cNvPr.get("descr")
        # 300 dpi at 10 inches of width
        assert shape.image.size[0] == 3000


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_same_finding_makes_the_same_bytes(printed: Finding, language) -> None:
    first = rendered(printed, language)
    assert first == rendered(printed, language)
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_names_from_data_are_neither_markup_nor_formulas() -> None:
    evil = '=HYPERLINK("http://x")<b>&\x0b\x00電力'
    name = Text(evil, evil)
    table = Table(name, (name,), ((name,),), notes=(name,))
    chart = Chart(name, (name,), (Series(name, (0.1,)),), 0)
    slides = (Slide(name, (name,), table, (name,)), Slide(name, (name,), Charts((chart,))))
    deck = opened(render_slides(Deck(name, slides), {}, "en"))
    shown = '=HYPERLINK("http://x")<b>&電力'
    assert shown in words_of(deck.slides[0])
    (native,) = (shape.chart for shape in deck.slides[1].shapes if shape.has_chart)
    sheet = load_workbook(io.BytesIO(native.part.chart_workbook.xlsx_part.blob)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet["A2"].hyperlink is None


def test_a_missing_picture_is_an_error() -> None:
    words = Text("図", "figure")
    deck = Deck(words, (Slide(words, body=Picture("forest", words)),))
    with pytest.raises(UsageError, match="forest"):
        render_slides(deck, {}, "ja")


def test_a_long_table_goes_on_and_loses_no_row() -> None:
    rows = tuple((Text(f"行{n}", f"row {n}"), Text("長い文" * 30, "word " * 40)) for n in range(50))
    head = (Text("社", "name"), Text("文", "words"))
    words = Text("表", "table")
    table = Table(words, head, rows, n_totals=1)
    deck = opened(render_slides(Deck(words, (Slide(words, body=table),)), {}, "ja"))
    assert len(deck.slides) > 1
    grids = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    first = [row.cells[0].text for grid in grids for row in list(grid.rows)[1:]]
    assert first == [f"行{n}" for n in range(50)]
    assert {grid.cell(0, 0).text for grid in grids} == {"社"}
    assert f"1／{len(deck.slides)}" in deck.slides[0].shapes.title.text_frame.text


def cut_tables(finding: Finding, said: str) -> list[Table]:
    """Return the tables of a finding's slides whose first note says that."""
    bodies = (slide.body for slide in finding_slides(finding).slides)
    tables = [body for body in bodies if isinstance(body, Table)]
    return [table for table in tables if table.notes and said in table.notes[0].en]


def test_of_many_retailers_the_largest_by_requests_are_shown(counted: Finding) -> None:
    # what each entrant filed in the whole span, by the rates that the finding holds
    whole = counted.rates.periods[0].period
    filed = {
        item.retailer.name: item.base
        for item in counted.rates.retailers
        if item.retailer.group == "entrant" and item.period == whole
    }
    n = len(filed)
    (shown,) = cut_tables(counted, f"Note: 16 of {n} shown, the largest by requests")
    assert f"全{n}行のうち、申込件数の多い16行" in shown.notes[0].ja
    names = [row[0] for row in shown.rows[: -shown.n_totals]]
    assert len(names) == 16
    left_out = [requests for name, requests in filed.items() if name not in names]
    assert min(filed[name] for name in names) >= max(left_out)
    # in the order of the whole table, the average of all below
    assert names == [name for name in filed if name in names]
    assert str(n) in shown.rows[-1][0].en


def test_requests_behind_a_rate_are_those_of_the_counts() -> None:
    counts = simulate_counts(World(n_retailers=24), 60_000, 1, strata=("area",))
    finding = ss.RetailerByRetailer().run(counts)
    whole = finding.rates.periods[0].period
    filed = counts.frame.groupby("retailer", observed=True)["requests"].sum()
    found = {
        item.retailer.retailer: item.base
        for item in finding.rates.retailers
        if item.period == whole
    }
    assert found == filed[filed > 0].to_dict()


def test_a_league_shows_the_largest_and_keeps_its_ranks() -> None:
    counts = simulate_counts(World(n_retailers=80), 60_000, 1, strata=("area",))
    finding = ss.RetailerByRetailer().run(counts)
    shown = cut_tables(finding, "16 of 80 shown, the largest by requests")[-1]
    assert shown.title.en == "Rates and ranks of all retailers"
    largest = sorted(finding.league, key=lambda one: -one.requests)[:16]
    assert [row[0] for row in shown.rows] == [
        one.retailer.name for one in finding.league if one in largest
    ]


def test_a_printed_table_without_requests_keeps_its_order_and_says_so(make_table) -> None:
    rates = [f"{10 + place % 17}.{place % 10}" for place in range(70)]
    finding = ss.PublishedOnly().run(make_table(["10.0", "11.0", "12.0"], rates))
    shown = cut_tables(finding, "16 of 70 shown, the first in the printed order")[0]
    assert "掲載順に初めの16行" in shown.notes[0].ja
    names = [item.retailer.name for item in finding.rates.retailers if item.base is None]
    assert [row[0] for row in shown.rows[:16]] == names[3:19]


@pytest.mark.skipif(_SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_all_of_it_on_the_slides(
    printed: Finding, counted: Finding, tmp_path: Path, fonts: dict[str, str]
) -> None:
    made = {
        f"{name}.{language}": (finding, language)
        for name, finding in (("printed", printed), ("counted", counted))
        for language in ("ja", "en")
    }
    for name, (finding, language) in made.items():
        (tmp_path / f"{name}.pptx").write_bytes(rendered(finding, language))
    _to_pdf(tmp_path, fonts)
    for name, (finding, language) in made.items():
        deck = opened((tmp_path / f"{name}.pptx").read_bytes())
        with pdfplumber.open(tmp_path / f"{name}.pdf") as shown:
            assert len(shown.pages) == len(deck.slides)
            for page, slide in zip(shown.pages, deck.slides, strict=True):
                words = page.extract_words()
                assert min(word["x0"] for word in words) >= 0
                assert max(word["x1"] for word in words) <= page.width
                assert max(word["bottom"] for word in words) <= page.height
                _not_overlapping(page)
                text = _squeezed("".join(word["text"] for word in words))
                for shape in slide.shapes:
                    if shape.has_text_frame:
                        for paragraph in shape.text_frame.paragraphs:
                            assert _squeezed(paragraph.text) in text
        assert finding.sentences[0][language]


def _not_overlapping(page) -> None:
    """Tables end above the notes, which end above the number of the slide."""
    number = page.search(r"\d+ / \d+")[-1]
    others = [word for word in page.extract_words() if word["x1"] < number["x0"]]
    assert max((word["bottom"] for word in others), default=0) <= page.height
    tables = page.find_tables()
    notes = [line for line in page.extract_text_lines() if line["text"].startswith(("※", "Note:"))]
    for table in tables:
        for note in notes:
            assert table.bbox[3] <= note["top"] + 1 or table.bbox[1] >= note["bottom"] - 1


def _squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)


def _to_pdf(folder: Path, fonts: dict[str, str]) -> None:
    """Render with a profile of our own."""
    subprocess.run(
        [
            str(_SOFFICE),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *(str(path) for path in sorted(folder.glob("*.pptx"))),
        ],
        check=True,
        capture_output=True,
        timeout=300,
        env=fonts | {"HOME": str(folder), "PATH": os.environ["PATH"]},
    )
