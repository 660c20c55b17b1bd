"""The same file twice, overlapping files, and periods that hold others."""

from switchstats.readers.counts import read_counts

HEAD = "社名,年月,申込件数,エラー件数\n"
JANUARY = HEAD + "北海道電力,2023年1月,10,1\n東北電力,2023年1月,20,2\n"


def test_the_same_file_twice_counts_once(text_file, codes) -> None:
    paths = [text_file(JANUARY, "a.csv"), text_file(JANUARY, "b.csv")]
    loaded = read_counts(paths)
    assert loaded.counts.requests == 30
    assert [code for code, *_ in codes(loaded)] == ["duplicate", "duplicate"]
    assert loaded.quarantine.frame["note"][0] == "the same as a.csv, line 2"
    assert len(loaded.provenance.inputs) == 2


def test_the_same_path_twice_is_one_file(text_file) -> None:
    path = text_file(JANUARY)
    assert read_counts([path, path]).account.read == 2


def test_other_numbers_for_one_key_reject_both(text_file, codes) -> None:
    paths = [text_file(JANUARY, "a.csv"), text_file(JANUARY.replace("20,2", "21,2"), "b.csv")]
    loaded = read_counts(paths)
    assert loaded.counts.requests == 10
    assert sorted(code for code, *_ in codes(loaded)) == [
        "duplicate",
        "inconsistent_counts",
        "inconsistent_counts",
    ]
    notes = list(loaded.quarantine.frame["note"])
    assert any("b.csv, line 3" in note for note in notes)
    assert any("a.csv, line 3" in note for note in notes)


def test_rows_that_an_unused_column_tells_apart_name_it(text_file) -> None:
    rows = "北海道電力,2023年1月,10,1,web\n北海道電力,2023年1月,20,2,tel\n"
    text = HEAD.replace("\n", ",受付窓口\n") + rows
    loaded = read_counts(text_file(text))
    assert loaded.counts.requests == 0
    assert all("受付窓口" in note for note in loaded.quarantine.frame["note"])


def test_a_year_beside_its_months_is_a_total(text_file, codes) -> None:
    year = HEAD + "北海道電力,2023年1～2月,30,3\n"
    months = HEAD + "北海道電力,2023年1月,10,1\n北海道電力,2023年2月,20,2\n"
    loaded = read_counts([text_file(year, "y.csv"), text_file(months, "m.csv")])
    assert loaded.counts.requests == 30
    assert codes(loaded) == []
    assert loaded.account.excluded == {"total_row": 1}
    wrong = text_file(year.replace("30,3", "31,3"), "w.csv")
    loaded = read_counts([wrong, text_file(months, "m.csv")])
    assert loaded.counts.requests == 30
    assert [code for code, *_ in codes(loaded)] == ["inconsistent_counts"]


def test_periods_that_overlap_by_half_are_rejected(text_file, codes) -> None:
    text = (
        HEAD
        + "北海道電力,2023年1～2月,10,1\n北海道電力,2023年2～3月,20,2\n東北電力,2023年1月,1,1\n"
    )
    loaded = read_counts(text_file(text))
    assert [code for code, *_ in codes(loaded)] == ["inconsistent_counts"] * 2
    assert loaded.counts.requests == 1
