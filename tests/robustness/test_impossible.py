"""Arguments, counts and names that cannot be right are refused by name, or answered rightly."""

import json
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import switchstats as ss
from switchstats.errors import InputError, SwitchstatsError, UsageError
from switchstats.labels import Text, told
from switchstats.values import Counts, Retailer

MONTHS = (("2022-12-01", "2023-01-01"), ("2023-02-01", "2023-03-01"))
OVERLAPPING = (("2022-04-01", "2023-01-01"), ("2022-10-01", "2023-02-01"))
STUDIES = (
    *(ss.GroupComparison, ss.RetailerByRetailer, ss.BeforeAfter, ss.HomeAway),
    *(ss.ReasonPlacebo, ss.DoseResponse),
)
POINT = "0312345678901234567890"


def counts(
    incumbents: int = 3, entrants: int = 3, cell: tuple[int, int] = (100, 7), periods=MONTHS
) -> Counts:
    """Return the same cell for every retailer and period."""
    names = [*("kansai", "kyushu", "tohoku")[:incumbents], *(f"e{n}" for n in range(entrants))]
    retailers = [
        Retailer(name, Text(name, name), "incumbent" if place < incumbents else "entrant", "06")
        for place, name in enumerate(names)
    ]
    rows = [(name, start, end, "06", cell[0], cell[1]) for name in names for start, end in periods]
    columns = ["retailer", "period_start", "period_end", "area", "requests", "errors"]
    return Counts.of(pd.DataFrame(rows, columns=columns), retailers)


@pytest.mark.parametrize("study", [*STUDIES, ss.PublishedOnly])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("margin", (-1, 1, 6, "6", "0.02", True, float("nan"), float("inf"))),
        ("level", (1.2, 0, 1, float("nan"), "0.95", None)),
        ("power", (0, 2, float("nan"), "0.8", None)),
        ("seed", (-1, 1.5, "1", None)),
        ("groups", (("a", "a"), ("a",), "ab")),
    ],
)
def test_an_argument_out_of_its_range_is_refused(study, name: str, values: tuple) -> None:
    for value in values:
        with pytest.raises(UsageError, match="group" if name == "groups" else name) as caught:
            study(**{name: value})
        assert told(caught.value, "ja") != str(caught.value)


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize(
    "data",
    [
        counts(1, 0),
        counts(3, 0),
        counts(0, 3),
        counts(cell=(100, 100)),
        counts(cell=(100, 0)),
        counts(cell=(0, 0)),
        counts(cell=(10**12, 10**11)),
        counts(periods=OVERLAPPING),
    ],
    ids=[
        *("one retailer", "no entrant", "no incumbent", "all errors", "no errors", "no requests"),
        *("10**12 requests", "overlapping periods"),
    ],
)
def test_odd_counts_claim_nothing(study, data: Counts) -> None:
    """All groups have the same rates, or there is nothing to compare: no advantage is shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            finding = study(margin=0.02).run(data)
        except SwitchstatsError:  # refused by name
            return
    json.dumps(finding.to_dict(), allow_nan=False)
    assert finding.verdict.outcome.value != "advantage_shown"
    assert finding.summary("ja")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ((-1, 0), "errors exceed requests"),
        ((1, -1), "errors must not be negative"),
        ((1.5, 0), "whole numbers"),
        ((float("inf"), 0), "whole numbers"),
        ((2**62, 1), "add up to more than"),
        ((10**19, 1), "add up to more than"),
    ],
)
def test_numbers_that_cannot_be_counts(cell, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        counts(cell=cell)


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ((("2023-02-01", "2023-01-01"),), "must end after it starts"),
        ((("2023-02-01", "2023-02-01"),), "must end after it starts"),
        ((MONTHS[0], MONTHS[0]), "repeat a key"),
    ],
    ids=["reversed", "empty", "identical"],
)
def test_periods_that_cannot_be(periods, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        counts(periods=periods)


def test_a_retailer_in_both_groups(tmp_path: Path) -> None:
    both = [Retailer("a", Text("a", "a"), group, "06") for group in ("incumbent", "entrant")]
    row = {"retailer": "a", "period_start": "2023-01-01", "period_end": "2023-02-01"}
    with pytest.raises(UsageError, match="stands twice"):
        Counts.of(pd.DataFrame([{**row, "requests": 1, "errors": 0}]), both)
    listed = pd.DataFrame({"retailer": ["a", "a"], "group": ["incumbent", "entrant"]})
    with pytest.raises(InputError, match="stands twice"):
        ss.facts.read_registry(listed)
    # the same name in two spellings: full-width letters and a blank
    spelled = pd.DataFrame({"retailer": ["A社", "Ａ 社"], "group": ["incumbent", "entrant"]})
    with pytest.raises(InputError, match=r"stands twice|already stands"):
        ss.facts.read_registry(spelled)


HEAD, ROW = ("会社", "年月", "申込件数", "エラー件数"), ("北海道電力", "2023-01", 100, 3)


@pytest.mark.parametrize("point", [POINT, "０３-12345678901234567890"], ids=["plain", "wide"])
def test_a_supply_point_in_a_name_is_refused_and_never_shown(tmp_path: Path, point: str) -> None:
    text = ",".join(HEAD) + "\n" + ",".join(map(str, ROW)) + "\n"
    file = tmp_path / f"{point}.csv"
    file.write_text(text, encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.title = point
    for row in (HEAD, ROW):
        book.active.append(row)
    book.save(tmp_path / "sheet.xlsx")
    registry = pd.DataFrame({"retailer": ["a"], "name": [point], "group": ["entrant"]})
    for read in (
        lambda: ss.read_counts(file),
        lambda: ss.read_published(file),
        lambda: ss.read_counts(tmp_path / "sheet.xlsx"),
        lambda: ss.facts.read_registry(registry),
    ):
        with pytest.raises(InputError, match="may be a supply-point number") as caught:
            read()
        assert point not in str(caught.value)
        assert told(caught.value, "ja") != str(caught.value)


def test_a_supply_point_in_the_place_of_a_name_is_masked(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = [HEAD, ROW, (POINT, "2023-01", 5, 1)]
    file.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    loaded = ss.read_counts(file)
    assert len(loaded.quarantine) == 1
    assert POINT not in loaded.quarantine.frame.to_csv()
    ss.write_quarantine(loaded, tmp_path / "rejected.csv")
    assert POINT not in (tmp_path / "rejected.csv").read_text("utf-8-sig")


def test_a_supply_point_in_a_title_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n")
    study = tmp_path / "study.toml"
    study.write_text(
        f'title = "{POINT}"\nstudies = ["Dossier"]\n[data]\nkind = "counts"\nfiles = ["a.csv"]\n'
    )
    with pytest.raises(InputError, match="leave the number out") as caught:
        ss.run_study(study)
    assert POINT not in str(caught.value)


def test_a_file_name_of_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "bad\udcff.csv"
    file.write_text(",".join(HEAD) + "\n" + ",".join(map(str, ROW)) + "\n", encoding="utf-8")
    (named,) = ss.read_counts(file).provenance.inputs
    assert named.name.encode()
