"""Tables for machines: CSV after the Japanese government's rules for machine-readable tables.

One datum a cell; number cells hold a number and nothing else (no unit, mark, separator or space);
the unit stands in the header; no merged or decorated cells; areas by code; one table a file.
Source: 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」(18 December 2020).
"""

import csv
import io
import math
import re
from collections.abc import Sequence
from datetime import timedelta

from switchstats.labels import Language, Text, group_name, label
from switchstats.values import Finding, Interval, Period, Retailer, TestResult

__all__ = ["harmless", "machine_tables", "to_csv"]

Cell = str | int | float | Text | None
_DECIMALS = 6
_SIGNED = re.compile(r"[+-][0-9]+(\.[0-9]+)?")


def machine_tables(finding: Finding, language: Language) -> dict[str, bytes]:
    """Return the bytes of each table by name: UTF-8 with BOM, CRLF, header in `language`.

    Returns
    -------
    dict
        ``rates``, ``group_rates``, ``changes``, ``leave_one_out``, ``tests``, ``effects``,
        ``path``, ``league``, ``identified_shares``, ``identified_changes`` and
        ``naive_thresholds``; a table without rows is left out. Percentages and points are plain
        numbers; an empty cell is a value that does not exist. Rates of a printed table have the
        ends of their rounding, rates of counts an interval that says its kind.
    """
    makers = (
        *(_rates, _group_rates, _changes, _leave_one_out, _tests, _effects, _path, _league),
        *(_identified_shares, _identified_changes, _naive_thresholds),
    )
    tables: dict[str, bytes] = {}
    for maker in makers:
        header, rows = maker(finding)
        if rows:
            name = maker.__name__.removeprefix("_")
            tables[name] = to_csv(header, rows, language)
    return tables


def to_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]], language: Language) -> bytes:
    r"""Return one table as CSV bytes.

    Parameters
    ----------
    header
        Catalogue keys below ``table.``.
    rows
        Cells; a `Text` is written in `language`, ``None`` as an empty cell.

    Examples
    --------
    >>> to_csv(["retailer"], [["hokkaido"]], "en")
    b'\xef\xbb\xbfretailer\r\nhokkaido\r\n'
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([label(f"table.{name}", language) for name in header])
    for row in rows:
        writer.writerow([_written(cell, language) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def _written(cell: Cell, language: Language) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, Text):
        return harmless(cell[language])
    if isinstance(cell, float):
        return f"{cell:.{_DECIMALS}f}"
    return harmless(cell) if isinstance(cell, str) else cell


def harmless(words: str) -> str:
    """Return words that a spreadsheet does not read as a formula; a signed number stays one.

    Examples
    --------
    >>> harmless("=1+1"), harmless("+1.04"), harmless("−2.5")
    ("'=1+1", '+1.04', '−2.5')
    """
    if _SIGNED.fullmatch(words):
        return words
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


Made = tuple[list[str], list[list[Cell]]]

_PERIOD = ["period", "period_first_day", "period_last_day"]
_RETAILER = ["group", "retailer", "name", "area"]


def _rates(finding: Finding) -> Made:
    rounded = _rounded(finding)
    header = [*_RETAILER, *_PERIOD, "rate_pct", *_interval_columns("pct", rounded=rounded)]
    rows: list[list[Cell]] = []
    for item in finding.rates.retailers:
        printed = item.printed is not None and item.printed.unit == "pct"
        rate: Cell = item.printed.text if item.printed and printed else 100 * item.rate
        cells = [*_retailer(item.retailer), *_period(finding, item.period)]
        rows.append([*cells, rate, *_interval_cells(item.interval, rounded=rounded)])
    return header, rows


def _group_rates(finding: Finding) -> Made:
    header = ["group", "statistic", "weighting", *_PERIOD, "rate_pct"]
    rounded = _rounded(finding)
    header += [*_interval_columns("pct", rounded=rounded), "n_units"]
    rows: list[list[Cell]] = [
        [
            group_name(row.group),
            row.statistic,
            row.weighting,
            *_period(finding, row.period),
            100 * row.rate,
            *_interval_cells(row.interval, rounded=rounded),
            row.n_units,
        ]
        for row in finding.rates.groups
    ]
    return header, rows


def _changes(finding: Finding) -> Made:
    header = [*_RETAILER, "before", "after", "change_pp", "rounding_low_pp", "rounding_high_pp"]
    label_of = finding.rates.label
    rows: list[list[Cell]] = [
        [
            *_retailer(item.retailer),
            label_of(item.before),
            label_of(item.after),
            100 * item.change,
            *_ends_pct(item.interval),
        ]
        for item in finding.rates.changes
    ]
    return header, rows


def _leave_one_out(finding: Finding) -> Made:
    header = [*_RETAILER, *_PERIOD, "difference_without_pp", "shift_pp"]
    period = _period(finding, finding.verdict.period)
    rows: list[list[Cell]] = [
        [*_retailer(item.retailer), *period, 100 * item.estimate, 100 * item.shift]
        for item in finding.rates.influences
    ]
    return header, rows


def _tests(finding: Finding) -> Made:
    ratios = any(test.scale != "difference" for test in finding.tests)
    header = ["role", "method", "estimand", "weighting", *_PERIOD, "baseline", "alternative"]
    header += ["estimate_pp", "null_pp", "p_value", "interval_low_pp", "interval_high_pp"]
    header += ["interval_kind", "level_pct", "p_rounding_low", "p_rounding_high"]
    header += ["n_units", "units"]
    header += ["scale", "ratio", "ratio_null", "ratio_low", "ratio_high"] if ratios else []
    rows: list[list[Cell]] = []
    for test in finding.tests:
        interval, rounding = test.interval, test.p_rounding
        rows.append(
            [
                "primary" if test is finding.primary else "secondary",
                test.method,
                test.estimand,
                test.weighting,
                *_period(finding, test.period),
                None if test.baseline is None else finding.rates.label(test.baseline),
                test.alternative,
                *_in_points(test, test.estimate, test.null),
                test.p_value,
                *(_ends_pct(interval) if test.scale == "difference" else [None, None]),
                None if interval is None else interval.kind,
                None if interval is None or interval.level is None else 100 * interval.level,
                None if rounding is None else rounding.low,
                None if rounding is None else rounding.high,
                test.n_units,
                test.units,
                *(_ratio(test) if ratios else []),
            ]
        )
    return header, rows


def _effects(finding: Finding) -> Made:
    header = [*_RETAILER, "estimate_pp", *_interval_columns("pp", rounded=False), "weight_pct"]
    header += ["requests_compared", "requests_reference", "covered_pct", "p_value", "p_adjusted"]
    rows: list[list[Cell]] = [
        [
            *_retailer(each.retailer),
            100 * each.estimate,
            *_interval_cells(each.interval, rounded=False),
            None if each.weight is None else 100 * each.weight,
            *each.requests,
            100 * each.covered,
            each.p_value,
            each.p_adjusted,
        ]
        for each in finding.effects
    ]
    return header, rows


def _path(finding: Finding) -> Made:
    header = ["months_from_end", *_PERIOD, "estimate_pp"]
    header += [*_interval_columns("pp", rounded=False), "n_units"]
    rows: list[list[Cell]] = [
        [
            each.offset,
            *_period(finding, each.period),
            100 * each.estimate,
            *_interval_cells(each.interval, rounded=False),
            each.n_units,
        ]
        for each in finding.path
    ]
    return header, rows


def _league(finding: Finding) -> Made:
    header = [*_RETAILER, "requests", "errors", "rate_pct", "shrunk_pct"]
    header += [*_interval_columns("pct", rounded=False), "rank", "rank_low", "rank_high"]
    header += ["funnel_95_low_pct", "funnel_95_high_pct"]
    header += ["funnel_998_low_pct", "funnel_998_high_pct"]
    rows: list[list[Cell]] = [
        [
            *_retailer(each.retailer),
            each.requests,
            each.errors,
            100 * each.rate,
            100 * each.shrunk,
            *_interval_cells(each.shrunk_interval, rounded=False),
            each.rank,
            each.rank_interval.low,
            each.rank_interval.high,
            *(100 * end for limits in each.limits for end in limits),
        ]
        for each in finding.league
    ]
    return header, rows


def _identified_shares(finding: Finding) -> Made:
    header = [*_RETAILER, *_PERIOD, "identified_low_pct", "identified_high_pct", "by_days_pct"]
    rows: list[list[Cell]] = []
    for each in finding.identified:
        if each.name != "share_of_period":
            continue
        group = group_name(each.group or "")
        whose = [group, None, None, None] if each.retailer is None else _retailer(each.retailer)
        days = None if each.reference is None else 100 * each.reference
        rows.append([*whose, *_period(finding, each.period), *_ends_pct(each.interval), days])
    return header, rows


def _identified_changes(finding: Finding) -> Made:
    header = ["quantity", "group", "before", "after", "identified_low_pp", "identified_high_pp"]
    label_of = finding.rates.label
    rows: list[list[Cell]] = [
        [
            each.name,
            None if each.group is None else group_name(each.group),
            None if each.baseline is None else label_of(each.baseline),
            None if each.period is None else label_of(each.period),
            *_ends_pct(each.interval),
        ]
        for each in finding.identified
        if each.unit == "difference"
    ]
    return header, rows


def _naive_thresholds(finding: Finding) -> Made:
    header = ["method", *_PERIOD, "least_requests", "most_requests"]
    rows: list[list[Cell]] = [
        [
            each.method,
            *_period(finding, each.period),
            *(None if end is None else int(end) for end in (each.interval.low, each.interval.high)),
        ]
        for each in finding.identified
        if each.name == "naive_threshold"
    ]
    return header, rows


def _retailer(retailer: Retailer) -> list[Cell]:
    return [group_name(retailer.group), retailer.retailer, retailer.name, retailer.area]


def _period(finding: Finding, period: Period | None) -> list[Cell]:
    if period is None:
        return [None, None, None]
    last_day = period.end - timedelta(days=1)
    return [finding.rates.label(period), period.start.isoformat(), last_day.isoformat()]


def _ends_pct(interval: Interval | None) -> list[Cell]:
    if interval is None:
        return [None, None]
    return [None if end is None else 100 * end for end in (interval.low, interval.high)]


def _rounded(finding: Finding) -> bool:
    """Say whether the intervals of rates are those of rounding, as in a printed table."""
    rates = finding.rates
    intervals = [each.interval for each in (*rates.retailers, *rates.groups)]
    return all(one is None or one.kind == "rounding" for one in intervals)


def _interval_columns(unit: str, *, rounded: bool) -> list[str]:
    if rounded:
        return [f"rounding_low_{unit}", f"rounding_high_{unit}"]
    return [f"interval_low_{unit}", f"interval_high_{unit}", "interval_kind", "level_pct"]


def _interval_cells(interval: Interval | None, *, rounded: bool) -> list[Cell]:
    ends = _ends_pct(interval)
    if rounded:
        return ends
    if interval is None:
        return [*ends, None, None]
    return [*ends, interval.kind, None if interval.level is None else 100 * interval.level]


def _in_points(test: TestResult, *numbers: float) -> list[Cell]:
    return [100 * number if test.scale == "difference" else None for number in numbers]


def _ratio(test: TestResult) -> list[Cell]:
    """Return the scale, and what is no difference of rates on its own scale."""
    if test.scale == "difference":
        return [test.scale, None, None, None, None]
    ends = (None, None) if test.interval is None else (test.interval.low, test.interval.high)
    estimate = test.estimate if math.isfinite(test.estimate) else None
    return [test.scale, estimate, test.null, *ends]
