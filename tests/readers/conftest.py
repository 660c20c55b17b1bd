"""The committee's table in every layout, and a maker of test PDFs."""

import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from switchstats.values import PublishedTable

DATA = Path(__file__).with_name("data")

# The text layer of page 17, as a text extractor gives it, from the note above the table on.
PASTED = """\
※廃止取次ぎデータの情報と現小売契約の情報が一致しなかった等で廃止取次ぎの継続処理が不可となった件数の比率。
みなし小売電気事業者2022年度
（～2023年2月末）2022年4～12月 2023年1～2月
北海道電力 18.0％ 18.2％ 16.3％
東北電力 16.8％ 16.7％ 17.8％
東京電力 EP 16.8％ 16.4％ 20.4％
中部電力ミライズ 20.0％ 20.3％ 18.7％
北陸電力 30.4％ 30.1％ 32.9％
関西電力 20.5％ 21.7％ 17.4％
中国電力 17.3％ 17.1％ 19.0％
四国電力 15.0％ 16.3％ 9.3％
九州電力 18.6％ 19.0％ 16.8％
沖縄電力 16.7％ 17.3％ 12.6％
上記10社加重平均 18.5％ 18.6％ 17.9％
（出典）電力広域的運営推進機関\
【みなし小売電気事業者及び主な新電力における廃止取次ぎ申し込みのエラー率（ 2022年度）】
新電力2022年度
（～2023年2月末）2022年4～12月 2023年1～2月
新電力 A 21.1％ 21.2％ 17.0％
新電力 B 16.6％ 16.1％ 19.6％
新電力 C 20.5％ 20.7％ 13.6％
新電力 D 17.4％ 17.1％ 29.9％
新電力 E 14.7％ 14.4％ 17.1％
新電力 F 10.0％ 9.9％ 11.7％
新電力 G 16.3％ 15.4％ 26.3％
新電力 H 28.4％ 28.5％ 28.1％
新電力 I 16.9％ 17.0％ 0.0％
新電力 J 17.8％ 17.9％ 12.4％
上記10社加重平均 18.0％ 17.7％ 21.5％
"""


@pytest.fixture(scope="session")
def pasted() -> str:
    return PASTED


@pytest.fixture(scope="session")
def same_table(committee: PublishedTable) -> Callable[[PublishedTable], bool]:
    """Whether a table is the committee's, its name and source apart."""

    def same(table: PublishedTable) -> bool:
        return replace(table, name=committee.name, source=committee.source) == committee

    return same


@pytest.fixture(scope="session")
def pdf_maker() -> dict[str, object]:
    """What data/make_pdf.py defines."""
    return runpy.run_path(str(DATA / "make_pdf.py"))


@pytest.fixture(scope="session")
def wide_rows() -> tuple[list[list[str]], list[list[str]]]:
    """The two blocks as the slide prints them, the head in one row."""
    blocks: list[list[list[str]]] = [[], []]
    heads = ["2022年度（～2023年2月末）", "2022年4～12月", "2023年1～2月"]
    for line in PASTED.splitlines():
        words = line.split()
        if len(words) >= 4:
            block = blocks[1] if len(blocks[0]) == 11 else blocks[0]
            block.append(["".join(words[:-3]), *words[-3:]])
    return (
        [["みなし小売電気事業者", *heads], *blocks[0]],
        [["新電力", *heads], *blocks[1]],
    )
