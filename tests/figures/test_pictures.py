"""Every other picture: draws exactly its data, fits each size in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import switchstats as ss
from switchstats import figures
from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.simulate import World, simulate_counts, simulate_requests, world_registry
from switchstats.values import (
    Calibration,
    Counts,
    Finding,
    History,
    HistoryRow,
    Interval,
    Journeys,
    PrintedRate,
    PublishedTable,
)

Drawer = Callable[..., figures.HouseFigure]
SIDES = {"first": Text("前者", "the former"), "second": Text("後者", "the latter")}


@pytest.fixture(scope="module")
def counts() -> Counts:
    return simulate_counts(World(n_retailers=60), 40_000, 1, strata=("area", "losing"))


@pytest.fixture(scope="module")
def journeys() -> Journeys:
    world = World(n_retailers=20)
    rows = pa.Table.from_batches(simulate_requests(world, 5_000, seed=1))
    return ss.read_journeys(rows, registry=world_registry(world)).journeys


@pytest.fixture(scope="module")
def around(counts: Counts) -> Finding:
    return ss.BeforeAfter(margin=0.02).run(counts)


@pytest.fixture(scope="module")
def single(counts: Counts) -> Finding:
    return ss.RetailerByRetailer().run(counts)


@pytest.fixture(scope="module")
def family(counts: Counts) -> Finding:
    return ss.Sensitivity().run(counts)


@pytest.fixture(scope="module")
def drawers(
    counts: Counts,
    journeys: Journeys,
    around: Finding,
    single: Finding,
    family: Finding,
    committee: PublishedTable,
) -> dict[str, Drawer]:
    parts = ss.rates.decompose(
        counts.group("incumbent"), counts.group("entrant"), by=("area", "losing")
    )
    asked = [around, single, ss.PublishedOnly(margin=0.02).run(committee)]
    first, second = (rates_of(committee, group) for group in ("incumbent", "entrant"))
    splits = ss.inference.permutation_distribution(first, second)
    power = ss.inference.power_curve(ss.inference.minimal_detectable_effect(first, second))
    return {
        "permutation_distribution": lambda **kw: figures.permutation_distribution(splits, **kw),
        "power_curve": lambda **kw: figures.power_curve(
            {Text("全期間", "whole period"): power, Text("別の期間", "another period"): power}, **kw
        ),
        "calibration_profile": lambda **kw: figures.calibration_profile(
            calibration(), ["welch", "pooled_z", "cluster_robust_cr1", "wild_webb"], **kw
        ),
        "track_record": lambda **kw: figures.track_record(track(), **kw),
        "forest": lambda **kw: figures.forest(asked, **kw),
        "event_study": lambda **kw: figures.event_study(around, **kw),
        "funnel": lambda **kw: figures.funnel(single, **kw),
        "specification_curve": lambda **kw: figures.specification_curve(family, **kw),
        "monthly_trend": lambda **kw: figures.monthly_trend(counts, **kw),
        "leaked_fields": figures.leaked_fields_by_area,
        "waterfall": lambda **kw: figures.waterfall(parts, **SIDES, **kw),
        "attrition_flow": lambda **kw: figures.attrition_flow(journeys, **kw),
    }


NAMES = (
    *("forest", "event_study", "funnel", "monthly_trend", "leaked_fields"),
    *("specification_curve", "waterfall", "attrition_flow", "permutation_distribution"),
    *("power_curve", "calibration_profile", "track_record"),
)
STUDY = Path(__file__).parents[2] / "docs" / "calibration" / "calibration.csv"


def calibration() -> Calibration:
    return Calibration.of(pd.read_csv(STUDY), nominal=0.05, seed=1, version="")


def track() -> History:
    """Twelve runs; the third has no estimate, the fourth no lower bound.

    From the seventh another study decides, from the tenth the margin is another.
    """
    rows = []
    for number in range(1, 13):
        half = 0.06 / number**0.5
        low = None if number == 4 else -0.01 - half
        rows.append(
            HistoryRow(
                number=number,
                created="",
                last_day=f"2022-{number:02d}-28",
                requests=1000 * number,
                outcome="not_answerable" if number == 3 else "inconclusive",
                estimate=None if number == 3 else -0.01,
                bound=None if number == 3 else Interval(low, -0.01 + half, "confidence", 0.9),
                margin=0.02,
                n_new=1,
                n_revised=0,
                deciding_study="group_comparison" if number < 7 else "home_away",
                settings={"margin": 0.03 if number < 10 else 0.02},
            )
        )
    return History(tuple(rows))


def rates_of(table: PublishedTable, group: str) -> list[PrintedRate]:
    """Return the longest period's printed rates of a group."""
    return [row.cells[0] for row in table.rows if row.group == group]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", ["slide", "a4", "notebook"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_size_fits_and_has_every_glyph(drawers, tmp_path: Path, name, size, language) -> None:
    figure = drawers[name](language=language, size=size)
    figures.save_figure(figure, tmp_path / "figure.svg")
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    width, height = figure.canvas.get_width_height()
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes]
    for box in boxes:
        assert box.x0 >= -1
        assert box.x1 <= width + 1
        assert box.y0 >= -1
        assert box.y1 <= height + 1
    for place, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[place + 1 :])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_bytes_twice(drawers, name: str) -> None:
    one, other = (
        figures.figure_bytes(drawers[name](language="ja", size="notebook"), ".svg")
        for _ in range(2)
    )
    assert one == other


@pytest.mark.parametrize("name", NAMES)
def test_the_languages_differ(drawers, name: str) -> None:
    titles = {
        language: drawers[name](language=language).get_suptitle() for language in ("ja", "en")
    }
    assert titles["en"].isascii()
    assert not titles["ja"].isascii()


def _marks(figure: Any, *, along: str) -> list[float]:
    """Positions of all marks in drawing order, lines without marks left out."""
    return [
        float(at)
        for axes in figure.axes
        for line in axes.lines
        if line.get_marker() in ("o", "s")
        for at in (line.get_xdata() if along == "x" else line.get_ydata())
    ]


def test_a_forest_draws_its_data_and_keeps_what_could_not_be_run(
    around: Finding, committee: PublishedTable, make_table
) -> None:
    refused = ss.PublishedOnly().run(make_table(["10.0"], ["11.0", "12.0"]))
    listed = [around, ss.PublishedOnly(margin=0.02).run(committee), refused]
    data = figures.forest_data(listed)
    assert data["estimate_pp"].isna().to_list() == [False, False, True]
    assert data["outcome"].to_list()[2] == "not answerable"
    figure = figures.forest(listed)
    assert _marks(figure, along="x") == data["estimate_pp"].dropna().to_list()
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words[2] == "not answerable"
    # the margin that the user named, and nothing where none was
    dashed = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    assert [float(line.get_xdata()[0]) for line in dashed] == [-2.0]
    assert not [
        line for line in figures.forest([refused]).axes[0].lines if line.get_linestyle() == "--"
    ]


def test_an_event_study_draws_its_data(around: Finding) -> None:
    data = figures.event_study_data(around)
    figure = figures.event_study(around)
    assert _marks(figure, along="y") == pytest.approx(data["estimate_pp"].to_list())
    assert data["offset"].is_monotonic_increasing
    assert (data["low_pp"] <= data["estimate_pp"]).all()


def test_a_funnel_draws_its_data(single: Finding) -> None:
    data = figures.funnel_data(single)
    assert len(data) == len(single.league)
    drawn = sorted(_marks(figures.funnel(single), along="y"))
    assert drawn == pytest.approx(sorted(data["rate_pct"]))
    outside = data[data["outside"] != ""]
    beyond = (outside["rate_pct"] < outside["low_95_pct"]) | (
        outside["rate_pct"] > outside["high_95_pct"]
    )
    assert beyond.all()


def test_a_specification_curve_draws_its_data(family: Finding) -> None:
    data = figures.specification_curve_data(family)
    figure = figures.specification_curve(family)
    drawn = [
        float(line.get_xdata()[0])
        for line in figure.axes[0].lines
        if line.get_marker() in ("o", "D")
    ]
    assert drawn == data["estimate_pp"].to_list()
    assert data["estimate_pp"].is_monotonic_increasing
    assert data["specification"].is_unique
    assert data["primary"].sum() == 1
    assert (data["p_adjusted"] >= data["p_value"]).all()
    japanese = figures.specification_curve_data(family, "ja")["specification"]
    assert not any(words.isascii() for words in japanese)


def test_a_trend_draws_the_groups_own_rates(counts: Counts) -> None:
    data = figures.monthly_trend_data(counts)
    frame = counts.frame
    for group in ("incumbent", "entrant"):
        own = frame[frame["group"] == group].groupby("period_start")[["errors", "requests"]].sum()
        expected = (100 * own["errors"] / own["requests"]).to_list()
        assert data.loc[data["group"] == group, "rate_pct"].to_list() == pytest.approx(expected)
    drawn = _marks(figures.monthly_trend(counts), along="y")
    assert drawn == pytest.approx(data.sort_values("group", ascending=False)["rate_pct"].to_list())


def test_leaked_fields_are_the_facts() -> None:
    facts = ss.facts.leaked_fields()
    figure = figures.leaked_fields_by_area()
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words.count("●") == int(facts["leaked"].sum())
    # page 16: contracts viewed in Tohoku and Chubu
    assert {"37,263", "85,784"} <= set(words)


def test_a_waterfall_ends_at_the_first_rate(counts: Counts) -> None:
    parts = ss.rates.decompose(counts.group("incumbent"), counts.group("entrant"), by=("area",))
    data = figures.waterfall_data(parts)
    assert data["change_pp"].dropna().sum() == pytest.approx(100 * parts.difference)
    assert data["top_pct"].iloc[-2] == pytest.approx(100 * parts.first_rate)
    heights = [patch.get_height() for patch in figures.waterfall(parts, **SIDES).axes[0].patches]
    assert heights == pytest.approx(data["change_pp"].dropna().abs().to_list())


def test_what_becomes_of_errors_adds_up(journeys: Journeys) -> None:
    data = figures.attrition_flow_data(journeys)
    whole = data[["resolved_pct", "withdrawn_pct", "open_pct"]].sum(axis=1)
    assert np.allclose(whole[data["open_pct"].notna()], 100)
    entered = journeys.frame.groupby("group")["entered"].sum()
    assert data[data["day"] == 0].set_index("group")["at_risk"].to_dict() == entered.to_dict()


def test_findings_without_anything_to_draw_are_refused(committee: PublishedTable) -> None:
    finding = ss.PublishedOnly().run(committee)
    with pytest.raises(UsageError, match="nothing to draw"):
        figures.event_study(finding)
    with pytest.raises(UsageError, match="nothing to draw"):
        figures.funnel(finding)
    with pytest.raises(UsageError, match="nothing to draw"):
        figures.specification_curve(finding)


def test_a_calibration_profile_is_hollow_where_a_test_rejects_too_often() -> None:
    """Rates are those of the committed study; hollow is by its own rule, three errors above 5 %."""
    study, tests = calibration(), ["welch", "pooled_z"]
    data = figures.calibration_profile_data(study, tests)
    assert len(data) == 2 * 2 * len(study.worlds)
    figure = figures.calibration_profile(study, tests)
    marks = [line for axes in figure.axes for line in axes.lines if line.get_marker() in "os"]
    hollow = [line.get_markerfacecolor() == "white" for line in marks]
    assert len(marks) == len(data)
    assert hollow.count(False) == int(data["holds"].sum())
    null = data[(data["kind"] == "size") & (data["test"] == "Pooled z (naive)")]
    limit = 5 + 3 * 100 * (0.05 * 0.95 / 10_000) ** 0.5
    assert (null["holds"] == (null["rejected_pct"] <= limit)).all()
    with pytest.raises(UsageError, match="no test 'z'"):
        figures.calibration_profile(study, ["z"])
    with pytest.raises(UsageError, match="told apart"):
        figures.calibration_profile(study, study.tests[:5])


def test_a_track_record_draws_its_data() -> None:
    data = figures.track_record_data(track())
    figure = figures.track_record(track())
    drawn = [
        float(line.get_ydata()[0]) for line in figure.axes[0].lines if line.get_marker() == "o"
    ]
    assert drawn == data["estimate_pp"].dropna().to_list()
    assert data["estimate_pp"].isna().sum() == 1
    assert data["outcome"].iloc[2] == "not answerable"
    assert data["changed"].to_list() == [*[""] * 6, "deciding_study", "", "", "margin", "", ""]
    nothing = History(tuple(row for row in track().rows if row.estimate is None))
    with pytest.raises(UsageError, match="nothing to draw"):
        figures.track_record(nothing)


def test_a_track_record_marks_where_the_headline_rests_on_something_else() -> None:
    figure = figures.track_record(track())
    marks = [line for line in figure.axes[0].lines if line.get_marker() == "D"]
    # between the runs: places count from 0, so that run 7 stands at 6
    assert [float(line.get_xdata()[0]) for line in marks] == [5.5, 8.5]
    assert [line.get_markerfacecolor() for line in marks] == ["black", "white"]
    (legend,) = figure.legends
    words = [each.get_text() for each in legend.get_texts()]
    assert words == ["another study decides from here", "estimand or settings change from here"]
    assert legend.get_window_extent().x0 > figure._suptitle.get_window_extent().x1
    steady = History(track().rows[:6])
    assert figures.track_record(steady).legends == []


def test_a_trend_needs_two_periods(counts: Counts) -> None:
    with pytest.raises(UsageError, match="two periods"):
        figures.monthly_trend(counts.during(counts.periods[0]))


def test_pictures_are_those_that_the_page_asks_for(
    around: Finding, single: Finding, family: Finding
) -> None:
    from switchstats.report import finding_document
    from switchstats.report.document import Picture

    for finding in (around, single, family):
        asked = {
            block.name for block in finding_document(finding).blocks if isinstance(block, Picture)
        }
        assert asked == set(figures.picture_names(finding)) == set(figures.pictures(finding))


def test_a_permutation_distribution_draws_its_data(committee: PublishedTable) -> None:
    first, second = (rates_of(committee, group) for group in ("incumbent", "entrant"))
    shown = ss.inference.permutation_distribution(first, second, bars=40)
    figure = figures.permutation_distribution(shown)
    data = figures.permutation_distribution_data(shown)
    bars = figure.axes[0].patches
    assert sorted(bar.get_height() for bar in bars) == sorted(data["splits"])
    # C(20, 10) splits
    assert data["splits"].sum() == 184_756
    filled = [bar for bar in bars if bar.get_x() + bar.get_width() <= 100 * shown.observed]
    assert len({bar.get_facecolor() for bar in filled}) == 1


def test_a_power_curve_draws_its_data_and_refuses_what_cannot_be_told_apart(
    committee: PublishedTable,
) -> None:
    first, second = (rates_of(committee, group) for group in ("incumbent", "entrant"))
    found = ss.inference.minimal_detectable_effect(first, second)
    curve = ss.inference.power_curve(found)
    line = figures.power_curve(curve).axes[0].lines[1]
    data = figures.power_curve_data(curve)
    assert list(line.get_ydata()) == list(data["power_pct"])
    assert list(line.get_xdata()) == list(data["effect_pp"])
    with pytest.raises(UsageError, match="from one to 4"):
        figures.power_curve({Text(str(n), str(n)): curve for n in range(5)})
    other = ss.inference.power_curve(
        ss.inference.minimal_detectable_effect(first, second, power=0.9)
    )
    with pytest.raises(UsageError, match="one wanted power"):
        figures.power_curve({Text("a", "a"): curve, Text("b", "b"): other})
