"""The verdicts of several studies side by side: estimate, bounds and what each concludes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from switchstats.figures.frame import (
    foot_lines,
    hundredfold,
    interval_line,
    plain_axes,
    row_labels,
    titled,
)
from switchstats.figures.style import (
    GREY,
    HouseFigure,
    Size,
    colour,
    font,
    marker,
    new_figure,
    wrapped,
)
from switchstats.labels import Language, confidence, group_name, label, p_value, points
from switchstats.values import Finding, Verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["forest", "forest_data"]

_NAMES_SHARE = 0.25


def forest_data(findings: Finding | Sequence[Finding], language: Language = "en") -> "pd.DataFrame":
    """Return exactly what `forest` draws, one study a row.

    Returns
    -------
    pandas.DataFrame
        ``study`` (name), ``outcome`` (short, in words), ``estimate_pp``, ``low_pp`` and ``high_pp``
        (one-sided bounds in points; absent where there are none), ``p_value``, ``n_first`` and
        ``n_second`` (retailers), ``grade``.

    Examples
    --------
    >>> import switchstats as ss
    >>> finding = ss.Dossier().run(ss.load_published("egc-083"))
    >>> forest_data(finding)["study"].to_list()
    ['Study of the published table', 'Comparison before and after']
    """
    import pandas as pd

    return pd.DataFrame([_row(finding, language) for finding in _listed(findings)])


def forest(
    findings: Finding | Sequence[Finding],
    *,
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw one row a study: its estimate with both one-sided bounds, and its verdict in words.

    A study that could not be run keeps its row and says so. A dashed line marks the advantage
    that the user called relevant (the margin), where one was given.

    Parameters
    ----------
    findings
        A finding that sums up others, whose parts are drawn, or findings to set side by side.
    language, size
        As in every figure.

    Notes
    -----
    The studies estimate different things (a gap between groups, an effect on the requests that
    were exposed), and most use the same requests: rows are neither alternatives to choose from nor
    independent votes.
    """
    listed = _listed(findings)
    figure = new_figure(size)
    axes = figure.add_subplot()
    rows = [_row(finding, language) for finding in listed]
    names = [wrapped(str(row["study"]), figure, 12, _NAMES_SHARE) for row in rows]
    axes.set_xlim(*_span(listed))
    for place, finding in enumerate(listed):
        _draw(axes, place, finding.verdict, language)
    axes.axvline(0, color="black", linewidth=0.9, zorder=1)
    margin = next((f.verdict.margin for f in listed if f.verdict.margin is not None), None)
    if margin is not None:
        axes.axvline(-100 * margin, color=GREY, linestyle="--", linewidth=1.2, zorder=1)
    verdict = listed[0].verdict
    first = group_name(verdict.groups[0])
    words = label("figure.forest_axis", language, first=first)
    axes.set_xlabel(words, fontproperties=font(11))
    plain_axes(axes, points=11)
    row_labels(axes, names, 12)
    notes = [label("figure.forest_bounds", language, level=confidence(verdict.level))]
    if margin is not None:
        notes.append(label("figure.forest_margin", language, margin=points(margin)))
    notes.append(label("figure.forest_note", language))
    source = next((finding.source for finding in listed if finding.source is not None), None)
    titled(figure, label("figure.forest_title", language), foot_lines(notes, source, language))
    return figure


def _listed(findings: Finding | Sequence[Finding]) -> list[Finding]:
    if isinstance(findings, Finding):
        return list(findings.parts) if findings.parts else [findings]
    return list(findings)


def _row(finding: Finding, language: Language) -> dict[str, object]:
    verdict = finding.verdict
    name = label(f"study_name.{finding.study}", language)
    bound = verdict.bound
    return {
        "study": name[:1].upper() + name[1:],
        "outcome": label(f"outcome.{verdict.outcome.value}", language),
        "estimate_pp": hundredfold(verdict.estimate),
        "low_pp": None if bound is None else hundredfold(bound.low),
        "high_pp": None if bound is None else hundredfold(bound.high),
        "p_value": verdict.p_value,
        "n_first": verdict.n_by_group[0],
        "n_second": verdict.n_by_group[1],
        "grade": verdict.grade.key,
    }


def _span(findings: Sequence[Finding]) -> tuple[float, float]:
    """Return limits that hold zero, every estimate and margin and all bounds of sensible size."""
    seen = [0.0]
    for finding in findings:
        verdict = finding.verdict
        ends = () if verdict.bound is None else (verdict.bound.low, verdict.bound.high)
        seen += [100 * x for x in (verdict.estimate, *ends) if x is not None]
        seen += [] if verdict.margin is None else [-100 * verdict.margin]
    spread = max(max(seen) - min(seen), 0.5)
    return min(seen) - 0.06 * spread, max(seen) + 0.06 * spread


def _draw(axes: Axes, place: int, verdict: Verdict, language: Language) -> None:
    words = label(f"outcome.{verdict.outcome.value}", language)
    if verdict.estimate is not None:
        ends = (None, None) if verdict.bound is None else (verdict.bound.low, verdict.bound.high)
        low, high = (hundredfold(end) for end in ends)
        interval_line(axes, place, (low, high), ink=colour(0), width=3)
        axes.plot(
            100 * verdict.estimate,
            place,
            marker=marker(0),
            markersize=10,
            color=colour(0),
            linestyle="none",
            zorder=3,
        )
        first, second = verdict.n_by_group
        p = "" if verdict.p_value is None else p_value(verdict.p_value)
        words += "\n" + label("figure.forest_p", language, p=p, first=first, second=second)
    axes.annotate(
        words,
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(10, 0),
        textcoords="offset points",
        fontproperties=font(11),
        va="center",
    )
