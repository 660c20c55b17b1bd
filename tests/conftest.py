"""Tables that several rooms' tests share."""

import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

import switchstats as ss
from switchstats.labels import Text
from switchstats.values import (
    Period,
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    Source,
    TableRow,
)

TableMaker = Callable[..., PublishedTable]

# The same examples each time, however busy the machine.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def committee() -> PublishedTable:
    """The committee's table of March 2023."""
    return ss.load_published("egc-083")


@pytest.fixture
def make_table() -> TableMaker:
    """Build a table of one period out of two lists of printed rates."""

    def make(
        incumbents: list[str], entrants: list[str], averages: tuple[str, str] | None = None
    ) -> PublishedTable:
        period = Period(date(2024, 4, 1), date(2025, 4, 1))
        rows = [
            TableRow(
                Retailer(f"{group}-{place}", Text(f"{group}{place}", f"{group} {place}"), group),
                group,
                (PrintedRate(text),),
            )
            for group, texts in (("incumbent", incumbents), ("entrant", entrants))
            for place, text in enumerate(texts)
        ]
        printed = zip(("incumbent", "entrant"), averages or (), strict=False)
        words = Text("2024年度", "FY2024")
        source = Source(Text("表", "table"), Text("資料", "document"), 1, Text("出典", "source"))
        return PublishedTable(
            "made",
            (PrintedPeriod(period, words),),
            tuple(rows),
            tuple(TableRow(None, group, (PrintedRate(text),)) for group, text in printed),
            source,
        )

    return make


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command that is refused with 2 in an empty folder, and return what it says."""
    from switchstats.cli.main import commands
    from switchstats.cli.surroundings import guarded

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["switchstats", *arguments])
        with pytest.raises(SystemExit) as left:
            sys.exit(
                guarded(lambda: commands(list(arguments), "switchstats", standalone_mode=False))
            )
        assert left.value.code == 2
        return capsys.readouterr().err

    return run
