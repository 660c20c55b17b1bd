"""Tables for people, with the conventions of the committee's slides."""

from collections.abc import Sequence

from switchstats.labels import Text, confidence, group_name, p_value, percent, signed_points, text
from switchstats.report.document import Sizes, Table
from switchstats.values import (
    TEST_COLUMNS,
    Finding,
    GroupRate,
    IdentifiedQuantity,
    PrintedRate,
    RateDifference,
    Rates,
    Source,
    Statistic,
    TestResult,
    Weighting,
    cells_of,
)

__all__ = [
    "cautions_of",
    "checks_table",
    "effects_table",
    "group_table",
    "identified_tables",
    "is_repeated",
    "league_table",
    "refusals_table",
    "retailer_table",
    "tables_of_tests",
]

_SUMMARIES: tuple[tuple[Statistic, Weighting], ...] = (
    ("mean", "requests"),
    ("mean", "equal"),
    ("median", "equal"),
    ("minimum", "equal"),
    ("maximum", "equal"),
)


def retailer_table(rates: Rates, group: str, source: Source | None) -> Table:
    """Return one group's rates, as printed where they were: the weighted average last."""
    retailers = dict.fromkeys(
        item.retailer for item in rates.retailers if item.retailer.group == group
    )
    cells = {
        (item.retailer, item.period): _rate(item.rate, item.printed) for item in rates.retailers
    }
    periods = [column.period for column in rates.periods]
    rows = [
        (retailer.name, *(cells.get((retailer, period), _blank()) for period in periods))
        for retailer in retailers
    ]
    averages = [rates.group(group, period, "mean", "requests") for period in periods]
    has_average = any(averages)
    if has_average:
        name = text("display.average_row", n=len(rows))
        rows.append((name, *(_average(average) for average in averages)))
    return Table(
        title=text("display.retailers_title", group=group_name(group).heading),
        header=(group_name(group).heading, *(column.label for column in rates.periods)),
        rows=tuple(rows),
        numeric=frozenset(range(1, len(periods) + 1)),
        n_totals=int(has_average),
        notes=_notes(source),
        sizes=_sizes(rates, group),
    )


def group_table(rates: Rates) -> Table:
    """Return the summaries of each group and the differences, by period, weighting named."""
    periods = [column.period for column in rates.periods]
    groups = tuple(dict.fromkeys(row.group for row in rates.groups))
    rows: list[tuple[Text, ...]] = []
    for statistic, weighting in _SUMMARIES:
        for group in groups:
            found = [rates.group(group, period, statistic, weighting) for period in periods]
            if any(found):
                name = text(f"statistic.{_statistic(statistic, weighting, found)}")
                rows.append((name, group_name(group), *(_summary(row) for row in found)))
        if statistic == "mean":
            differences = [rates.difference(period, weighting) for period in periods]
            if any(differences):
                name = text(f"statistic.difference_{weighting}")
                sides = text(
                    "display.minus", first=group_name(groups[0]), second=group_name(groups[1])
                )
                rows.append((name, sides, *(_points(gap) for gap in differences)))
    return Table(
        title=text("display.groups_title"),
        header=(text("column.statistic"), text("column.group"), *(c.label for c in rates.periods)),
        rows=tuple(rows),
        numeric=frozenset(range(2, len(periods) + 2)),
        notes=(_note_of(rates),),
    )


def tables_of_tests(finding: Finding) -> list[Table]:
    """Return one table an estimand, which is its title; the primary test is marked."""
    estimands = dict.fromkeys(test.estimand for test in finding.tests)
    first, second = (group_name(group) for group in finding.verdict.groups)
    note = text("display.tests_note", first=first, second=second)
    left_out = {"estimand"}
    if all(test.p_rounding is None for test in finding.tests):
        left_out.add("p_rounding")
    columns = [name for name in TEST_COLUMNS if name not in left_out]
    numeric = {"estimate", "interval", "p_value", "p_rounding", "n_units"}
    return [
        Table(
            title=text("display.tests_title", estimand=text(f"estimand.{estimand}")),
            header=(text("column.role"), *(text(f"column.{name}") for name in columns)),
            rows=tuple(
                _test(finding, test, columns) for test in finding.tests if test.estimand == estimand
            ),
            numeric=frozenset(
                place for place, name in enumerate(columns, start=1) if name in numeric
            ),
            notes=(note,),
        )
        for estimand in estimands
    ]


def cautions_of(finding: Finding) -> tuple[Text, ...]:
    """Return what may mislead about the tests, each method's once."""
    return tuple(
        dict.fromkeys(
            text("display.caution", method=text(f"method.{test.method}"), caution=caution.message)
            for test in finding.tests
            for caution in test.cautions
        )
    )


def checks_table(finding: Finding) -> Table:
    """Return the checks with their marks."""
    marks = {True: "passed", False: "failed", None: "unknown"}
    rows = [(text(f"check_mark.{marks[check.passed]}"), check.text) for check in finding.checks]
    return Table(
        title=text("heading.checks"),
        header=(text("column.result"), text("column.check")),
        rows=tuple(rows),
    )


def identified_tables(finding: Finding) -> list[Table]:
    """Return the shares of each period, and everything else that is known to a range."""
    note = (text("bounds.heading_note"),)
    shares = [each for each in finding.identified if each.name == "share_of_period"]
    others = [each for each in finding.identified if each.name != "share_of_period"]
    tables = [
        Table(
            title=text(
                "bounds.shares_title", period=finding.rates.label(period), days=percent(reference)
            ),
            header=(text("bounds.unit"), text("bounds.range")),
            rows=tuple((_unit(each), each.ends) for each in shares if each.period == period),
            numeric=frozenset([1]),
            notes=note,
        )
        for period, reference in dict.fromkeys((each.period, each.reference) for each in shares)
        if period is not None and reference is not None
    ]
    if others:
        rows = tuple((each.quantity, each.words) for each in others)
        header = (text("column.quantity"), text("bounds.range"))
        title = text("bounds.others_title")
        tables.append(
            Table(title=title, header=header, rows=rows, numeric=frozenset([1]), notes=note)
        )
    return tables


def effects_table(finding: Finding) -> Table:
    """Return what the study finds for single retailers, with its kind of interval."""
    rows = tuple(
        (
            each.retailer.name,
            _both(signed_points(each.estimate)),
            each.interval.in_words(signed_points),
            _p(each.p_value),
            _p(each.p_adjusted),
        )
        for each in finding.effects
    )
    names = ("retailer", "estimate", "interval", "p_value", "p_adjusted")
    return Table(
        title=text("display.effects_title"),
        header=tuple(text(f"column.{name}") for name in names),
        rows=rows,
        numeric=frozenset(range(1, len(names))),
    )


def league_table(finding: Finding) -> Table:
    """Return where each retailer stands; a rank never comes without its interval."""
    rows = tuple(
        (
            each.retailer.name,
            group_name(each.retailer.group),
            _both(f"{each.requests:,}"),
            _both(percent(each.rate)),
            _both(percent(each.shrunk)),
            each.shrunk_interval.in_words(percent),
            _both(f"{each.rank:.1f}"),
            each.rank_interval.in_words(lambda rank: f"{rank:.0f}"),
        )
        for each in finding.league
    )
    names = ("retailer", "group", "requests", "rate", "shrunk", "shrunk_interval")
    names += ("rank", "rank_interval")
    return Table(
        title=text("display.league_title"),
        header=tuple(text(f"column.{name}") for name in names),
        rows=rows,
        numeric=frozenset(range(2, len(names))),
        notes=(text("display.league_note"),),
        sizes=Sizes(text("display.size_error_rate"), tuple(one.requests for one in finding.league)),
    )


def refusals_table(finding: Finding) -> Table:
    """Return what these data cannot answer, why, and what would."""
    rows = [(item.quantity, item.reason, item.needs) for item in finding.not_answerable]
    return Table(
        title=text("heading.not_answerable"),
        header=(text("column.quantity"), text("column.reason"), text("column.needs")),
        rows=tuple(rows),
    )


def is_repeated(finding: Finding, part: Finding) -> bool:
    """Tell whether a verdict repeats what one of the findings that it sums up says."""
    said = set(part.sentences[1:])
    return bool(said) and said <= set(finding.sentences)


def _test(finding: Finding, test: TestResult, columns: Sequence[str]) -> tuple[Text, ...]:
    role = "primary" if test is finding.primary else "secondary"
    ja, en = cells_of(test, finding.rates, "ja"), cells_of(test, finding.rates, "en")
    cells = [
        Text(*words) for name, *words in zip(TEST_COLUMNS, ja, en, strict=True) if name in columns
    ]
    return (text(f"role.{role}"), *cells)


def _unit(each: IdentifiedQuantity) -> Text:
    if each.retailer is not None:
        return each.retailer.name
    return group_name(each.group or "").heading


def _sizes(rates: Rates, group: str) -> Sizes | None:
    """Return what each retailer of a group filed in the period in which it filed most."""
    most: dict[str, int] = {}
    for item in rates.retailers:
        if item.retailer.group == group:
            if item.base is None:
                return None
            name = item.retailer.retailer
            most[name] = max(item.base, most.get(name, 0))
    return Sizes(text(f"display.size_{rates.of}"), tuple(most.values()))


def _notes(source: Source | None) -> tuple[Text, ...]:
    if source is None:
        return ()
    notes = tuple(text("figure.note", note=note) for note in source.notes)
    return (*notes, text("figure.credit", credit=source.credit))


def _rate(rate: float, printed: PrintedRate | None) -> Text:
    return _percent(percent(rate) if printed is None else printed.text)


def _average(row: GroupRate | None) -> Text:
    return _blank() if row is None else _rate(row.rate, row.printed)


def _summary(row: GroupRate | None) -> Text:
    """Return a summary, with its interval where that is one of sampling error."""
    if row is None:
        return _blank()
    interval = row.interval
    # the least and the greatest rate are printed numbers themselves
    decimals = 2
    if interval is not None and row.statistic in ("minimum", "maximum"):
        decimals = interval.decimals()
    value = row.printed.text if row.printed is not None else percent(row.rate, decimals)
    if interval is None or interval.kind == "rounding":
        return _percent(value)
    if interval.low is None or interval.high is None:
        return _percent(value)
    low, high = percent(interval.low, 2), percent(interval.high, 2)
    return text("display.percent_between", value=value, low=low, high=high)


def _statistic(
    statistic: Statistic, weighting: Weighting, found: Sequence[GroupRate | None]
) -> str:
    """Return the key of a summary's words; a weighted average says whether it was printed."""
    name = f"{statistic}_{weighting}"
    printed = any(row is not None and row.printed is not None for row in found)
    return name if weighting == "equal" or printed else f"{name}_counted"


def _both(words: str) -> Text:
    return Text(ja=words, en=words)


def _p(p: float | None) -> Text:
    return _blank() if p is None else _both(p_value(p))


def _note_of(rates: Rates) -> Text:
    """Say what the numbers are, and what kind the intervals beside them have."""
    intervals = [row.interval for row in rates.groups if row.interval is not None]
    if any(interval.kind == "rounding" for interval in intervals) or not intervals:
        counted = rates.groups and all(row.printed is None for row in rates.groups)
        return text(
            "display.counted_note" if counted and not intervals else "display.rounding_note"
        )
    interval = intervals[0]
    level = "" if interval.level is None else confidence(interval.level)
    kind = text(f"interval.{interval.kind}", level=level)
    return text("display.interval_note", kind=kind)


def _points(gap: RateDifference | None) -> Text:
    if gap is None:
        return _blank()
    decimals = 2
    if gap.interval is not None and gap.weighting == "requests":
        decimals = gap.interval.decimals(2)
    return text("display.points", value=signed_points(gap.estimate, decimals))


def _percent(value: str | None) -> Text:
    return _blank() if value is None else text("display.percent", value=value)


def _blank() -> Text:
    return text("display.blank")
