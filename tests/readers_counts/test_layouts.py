"""One table printed in many layouts; expected numbers are those typed into the cells."""

import pytest

from switchstats.errors import InputError
from switchstats.readers.counts import read_counts

LONG = [
    ["北海道電力", "2022年4月", 1200, 200],
    ["北海道電力", "2022年5月", 1300, 300],
    ["東北電力", "2022年4月", 2200, 150],
    ["東北電力", "2022年5月", 2300, 350],
]
HEAD = ["小売電気事業者名", "対象年月", "申込件数", "エラー件数"]


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        ["retailer", "period", "requests", "errors"],
        ["社名", "年月", "廃止取次申込件数", "NG件数"],
        ["事業者名", "対象月", "件数", "エラー件数（件）"],
        ["新小売電気事業者", "申込年月", "申込み\n件数", "不一致件数※1"],
        ["Company", "Year_Month", "Number of requests", "Error Count"],
    ],
)
def test_long_table_under_many_heads(book, numbers, codes, head, expected) -> None:
    loaded = read_counts(book(s=[head, *LONG]))
    assert numbers(loaded) == expected
    assert codes(loaded) == []
    assert loaded.understood[0].columns["requests"] == head[2]
    assert loaded.understood[0].header_line == 1


def test_columns_in_any_order_and_others_between(book, numbers, expected) -> None:
    rows = [[i, r[3], "memo", r[1], r[2], r[0]] for i, r in enumerate(LONG)]
    head = ["No.", "エラー件数", "備考", "年月", "申込件数", "社名"]
    loaded = read_counts(book(s=[head, *rows]))
    assert numbers(loaded) == expected
    assert loaded.understood[0].ignored == ("No.", "備考")


def test_any_two_of_three_give_the_third(book, numbers, expected) -> None:
    rows = [[r, p, n - e, e] for r, p, n, e in LONG]
    head = ["社名", "年月", "成立件数", "エラー件数"]
    assert numbers(read_counts(book("a.xlsx", s=[head, *rows]))) == expected
    rows = [[r, p, n, n - e] for r, p, n, e in LONG]
    head = ["社名", "年月", "申込件数", "成立件数"]
    assert numbers(read_counts(book("b.xlsx", s=[head, *rows]))) == expected


def test_titles_above_notes_below_and_totals(book, numbers, codes, words, expected) -> None:
    rows = [
        ["廃止取次ぎ申込みの状況"],
        [None, None, None, "2023年2月10日現在"],
        [],
        HEAD,
        *LONG,
        ["合計", None, 7000, 1000],
        [],
        ["※エラーは不一致の件数。"],
        ["（出典）電力広域的運営推進機関"],
    ]
    loaded = read_counts(book(s=rows))
    assert numbers(loaded) == expected
    assert codes(loaded) == []
    assert loaded.account.excluded == {"total_row": 1}
    assert "1 agree" in words(loaded)
    assert "1, 2, 11, 12" in words(loaded)


def test_subtotals_and_a_grand_total(book, numbers, words, expected) -> None:
    rows = [
        HEAD,
        LONG[0],
        LONG[2],
        ["小計", "2022年4月", 3400, 350],
        LONG[1],
        LONG[3],
        ["小計", "2022年5月", 3600, 650],
        ["総計", None, 7000, 1000],
    ]
    loaded = read_counts(book(s=rows))
    assert numbers(loaded) == expected
    assert loaded.account.excluded == {"total_row": 3}
    assert "3 agree" in words(loaded)


def test_a_total_on_top_and_one_by_group(book, words) -> None:
    rows = [
        ["社名", "2022年4月", None],
        [None, "申込件数", "エラー件数"],
        ["全社計", 60, 6],
        ["みなし小売電気事業者"],
        ["北海道電力", 10, 1],
        ["東北電力", 20, 2],
        ["みなし小売電気事業者計", 30, 3],
        ["新電力"],
        ["新電力A", 30, 3],
        ["新電力 計", 30, 3],
    ]
    loaded = read_counts(book(s=rows))
    assert len(loaded.counts) == 3
    assert loaded.counts.requests == 60
    assert loaded.account.excluded == {"total_row": 3}
    assert "3 agree" in words(loaded)


def test_a_grand_total_below_two_stacked_tables(book, codes, words) -> None:
    head = ["社名", "年月", "申込件数", "エラー件数"]
    rows = [
        ["みなし小売"],
        head,
        ["北海道電力", "2022/4", 100, 5],
        ["小計", None, 100, 5],
        [],
        ["新電力"],
        head,
        ["新電力A", "2022/4", 110, 6],
        ["小計", None, 110, 6],
        ["合計", None, 210, 11],
    ]
    loaded = read_counts(book(s=rows))
    assert codes(loaded) == []
    assert loaded.counts.requests == 210
    assert "2 agree" in words(loaded)
    rows[-1][2] = 211
    assert codes(read_counts(book("b.xlsx", s=rows))) == [
        ("inconsistent_counts", 10, "申込件数", "211")
    ]


def test_a_grand_total_of_two_months_whose_titles_tell_them(book, codes) -> None:
    head = ["社名", "申込件数", "エラー件数"]
    rows = [
        ["表1 2022年4月"],
        head,
        ["北海道電力", 100, 5],
        ["計", 100, 5],
        [],
        ["表2 2022年5月"],
        head,
        ["北海道電力", 110, 6],
        ["計", 110, 6],
        ["総計", 210, 11],
    ]
    loaded = read_counts(book(s=rows))
    assert codes(loaded) == []
    assert [str(p.start) for p in loaded.counts.periods] == ["2022-04-01", "2022-05-01"]
    assert loaded.account.excluded == {"total_row": 3}


def test_names_of_groups_within_a_table(book, codes, words) -> None:
    rows = [
        ["社名", "年月", "申込件数", "エラー件数"],
        ["【みなし小売】"],
        ["北海道電力", "2022年4月", 100, 5],
        ["みなし小計", None, 100, 5],
        ["■ 新電力（1社）"],
        ["新電力A", "2022年4月", 110, 6],
        ["新電力小計", None, 110, 6],
        ["総計", None, 210, 11],
    ]
    loaded = read_counts(book(s=rows))
    assert codes(loaded) == []
    assert loaded.account.excluded == {"total_row": 3}
    assert "3 agree" in words(loaded)


def test_quarters_between_months_and_a_total_of_each_item(book, codes, words) -> None:
    def row(name: str | None, item: str, *v: int) -> list:
        return [name, item, *v[:3], sum(v[:3]), *v[3:], sum(v[3:]), sum(v)]

    heads = ["4月", "5月", "6月", "第1四半期計", "7月", "8月", "9月", "第2四半期計", "年度計"]
    rows = [
        ["2022年度　廃止取次実績"],
        ["事業者名", "項目", *heads],
        row("北海道電力", "申込件数", 10, 11, 12, 13, 14, 15),
        row(None, "うちエラー", 1, 1, 2, 2, 3, 3),
        row("東北電力", "申込件数", 20, 21, 22, 23, 24, 25),
        row(None, "うちエラー", 2, 2, 2, 2, 2, 2),
        row("合計", "申込件数", 30, 32, 34, 36, 38, 40),
        row(None, "うちエラー", 3, 3, 4, 4, 5, 5),
    ]
    loaded = read_counts(book(s=rows))
    assert codes(loaded) == []
    assert loaded.counts.requests == 30 + 32 + 34 + 36 + 38 + 40
    # 4 rows × 3 columns of totals, and 2 rows of totals × 9 columns
    assert loaded.account.excluded == {"total_row": 30}
    assert "30 agree" in words(loaded)
    rows[-2][5] += 1
    assert [line for _, line, *_ in codes(read_counts(book("b.xlsx", s=rows)))] == [7]


def test_a_total_that_nothing_explains_is_rejected(book, codes, words) -> None:
    rows = [HEAD, *LONG, ["合計", "", 7001, 1000]]
    loaded = read_counts(book(s=rows))
    assert codes(loaded) == [("inconsistent_counts", 6, "申込件数", "7001")]
    assert "1 differ" in words(loaded)
    assert loaded.counts.requests == 7000


def test_rejected_rows_explain_a_total(book, codes, words) -> None:
    rows = [HEAD, LONG[0], ["謎電力", "2022年4月", 50, 5], ["合計", "2022年4月", 1250, 205]]
    loaded = read_counts(book("a.xlsx", s=rows))
    assert [code for code, *_ in codes(loaded)] == ["unknown_retailer"]
    assert "1 agree" in words(loaded)
    rows = [HEAD, LONG[0], ["東北電力", "2022年4月", "x", 5], ["合計", "2022年4月", 1250, 205]]
    loaded = read_counts(book("b.xlsx", s=rows))
    assert [code for code, *_ in codes(loaded)] == ["missing_value"]
    assert loaded.account.excluded == {"total_row": 1}


WIDE = {
    "months above counts": [
        ["社名", "2022年4月", None, "2022年5月", None],
        [None, "申込件数", "エラー件数", "申込件数", "エラー件数"],
        ["北海道電力", 1200, 200, 1300, 300],
        ["東北電力", 2200, 150, 2300, 350],
    ],
    "counts above months": [
        ["社名", "申込件数", None, "エラー件数", None],
        [None, "2022年4月", "2022年5月", "2022年4月", "2022年5月"],
        ["北海道電力", 1200, 1300, 200, 300],
        ["東北電力", 2200, 2300, 150, 350],
    ],
    "the head of retailers in the lower line": [
        [None, "2022年度", None, None, None],
        [None, "4月", None, "5月", None],
        ["社名", "申込", "エラー", "申込", "エラー"],
        ["北海道電力", 1200, 200, 1300, 300],
        ["東北電力", 2200, 150, 2300, 350],
    ],
    "one line of heads": [
        [
            "社名",
            "2022年4月申込件数",
            "2022年5月申込件数",
            "エラー件数（2022年4月）",
            "エラー件数（2022年5月）",
        ],
        ["北海道電力", 1200, 1300, 200, 300],
        ["東北電力", 2200, 2300, 150, 350],
    ],
    "what is counted in a column": [
        ["年度", "社名", "区分", "4月", "5月"],
        ["2022年度", "北海道電力", "申込件数", 1200, 1300],
        [None, None, "エラー件数", 200, 300],
        [None, None, "エラー率", 0.167, 0.231],
        ["2022年度", "東北電力", "申込件数", 2200, 2300],
        [None, None, "エラー件数", 150, 350],
        [None, None, "エラー率", 0.068, 0.152],
    ],
    "stacked": [
        ["1. 申込件数の推移"],
        ["社名", "2022/4", "2022/5"],
        ["北海道電力", 1200, 1300],
        ["東北電力", 2200, 2300],
        [],
        ["2. エラー件数の推移"],
        ["社名", "2022/4", "2022/5"],
        ["東北電力", 150, 350],
        ["北海道電力", 200, 300],
        [],
        ["3. エラー率の推移"],
        ["社名", "2022/4", "2022/5"],
        ["東北電力", 0.1, 0.2],
    ],
    "side by side": [
        ["みなし", None, None, None, None, "新電力"],
        ["社名", "年月", "申込", "エラー", None, "社名", "年月", "申込", "エラー"],
        ["北海道電力", 202204, 1200, 200, None, "東北電力", 202204, 2200, 150],
        ["北海道電力", 202205, 1300, 300, None, "東北電力", 202205, 2300, 350],
    ],
    "months down, retailers across": [
        ["年月", "北海道電力", None, "東北電力", None],
        [None, "申込", "エラー", "申込", "エラー"],
        ["2022年4月", 1200, 200, 2200, 150],
        ["2022年5月", 1300, 300, 2300, 350],
    ],
    "merged names": [
        ["社名", "年月", "申込", "エラー"],
        ["北海道電力", "R4.4", 1200, 200],
        [None, "R4.5", 1300, 300],
        ["東北電力", "R4.4", 2200, 150],
        [None, "R4.5", 2300, 350],
    ],
    "merged months": [
        ["年月", "社名", "申込", "エラー"],
        ["R4.4", "北海道電力", 1200, 200],
        [None, "東北電力", 2200, 150],
        [None, "計", 3400, 350],
        ["R4.5", "北海道電力", 1300, 300],
        [None, "東北電力", 2300, 350],
        [None, "計", 3600, 650],
        ["総計", None, 7000, 1000],
    ],
    "thousands": [
        [None, None, None, "（単位：千件）"],
        HEAD,
        *[[r, p, n / 1000, e / 1000] for r, p, n, e in LONG],
    ],
    "thousands in the head": [
        ["社名", "年月", "申込件数（千件）", "エラー件数（件）"],
        *[[r, p, f"{n / 1000}", e] for r, p, n, e in LONG],
    ],
    "year and month apart": [
        ["社名", "年度", "月", "申込", "エラー"],
        *[[r, "令和4年度", p[5:], n, e] for r, p, n, e in LONG],
    ],
    "the head repeated on the next page, in another order": [
        HEAD,
        LONG[0],
        LONG[1],
        ["対象年月", "エラー件数", "申込件数", "小売電気事業者名"],
        ["2022年4月", 150, 2200, "東北電力"],
        ["2022年5月", 350, 2300, "東北電力"],
    ],
    "the whole year as one more row": [
        HEAD,
        *LONG,
        ["東北電力", "2022年4～5月", 4500, 500],
    ],
    "totals to the right": [
        ["社名", "申込件数", None, None, "エラー件数", None, None],
        [None, "2022年4月", "2022年5月", "計", "2022年4月", "2022年5月", "計"],
        ["北海道電力", 1200, 1300, 2500, 200, 300, 500],
        ["東北電力", 2200, 2300, 4500, 150, 350, 500],
        ["合計", 3400, 3600, 7000, 350, 650, 1000],
    ],
}


@pytest.mark.parametrize("layout", WIDE)
def test_every_layout_gives_the_same_counts(book, numbers, codes, layout, words, expected) -> None:
    loaded = read_counts(book(s=WIDE[layout]))
    assert codes(loaded) == []
    assert numbers(loaded) == expected
    assert ("continuing the cell above" in words(loaded)) == (
        layout in ("merged names", "merged months", "what is counted in a column")
    )


@pytest.mark.parametrize("layout", WIDE)
def test_every_layout_as_csv(text_file, numbers, codes, layout, expected) -> None:
    width = max(map(len, WIDE[layout]))
    lines = [",".join(f"{'' if c is None else c}" for c in row) for row in WIDE[layout]]
    padded = [
        line + "," * (width - len(row)) for line, row in zip(lines, WIDE[layout], strict=True)
    ]
    loaded = read_counts(text_file("\n".join(padded) + "\n"))
    assert codes(loaded) == []
    assert numbers(loaded) == expected


def test_totals_to_the_right_are_compared(book, words) -> None:
    # 2 rows × 1 total column, and 3 cell groups in the row of totals
    assert "5 agree" in words(read_counts(book(s=WIDE["totals to the right"])))


def test_two_columns_for_one_count_are_an_error(book) -> None:
    rows = [
        ["社名", "年月", "申込件数", "申込件数", "エラー"],
        ["北海道電力", "2022年4月", 1, 2, 0],
    ]
    with pytest.raises(InputError, match="two columns for the same count"):
        read_counts(book(s=rows))


def test_a_head_that_may_be_a_supply_point_is_never_told(tmp_path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "社名,年月,申込件数,エラー件数,０３１２３４５６７８９０１２３４５６７８９０\n"
        "北海道電力,2023年1月,10,1,x\n",
        encoding="utf-8",
    )
    loaded = read_counts(path)
    assert loaded.understood[0].ignored == ("**** (22)",)
