"""Errors by reason, in rows or columns; expected numbers are those typed into the cells."""

import pytest

from switchstats.engines import read_requests
from switchstats.errors import InputError
from switchstats.inputs.words import reasons_of
from switchstats.readers.counts import read_counts

HEAD = ["社名", "年月", "エラー理由", "申込", "エラー"]
KEY = ["北海道電力", "2022年4月"]


def by_reason(loaded) -> dict[str, tuple[int, int]]:
    frame = loaded.counts.frame
    return {row.reason: (row.requests, row.errors) for row in frame.itertuples()}


def remarks(loaded) -> str:
    return " ".join(remark.en for report in loaded.understood for remark in report.remarks)


def test_reasons_share_their_requests(book, codes) -> None:
    rows = [HEAD, [*KEY, "住所、氏名", 10, 1], [*KEY, "氏名", 10, 2]]
    loaded = read_counts(book(s=rows))
    assert loaded.counts.requests == 10
    assert by_reason(loaded) == {"address+customer_name": (10, 1), "customer_name": (10, 2)}
    rows[2][3] = 11
    loaded = read_counts(book("b.xlsx", s=rows))
    assert [code for code, *_ in codes(loaded)] == ["inconsistent_counts"] * 2


@pytest.mark.parametrize("mark", ["・", "、", "；", "／", "及び", "+", "\n"])
def test_marks_between_reasons(book, mark) -> None:
    rows = [HEAD, [*KEY, f"住所不一致{mark}契約番号不一致", 10, 1]]
    assert set(by_reason(read_counts(book(s=rows)))) == {"address+contract_number"}


def test_counts_and_request_rows_name_a_reason_alike(text_file) -> None:
    counts = text_file("社名,年月,エラー理由,申込,エラー\n北海道電力,2022-04,名義不一致,1,1\n")
    rows = text_file(
        "申込日,新小売,結果,エラー理由\n2022-04-05,北海道電力,NG,名義不一致\n", "r.csv"
    )
    options = {"settle_days": 0, "estimand": "all_attempts", "strata": ("reason",)}
    one, other = read_counts(counts), read_requests(rows, **options)
    assert set(by_reason(one)) == {"customer_name"} == set(by_reason(other)) - {""}


@pytest.mark.parametrize(
    ("column", "code"), [("エラー理由", "unknown_reason"), ("電圧", "bad_voltage")]
)
def test_text_that_may_tell_of_a_person_is_kept_out(book, column, code) -> None:
    rows = [["社名", "年月", column, "申込", "エラー"], [*KEY, "電気太郎 東京都港区1-2-3", 10, 1]]
    loaded = read_counts(book(s=rows))
    assert loaded.quarantine.by_code() == {code: 1}
    assert "太郎" not in str(loaded.to_dict()) + str(loaded.quarantine.frame.to_dict())


def test_ones_own_words_by_a_mapping(book) -> None:
    rows = [["社名", "年月", "電圧", "エラー理由", "申込", "エラー"], [*KEY, "T", "E07", 10, 1]]
    mapping = {"values": {"reason": {"E07": "契約番号"}, "voltage": {"T": "tunnel"}}}
    frame = read_counts(book(s=rows), mapping=mapping).counts.frame
    assert frame[["reason", "voltage"]].to_numpy().tolist() == [["contract_number", "tunnel"]]


WIDE = ["社名", "年月", "申込件数", "エラー件数", "住所不一致", "契約番号不一致件数", "備考"]


def test_columns_of_reasons_divide_the_errors(book, codes) -> None:
    rows = [WIDE, [*KEY, 100, 10, 6, 3, "x"], ["東北電力", "2022年4月", 50, 0, 0, None, None]]
    loaded = read_counts(book(s=rows))
    assert codes(loaded) == []
    frame = loaded.counts.where(retailer="hokkaido")
    found = {row.reason: (row.requests, row.errors) for row in frame.frame.itertuples()}
    # 10 errors less 6 and 3 have no reason given
    assert found == {"": (100, 1), "address": (100, 6), "contract_number": (100, 3)}
    assert (loaded.counts.requests, loaded.counts.errors) == (150, 10)
    assert loaded.understood[0].columns["errors, address"] == "住所不一致"
    assert loaded.understood[0].ignored == ("備考",)
    assert "divide the errors" in remarks(loaded)


def test_a_header_of_errors_over_its_reasons(book, codes) -> None:
    rows = [
        ["社名", "年月", "申込件数", "エラー件数", None, None],
        [None, None, None, "計", "住所", "その他"],
        [*KEY, 100, 10, 7, 3],
        ["東北電力", "2022年4月", 50, 5, 4, "－"],
    ]
    loaded = read_counts(book(s=rows))
    assert by_reason(loaded) == {"": (100, 0), "address": (100, 7), "other": (100, 3)}
    # 4 of 5 errors have a reason, and － may be 0 or 1
    assert codes(loaded) == [("missing_value", 4, "エラー件数 その他", "－")]


def test_columns_of_overlapping_reasons_are_left_alone(book) -> None:
    rows = [WIDE, [*KEY, 100, 10, 8, 4, None]]
    loaded = read_counts(book(s=rows))
    assert loaded.counts.strata == ()
    assert (loaded.counts.requests, loaded.counts.errors) == (100, 10)
    assert "several reasons" in remarks(loaded)


def test_a_mapping_can_leave_columns_of_reasons_alone(book) -> None:
    rows = [WIDE, [*KEY, 100, 10, 6, 3, "x"]]
    loaded = read_counts(book(s=rows), mapping={"reason": ""})
    assert loaded.counts.strata == ()
    assert loaded.understood[0].ignored == ("住所不一致", "契約番号不一致件数", "備考")


def test_plain_words_alone_are_no_reasons(book) -> None:
    rows = [["社名", "年月", "住所", "申込件数", "エラー件数"], [*KEY, "東京都", 100, 10]]
    loaded = read_counts(book(s=rows))
    assert loaded.counts.strata == ()
    assert loaded.understood[0].ignored == ("住所",)


def test_two_columns_for_one_reason(book) -> None:
    rows = [[*WIDE[:5], "住所不備"], [*KEY, 100, 10, 8, 4]]
    with pytest.raises(InputError, match="two columns for the same reason"):
        read_counts(book(s=rows))


def test_words_for_no_reason() -> None:
    assert [reasons_of(word) for word in ("", "なし", "－", "住所+なし")] == ["", "", "", "address"]
