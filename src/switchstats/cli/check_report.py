"""What `switchstats check` found, as tables for a terminal and as plain types for JSON."""

from dataclasses import replace
from typing import TYPE_CHECKING

from switchstats.labels import label, problem_of, told, worded

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from switchstats.cli.trial import Trial
    from switchstats.errors import InputError
    from switchstats.labels import Language
    from switchstats.values import Counts, Loaded, Understood

__all__ = ["error_of", "plain", "show"]

_NOTHING = ("understood", "account", "quarantine", "counts", "provenance")


def plain(trial: "Trial", error: "InputError | None") -> dict[str, object]:
    """Return everything as plain types, ready for JSON: each file with its status."""
    loaded = trial.loaded
    report = loaded.to_dict() if loaded is not None else {}
    read = [_read_file(name, loaded) for name in trial.names]
    failed = [
        {"file": name, "status": "failed", "error": error_of(problem)}
        for name, problem in trial.failures.items()
    ]
    left = [{"file": name, "status": "not_read", "error": None} for name in trial.left_out]
    files = [*read, *failed, *left]
    return {"files": files, "error": error_of(error), **dict.fromkeys(_NOTHING), **report}


def error_of(error: "InputError | None") -> dict[str, object] | None:
    """Return an error as plain types, its sentences in both languages."""
    if error is None:
        return None
    return {
        "problem": problem_of(error).to_dict(),
        "mend": worded(error.mend).to_dict(),
        "file": error.file,
        "line": error.line,
        "field": error.field,
        "value": error.value,
    }


def _read_file(name: str, loaded: "Loaded | None") -> dict[str, object]:
    file: dict[str, object] = {"file": name, "status": "understood", "error": None}
    if loaded is not None:
        file["rows"] = _rows(name, loaded)
        file["quarantined"] = _quarantined(name, loaded)
    return file


def _rows(name: str, loaded: "Loaded") -> int:
    return sum(table.rows for table in loaded.understood if table.file == name)


def _quarantined(name: str, loaded: "Loaded") -> int:
    return int((loaded.quarantine.frame["file"] == name).sum())


def show(trial: "Trial", language: "Language", *, own_registry: bool) -> None:
    """Print what was found, and whose registry lacks a retailer where one does."""
    from rich.console import Console

    from switchstats.cli.lines import say

    console = Console(highlight=False)
    if len(trial.names) + len(trial.failures) > 1:
        console.print(_files(trial, language))
    if trial.left_out:
        words = label("check_files.not_read", language, files=", ".join(trial.left_out))
        console.print(words, markup=False)
    loaded = trial.loaded
    if loaded is None:
        return
    for table in loaded.understood:
        _print_understood(console.print, table, language)
    account = loaded.account
    excluded = "".join(
        f"\n    {label(f'excluded.{name}', language)}: {count:,}"
        for name, count in account.excluded.items()
    )
    words = label(
        "check_files.account",
        language,
        read=f"{account.read:,}",
        counted=f"{account.counted:,}",
        excluded=f"{sum(account.excluded.values()):,}",
        quarantined=f"{account.quarantined:,}",
    )
    console.print(words + excluded, markup=False)
    console.print(_totals(loaded.counts, language), markup=False)
    if len(loaded.quarantine):
        console.print(_rejected(loaded, language))
        if not own_registry and (loaded.quarantine.frame["code"] == "unknown_retailer").any():
            say([label("check_files.bundled_registry", language)])


def _files(trial: "Trial", language: "Language") -> "Table":
    """Return each file with what came of it, and what to do where it could not be read."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=label("check_files.files", language), title_justify="left", show_lines=True)
    for name in ("file", "status", "rows", "rejected", "note"):
        justify = "right" if name in ("rows", "rejected") else "left"
        head = label(f"check_files.column_{name}", language)
        table.add_column(head, overflow="fold", justify=justify)
    for name in trial.names:
        numbers = ("", "")
        if trial.loaded is not None:
            rows, rejected = _rows(name, trial.loaded), _quarantined(name, trial.loaded)
            numbers = (f"{rows:,}", f"{rejected:,}")
        status = label("check_files.understood", language)
        table.add_row(*(Text(cell) for cell in (name, status, *numbers, "")))
    for name, error in trial.failures.items():
        status = Text(label("check_files.failed", language), style="bold red")
        table.add_row(Text(name), status, Text(""), Text(""), Text(_why(error, name, language)))
    return table


def _why(error: "InputError", name: str, language: "Language") -> str:
    """Return an error without the file, which stands beside it."""
    file = None if error.file is None or error.file.endswith(name) else error.file
    return told(replace(error, file=file), language)


def _totals(counts: "Counts", language: "Language") -> str:
    """Return what the counts add up to."""
    from switchstats.periods import Period, format_period

    if not len(counts):
        return label("check_files.nothing", language)
    periods = counts.periods
    span = Period(periods[0].start, max(period.end for period in periods))
    return label(
        "check_files.totals",
        language,
        requests=f"{counts.requests:,}",
        errors=f"{counts.errors:,}",
        retailers=counts.coded["retailer"].nunique(),
        span=format_period(span, language),
        n=len(periods),
    )


def _print_understood(
    say: "Callable[..., None]", table: "Understood", language: "Language"
) -> None:
    place = table.file if table.sheet is None else f"{table.file} [{table.sheet}]"
    details = [
        label("check_files.rows", language, rows=f"{table.rows:,}"),
        *([] if table.encoding is None else [table.encoding]),
        *(
            []
            if table.header_line is None
            else [label("check_files.header", language, line=table.header_line)]
        ),
    ]
    say(f"{place}: {', '.join(details)}", markup=False, style="bold")
    for name, header in table.columns.items():
        say(f"    {name} ← {header}", markup=False)
    if table.ignored:
        ignored = ", ".join(table.ignored)
        say(f"    {label('check_files.ignored', language)}: {ignored}", markup=False)
    for remark in table.remarks:
        say(f"    {remark[language]}", markup=False)


def _rejected(loaded: "Loaded", language: "Language") -> "Table":
    """Return how many rows each reason rejected, with the first of them."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=label("check_files.rejected", language), title_justify="left")
    for name in ("reason", "rows", "first", "value", "note"):
        table.add_column(label(f"check_files.column_{name}", language), overflow="fold")
    rows = zip(loaded.quarantine.to_records(), loaded.quarantine.notes(language), strict=True)
    firsts = {str(row["code"]): (row, note) for row, note in reversed(list(rows))}
    for code, count in loaded.quarantine.by_code().items():
        row, note = firsts[code]
        line = label("check_files.line", language, line=str(row["line"])) if row["line"] else None
        place = [row["file"], row["sheet"], line, row["field"]]
        cells = (
            label(f"quarantine.{code}", language),
            f"{count:,}",
            ", ".join(str(part) for part in place if part),
            str(row["raw"] if row["raw"] is not None else ""),
            note,
        )
        table.add_row(*(Text(cell) for cell in cells))
    return table
