"""What a study file asks for that its data could never give."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from switchstats.runs.study_file.problems import Problem, line_of

__all__ = ["impossible"]

_OF_TABLES = frozenset({"PublishedOnly", "BeforeAfter", "Dossier"})
# Columns that a study cannot do without, any one of each tuple.
_NEEDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "HomeAway": (("area",), ("losing", "losing_group")),
    "ReasonPlacebo": (("reason",),),
}
_LEAST_LEVEL = 0.5
_SIDES = 2


def impossible(values: Mapping[str, Mapping[str, object]], text: str) -> list[Problem]:
    """Return what cannot be, as far as the file alone says."""
    top, data = values[""], values["data"]
    problems = _studies(
        cast("tuple[str, ...]", top["studies"]),
        str(data["kind"]),
        cast("tuple[str, ...]", data.get("strata", ())),
        text,
    )
    level = cast("float", top.get("level", 0.95))
    if level <= _LEAST_LEVEL:
        problems.append(_at(text, "", "level", "not above 0.5", "0.95 is usual"))
    if len(cast("Sequence[str]", top.get("groups", ("a", "b")))) != _SIDES:
        problems.append(_at(text, "", "groups", "not two groups", "name the first and the second"))
    problems += _options(data, text) + _looks(values["looks"], text)
    problems += _ends(top.get("ends", {}), text)
    return problems


def _studies(studies: Sequence[str], kind: str, strata: Sequence[str], text: str) -> list[Problem]:
    problems: list[Problem] = []
    for study in studies:
        if (kind == "published") != (study == "PublishedOnly") and not (
            kind == "published" and study in _OF_TABLES
        ):
            wanted = "a published table" if study == "PublishedOnly" else "counts or requests"
            mend = f"it needs {wanted}, and data.kind is {kind}"
            problems.append(_at(text, "", "studies", f"{study} is not possible", mend))
        for any_of in _NEEDS.get(study, ()) if kind == "requests" else ():
            if not set(any_of) & set(strata):
                mend = f"add {' or '.join(any_of)} to data.strata"
                problems.append(_at(text, "", "studies", f"{study} is not possible", mend))
    return problems


def _options(data: Mapping[str, object], text: str) -> list[Problem]:
    """Return options that belong to another kind of data."""
    of = {
        "requests": ("strata", "estimand", "settle_days", "as_of", "cases_days"),
        "counts": (),
        "published": (),
    }
    kind = str(data["kind"])
    foreign = set(of["requests"]) - set(of[kind])
    if kind == "published":
        foreign |= {"mapping", "mended", "encoding", "year", "max_rejected", "deliveries"}
    problems = [
        _at(text, "data", key, f"has no meaning for data.kind {kind}", "leave it out")
        for key in data
        if key in foreign
    ]
    alone = data.get("estimand") == "all_attempts" and data.get("settle_days") == 0
    if kind == "requests" and data.get("deliveries") == "separate" and not alone:
        what = "attempts and the days in which requests settle go across files"
        mend = 'write "together", or estimand = "all_attempts" and settle_days = 0'
        problems.append(_at(text, "data", "deliveries", what, mend))
    return problems


def _looks(looks: Mapping[str, object], text: str) -> list[Problem]:
    if not looks:
        return []
    if looks.get("spending", "equal") == "equal" and not looks.get("planned"):
        mend = 'name how many there will be, or write spending = "open"'
        return [_at(text, "looks", "planned", "missing", mend)]
    return []


def _ends(ends: object, text: str) -> list[Problem]:
    if not isinstance(ends, dict):
        return [_at(text, "", "ends", "not a table", "write [ends] and retailer = 2022-12-13")]
    given = cast("dict[str, Any]", ends)
    return [
        _at(text, "ends", name, "not a day", "write it as 2022-12-13, without quotes")
        for name, day in given.items()
        if type(day) is not date
    ]


def _at(text: str, table: str, key: str, what: str, mend: str) -> Problem:
    name = f"{table}.{key}" if table else key
    return Problem(line_of(text, table, key), name, what, mend)
