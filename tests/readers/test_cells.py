"""What a cell says."""

import pytest

from switchstats.errors import InputError
from switchstats.readers.cells import is_note, is_rate_like, printed_rate, without_footnotes
from switchstats.readers.places import Cell, Place
from switchstats.values import RateUnit

PLACE = Place("t.csv", 3)

# Cell, digits kept as text.
RATES = [
    ("18.0", "18.0"),
    ("18", "18"),
    ("18.00", "18.00"),
    ("0.0％", "0.0"),
    ("１８．５％", "18.5"),
    (" 18.5 ％ ", "18.5"),
    ("100%", "100"),
    ("18.5％※", "18.5"),
    ("18.5％※１", "18.5"),
    ("18.5％ *1", "18.5"),
    ("18.5％（注）", "18.5"),
    ("18.5％（注２）", "18.5"),
    ("18.5％ (1)", "18.5"),
    ("18.5²", "18.5"),
    ("18.5①", "18.5"),
    ("18.5％†", "18.5"),
    ("18.5％※1 ※2", "18.5"),
]


@pytest.mark.parametrize(("text", "digits"), RATES)
def test_rate(text: str, digits: str) -> None:
    rate = printed_rate(Cell(text, PLACE), field="rate_pct")
    assert rate is not None
    assert (rate.text, rate.unit) == (digits, "pct")
    assert is_rate_like(text)


@pytest.mark.parametrize(
    "text", ["", " ", "　", "－", "—", "–", "-", "−", "ー", "…", "x", "ｘ", "***"]
)
def test_missing(text: str) -> None:
    assert printed_rate(Cell(text, PLACE), field="rate_pct") is None


def test_missing_with_a_footnote() -> None:
    assert printed_rate(Cell("－※1", PLACE), field="rate_pct") is None


@pytest.mark.parametrize("text", ["○", "〇", "◯", "●", "18,5", "1,234.5", "1.8.5", "-1.5", "△1.5"])
def test_refused_but_seen_as_standing_in_a_rates_place(text: str) -> None:
    if text != "●":
        assert is_rate_like(text)
    with pytest.raises(InputError) as caught:
        printed_rate(Cell(text, PLACE), field="rate_pct")
    assert (caught.value.line, caught.value.field) == (3, "rate_pct")
    assert caught.value.value == text


@pytest.mark.parametrize(
    "text", ["十八", "18.5点", ".5", "18.", "1 8", "18.5％前後", "※", "(5)", "nan"]
)
def test_refused(text: str) -> None:
    with pytest.raises(InputError):
        printed_rate(Cell(text, PLACE), field="rate_pct")


@pytest.mark.parametrize(
    ("text", "column", "unit", "value"),
    [
        ("185‰", None, "permille", 0.185),
        ("185", "permille", "permille", 0.185),
        ("0.185", "fraction", "fraction", 0.185),
        ("18.5", "pct", "pct", 0.185),
    ],
)
def test_unit(text: str, column: RateUnit | None, unit: str, value: float) -> None:
    rate = printed_rate(Cell(text, PLACE), column, field="rate")
    assert rate is not None
    assert (rate.unit, rate.value) == (unit, value)


def test_names_lose_their_footnote_marks_only() -> None:
    assert without_footnotes("沖縄電力（注1）") == "沖縄電力"
    assert without_footnotes("新電力 A") == "新電力 A"
    assert without_footnotes("2022年度（～2023年2月末）") == "2022年度(~2023年2月末)"


@pytest.mark.parametrize(
    "text", ["※注意", "（出典）広域機関", "出典：広域機関", "(注)", "Source: OCCTO", "*1 x"]
)
def test_notes(text: str) -> None:
    assert is_note(text)
