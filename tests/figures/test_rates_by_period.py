"""The first figure: draws exactly its data, in both languages, with every glyph."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import switchstats as ss
from switchstats.errors import UsageError
from switchstats.figures import figure_bytes, rates_by_period, rates_by_period_data, save_figure
from switchstats.labels import Text
from switchstats.values import PublishedTable, Rates


@pytest.fixture(scope="module")
def rates(committee: PublishedTable) -> Rates:
    return ss.rates.summarise(committee)


def _drawn(figure) -> list[float]:
    """Positions of all marks, in percent."""
    return [
        float(at)
        for axes in figure.axes
        for line in axes.lines
        if line.get_linestyle() == "None"
        for at in line.get_xdata()
    ]


def test_it_draws_exactly_its_data(rates: Rates) -> None:
    data = rates_by_period_data(rates)
    expected = data.loc[data["mark"] == "rate", "rate_pct"]
    assert sorted(_drawn(rates_by_period(rates))) == pytest.approx(sorted(expected))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_names_title_and_credit_are_in_the_chosen_language(
    rates: Rates, committee: PublishedTable, language
) -> None:
    figure = rates_by_period(rates, source=committee.source, language=language)
    words = [text.get_text() for axes in figure.axes[1:] for text in axes.get_yticklabels()]
    assert set(words) == {retailer.name[language] for retailer in committee.retailers}
    assert figure.get_suptitle() == committee.source.title[language]
    assert committee.source.credit[language] in figure.get_supxlabel()


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_bytes_twice(rates: Rates, tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in ("one", "two")]
    for path in paths:
        save_figure(rates_by_period(rates, language="ja", size="notebook"), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("\U0001f600電力", "〓電力"),  # no glyph in the font
        ("$x_1^{2}$", r"\$x_1^{2}\$"),  # no formula
        (r"$\frac{$", r"\$\frac{\$"),  # which would be none that can be read
        ("\u202e改\n行\x07", "改 行 "),
        ("長" * 300, "長" * 17 + "…"),
    ],
    ids=["glyph", "formula", "broken formula", "marks", "length"],
)
def test_any_name_can_be_drawn(rates: Rates, name: str, drawn: str) -> None:
    item = rates.retailers[0]
    named = replace(item.retailer, name=Text(name, name))
    retailers = [
        replace(each, retailer=named) if each.retailer == item.retailer else each
        for each in rates.retailers
    ]
    figure = rates_by_period(replace(rates, retailers=tuple(retailers)), size="notebook")
    assert figure_bytes(figure, ".png")
    words = [tick.get_text() for axes in figure.axes for tick in axes.get_yticklabels()]
    assert drawn in words


def test_two_retailers_of_one_name_have_two_rows(rates: Rates) -> None:
    first = rates.retailers[0].retailer
    second = next(each.retailer for each in rates.retailers if each.retailer != first)
    same = replace(second, name=first.name)
    retailers = [
        replace(each, retailer=same) if each.retailer == second else each
        for each in rates.retailers
    ]
    figure = rates_by_period(replace(rates, retailers=tuple(retailers)), size="notebook")
    words = [tick.get_text() for axes in figure.axes for tick in axes.get_yticklabels()]
    assert words.count(first.name.en) == 2


def test_other_sizes_and_suffixes_are_refused(rates: Rates, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="size is one of"):
        rates_by_period(rates, size="poster")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"\.bmp"):
        save_figure(rates_by_period(rates), tmp_path / "figure.bmp")


def test_a_table_of_one_period(make_table) -> None:
    table = make_table(["10.0", "12.0", "11.0"], ["11.0", "13.0", "12.0"])
    assert len(_drawn(rates_by_period(ss.rates.summarise(table)))) == 6


def test_drawing_leaves_the_settings_of_matplotlib_alone(rates: Rates, tmp_path: Path) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    save_figure(rates_by_period(rates, language="ja"), tmp_path / "figure.svg")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("size", ["slide", "a4", "notebook"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_size_fits(
    rates: Rates, committee: PublishedTable, tmp_path: Path, size, language
) -> None:
    figure = rates_by_period(rates, source=committee.source, language=language, size=size)
    save_figure(figure, tmp_path / "figure.svg")
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    width, height = figure.canvas.get_width_height()
    legend = figure.axes[0].get_legend()
    assert legend is not None
    for part in (*figure.axes, legend):
        box = part.get_tightbbox(renderer)
        assert box is not None
        assert box.x0 >= 0
        assert box.x1 <= width
        assert box.y0 >= 0
        assert box.y1 <= height


def _of_counts(n_entrants: int) -> Rates:
    import pandas as pd

    from switchstats.values import Counts, Retailer

    names = [f"i{k}" for k in range(10)] + [f"e{k}" for k in range(n_entrants)]
    retailers = [
        Retailer(
            name, Text(f"株式会社みらいでんき{name}", f"Mirai Denki {name} Corporation"), group
        )
        for name in names
        for group in ("incumbent" if name[0] == "i" else "entrant",)
    ]
    month = {"period_start": "2023-01-01", "period_end": "2023-02-01", "requests": 100}
    rows = [{"retailer": name, "errors": k % 40, **month} for k, name in enumerate(names)]
    counts = Counts.of(pd.DataFrame(rows), retailers)
    return ss.rates.summarise_counts(counts, ("incumbent", "entrant"))


@pytest.mark.parametrize("n", [10, 20, 60])
@pytest.mark.parametrize("size", ["slide", "a4", "notebook"])
def test_names_never_overlap(n: int, size) -> None:
    figure = rates_by_period(_of_counts(n), size=size, language="ja")
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    names = [tick.label1 for tick in figure.axes[2].yaxis.get_major_ticks()]
    assert len(names) == n
    boxes = sorted((name.get_window_extent(renderer) for name in names), key=lambda box: box.y0)
    for lower, upper in pairwise(boxes):
        assert lower.y1 <= upper.y0 + 0.5


def test_of_very_many_retailers_only_their_number_is_named() -> None:
    figure = rates_by_period(_of_counts(300))
    assert len(_drawn(figure)) == 310
    assert list(figure.axes[2].get_yticks()) == []
    assert "300 retailers" in figure.axes[2].get_ylabel()
