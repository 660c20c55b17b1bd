"""Lays the runs of a study out: the headline's picture over the runs, and the table beside it."""

from switchstats.labels import Text, signed_points, text
from switchstats.report.document import Block, Heading, Picture, Table
from switchstats.values import History, HistoryRow, changed_words, decides_anew

__all__ = ["change_notes", "track_record_blocks"]

_COLUMNS = (
    *("run", "last_day", "requests", "look", "study", "outcome", "estimate", "bound", "changed"),
    *("new_periods", "revised"),
)
_NUMERIC = frozenset({0, 2, 3, 6, 9, 10})


def track_record_blocks(history: History) -> list[Block]:
    """Return heading, picture and table of a study's runs.

    The table leaves out when a run was made, so that the page has no clock. Where no run has an
    estimate there is no picture.
    """
    blocks: list[Block] = [Heading(text("heading.track_record"))]
    if history.has_estimates:
        blocks.append(Picture("track_record", text("figure.track_record_alternative")))
    return [*blocks, _table(history)]


def _table(history: History) -> Table:
    return Table(
        title=text("figure.track_title"),
        header=tuple(text(f"history.{name}") for name in _COLUMNS),
        rows=tuple(
            _cells(row, changed) for row, changed in zip(history.rows, history.changes, strict=True)
        ),
        numeric=_NUMERIC,
        notes=(text("figure.track_note"), *change_notes(history)),
    )


def change_notes(history: History) -> tuple[Text, ...]:
    """Say what the marks of changes mean, and how to see what changed: of those that are there."""
    changes = [each for each in history.changes if each]
    marks = dict.fromkeys(
        "history.study_note" if decides_anew(each) else "history.terms_note" for each in changes
    )
    notes = [text(mark) for mark in sorted(marks)]
    return (*notes, text("history.diff_note")) if notes else ()


def _cells(row: HistoryRow, changed: tuple[str, ...]) -> tuple[Text, ...]:
    blank = text("display.blank")
    return (
        _same(str(row.number)),
        blank if row.last_day is None else _same(row.last_day),
        blank if row.requests is None else _same(f"{row.requests:,}"),
        row.look_words,
        row.study_words,
        text(f"outcome.{row.outcome}"),
        _points(row.estimate),
        blank
        if row.bound is None
        else text("interval.both", low=_points(row.bound.low), high=_points(row.bound.high)),
        changed_words(changed),
        _same(str(row.n_new)),
        _same(str(row.n_revised)),
    )


def _points(size: float | None) -> Text:
    return text("display.blank") if size is None else _same(signed_points(size))


def _same(words: str) -> Text:
    return Text(words, words)
