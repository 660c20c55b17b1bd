"""Cumulative numbers become flows; expected numbers are differences of those typed in."""

from switchstats.readers.counts import read_counts

APRIL, MAY = ("2022-04-01", "2022-05-01"), ("2022-05-01", "2022-06-01")


def test_cumulative_numbers_become_flows(book, numbers, codes, words) -> None:
    rows = [
        ["社名", "年月", "累計申込件数", "累計エラー件数"],
        ["北海道電力", "2022年4月", 10, 1],
        ["北海道電力", "2022年5月", 30, 4],
        ["北海道電力", "2022年6月", 25, 5],
        ["北海道電力", "2022年7月", 60, 6],
        ["北海道電力", "2023年4月", 15, 2],
    ]
    loaded = read_counts(book(s=rows))
    # June falls below May; July is then the sum of June and July; April begins again
    assert numbers(loaded) == {
        ("hokkaido", "2022-04-01", "2022-05-01"): (10, 1),
        ("hokkaido", "2022-05-01", "2022-06-01"): (20, 3),
        ("hokkaido", "2022-06-01", "2022-08-01"): (30, 2),
        ("hokkaido", "2023-04-01", "2023-05-01"): (15, 2),
    }
    assert [(code, line) for code, line, *_ in codes(loaded)] == [("negative_flow", 4)]
    assert "cumulative" in words(loaded)


def test_a_cumulative_series_from_an_unknown_month(book, numbers, codes) -> None:
    rows = [
        ["社名", "年月", "申込件数（累計）", "エラー件数（累計）"],
        ["北海道電力", "2022年7月", 100, 10],
        ["北海道電力", "2022年8月", 130, 14],
    ]
    loaded = read_counts(book(s=rows))
    assert numbers(loaded) == {("hokkaido", "2022-08-01", "2022-09-01"): (30, 4)}
    assert [(code, line) for code, line, *_ in codes(loaded)] == [("missing_value", 2)]


def test_a_title_makes_its_table_cumulative(book, numbers, words) -> None:
    def table(title: str, *rows: list) -> list:
        return [[title], ["事業者名", "2022年4月", "2022年5月"], *rows, []]

    requests = table("表１　申込件数（累計）", ["北海道電力", 10, 30], ["東北電力", 5, 9])
    errors = table("表２　エラー件数（累計）", ["北海道電力", 1, 2], ["東北電力", 1, 1])
    loaded = read_counts(book(s=requests + errors))
    assert numbers(loaded) == {
        ("hokkaido", *APRIL): (10, 1),
        ("hokkaido", *MAY): (20, 1),
        ("tohoku", *APRIL): (5, 1),
        ("tohoku", *MAY): (4, 0),
    }
    assert words(loaded).count("made out of cumulative ones") == 2


def test_the_sum_since_a_month_that_its_own_period_names(book, numbers) -> None:
    rows = [
        ["社名", "期間", "累計申込件数", "累計エラー件数"],
        ["北海道電力", "2022年6～7月", 9, 2],
    ]
    assert numbers(read_counts(book(s=rows))) == {("hokkaido", "2022-06-01", "2022-08-01"): (9, 2)}


def test_flows_are_taken_where_both_stand(book, numbers) -> None:
    rows = [
        ["社名", "年月", "申込件数", "累計申込件数", "エラー件数", "累計エラー件数"],
        ["北海道電力", "2022年4月", 10, 10, 1, 1],
        ["北海道電力", "2022年5月", 20, 30, 2, 3],
    ]
    loaded = read_counts(book(s=rows))
    assert numbers(loaded) == {("hokkaido", *APRIL): (10, 1), ("hokkaido", *MAY): (20, 2)}
