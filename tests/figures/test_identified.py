"""The figure of what printed digits pin down draws exactly its data, in both languages."""

from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import switchstats as ss
from switchstats.errors import UsageError
from switchstats.figures import identified_shares, identified_shares_data, save_figure
from switchstats.values import Finding, PublishedTable


@pytest.fixture(scope="module")
def finding(committee: PublishedTable) -> Finding:
    return ss.PublishedOnly().run(committee)


def _bars(figure) -> list[tuple[float, float]]:
    return [
        tuple(float(end) for end in line.get_xdata())
        for axes in figure.axes
        for line in axes.lines
        if len(set(line.get_ydata())) == 1 and len(line.get_xdata()) == 2
    ]


def test_it_draws_exactly_its_data(finding: Finding) -> None:
    data = identified_shares_data(finding.identified, finding.rates)
    # twenty retailers and two groups; two changes and their difference, at either mix
    assert list(data["kind"].value_counts().sort_index()) == [4, 2, 2, 20]
    expected = sorted(zip(data["low"], data["high"], strict=True))
    assert sorted(_bars(identified_shares(finding.identified, finding.rates))) == expected


def test_the_data_are_the_findings(finding: Finding) -> None:
    data = identified_shares_data(finding.identified, finding.rates).set_index("bar")
    # (whole - before) / (after - before) at the corners of Kansai's rounded rates
    assert data.loc["Kansai Electric Power", "low"] == pytest.approx(25.58, abs=0.006)
    assert data.loc["Kansai Electric Power", "high"] == pytest.approx(30.23, abs=0.006)
    # 59 days of 334
    assert data.loc["Kansai Electric Power", "reference"] == pytest.approx(100 * 59 / 334)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_words_are_in_the_chosen_language(
    finding: Finding, committee: PublishedTable, language
) -> None:
    figure = identified_shares(
        finding.identified, finding.rates, source=committee.source, language=language
    )
    words = [text.get_text() for axes in figure.axes for text in axes.get_yticklabels()]
    assert {retailer.name[language] for retailer in committee.retailers} <= set(words)
    not_confidence = {"ja": "信頼区間ではない", "en": "not a confidence interval"}[language]
    assert not_confidence in " ".join(figure.get_supxlabel().split())


@pytest.mark.parametrize("size", ["slide", "a4", "notebook"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_size_fits_and_has_every_glyph(
    finding: Finding, committee: PublishedTable, tmp_path: Path, size, language
) -> None:
    figure = identified_shares(
        finding.identified,
        finding.rates,
        source=committee.source,
        language=language,
        size=size,
    )
    save_figure(figure, tmp_path / "figure.svg")
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    width, height = figure.canvas.get_width_height()
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes]
    for box in boxes:
        assert box.x0 >= 0
        assert box.x1 <= width
        assert box.y0 >= 0
        assert box.y1 <= height
    panels = boxes[1:]
    for place, one in enumerate(panels):
        assert not any(one.overlaps(other) for other in panels[place + 1 :])


def test_the_same_bytes_twice(finding: Finding, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.png" for name in ("one", "two")]
    for path in paths:
        figure = identified_shares(finding.identified, finding.rates, size="notebook")
        save_figure(figure, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_table_of_one_period_has_nothing_to_draw(make_table) -> None:
    table = make_table(["10.0", "12.0", "11.0", "9.0"], ["11.0", "13.0", "12.0", "9.5"])
    finding = ss.PublishedOnly().run(table)
    with pytest.raises(UsageError, match="nothing to draw"):
        identified_shares(finding.identified, finding.rates)
