"""Where the headline of a run rests on something else than those before."""

from dataclasses import replace

from switchstats.values import History, HistoryRow, changed_words

BASE = HistoryRow(
    number=1,
    created="",
    last_day=None,
    requests=None,
    outcome="inconclusive",
    estimate=0.01,
    bound=None,
    margin=None,
    n_new=0,
    n_revised=0,
    deciding_study="before_after",
    estimand="access_effect_eligible",
    settings={"studies": ["Dossier"], "margin": 0.02},
)


def changes(*rows: HistoryRow) -> list[tuple[str, ...]]:
    return list(History(rows).changes)


def test_the_first_run_and_equal_ones_have_no_change() -> None:
    assert changes() == []
    assert changes(BASE, replace(BASE, number=2, estimate=0.2, requests=5)) == [(), ()]


def test_study_estimand_and_settings_are_told_apart() -> None:
    assert changes(BASE, replace(BASE, deciding_study="home_away"))[1] == ("deciding_study",)
    assert changes(BASE, replace(BASE, estimand="access_effect_home"))[1] == ("estimand",)
    # a setting that is new, one that is gone, and one that is another
    other = replace(BASE, settings={"studies": ["Dossier"], "seed": 1})
    assert changes(BASE, other, BASE)[1:] == [("margin", "seed"), ("seed", "margin")]


def test_an_estimate_is_held_against_the_last_one_before() -> None:
    """A run without an estimate says nothing of what it would have estimated."""
    without = replace(BASE, estimate=None, deciding_study=None, estimand="dose_slope")
    other = replace(BASE, deciding_study="home_away")
    assert changes(BASE, without, BASE) == [(), (), ()]
    assert changes(BASE, without, other) == [(), (), ("deciding_study",)]
    assert changes(without, BASE) == [(), ()]


def test_what_an_older_run_does_not_say_is_not_compared() -> None:
    older = replace(BASE, deciding_study=None, estimand=None, settings={})
    assert changes(older, BASE) == [(), ()]
    changed = replace(BASE, settings={"studies": ["Dossier"], "margin": 0.03})
    assert changes(BASE, older, changed) == [(), (), ("margin",)]


def test_marks_in_words() -> None:
    assert changed_words(()).en == "–"
    assert changed_words(["deciding_study", "estimand"]).ja == "◆結論を示す分析、推定の対象"
    assert changed_words(["estimand", "looks.planned"]).en == "◇ estimand, looks.planned"


def test_a_table_and_plain_types_say_it() -> None:
    told = replace(BASE, look=2, planned_looks=12, deciding_study="home_away")
    history = History((BASE, told))
    assert history.to_frame()["changed"].to_list() == ["", "deciding_study"]
    first, second = history.to_dict()["runs"]
    assert (first["look"], first["planned_looks"], first["changed"]) == (None, None, [])
    assert (second["look"], second["planned_looks"]) == (2, 12)
    assert second["changed"] == ["deciding_study"]
    assert told.look_words.en == "2 of 12"
    assert told.look_words.ja == "2／12回"
    assert replace(told, planned_looks=None).look_words.en == "2"
    assert "home and away" in told._repr_html_()
