"""Every key of a study file, as data: its kind, what it may hold, and what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from switchstats.labels import Text, text

__all__ = ["FIELDS", "STUDIES", "TABLES", "Field", "about", "about_table"]

Kind = Literal[
    "text",
    "texts",
    "number",
    "fraction",
    "whole",
    "date",
    "period",
    "file",
    "files",
    "folder",
    "table",
]

STUDIES = (
    *("PublishedOnly", "GroupComparison", "BeforeAfter", "HomeAway", "DoseResponse"),
    *("ReasonPlacebo", "RetailerByRetailer", "Sensitivity", "Dossier"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key.

    Parameters
    ----------
    kind
        ``"fraction"`` is a number from 0 to below 1, ``"table"`` a TOML table of its own.
    choices
        The only texts allowed; empty where any is.
    required
        Whether the file cannot do without it.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    required: bool = False


# the file itself, and the tables in it
TABLES = ("", "data", "looks", "disclosure")

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "": {
        "title": Field(kind="text"),
        "studies": Field(kind="texts", choices=STUDIES, required=True),
        "margin": Field(kind="fraction"),
        "level": Field(kind="fraction"),
        "power": Field(kind="fraction"),
        "seed": Field(kind="whole"),
        "groups": Field(kind="texts"),
        "period": Field(kind="period"),
        "languages": Field(kind="texts", choices=("ja", "en")),
        "out": Field(kind="folder"),
        "ends": Field(kind="table"),
    },
    "data": {
        "kind": Field(kind="text", choices=("counts", "requests", "published"), required=True),
        "files": Field(kind="files", required=True),
        "mapping": Field(kind="table"),
        "registry": Field(kind="file"),
        "mended": Field(kind="files"),
        "encoding": Field(kind="text"),
        "year": Field(kind="whole"),
        "max_rejected": Field(kind="number"),
        "deliveries": Field(kind="text", choices=("separate", "together")),
        "strata": Field(
            kind="texts",
            choices=("area", "losing", "losing_group", "home", "reason", "voltage", "attempt"),
        ),
        "estimand": Field(kind="text", choices=("first_attempt", "all_attempts", "cases")),
        "settle_days": Field(kind="whole"),
        "as_of": Field(kind="date"),
        "cases_days": Field(kind="whole"),
    },
    "looks": {
        "planned": Field(kind="whole"),
        "spending": Field(kind="text", choices=("equal", "open")),
    },
    "disclosure": {
        "second_group": Field(kind="text", choices=("named", "letters")),
    },
}


def about(name: str) -> Text:
    """Return one sentence on a key, for editors and for the file that `write_template` writes.

    Examples
    --------
    >>> about("out").en
    'Folder of the runs, below that of this file.'
    """
    return text(f"study_file.{name}")


def about_table(name: str) -> Text:
    """Return one sentence on a table of the file, ``""`` for the file itself."""
    return text(f"study_table.{name or 'top'}")
