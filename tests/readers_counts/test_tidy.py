"""Tables that tell row by row what is counted; expected numbers are those typed into the cells."""

import pytest

from switchstats.readers.counts import read_counts

APRIL = ("2022-04-01", "2022-05-01")


@pytest.mark.parametrize("value", ["件数", "値", "数値", "実績", "count"])
@pytest.mark.parametrize("item", ["区分", "項目", "結果", "status"])
@pytest.mark.parametrize(
    "said",
    [
        ("申込件数", "エラー件数", 10),
        ("申込", "NG", 10),
        ("成立", "エラー", 13),
        ("○", "×", 13),
    ],
)
def test_a_column_of_items_makes_weak_words_count_what_it_says(
    text_file, numbers, codes, value, item, said
) -> None:
    first, second, requests = said
    text = f"社名,年月,{item},{value}\n北海道電力,2022年4月,{first},10\n"
    loaded = read_counts(text_file(text + f"北海道電力,2022年4月,{second},3\n"))
    assert codes(loaded) == []
    assert numbers(loaded) == {("hokkaido", *APRIL): (requests, 3)}


def test_other_outcomes_are_left_and_said(text_file, numbers) -> None:
    text = "社名,年月,処理状況,件数\n" + "".join(
        f"北海道電力,2022年4月,{what},{n}\n"
        for what, n in (("成立", 90), ("エラー", 10), ("保留", 3), ("取下げ", 1))
    )
    loaded = read_counts(text_file(text))
    assert numbers(loaded) == {("hokkaido", *APRIL): (100, 10)}
    assert loaded.understood[0].ignored == ("処理状況 保留", "処理状況 取下げ")


def test_a_weak_word_alone_still_means_requests(book, numbers) -> None:
    rows = [["社名", "年月", "件数", "うち、エラー"], ["北海道電力", "2022年4月", 10, 3]]
    assert numbers(read_counts(book(s=rows))) == {("hokkaido", *APRIL): (10, 3)}
