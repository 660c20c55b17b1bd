"""The table out of PDFs, ruled and unruled, and PDFs without it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from switchstats.errors import InputError
from switchstats.readers import read_published
from switchstats.values import PublishedTable

Same = Callable[[PublishedTable], bool]
Maker = dict[str, object]
DATA = Path(__file__).with_name("data")


def blocks_of(maker: Maker) -> list[list[list[str]]]:
    return [[list(head), *map(list, rows)] for head, rows in maker["COMMITTEE"]]


def write(maker: Maker, path: Path, blocks: list[list[list[str]]], **options: bool) -> Path:
    maker["write_pdf"](path, [(block[0], block[1:]) for block in blocks], **options)
    return path


def test_script_makes_the_same_bytes_twice(tmp_path: Path, pdf_maker: Maker) -> None:
    one, two = (
        write(pdf_maker, tmp_path / name, blocks_of(pdf_maker)) for name in ("one.pdf", "two.pdf")
    )
    assert one.read_bytes() == two.read_bytes()
    # Compressed streams may differ between builds of zlib, by a few bytes.
    assert abs(one.stat().st_size - (DATA / "table.pdf").stat().st_size) < 2_000


@pytest.mark.parametrize("ruled", [True, False])
def test_side_by_side(tmp_path: Path, pdf_maker: Maker, same_table: Same, ruled: bool) -> None:
    path = write(pdf_maker, tmp_path / "t.pdf", blocks_of(pdf_maker), ruled=ruled)
    table = read_published(path)
    assert same_table(table)
    assert table.source.page == 1
    assert [note.ja for note in table.source.notes] == [
        "廃止取次ぎの継続処理が不可となった件数の比率。"
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_stacked_with_names_that_hold_spaces(
    tmp_path: Path, pdf_maker: Maker, same_table: Same, ruled: bool
) -> None:
    spaced = [
        [[row[0].replace("新電力", "新電力 "), *row[1:]] for row in block]
        for block in blocks_of(pdf_maker)
    ]
    path = write(pdf_maker, tmp_path / "t.pdf", spaced, ruled=ruled, stacked=True)
    assert same_table(read_published(path))


def test_running_text(tmp_path: Path, pdf_maker: Maker, pasted: str, same_table: Same) -> None:
    path = tmp_path / "t.pdf"
    pdf_maker["write_pdf"](path, (), other_page=pasted.splitlines())
    table = read_published(path)
    assert same_table(table)
    assert table.source.page == 2


def test_without_the_table(tmp_path: Path, pdf_maker: Maker) -> None:
    path = write(pdf_maker, tmp_path / "t.pdf", [])
    with pytest.raises(InputError) as caught:
        read_published(path)
    assert caught.value.file == str(path)
    assert "looked for a head such as みなし小売電気事業者" in caught.value.problem
    assert "on 2 page(s)" in caught.value.problem


def test_mistake_in_a_cell_names_the_page(tmp_path: Path, pdf_maker: Maker) -> None:
    blocks = blocks_of(pdf_maker)
    blocks[1][3][2] = "16,1％"
    path = write(pdf_maker, tmp_path / "t.pdf", blocks)
    with pytest.raises(InputError, match="a comma in a rate") as caught:
        read_published(path)
    assert caught.value.file == f"{path} (page 1)"
    assert (caught.value.field, caught.value.value) == ("2022年4～12月", "16,1％")


def test_implausible_rate_names_the_page(tmp_path: Path, pdf_maker: Maker) -> None:
    blocks = blocks_of(pdf_maker)
    blocks[0][1][1] = "28.0％"
    path = write(pdf_maker, tmp_path / "t.pdf", blocks, ruled=False)
    with pytest.raises(InputError, match="lies outside those of its parts") as caught:
        read_published(path)
    assert caught.value.file == f"{path} (page 1)"


@pytest.mark.parametrize("ruled", [True, False])
def test_head_that_cannot_be_read(tmp_path: Path, pdf_maker: Maker, ruled: bool) -> None:
    blocks = blocks_of(pdf_maker)
    blocks[1][0][3] = "2023年1～13月"
    path = write(pdf_maker, tmp_path / "t.pdf", blocks, ruled=ruled)
    with pytest.raises(InputError, match="there is no month 13") as caught:
        read_published(path)
    assert caught.value.file == f"{path} (page 1)"


def test_not_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "t.pdf"
    path.write_text("新電力,2022年度\n新電力A,18.0\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"named \.pdf but is no PDF"):
        read_published(path)


def test_page_without_text(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "scan.pdf"
    canvas = Canvas(str(path), invariant=1)
    canvas.rect(10, 10, 100, 100)
    canvas.showPage()
    canvas.save()
    with pytest.raises(InputError, match="a PDF without text"):
        read_published(path)


def test_password(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "locked.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
    canvas.drawString(10, 10, "x")
    canvas.save()
    with pytest.raises(InputError, match="a PDF with a password"):
        read_published(path)


def test_broken_pdf(tmp_path: Path) -> None:
    content = (DATA / "table.pdf").read_bytes()
    path = tmp_path / "t.pdf"
    for length in (20, 500, 5_000, len(content) - 1_500):
        path.write_bytes(content[:length])
        with pytest.raises(InputError):
            read_published(path)
