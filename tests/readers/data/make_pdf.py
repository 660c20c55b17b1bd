"""Makes the Japanese test PDF: two tables side by side on a slide, as the committee prints them.

Run as a script, it writes `table.pdf` beside itself; the same input gives the same bytes.
The embedded subset of IPAex Gothic is under the IPA Font License Agreement v1.0.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "IPAexGothic"
PAGE = (960, 540)  # 16:9, in points
ROW, HEAD = 22, 36
WIDTHS = (112, 110, 108, 108)
LEFT, RIGHT, TOP = 30, 490, 350

# A block: its head (group and periods) and its rows (name and rates), all as printed.
Block = tuple[Sequence[str], Sequence[Sequence[str]]]

TITLE = "スイッチング支援システムについて（廃止取次ぎ申し込みのエラー率）"
BULLETS = (
    "新小売電気事業者は「廃止取次ぎ申し込み」を行い、入力事項が一致しない場合は「エラー」が返される。",
    "みなし小売電気事業者におけるエラー率※が新電力に比べて低いかどうかを、10社ずつについて集計した。",
)
NOTE = "※廃止取次ぎの継続処理が不可となった件数の比率。"
CAPTION = "【みなし小売電気事業者及び主な新電力における廃止取次ぎ申し込みのエラー率（2022年度）】"
CREDIT = "（出典）電力広域的運営推進機関"
OTHER_PAGE = (
    "（参考）スイッチング支援システムについて",
    "2月3日から情報提供を受け付け、3月24日現在、34件の情報が寄せられている。",
    "契約者名義 － ○ － ○ － ○ ○ ○ ○ ○",
    "設備の利用率は前年度に比べて 3.5％ 上昇した。",
)


def write_pdf(
    path: Path,
    blocks: Sequence[Block],
    *,
    ruled: bool = True,
    stacked: bool = False,
    other_page: Sequence[str] = OTHER_PAGE,
) -> None:
    """Write a slide with the blocks, then a page of other text; no blocks, no table."""
    font = importlib.util.find_spec("matplotlib_fontja")
    assert font is not None
    assert font.origin is not None
    pdfmetrics.registerFont(TTFont(FONT, Path(font.origin).parent / "fonts" / "ipaexg.ttf"))
    # Stacked blocks take a page twice as high.
    canvas = Canvas(str(path), invariant=1, pageCompression=1)
    canvas.setPageSize((PAGE[0], PAGE[1] * (2 if stacked else 1)))
    _slide(canvas, blocks, ruled=ruled, stacked=stacked)
    canvas.showPage()
    canvas.setFont(FONT, 11)
    for line, text in enumerate(other_page):
        canvas.drawString(LEFT, 510 - 17 * line, text)
    canvas.showPage()
    canvas.save()


def _slide(canvas: Canvas, blocks: Sequence[Block], *, ruled: bool, stacked: bool) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawRightString(PAGE[0] - 40, 20, CREDIT)
    canvas.drawString(LEFT, 20, "17")
    if stacked:
        canvas.translate(0, PAGE[1])
    canvas.setFont(FONT, 20)
    canvas.drawString(LEFT, 500, TITLE)
    canvas.setFont(FONT, 12)
    for line, text in enumerate(BULLETS):
        canvas.drawString(LEFT, 465 - 20 * line, "●" + text)
    canvas.setFont(FONT, 9)
    canvas.drawString(LEFT + 10, 425, NOTE)
    canvas.setFont(FONT, 12)
    if not blocks:
        return
    canvas.drawString(LEFT, TOP + 20, CAPTION)
    top = TOP
    for number, block in enumerate(blocks):
        left = LEFT if stacked or number == 0 else RIGHT
        _table(canvas, block, left, top, ruled=ruled)
        if stacked:
            top -= HEAD + ROW * len(block[1]) + 20


def _table(canvas: Canvas, block: Block, left: float, top: float, *, ruled: bool) -> None:
    head, rows = block
    edges = [left + sum(WIDTHS[:column]) for column in range(len(head) + 1)]
    canvas.setFont(FONT, 11)
    for column, text in enumerate(head):
        _cell(canvas, text, edges[column], edges[column + 1], top, HEAD)
    for number, row in enumerate(rows):
        y = top - HEAD - ROW * number
        for column, text in enumerate(row):
            _cell(canvas, text, edges[column], edges[column + 1], y, ROW)
    if not ruled:
        return
    bottom = top - HEAD - ROW * len(rows)
    lines = [top, *(top - HEAD - ROW * number for number in range(len(rows) + 1))]
    for y in lines:
        canvas.line(left, y, edges[-1], y)
    for x in edges:
        canvas.line(x, top, x, bottom)


def _cell(canvas: Canvas, text: str, left: float, right: float, top: float, height: float) -> None:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        y = top - height / 2 - 4 + 13 * ((len(lines) - 1) / 2 - number)
        canvas.drawCentredString((left + right) / 2, y, line)


HEADS = ("2022年度\n（～2023年2月末）", "2022年4～12月", "2023年1～2月")
COMMITTEE: tuple[Block, Block] = (
    (
        ("みなし小売電気事業者", *HEADS),
        (
            ("北海道電力", "18.0％", "18.2％", "16.3％"),
            ("東北電力", "16.8％", "16.7％", "17.8％"),
            ("東京電力EP", "16.8％", "16.4％", "20.4％"),
            ("中部電力ミライズ", "20.0％", "20.3％", "18.7％"),
            ("北陸電力", "30.4％", "30.1％", "32.9％"),
            ("関西電力", "20.5％", "21.7％", "17.4％"),
            ("中国電力", "17.3％", "17.1％", "19.0％"),
            ("四国電力", "15.0％", "16.3％", "9.3％"),
            ("九州電力", "18.6％", "19.0％", "16.8％"),
            ("沖縄電力", "16.7％", "17.3％", "12.6％"),
            ("上記10社加重平均", "18.5％", "18.6％", "17.9％"),
        ),
    ),
    (
        ("新電力", *HEADS),
        (
            ("新電力A", "21.1％", "21.2％", "17.0％"),
            ("新電力B", "16.6％", "16.1％", "19.6％"),
            ("新電力C", "20.5％", "20.7％", "13.6％"),
            ("新電力D", "17.4％", "17.1％", "29.9％"),
            ("新電力E", "14.7％", "14.4％", "17.1％"),
            ("新電力F", "10.0％", "9.9％", "11.7％"),
            ("新電力G", "16.3％", "15.4％", "26.3％"),
            ("新電力H", "28.4％", "28.5％", "28.1％"),
            ("新電力I", "16.9％", "17.0％", "0.0％"),
            ("新電力J", "17.8％", "17.9％", "12.4％"),
            ("上記10社加重平均", "18.0％", "17.7％", "21.5％"),
        ),
    ),
)

if __name__ == "__main__":
    write_pdf(Path(__file__).with_name("table.pdf"), COMMITTEE)
