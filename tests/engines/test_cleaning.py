"""Distinct values: era dates, full-width text, several reasons; what is bad says why."""

from datetime import date

import pytest

from switchstats.engines.cleaning import clean
from switchstats.engines.columns import Mapped
from switchstats.facts import registry

KNOWN = registry()


def _one(column: str, raw: str | int, mapped: Mapped | None = None) -> object:
    got = clean(column, [raw], mapped or Mapped(), KNOWN)
    return got.values[raw] if got.values else got.problems[raw].code


@pytest.mark.parametrize(
    "raw",
    [
        *("R5.1.6", "令和5年1月6日", "2023/1/6", "２０２３年１月６日", "20230106", 20230106),
        *("2023-01-06 09:30", "2023-01-06T09:30:00.5Z", "2023/1/6 9:30:00+09:00"),
        # Japan is nine hours ahead of UTC: its day begins at 15:00 UTC, 10:00 in New York
        *("2023-01-05T15:00:00Z", "2023-01-06 14:59Z", "2023-01-05 10:00:00-0500"),
        *("2023-01-07 00:30+10", "2023-01-05 23:30:00+00:00"),
    ],
)
def test_every_way_of_writing_a_day(raw: str | int) -> None:
    assert _one("submitted", raw) == date(2023, 1, 6).toordinal()


@pytest.mark.parametrize("raw", ["2023-02-30", "2023年1月", "あした", "H40.1.1"])
def test_what_is_no_day(raw: str) -> None:
    assert _one("submitted", raw) == "bad_date"


def test_a_bare_month_and_day_takes_the_year_of_the_mapping() -> None:
    assert _one("submitted", "1月6日", Mapped(year=2023)) == date(2023, 1, 6).toordinal()
    assert _one("submitted", "1月6日") == "bad_date"


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        *(("ＮＧ", "error"), ("○", "accepted"), ("◯", "accepted"), ("〇", "accepted")),
        *(("取り下げ", "withdrawn"), ("保留", "pending"), ("?", "bad_outcome")),
    ],
)
def test_outcomes(raw: str, outcome: str) -> None:
    assert _one("outcome", raw) == outcome


@pytest.mark.parametrize(
    ("column", "raw", "ours", "words"),
    [
        ("outcome", "NG2", "error", ("accepted", "error", "pending", "withdrawn")),
        ("submitted", "あした", "2023-01-06", ("2023-01-06", "year = 2023")),
        ("reasons", "ひみつ", "address", ()),
        ("voltage", "中圧", "high", ()),
    ],
)
def test_a_note_says_what_is_accepted_and_doing_so_mends_it(
    column: str, raw: str, ours: str, words: tuple[str, ...]
) -> None:
    note = clean(column, [raw], Mapped(), KNOWN).problems[raw].note
    assert note is not None
    for told in (note.ja, note.en):
        assert all(word in told for word in (*words, "map" if told == note.en else "対応"))
    mapped = Mapped(values={column: {raw: ours}})
    assert (
        clean(column, [raw], mapped, KNOWN).values[raw]
        == clean(column, [ours], Mapped(), KNOWN).values[ours]
    )


def test_a_note_on_a_day_says_in_both_languages_what_is_wrong_with_it() -> None:
    note = clean("submitted", ["2023-02-30"], Mapped(), KNOWN).problems["2023-02-30"].note
    assert note is not None
    assert "there is no day 30 in 2023-02" in note.en
    assert "30日はない（28日まで）" in note.ja


@pytest.mark.parametrize(
    ("raw", "reasons"),
    [
        ("住所、契約番号", "address+contract_number"),
        ("契約番号＋住所；住所", "address+contract_number"),
        ("customer_name;supply_point", "customer_name+supply_point"),
        ("なし", ""),
        ("－", ""),
        ("住所、ひみつ", "unknown_reason"),
    ],
)
def test_several_reasons_become_one_sorted_set(raw: str, reasons: str) -> None:
    assert _one("reasons", raw) == reasons


@pytest.mark.parametrize(
    ("raw", "attempt"),
    [
        *(("1", 1), ("２回目", 2), ("第3回", 3), ("初回", 1), ("1.0", 1)),
        *(("1.5", "fractional"), ("-1", "negative"), ("0", "not_a_number"), ("a", "not_a_number")),
    ],
)
def test_attempts(raw: str, attempt: object) -> None:
    assert _one("attempt", raw) == attempt


@pytest.mark.parametrize(
    ("raw", "area"),
    [
        *(("1", "01"), ("０３", "03"), ("東京エリア", "03"), ("Hokkaido", "01")),
        *(("北海道", "01"), ("11", "unknown_area"), ("本州", "unknown_area")),
    ],
)
def test_areas(raw: str, area: str) -> None:
    assert _one("area", raw) == area


def test_an_unknown_retailer_is_never_guessed_but_the_nearest_are_named() -> None:
    got = clean("gaining", ["北海電力"], Mapped(), KNOWN)
    assert got.problems["北海電力"].code == "unknown_retailer"
    assert "北海道電力" in got.problems["北海電力"].note.en


def test_blank_values_are_neither_good_nor_bad() -> None:
    got = clean("outcome", [None, "", "　"], Mapped(), KNOWN)
    assert not got.values
    assert not got.problems


def test_a_value_map_goes_first() -> None:
    mapped = Mapped(values={"outcome": {"１": "ok"}})
    assert _one("outcome", "1", mapped) == "accepted"


def test_a_nul_byte_is_named() -> None:
    assert _one("gaining", "北海道\0電力") == "nul_byte"
