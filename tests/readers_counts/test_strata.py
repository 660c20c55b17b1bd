"""Columns and heads that tell strata; expected numbers are those typed into the cells."""

from switchstats.readers.counts import read_counts


def test_strata(book) -> None:
    head = ["社名", "年月", "供給区域", "現小売", "電圧", "申込", "エラー"]
    rows = [
        head,
        ["北海道電力", "2022年4月", "北海道エリア", "東北電力㈱", "低圧", 10, 1],
        ["北海道電力", "2022年4月", 2, "東北電力", "高圧", 20, 2],
    ]
    frame = read_counts(book(s=rows)).counts.frame
    assert frame[["area", "losing", "voltage"]].to_numpy().tolist() == [
        ["01", "tohoku", "low"],
        ["02", "tohoku", "high"],
    ]


def test_areas_across(book) -> None:
    rows = [
        ["社名", "年月", "北海道", None, "東京", None, "合計", None],
        [None, None, "申込", "エラー", "申込", "エラー", "申込", "エラー"],
        ["北海道電力", "2022年4月", 10, 1, 20, 2, 30, 3],
    ]
    loaded = read_counts(book(s=rows))
    assert loaded.counts.frame[["area", "requests", "errors"]].to_numpy().tolist() == [
        ["01", 10, 1],
        ["03", 20, 2],
    ]
    assert loaded.account.excluded == {"total_row": 1}
