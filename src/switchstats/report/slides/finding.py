"""Lays a finding out as slides: the verdict, the rates, the tests, and what cannot be answered."""

from collections.abc import Sequence
from dataclasses import replace

from switchstats.figures import picture_names
from switchstats.labels import Text, group_name, joined, text
from switchstats.report.display import (
    cautions_of,
    checks_table,
    effects_table,
    group_table,
    identified_tables,
    is_repeated,
    league_table,
    refusals_table,
    retailer_table,
    tables_of_tests,
)
from switchstats.report.document import Picture, Table
from switchstats.report.slides.deck import Chart, Charts, Deck, Series, Slide
from switchstats.values import Finding, Outcome, Rates, sentences

__all__ = ["finding_slides"]

# More bars of a group are no chart to read, more rows no table for slides: some are shown.
_MOST_BARS, _MOST_ROWS, _SHOWN_ROWS = 40, 60, 16
# More sentences are too many for one slide.
_MOST_SAID = 12


def finding_slides(finding: Finding) -> Deck:
    """Return the slides of one finding.

    Rates that make up to 40 bars a group are charts whose data can be edited; more are a picture.
    Tables of more than 60 retailers show the 16 largest by requests, or the first 16 of a printed
    table, which has no requests, and say so.

    Examples
    --------
    >>> import switchstats as ss
    >>> deck = finding_slides(ss.PublishedOnly().run(ss.load_published("egc-083")))
    >>> deck.slides[0].title == deck.title, type(deck.slides[2].body).__name__
    (True, 'Charts')
    """
    slides = [
        *_verdict(finding),
        *_parts(finding),
        *_rates(finding),
        *(_picture(finding, name) for name in _pictures(finding)),
        *(_table(table, (*_method(finding), *cautions_of(finding))) for table in _tests(finding)),
    ]
    if finding.checks:
        slides.append(_table(checks_table(finding)))
    slides += [_table(effects_table(finding))] if finding.effects else []
    slides += [_table(_shortened(league_table(finding)))] if finding.league else []
    slides += [_table(_shortened(table)) for table in identified_tables(finding)]
    if finding.not_answerable:
        slides.append(_table(refusals_table(finding)))
    return Deck(finding.question, tuple(slides))


def _verdict(finding: Finding) -> list[Slide]:
    """Return what a verdict always carries, and on a slide of its own what it rests on besides."""
    if len(finding.sentences) <= _MOST_SAID:
        return [Slide(finding.question, finding.sentences, speaker=_method(finding))]
    core = sentences(replace(finding.verdict, reasons=()))
    besides = tuple(each for each in finding.sentences if each not in core)
    return [
        Slide(finding.question, core, speaker=_method(finding)),
        Slide(text("slides.rests_on"), besides, speaker=_method(finding)),
    ]


def _parts(finding: Finding) -> list[Slide]:
    """Return what the studies say; those that could not run stand in the table of refusals."""
    return [
        Slide(text(f"study_name.{part.study}").heading, part.sentences, speaker=_method(part))
        for part in finding.parts
        if part.verdict.outcome is not Outcome.NOT_ANSWERABLE and not is_repeated(finding, part)
    ]


def _rates(finding: Finding) -> list[Slide]:
    rates, title = finding.rates, text("heading.rates")
    groups = tuple(dict.fromkeys(item.retailer.group for item in rates.retailers))
    tables = [retailer_table(rates, group, finding.source) for group in groups]
    notes = tables[0].notes if tables else ()
    numbers = _numbers(group_table(rates))
    slides: list[Slide] = []
    if _few(rates, groups):
        charts = tuple(_chart(rates, group, place) for place, group in enumerate(groups))
        slides.append(Slide(title, body=Charts(charts, notes), speaker=numbers))
    slides += [_table(_shortened(table)) for table in tables]
    return [*slides, _table(group_table(rates))]


def _few(rates: Rates, groups: Sequence[str]) -> bool:
    """Tell whether the rates can be read off a chart."""
    sizes = [
        len({item.retailer for item in rates.retailers if item.retailer.group == group})
        for group in groups
    ]
    return bool(sizes) and (max(sizes) + 1) * len(rates.periods) <= _MOST_BARS


def _chart(rates: Rates, group: str, place: int) -> Chart:
    """Return one group's rates, its weighted average last."""
    retailers = tuple(
        dict.fromkeys(item.retailer for item in rates.retailers if item.retailer.group == group)
    )
    known = {(item.retailer, item.period): item.rate for item in rates.retailers}
    averages = [rates.group(group, column.period, "mean", "requests") for column in rates.periods]
    return Chart(
        title=text("display.retailers_title", group=group_name(group).heading),
        categories=(
            *(retailer.name for retailer in retailers),
            text("display.average_row", n=len(retailers)),
        ),
        series=tuple(
            Series(
                column.label,
                (
                    *(known.get((retailer, column.period)) for retailer in retailers),
                    None if average is None else average.rate,
                ),
            )
            for column, average in zip(rates.periods, averages, strict=True)
        ),
        group=place,
    )


def _pictures(finding: Finding) -> list[str]:
    """Return the pictures to show: that of the rates only where no chart shows them."""
    groups = tuple(dict.fromkeys(item.retailer.group for item in finding.rates.retailers))
    charted = _few(finding.rates, groups)
    return [name for name in picture_names(finding) if not (charted and name == "rates_by_period")]


def _picture(finding: Finding, name: str) -> Slide:
    alternative = text(f"figure.{name}_alternative")
    return Slide(
        text(f"slides.title_{name}"),
        body=Picture(name, alternative),
        speaker=(alternative, *finding.sentences),
    )


def _tests(finding: Finding) -> list[Table]:
    return tables_of_tests(finding) if finding.tests else []


def _table(table: Table, speaker: tuple[Text, ...] = ()) -> Slide:
    return Slide(table.title, body=table, speaker=(*speaker, *_numbers(table)))


def _shortened(table: Table) -> Table:
    """Return a table of at most so many rows, its totals kept, saying which are shown.

    They are the largest, in the order in which they stood; where nothing tells which are large, the
    first.
    """
    rows = table.rows[: len(table.rows) - table.n_totals]
    if len(rows) <= _MOST_ROWS:
        return table
    totals, places = table.rows[len(rows) :], range(len(rows))
    if table.sizes is None:
        note = text("slides.first_rows", n=_SHOWN_ROWS, all=len(rows))
    else:
        sizes = table.sizes.rows
        places = sorted(places, key=lambda place: -sizes[place])
        note = text("slides.largest_rows", n=_SHOWN_ROWS, all=len(rows), of=table.sizes.of)
    shown = [rows[place] for place in sorted(places[:_SHOWN_ROWS])]
    return replace(table, rows=(*shown, *totals), notes=(note, *table.notes), sizes=None)


def _method(finding: Finding) -> tuple[Text, ...]:
    """Return what was asked, how it was tested, and what must be known besides."""
    notes = (note for test in finding.tests[:1] for note in test.notes)
    version = text("report.version", version=finding.provenance.version)
    return (finding.question, *notes, *finding.verdict.reasons, version)


def _numbers(table: Table) -> tuple[Text, ...]:
    """Return a table's rows as lines of words."""
    return (table.title, *(joined(list(row)) for row in table.rows[:_MOST_ROWS]))
