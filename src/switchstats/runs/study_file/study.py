"""A study file that was read and found right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from switchstats.labels import Language
from switchstats.periods import Period

__all__ = ["Data", "Looks", "StudyFile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What is read, and how; the options of `read_counts`, `read_requests` and `read_published`.

    Parameters
    ----------
    kind
        ``"counts"`` by retailer and month, ``"requests"`` one row each, or a ``"published"`` table.
    files
        Files, folders or patterns.
    deliveries
        ``"separate"``: each file is read by itself and kept, and a later one may revise an earlier
        one; ``"together"``: all are read as one.
    mended
        Files of rejected rows with corrected cells.
    """

    kind: Literal["counts", "requests", "published"]
    files: tuple[Path, ...]
    deliveries: Literal["separate", "together"]
    mapping: Mapping[str, object] | Path | None = None
    registry: Path | None = None
    mended: tuple[Path, ...] = ()
    encoding: str | None = None
    year: int | None = None
    max_rejected: float | None = None
    strata: tuple[str, ...] = ()
    estimand: Literal["first_attempt", "all_attempts", "cases"] = "first_attempt"
    settle_days: int = 30
    as_of: date | None = None
    cases_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How repeated looks are paid for.

    Parameters
    ----------
    spending
        ``"equal"``: every planned look spends the same part of the error; ``"open"``: look k
        spends 1 / (k (k + 1)) of it, for as many looks as there may be.
    planned
        Number of looks for ``"equal"``.
    """

    spending: Literal["equal", "open"]
    planned: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFile:
    """Everything that one file asks for, checked.

    Parameters
    ----------
    path
        The file.
    title
        Of the report.
    studies
        Names of designs, the headline's first.
    out
        Folder of the runs.
    data, looks
        Tables of the file.
    letters
        Whether retailers of the second group are lettered.
    plain
        The file as plain types, as it stands: what a run's fingerprint and `diff` compare.
    """

    path: Path
    studies: tuple[str, ...]
    data: Data
    out: Path
    plain: Mapping[str, object]
    title: str | None = None
    margin: float | None = None
    level: float = 0.95
    power: float = 0.80
    seed: int = 0
    groups: tuple[str, str] = ("incumbent", "entrant")
    period: Period | None = None
    languages: tuple[Language, ...] = ("en",)
    ends: Mapping[str, date] = field(default_factory=dict[str, date])
    looks: Looks | None = None
    letters: bool = False
