"""What the headline said in each run of a study: its track record."""

from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.figures.frame import foot_lines, hundredfold, interval_line, plain_axes, titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, new_figure
from switchstats.labels import Language, label
from switchstats.values import History, HistoryRow, decides_anew

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

__all__ = ["track_record", "track_record_data"]

# labels that fit side by side: a run's number, and the longer day below it
_MOST_LABELS = 16
_MOST_DAYS = 8


def track_record_data(history: History, language: Language = "en") -> "pd.DataFrame":
    """Return exactly what `track_record` draws, one run a row.

    Returns
    -------
    pandas.DataFrame
        ``run``, ``last_day``, ``outcome`` (in words), ``estimate_pp``, ``low_pp`` and ``high_pp``
        (absent where there is no bound); ``deciding_study`` and ``changed``, what the headline
        rests on otherwise than before, joined by semicolons.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "run": row.number,
                "last_day": row.last_day,
                "outcome": label(f"outcome.{row.outcome}", language),
                "estimate_pp": hundredfold(row.estimate),
                "low_pp": None if row.bound is None else hundredfold(row.bound.low),
                "high_pp": None if row.bound is None else hundredfold(row.bound.high),
                "deciding_study": row.deciding_study,
                "changed": ";".join(changed),
            }
            for row, changed in zip(history.rows, history.changes, strict=True)
        ]
    )


def track_record(
    history: History, *, language: Language = "en", size: Size = "slide"
) -> HouseFigure:
    """Draw the headline's estimate with its one-sided bounds, run by run.

    A run without an estimate keeps its place and says its outcome. An upright line stands before a
    run whose headline rests on something else than before: with a filled diamond where another
    study decides, with an open one where its estimand or settings changed. Runs are not
    independent: each holds the data of those before.

    Parameters
    ----------
    history
        Of one study.
    language, size
        As in every figure.

    Raises
    ------
    UsageError
        When no run has an estimate.
    """
    rows = history.rows
    if not history.has_estimates:
        raise UsageError("there is nothing to draw: no run has an estimate")
    figure = new_figure(size)
    axes = figure.add_subplot()
    axes.axhline(0, color="black", linewidth=1)
    margin = rows[-1].margin
    if margin is not None:
        axes.axhline(-100 * margin, color=GREY, linewidth=1.2, linestyle="--")
    axes.set_ylim(*_limits(rows))
    axes.set_xlim(-0.6, len(rows) - 0.4)
    for place, row in enumerate(rows):
        if row.estimate is None:
            words = label(f"outcome.{row.outcome}", language)
            axes.text(
                place, 0, words, rotation=90, ha="center", va="center", fontproperties=font(10)
            )
            continue
        if row.bound is not None:
            both = (hundredfold(row.bound.low), hundredfold(row.bound.high))
            interval_line(axes, place, both, ink=colour(0), upright=True)
        axes.plot([place], [100 * row.estimate], "o", color=colour(0), markersize=9)
    _mark_changes(figure, axes, history, language)
    places, names = _labels(history, language)
    axes.set_xticks(places, labels=names)
    plain_axes(axes, grid="y")
    axes.set_ylabel(label("figure.track_axis", language), fontproperties=font(11))
    notes = [label("figure.track_bounds", language), label("figure.track_note", language)]
    if margin is not None:
        notes.insert(1, label("figure.track_margin", language))
    titled(figure, label("figure.track_title", language), foot_lines(notes, None, language))
    return figure


def _mark_changes(figure: HouseFigure, axes: "Axes", history: History, language: Language) -> None:
    """Draw where the headline begins to rest on something else, and say so in a legend."""
    drawn: dict[str, Line2D] = {}
    for place, changed in enumerate(history.changes):
        if not changed:
            continue
        anew = decides_anew(changed)
        # between two runs; the mark above the axes, where no bound reaches
        (line,) = axes.plot(
            [place - 0.5] * 2,
            [0, 1.03],
            transform=axes.get_xaxis_transform(),
            color="black",
            linewidth=1.2,
            linestyle="-" if anew else ":",
            marker="D",
            markevery=[1],
            markersize=8,
            markerfacecolor="black" if anew else "white",
            clip_on=False,
        )
        drawn["study" if anew else "terms"] = line
    if drawn:
        keys = sorted(drawn)
        names = [label(f"figure.track_{key}_changed", language) for key in keys]
        lines = [drawn[key] for key in keys]
        figure.legend(
            lines, names, loc="outside upper right", ncols=2, frameon=False, prop=font(10)
        )


def _limits(rows: tuple[HistoryRow, ...]) -> tuple[float, float]:
    """Return what holds 0 and every estimate and bound in points, with some room."""
    ends = [
        100 * end
        for row in rows
        for end in (
            (row.estimate, row.bound.low, row.bound.high)
            if row.bound is not None
            else (row.estimate,)
        )
        if end is not None
    ]
    pad = 0.08 * (max(*ends, 0) - min(*ends, 0)) or 1.0
    return min(*ends, 0) - pad, max(*ends, 0) + pad


def _labels(history: History, language: Language) -> tuple[list[int], list[str]]:
    """Return where labels stand and what they say: the last run's always, others evenly before."""
    n = len(history.rows)
    step = -(-n // _MOST_LABELS)
    places = list(range((n - 1) % step, n, step))
    dated = -(-len(places) // _MOST_DAYS)
    names: list[str] = []
    for back, place in zip(range(len(places) - 1, -1, -1), places, strict=True):
        row = history.rows[place]
        name = label("figure.track_run", language, n=row.number)
        day = row.last_day if back % dated == 0 else None
        names.append(name if day is None else f"{name}\n{day}")
    return places, names
