"""Every key of a study file, as data: its kind, what it may hold, and what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["FIELDS", "STUDIES", "TABLES", "Field"]

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
    about
        One sentence for editors and for the file that `template` writes.
    choices
        The only texts allowed; empty where any is.
    required
        Whether the file cannot do without it.
    """

    kind: Kind
    about: str
    choices: tuple[str, ...] = ()
    required: bool = False


TABLES = {
    "": "What is asked, and how the answer is given.",
    "data": "Where the data are and how they are read.",
    "looks": "How a look every month is paid for.",
    "disclosure": "What must not be printed.",
}

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "": {
        "title": Field(kind="text", about="Title of the report."),
        "studies": Field(
            kind="texts",
            about="Designs to run; the first gives the headline.",
            choices=STUDIES,
            required=True,
        ),
        "margin": Field(
            kind="fraction",
            about="Δ: the smallest advantage that would matter. 0.02 is 2 points. Yours to name.",
        ),
        "level": Field(kind="fraction", about="Confidence of each one-sided bound."),
        "power": Field(kind="fraction", about="For the smallest detectable effect."),
        "seed": Field(kind="whole", about="Of every random draw."),
        "groups": Field(kind="texts", about="First and second group."),
        "period": Field(kind="period", about="Only this period, such as 2022-04..2023-02."),
        "languages": Field(kind="texts", about="Of what is written.", choices=("ja", "en")),
        "out": Field(kind="folder", about="Folder of the runs, below that of this file."),
        "ends": Field(
            kind="table",
            about="Who had access, if not as in the facts: retailer = first day without it.",
        ),
    },
    "data": {
        "kind": Field(
            kind="text",
            about="What the files hold.",
            choices=("counts", "requests", "published"),
            required=True,
        ),
        "files": Field(kind="files", about="Files, folders or patterns.", required=True),
        "mapping": Field(kind="table", about="Our name = their column; or a TOML file with it."),
        "registry": Field(kind="file", about="Your own retailers: retailer, name, group, area."),
        "encoding": Field(kind="text", about="Of text files, such as cp932; else detected."),
        "year": Field(kind="whole", about="Calendar year of bare months."),
        "max_rejected": Field(kind="number", about="Fail when more rows are rejected."),
        "deliveries": Field(
            kind="text",
            about="Whether each file is a delivery of its own, which later ones may revise.",
            choices=("separate", "together"),
        ),
        "strata": Field(
            kind="texts",
            about="Columns that survive counting.",
            choices=("area", "losing", "losing_group", "home", "reason", "voltage", "attempt"),
        ),
        "estimand": Field(
            kind="text",
            about="Which requests count.",
            choices=("first_attempt", "all_attempts", "cases"),
        ),
        "settle_days": Field(kind="whole", about="Requests of the last so many days are left out."),
        "as_of": Field(kind="date", about="Day of the extract."),
        "cases_days": Field(kind="whole", about="Days within which a case must be accepted."),
    },
    "looks": {
        "planned": Field(kind="whole", about="How many runs with new data there will be."),
        "spending": Field(
            kind="text",
            about="equal: the same for each planned look; open: for ever, less each time.",
            choices=("equal", "open"),
        ),
    },
    "disclosure": {
        "second_group": Field(
            kind="text",
            about="Whether retailers of the second group are named or lettered A, B, …",
            choices=("named", "letters"),
        ),
    },
}
