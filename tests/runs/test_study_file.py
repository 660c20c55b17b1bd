"""A study file: every mistake at once, with its line; what `init` writes is right."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from switchstats.errors import InputError
from switchstats.labels import told
from switchstats.periods import parse_period
from switchstats.runs import read_study
from switchstats.runs.study_file.fields import FIELDS
from switchstats.runs.study_file.problems import line_of
from switchstats.runs.study_file.schema import study_schema
from switchstats.runs.study_file.template import write_template

SCHEMA = Path(__file__).parents[2] / "docs" / "study-1.schema.json"

WRONG = """titel = "x"
studies = ["Dosier", "HomeAway"]
margin = 2
languages = ["jp"]
out = "../elsewhere"
period = "2022-99"
seed = true

[data]
kind = "count"
files = ["nope*.csv"]
stratta = ["area"]
year = "2023"

[lok]
a = 1
"""


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_study(path)
    said = str(caught.value)
    assert "12 mistakes" in said
    for line, words in (
        (1, "did you mean title?"),
        (2, "did you mean Dossier?"),
        (3, "2 points are 0.02"),
        (4, "one of ja, en"),
        (5, "outside of the study's own folder"),
        (6, "there is no month 99"),
        (7, "not a whole number"),
        (10, "did you mean counts?"),
        (11, "none fits this pattern"),
        (12, "did you mean strata?"),
        (13, "not a whole number"),
        (15, "did you mean looks?"),
    ):
        assert re.search(rf"line {line}, [^\n]*{re.escape(words)}", said), (line, said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('studies = ["PublishedOnly"]', "needs a published table"),
        ('studies = ["HomeAway"]\n', "add area to data.strata"),
        ('studies = ["ReasonPlacebo"]', "add reason to data.strata"),
        ('groups = ["a", "b", "c"]', "not two groups"),
        ("level = 0.4", "not above 0.5"),
        ("ends = { kansai = 3 }", "not a day"),
        ('ends = "kansai"', "no such file"),
        ("title = 3", "not a text"),
        ('out = "."', "name a folder below it"),
        ('out = "/tmp/x"', "name a folder below it"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_read(
    tmp_path: Path, change: str, words: str
) -> None:
    (tmp_path / "rows.csv").write_text("a\n", encoding="utf-8")
    studies = "" if change.startswith("studies") else 'studies = ["Dossier"]\n'
    path = tmp_path / "study.toml"
    path.write_text(
        f'{studies}{change}\n[data]\nkind = "requests"\nfiles = ["rows.csv"]\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match=words):
        read_study(path)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('kind = "published"\nfiles = ["rows.csv"]\nyear = 2023', "no meaning"),
        ('kind = "counts"\nfiles = ["rows.csv"]\nsettle_days = 3', "no meaning"),
        ('kind = "counts"\nfiles = ["rows.csv"]\n[looks]\nspending = "equal"', "how many"),
        ('files = ["rows.csv"]', "data.kind: missing"),
        ('kind = "requests"\nfiles = ["rows.csv"]\ndeliveries = "separate"', "go across files"),
        ('kind = "counts"\nfiles = []', "empty"),
        ('kind = "counts"\nfiles = ["rows.csv"]\nas_of = "2023"', "not a day"),
        ('kind = "counts"\nfiles = ["rows.csv"]\nregistry = "who.csv"', "no such file"),
    ],
)
def test_a_table_of_data_that_cannot_be(tmp_path: Path, table: str, words: str) -> None:
    (tmp_path / "rows.csv").write_text("a\n", encoding="utf-8")
    studies = "PublishedOnly" if "published" in table else "Dossier"
    path = tmp_path / "study.toml"
    path.write_text(f'studies = ["{studies}"]\n[data]\n{table}\n', encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_study(path)


def test_files_that_are_no_study_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    with pytest.raises(InputError, match="cannot be opened"):
        read_study(path)
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        read_study(path)
    path.write_text("a = = 1", encoding="utf-8")
    with pytest.raises(InputError, match="no TOML"):
        read_study(path)


def test_what_is_right_is_read(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a\n", encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(
        'studies = ["BeforeAfter"]\nperiod = "2022-04..2023-02"\nout = "all/runs"\n'
        '[ends]\nkansai = 2022-12-13\n[data]\nkind = "counts"\nfiles = "rows.csv"\n'
        '[looks]\nspending = "open"\n[disclosure]\nsecond_group = "letters"\n',
        encoding="utf-8",
    )
    study = read_study(path)
    assert study.studies == ("BeforeAfter",)
    assert study.period == parse_period("2022-04..2023-02")
    assert study.out == tmp_path / "all" / "runs"
    assert study.ends["kansai"].isoformat() == "2022-12-13"
    assert study.data.files == (tmp_path / "rows.csv",)
    assert study.looks is not None
    assert study.looks.spending == "open"
    assert study.letters


def test_lines_are_those_of_the_file() -> None:
    text = '# a = 0\na = 1\n[data]\n"b" = 2\n[data.mapping]\nx = "y"\n[[c]]\n'
    assert line_of(text, "", "a") == 2
    assert line_of(text, "data", "b") == 4
    assert line_of(text, "data", "mapping") == 5
    assert line_of(text, "", "c") == 7
    assert line_of(text, "data", "missing") == 3
    assert line_of(text, "", "missing") is None


def test_the_published_schema_is_the_programs_and_judges_alike() -> None:
    schema = study_schema()
    assert json.loads(SCHEMA.read_text("utf-8")) == schema
    good = {"studies": ["Dossier"], "data": {"kind": "counts", "files": ["a.csv"]}}
    jsonschema.validate(good, schema)
    for bad in ({"studies": ["Dosier"]}, {"margin": 2}, {"titel": "x"}, {"looks": {"a": 1}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **bad}, schema)


def test_init_writes_a_file_that_is_right_for_counts(study, months) -> None:
    folder = study().parent
    months["2022-04"].to_csv(folder / "data" / "a.csv", index=False)
    out = folder / "new.toml"
    found = write_template([str(folder / "data")], out, registry=folder / "registry.csv")
    assert found.kind == "counts"
    assert read_study(out).data.kind == "counts"
    assert "# - Possible: GroupComparison (comparison of the groups)" in out.read_text("utf-8")
    with pytest.raises(InputError, match="already"):
        write_template([str(folder / "data")], out)


COUNTS = """社名,年月,申込件数,エラー件数
北海道電力,2023年1月,100,3
東北電力,2023年1月,120,6
新電力A,2023年1月,80,4
新電力B,2023年1月,70,9
ナゾ電力,2023年1月,80,4
新電力C,2023年1月,70,x
"""


def test_init_says_what_the_data_hold(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(COUNTS, encoding="utf-8")
    out = tmp_path / "study.toml"
    made = write_template([str(tmp_path / "c.csv")], out, language="ja")
    found = made.found
    assert found is not None
    assert found.files == ("c.csv",)
    # of the rows above
    assert found.account is not None
    assert (found.account.read, found.account.accepted, found.account.quarantined) == (6, 4, 2)
    assert found.rejected == {"unknown_retailer": 1, "missing_value": 1}
    assert found.groups == {"incumbent": 2, "entrant": 2}
    possible = [name for name, why in found.studies.items() if why is None]
    assert possible == ["GroupComparison", "Sensitivity", "Dossier"]
    text = out.read_text("utf-8")
    comments = "".join(line.removeprefix("# ").strip() for line in text.splitlines())
    for said in (
        "行：読込み6、採用4、不採用2",
        "名簿にない事業者 1",
        "期間：2023年1月（1期間）",
        "みなし小売電気事業者 2社、新電力 2社",
        "できる分析：GroupComparison（グループ間の比較）",
        "できない分析：HomeAway（自社エリアとその他の比較）。この件数は、現小売とエリアの両方を",
    ):
        assert said in comments
    assert read_study(out).languages == ("ja",)


def test_init_names_only_strata_that_are_there(tmp_path: Path) -> None:
    rows = "申込日,新小売,エリア,結果\n2023-01-05,北海道電力,01,成立\n2023-02-06,新電力A,01,ＮＧ\n"
    (tmp_path / "r.csv").write_text(rows, encoding="utf-8")
    out = tmp_path / "study.toml"
    made = write_template([str(tmp_path / "r.csv")], out)
    assert made.kind == "requests"
    data = read_study(out).data
    assert data.strata == ("area",)
    # without attempt numbers and supply points first attempts cannot be told
    assert data.estimand == "all_attempts"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", ["counts", "requests", "published"])
def test_every_line_that_init_comments_out_is_right(
    tmp_path: Path, kind: str, language: str
) -> None:
    """Each example is uncommented by itself; the data cannot be read, and the file says so."""
    for name in ("rows.csv", "retailers.csv", "rejected.csv"):
        (tmp_path / name).write_text("a\n", encoding="utf-8")
    out = tmp_path / "study.toml"
    made = write_template([str(tmp_path / "rows.csv")], out, kind=kind, language=language)
    assert made.problem is not None
    text = out.read_text("utf-8")
    assert {"en": "Not read yet", "ja": "まだ読めない"}[language] in text
    read_study(out)
    tables = {name for name in FIELDS if name and f"# [{name}]" in text}
    keys = re.findall(r"^# (\w+) = ", text, re.MULTILINE)
    assert len(keys) > 8
    for key in keys:
        shown = re.sub(rf"^# ({key} = )", r"\1", text, flags=re.MULTILINE)
        for table in tables:
            if key in FIELDS[table]:
                shown = shown.replace(f"# [{table}]", f"[{table}]")
        if key == "spending":
            shown = shown.replace("# planned", "planned")
        out.write_text(shown, encoding="utf-8")
        read_study(out)


def test_init_says_when_it_understands_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"as counts: .*as requests: .*as published: "):
        write_template([str(tmp_path / "a.csv")], tmp_path / "study.toml")


def test_mistakes_are_told_in_japanese_too(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_study(path)
    first, *lines = told(caught.value, "ja").splitlines()
    assert first == "study.toml：12か所の誤りがある。対処：次のそれぞれを正す："
    assert len(lines) == 12
    assert all(
        re.search(r"行目、[^：]*：.*[\u3040-\u30ff\u4e00-\u9fff].*（", line) for line in lines
    )
