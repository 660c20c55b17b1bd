"""The committee's table is the same out of every layout, encoding and file kind."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from switchstats.readers import read_published, read_published_text
from switchstats.values import PublishedTable

Same = Callable[[PublishedTable], bool]
Blocks = tuple[list[list[str]], list[list[str]]]
DATA = Path(__file__).with_name("data")


def as_csv(rows: list[list[str]]) -> str:
    return "".join(
        ",".join(f'"{cell}"' if "\n" in cell else cell for cell in row) + "\n" for row in rows
    )


def side_by_side(blocks: Blocks, gap: int) -> list[list[str]]:
    return [one + [""] * gap + other for one, other in zip(*blocks, strict=True)]


def test_tidy(tmp_path: Path, pasted: str, same_table: Same) -> None:
    # Other names and order of columns, full-width digits, a title above, a note below.
    group = "みなし小売電気事業者"
    heads = ["2022年度（～2023年2月末）", "2022年4～12月", "2023年1～2月"]
    lines = ["廃止取次ぎ申し込みのエラー率,,,", "エラー率（％）,期間,備考,事業者名,区分"]
    wide_digits = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789."}
    for line in pasted.splitlines():
        words = line.split()
        if line.startswith("新電力2022"):
            group = "新電力"
        if len(words) >= 4:
            name = " ".join(words[:-3])
            rates = [word.removesuffix("％").translate(wide_digits) for word in words[-3:]]
            lines += [
                f"{rate},{head},,{name},{group}" for head, rate in zip(heads, rates, strict=True)
            ]
    path = tmp_path / "tidy.csv"
    path.write_text("\n".join([*lines, "※注意,,,,"]) + "\n", encoding="utf-8")
    assert same_table(read_published(path))


def test_wide_stacked_with_words_around(
    tmp_path: Path, wide_rows: Blocks, same_table: Same
) -> None:
    first, second = wide_rows
    rows = [
        ["スイッチング支援システムについて"],
        ["【みなし小売電気事業者及び主な新電力における廃止取次ぎ申し込みのエラー率（2022年度）】"],
        *first,
        ["（出典）電力広域的運営推進機関"],
        [],
        ["※廃止取次ぎの継続処理が不可となった件数の比率。"],
        *second,
        ["（出典）電力広域的運営推進機関"],
    ]
    path = tmp_path / "wide.csv"
    path.write_text(as_csv(rows), encoding="utf-8")
    table = read_published(path)
    assert same_table(table)
    assert table.source.credit.ja == "電力広域的運営推進機関"
    assert table.source.title.ja.startswith("みなし小売電気事業者及び主な新電力")
    assert [note.ja for note in table.source.notes] == [
        "廃止取次ぎの継続処理が不可となった件数の比率。"
    ]


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_wide_side_by_side(tmp_path: Path, wide_rows: Blocks, same_table: Same, gap: int) -> None:
    path = tmp_path / "side.csv"
    path.write_text(as_csv([["表"], *side_by_side(wide_rows, gap)]), encoding="utf-8")
    assert same_table(read_published(path))


def test_wide_without_averages_or_blank_lines(wide_rows: Blocks) -> None:
    first, second = wide_rows
    table = read_published_text(as_csv(first[:-1] + second[:-1]))
    assert len(table.rows) == 20
    assert table.averages == ()


def test_head_over_two_rows_or_lines_in_a_cell(wide_rows: Blocks, same_table: Same) -> None:
    first, second = wide_rows
    two_rows = [
        ["みなし小売電気事業者", "2022年度", *first[0][2:]],
        ["", "（～2023年2月末）", "", ""],
    ]
    in_cell = [["新電力", "2022年度\n（～2023年2月末）", *second[0][2:]]]
    rows = two_rows + first[1:] + in_cell + second[1:]
    assert same_table(read_published_text(as_csv(rows)))


def test_group_from_the_registry(wide_rows: Blocks, same_table: Same) -> None:
    first, second = wide_rows
    for word in ("小売電気事業者", ""):
        rows = [[word, *first[0][1:]], *first[1:], [word, *second[0][1:]], *second[1:]]
        assert same_table(read_published_text(as_csv(rows)))


def test_english_heads_and_names() -> None:
    heads = ["FY2022 (Apr 2022 – Feb 2023)", "Apr–Dec 2022", "Jan–Feb 2023"]
    rows = [
        ["Incumbents", *heads],
        ["Hokkaido Electric Power", "18.0%", "18.2%", "16.3%"],
        ["Weighted average", "18.0%", "18.2%", "16.3%"],
    ]
    table = read_published_text(as_csv(rows))
    assert table.rate("hokkaido", table.periods[1].period).text == "18.2"
    assert [column.label.en for column in table.periods] == heads
    assert table.average("incumbent", table.periods[2].period).text == "16.3"


def test_compact_months_as_heads() -> None:
    table = read_published_text("新電力,202301,202302\n新電力A,18.0,18.2\n新電力B,,\n")
    assert [column.label.ja for column in table.periods] == ["2023年1月", "2023年2月"]
    assert [row.cells for row in table.rows][1] == (None, None)


def test_retailer_without_any_rate_stays_in_the_table() -> None:
    table = read_published_text("新電力,2022年度\n新電力A,\n新電力B,18.2\n合計ではない行,\n")
    assert [retailer.retailer for retailer in table.retailers] == ["entrant-a", "entrant-b"]


def test_tab_separated_cells_from_a_sheet(wide_rows: Blocks, same_table: Same) -> None:
    text = "\n".join("\t".join(row) for row in side_by_side(wide_rows, 1))
    assert same_table(read_published_text(text))


def test_pasted_text(pasted: str, same_table: Same) -> None:
    table = read_published_text(pasted)
    assert same_table(table)
    assert table.source.title.ja == (
        "みなし小売電気事業者及び主な新電力における廃止取次ぎ申し込みのエラー率（2022年度）"
    )
    assert table.source.credit.ja == "電力広域的運営推進機関"
    assert len(table.source.notes) == 1


def test_pasted_text_amid_a_document(pasted: str, same_table: Same, tmp_path: Path) -> None:
    # Other tables, prose that names the groups, percentages, circles and dashes.
    before = [
        "PDF URL: https://example.org/document.pdf",
        "2023年3月27日参考資料１",
        "•2022年12月27日（火） :報告徴収実施",
        "主な情報事項 北海道 東北 東京 中部 北陸 関西 中国 四国 九州 沖縄",
        "契約者名義 － ○ － ○ － ○ ○ ○ ○ ○",
        "電力使用量※1－ － － － － ○ ○ － ○ －",
        "中部 2か月（ 2022/11/20 ～2023/1/20 ）で、 3,394名が85,784件の契約を閲覧",
        "設備の利用率 2021年度 2022年度",
        "送電線 40.1％ 43.5％",
        "変電所 38.0％ 39.9％",
        "みなし小売電気事業者の比率は 80.5％",
    ] * 8
    after = ["18（参考）スイッチング支援システムについて②", "北海道 －", "沖縄 ー ー"] * 9
    path = tmp_path / "document.txt"
    path.write_text("\n".join([*before, pasted, *after]), encoding="utf-8")
    assert same_table(read_published(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_encodings(
    tmp_path: Path, wide_rows: Blocks, pasted: str, same_table: Same, encoding: str
) -> None:
    # EUC-JP as Python knows it lacks the full-width tilde of CP932.
    swap = str.maketrans({"～": "〜", "－": "−"}) if encoding == "euc_jp" else {}
    for name, text in (("wide.csv", as_csv(side_by_side(wide_rows, 1))), ("pasted.txt", pasted)):
        path = tmp_path / name
        path.write_bytes(text.replace("\n", "\r\n").translate(swap).encode(encoding))
        assert same_table(read_published(path))


def test_pdf(same_table: Same) -> None:
    table = read_published(DATA / "table.pdf")
    assert same_table(table)
    assert table.source.page == 1
    assert table.source.credit.ja == "電力広域的運営推進機関"


def test_name_and_digest_of_the_file(tmp_path: Path, pasted: str) -> None:

    path = tmp_path / "page17.txt"
    path.write_text(pasted, encoding="utf-8")
    table = read_published(path)
    assert (table.name, table.source.file) == ("page17", "page17.txt")
    assert table.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert read_published(path, name="other").name == "other"
    assert read_published_text(pasted).source.sha256 == table.source.sha256
    assert read_published_text(pasted).source.file is None
