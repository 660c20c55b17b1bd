"""Who is who must not be told: by the order, by words around the table, by other tables."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from switchstats.bounds import IdentityLeakError, LabelKey, anonymous_table
from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import (
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    Source,
    TableRow,
    label_letters,
    label_place,
)

YEAR = Period(date(2023, 4, 1), date(2024, 4, 1))
HALVES = (Period(date(2023, 4, 1), date(2023, 10, 1)), Period(date(2023, 10, 1), date(2024, 4, 1)))
LAST_YEAR = Period(date(2022, 4, 1), date(2023, 4, 1))
SOURCE = Source(Text("表", "Table"), Text("文書", "Document"), 1, Text("作成", "Made"))
KEY = LabelKey(hashlib.sha256(b"a test").hexdigest())
NAMES = {"x-power": "X電力", "y-den": "Y電気", "z-energy": "Zエナジー", "w-gas": "Wガス"}


def table_of(
    rates: dict[str, str | tuple[str, ...]],
    periods: tuple[Period, ...] = (YEAR,),
    name: str = "draft",
) -> PublishedTable:
    """Return a table of entrants by identifier, or by label such as "B"."""
    rows = [
        TableRow(
            _who(each),
            "entrant",
            tuple(map(PrintedRate, (cells,) if isinstance(cells, str) else cells)),
        )
        for each, cells in rates.items()
    ]
    printed = tuple(PrintedPeriod(each, Text(f"{each.start}", f"{each.start}")) for each in periods)
    return PublishedTable(name, printed, tuple(rows), (), SOURCE)


def _who(name: str) -> Retailer:
    if name in NAMES:
        return Retailer(name, Text(NAMES[name], NAMES[name]), "entrant", "03")
    return Retailer(f"entrant-{name.lower()}", Text(f"新電力{name}", f"Entrant {name}"), "entrant")


DRAFT = {"x-power": "21.2", "y-den": "16.1", "z-energy": "20.7"}


def _kinds(error: IdentityLeakError) -> set[str]:
    return {leak.kind for leak in error.leaks}


def test_letters_go_on_after_z_as_columns_of_a_sheet_do() -> None:
    # A to Z are 26, AA to ZZ another 676
    assert [label_letters(place) for place in (0, 25, 26, 27, 52, 701, 702)] == [
        *("A", "Z", "AA", "AB", "BA", "ZZ", "AAA"),
    ]
    assert [label_place(label_letters(place)) for place in range(1500)] == list(range(1500))


def test_names_areas_and_the_drafts_digest_are_gone_and_rates_stay() -> None:
    table = table_of(DRAFT)
    table = replace(table, source=replace(SOURCE, file="draft-of-x.csv", sha256="0" * 64))
    made = anonymous_table(table, KEY)
    text = repr((made.table.rows, made.table.source))
    for word in (*NAMES, *NAMES.values(), "'03'", "draft-of-x", "0" * 64):
        assert word not in text
    labels = made.key.labels["entrant"]
    rates = {row.retailer.name.ja: row.cells[0].text for row in made.table.rows}
    assert rates == {f"新電力{labels[name]}": rate for name, rate in DRAFT.items()}


def test_rows_stand_in_the_order_of_the_labels_and_the_groups_keep_their_places() -> None:
    kansai = TableRow(
        Retailer("kansai", Text("関西電力", "Kansai"), "incumbent", "06"),
        "incumbent",
        (PrintedRate("21.7"),),
    )
    table = table_of(DRAFT)
    table = replace(table, rows=(table.rows[0], kansai, *table.rows[1:]))
    shown = [row.retailer.name.ja for row in anonymous_table(table, KEY).table.rows]
    assert shown == ["新電力A", "関西電力", "新電力B", "新電力C"]


def test_the_order_depends_on_nothing_but_secret_and_identifier() -> None:
    labels = anonymous_table(table_of(DRAFT), KEY).key.labels["entrant"]
    other_order = dict(reversed(DRAFT.items()))
    assert anonymous_table(table_of(other_order), KEY).key.labels["entrant"] == labels
    other_rates = {name: f"{place}.0" for place, name in enumerate(DRAFT)}
    assert anonymous_table(table_of(other_rates), KEY).key.labels["entrant"] == labels


def test_every_order_is_as_likely_over_secrets() -> None:
    seen: dict[tuple[str, ...], int] = {}
    for number in range(1200):
        key = LabelKey(hashlib.sha256(str(number).encode()).hexdigest())
        labels = key.extended("entrant", list(DRAFT)).labels["entrant"]
        order = tuple(sorted(labels, key=lambda name: labels[name]))
        seen[order] = seen.get(order, 0) + 1
    # six orders, 200 of each expected; chi-squared with 5 degrees of freedom, 20.5 at p = .001
    assert len(seen) == 6
    assert sum((count - 200) ** 2 / 200 for count in seen.values()) < 20.5


def test_old_labels_stay_and_none_is_used_twice() -> None:
    first = anonymous_table(table_of(DRAFT), KEY)
    without_x = {"y-den": "17.0", "w-gas": "15.0"}
    second = anonymous_table(table_of(without_x), first.key)
    labels = second.key.labels["entrant"]
    assert labels["y-den"] == first.key.labels["entrant"]["y-den"]
    assert labels["w-gas"] == "D"
    # who is new and who is gone can be guessed by whoever follows the market
    words = " ".join(caution.en for caution in second.cautions)
    gone = {first.key.labels["entrant"][name] for name in ("x-power", "z-energy")}
    assert "Entrant D" in words
    assert all(f"Entrant {each}" in words for each in gone)
    assert first.cautions == ()


def test_more_than_26_are_labelled() -> None:
    key = KEY.extended("entrant", [f"retailer-{place}" for place in range(30)])
    assert set(key.labels["entrant"].values()) == {label_letters(place) for place in range(30)}


@pytest.mark.parametrize(
    "around",
    [
        {"title": Text("Ｘ電力ほか", "Table")},
        {"notes": (Text("※ X 電力株式会社を除く", "Note"),)},
        {"credit": Text("出典", "figures of X-Power.")},
        {"document": Text("文書", "エックスパワー")},
    ],
)
def test_a_name_left_in_the_words_around_is_refused(around: dict) -> None:
    table = table_of(DRAFT)
    table = replace(table, source=replace(SOURCE, **around))
    with pytest.raises(IdentityLeakError) as caught:
        anonymous_table(table, KEY, aliases={"x-power": ["エックスパワー"]})
    assert _kinds(caught.value) == {"name_left"}
    assert "X電力" in caught.value.leaks[0].message.ja


def test_a_part_of_a_longer_word_is_no_name() -> None:
    table = replace(table_of(DRAFT), source=replace(SOURCE, credit=Text("出典", "ex-powerful")))
    assert anonymous_table(table, KEY).table.source.credit.en == "ex-powerful"


def test_the_same_rate_beside_a_name_elsewhere_is_refused() -> None:
    public = table_of({"x-power": "21.2"}, name="annual report")
    with pytest.raises(IdentityLeakError) as caught:
        anonymous_table(table_of(DRAFT), KEY, previous=[public])
    assert _kinds(caught.value) == {"unique_rates"}
    for words in (caught.value.leaks[0].message.ja, str(caught.value)):
        assert "X電力" in words
        assert "21.2" in words
        assert "annual report" in words


def test_a_rate_that_two_rows_share_tells_nobody_apart() -> None:
    draft = {**DRAFT, "y-den": "21.2"}
    public = table_of({"x-power": "21.2"})
    assert anonymous_table(table_of(draft), KEY, previous=[public]).cautions == ()


def test_two_names_for_two_rows_are_told_apart_by_elimination() -> None:
    # 21 stands for x and y alike, but 21.2 is x's alone, which leaves the other to y
    draft = {"x-power": "21.2", "y-den": "21.4", "z-energy": "15.0"}
    public = table_of({"x-power": "21.2", "y-den": "21"})
    with pytest.raises(IdentityLeakError) as caught:
        anonymous_table(table_of(draft), KEY, previous=[public])
    assert len(caught.value.leaks) == 2


def test_a_whole_between_its_parts_tells_too() -> None:
    # x printed 18.0 for the year: of three rows only the one with 17 and 19 can have that mean
    draft = {
        "x-power": ("17.0", "19.0"),
        "y-den": ("19.0", "20.0"),
        "z-energy": ("12.0", "13.0"),
    }
    public = table_of({"x-power": "18.0"})
    with pytest.raises(IdentityLeakError) as caught:
        anonymous_table(table_of(draft, HALVES), KEY, previous=[public])
    assert _kinds(caught.value) == {"unique_rates"}


def test_a_blank_row_hides_nobody() -> None:
    # a row without rates could be anybody's, but 21.2 beside 21.2 is told all the same
    table = table_of(DRAFT)
    blank = replace(table.rows[1], cells=(None,))
    table = replace(table, rows=(table.rows[0], blank, table.rows[2]))
    with pytest.raises(IdentityLeakError):
        anonymous_table(table, KEY, previous=[table_of({"x-power": "21.2"})])


def test_another_years_rates_tell_nothing() -> None:
    public = table_of(DRAFT, (LAST_YEAR,))
    assert len(anonymous_table(table_of(DRAFT), KEY, previous=[public]).table.rows) == 3


def test_the_same_labels_as_before_are_fine_and_others_are_refused() -> None:
    before = anonymous_table(table_of(DRAFT), KEY)
    again = anonymous_table(table_of(DRAFT), before.key, previous=[before.table])
    assert again.table == before.table
    labels = before.key.labels["entrant"]
    turned = dict(
        zip(labels, [*list(labels.values())[1:], next(iter(labels.values()))], strict=True)
    )
    other = replace(before.key, labels={"entrant": turned})
    with pytest.raises(IdentityLeakError) as caught:
        anonymous_table(table_of(DRAFT), other, previous=[before.table])
    assert _kinds(caught.value) == {"label_moved", "label_reused"}


def test_labels_link_tables_so_that_a_name_in_one_tells_of_the_others() -> None:
    # last year's rates stood under labels, and x has since published its own of last year
    before = anonymous_table(table_of({**DRAFT, "x-power": "25.0"}, (LAST_YEAR,)), KEY)
    named = table_of({"x-power": "25.0"}, (LAST_YEAR,), name="x's report")
    draft = table_of(DRAFT)
    assert anonymous_table(draft, before.key, previous=[named]).table
    with pytest.raises(IdentityLeakError) as caught:
        anonymous_table(draft, before.key, previous=[before.table, named])
    assert _kinds(caught.value) == {"unique_rates"}


def test_a_table_with_labels_is_no_draft() -> None:
    with pytest.raises(UsageError, match="label already"):
        anonymous_table(table_of({"A": "18.0"}), KEY)


def test_a_group_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(UsageError, match="no group 'incumbent'"):
        anonymous_table(table_of(DRAFT), KEY, groups=("incumbent",))


@pytest.mark.parametrize(
    ("secret", "labels", "given", "words"),
    [
        ("0" * 63, {}, {}, "64 hexadecimal"),
        ("0" * 64, {"entrant": {"x": "A", "y": "A"}}, {"entrant": 2}, "two retailers"),
        ("0" * 64, {"entrant": {"x": "B"}}, {"entrant": 1}, "not a label"),
        ("0" * 64, {"entrant": {"x": "a"}}, {"entrant": 1}, "not a label"),
    ],
)
def test_a_broken_key_is_refused(secret: str, labels: dict, given: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        LabelKey(secret, labels, given)


def test_a_key_shows_neither_secret_nor_names() -> None:
    shown = repr(KEY.extended("entrant", list(DRAFT)))
    assert KEY.secret not in shown
    assert "x-power" not in shown
