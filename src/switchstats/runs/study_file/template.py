"""Writes a commented study file for files at hand: only what these data allow is asked."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, cast

from switchstats.errors import InputError, SwitchstatsError
from switchstats.inputs.paths import files_of
from switchstats.runs.study_file.fields import FIELDS, TABLES
from switchstats.whole_file import whole_file

__all__ = ["write_template"]

Kind = Literal["counts", "requests", "published"]

# Keys that need no comment when they are written, and their value in the file.
_STRATA = ("area", "losing", "losing_group", "reason")
_EXAMPLES: dict[str, str] = {
    "title": '"Error rates of abolition requests"',
    "margin": "0.02",
    "level": "0.95",
    "power": "0.80",
    "seed": "0",
    "groups": '["incumbent", "entrant"]',
    "period": '"2022-04..2023-02"',
    "languages": '["ja", "en"]',
    "out": '"runs"',
    "ends": "{ kansai = 2022-12-13, kyushu = 2022-12-22 }",
    "mapping": '{ retailer = "社名", period = "対象年月", requests = "申込", errors = "エラー" }',
    "registry": '"retailers.csv"',
    "encoding": '"cp932"',
    "year": "2023",
    "max_rejected": "0.01",
    "deliveries": '"separate"',
    "strata": '["area", "losing", "losing_group", "reason"]',
    "estimand": '"first_attempt"',
    "settle_days": "30",
    "as_of": "2023-03-31",
    "cases_days": "30",
    "planned": "12",
    "spending": '"equal"',
    "second_group": '"letters"',
}
# request rows are read together unless more is said
_LINKED = ("requests", "deliveries")
_OF_REQUESTS = ("strata", "estimand", "settle_days", "as_of", "cases_days")
_OF_FILES = ("mapping", "encoding", "year", "max_rejected", "deliveries")


def write_template(
    files: Sequence[str],
    out: Path,
    *,
    registry: Path | None = None,
    kind: str | None = None,
) -> Kind:
    """Write a study file for these files.

    Parameters
    ----------
    files
        Files, folders or patterns.
    out
        The study file.
    registry
        The user's own retailers.
    kind
        What the files hold; found out by reading them where it is not said.

    Returns
    -------
    str
        What they hold.

    Raises
    ------
    InputError
        When there is a file already, or the data are understood as nothing.
    """
    if out.exists():
        raise InputError("there is a file already", "remove it, or choose another --out", str(out))
    found = cast("Kind", kind) if kind is not None else _kind(files, registry)
    folder = out.absolute().parent
    given = {
        "studies": '["PublishedOnly"]' if found == "published" else '["Dossier"]',
        "kind": f'"{found}"',
        "files": _list(_relative(each, folder) for each in files),
    }
    if found == "requests":
        given["strata"] = _list(_STRATA)
    if registry is not None:
        given["registry"] = f'"{_relative(str(registry), folder)}"'
    with whole_file(out) as part:
        part.write_text(_text(found, given), encoding="utf-8")
    return found


def _kind(files: Sequence[str], registry: Path | None) -> Kind:
    """Return what the first file holds: the first reader that understands it."""
    from switchstats.engines import read_requests
    from switchstats.readers import read_counts, read_published

    first = files_of(list(files))[0][0][0]
    problems: list[str] = []
    for kind, read in (
        ("counts", lambda: read_counts(first, registry=registry)),
        ("requests", lambda: read_requests(first, registry=registry, estimand="all_attempts")),
        ("published", lambda: read_published(first)),
    ):
        try:
            read()
        except SwitchstatsError as error:
            problems.append(f"as {kind}: {error}")
        else:
            return cast("Kind", kind)
    raise InputError(
        f"not understood ({' / '.join(problems)})",
        "look with `switchstats check`, and say what it is with --kind",
        first.name,
    )


def _text(kind: Kind, given: dict[str, str]) -> str:
    lines = ["# A study of switchstats: `switchstats run` does all of it, again each month.", ""]
    for table, fields in FIELDS.items():
        if table:
            inside = any(name in given for name in fields)
            lines += ["", f"# {TABLES[table]}", f"[{table}]" if inside else f"# [{table}]"]
        else:
            lines += [f"# {TABLES[table]}"]
        for name, field in fields.items():
            if not _fits(kind, table, name):
                continue
            choices = f" One of: {', '.join(field.choices)}." if field.choices else ""
            value = given.get(name)
            example = '"together"' if (kind, name) == _LINKED else _EXAMPLES.get(name)
            key = f"{name} = {value}" if value else f"# {name} = {example}"
            lines += [f"# {field.about}{choices}", key]
    return "\n".join(lines) + "\n"


def _fits(kind: Kind, table: str, name: str) -> bool:
    if table != "data":
        return not (kind == "published" and (table in ("looks", "disclosure") or name == "ends"))
    if name in _OF_REQUESTS:
        return kind == "requests"
    return not (kind == "published" and name in _OF_FILES)


def _relative(path: str, folder: Path) -> str:
    """Return a path as seen from the study file's folder, with forward slashes."""
    return Path(os.path.relpath(Path(path).absolute(), folder)).as_posix()


def _list(items: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{each}"' for each in items) + "]"
