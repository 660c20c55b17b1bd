"""What stands behind the numbers: the papers of the methods, and where the rows went."""

from switchstats.labels import Text, text
from switchstats.report.document import Table
from switchstats.values import Finding, Loaded, LoadedJourneys

__all__ = ["methods_table", "rows_table"]


def methods_table(finding: Finding) -> Table:
    """Return each method used, with the paper that describes it."""
    methods = dict.fromkeys(test.method for test in finding.tests)
    return Table(
        title=text("heading.method"),
        header=(text("column.method"), text("column.reference")),
        rows=tuple((text(f"method.{name}"), text(f"reference.{name}")) for name in methods),
    )


def rows_table(loaded: Loaded | LoadedJourneys) -> Table:
    """Return where every row went: counted, left out, or rejected with the reason."""
    account = loaded.account
    rows = [(text("data.read"), account.read), (text("data.counted"), account.counted)]
    rows += [
        (text("data.excluded", reason=text(f"excluded.{name}")), n)
        for name, n in account.excluded.items()
    ]
    rows += [
        (text("data.rejected", reason=text(f"quarantine.{code}")), n)
        for code, n in loaded.quarantine.by_code().items()
    ]
    return Table(
        title=text("data.title"),
        header=(text("data.column_what"), text("data.column_n")),
        rows=tuple((words, Text(f"{n:,}", f"{n:,}")) for words, n in rows),
        numeric=frozenset([1]),
        notes=tuple(
            Text(f"※{read.file}：{note.ja}", f"Note: {read.file}: {note.en}")
            for read in loaded.understood
            for note in read.remarks
        ),
    )
