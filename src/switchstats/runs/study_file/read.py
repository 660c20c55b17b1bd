"""Reads a study file: every mistake at once, nothing computed."""

import tomllib
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from switchstats.errors import InputError, UsageError
from switchstats.inputs.paths import refuse_pipe
from switchstats.runs.study_file.checks import checked_value
from switchstats.runs.study_file.fields import FIELDS, TABLES, about
from switchstats.runs.study_file.possible import impossible
from switchstats.runs.study_file.problems import Problem, line_of, refuse
from switchstats.runs.study_file.study import Data, Looks, StudyFile

__all__ = ["read_study", "study_of"]

_OUT = "runs"


def read_study(path: str | Path) -> StudyFile:
    r"""Read and check a study file.

    Parameters
    ----------
    path
        A TOML file. Paths in it are meant from its own folder.

    Returns
    -------
    StudyFile
        With defaults filled in.

    Raises
    ------
    InputError
        With every mistake at once, each with its line: unknown keys (with the nearest known one),
        values of the wrong kind or out of range, files that are not there, a folder of runs
        outside of the file's own, studies that such data cannot answer.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "table.csv").write_text("")
    ...     file = Path(folder) / "study.toml"
    ...     _ = file.write_text('studies = ["Dossier"]\n[data]\nkind = "counts"\n'
    ...                         'files = ["table.csv"]\n')
    ...     read_study(file).data.deliveries
    'separate'
    """
    file = Path(path)
    text = _text(file)
    try:
        plain: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"no TOML ({error})", "correct that line", file.name) from None
    problems: list[Problem] = []
    values = {
        table: _table(plain, table, text, file.absolute().parent, problems) for table in FIELDS
    }
    problems += _unknown_tables(plain, text)
    if not problems:
        problems += impossible(values, text)
    refuse(problems, file.name)
    return _study(file.absolute(), values, plain)


def study_of(plain: Mapping[str, Any]) -> StudyFile:
    """Return what a past run was asked, as its manifest holds it; its files are not looked for.

    Parameters
    ----------
    plain
        The study file as plain types, days as text.
    """
    values: dict[str, dict[str, object]] = {table: {} for table in FIELDS}
    for table, known in FIELDS.items():
        given: Mapping[str, Any] = plain.get(table, {}) if table else plain
        for key, field in known.items():
            if key in given and field.kind not in ("file", "files", "folder", "table", "date"):
                values[table][key] = checked_value(field, given[key], Path())
    values[""]["ends"] = {
        name: date.fromisoformat(day) for name, day in plain.get("ends", {}).items()
    }
    values["data"]["files"] = ()
    return _study(Path("study.toml"), values, plain)


def _text(file: Path) -> str:
    refuse_pipe(file)
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError:
        raise InputError(
            "the study file cannot be opened", "check its name and folder", str(file)
        ) from None
    except UnicodeDecodeError:
        raise InputError("the study file is not UTF-8", "save it as UTF-8", file.name) from None


def _unknown_tables(plain: Mapping[str, Any], text: str) -> list[Problem]:
    known = {name for name in TABLES if name}
    problems: list[Problem] = []
    for name, value in plain.items():
        if name in FIELDS[""] or name in known:
            continue
        what = "unknown table" if isinstance(value, dict) else "unknown key"
        near = get_close_matches(name, [*FIELDS[""], *known], n=1)
        mend = f"did you mean {near[0]}?" if near else f"known: {', '.join([*FIELDS[''], *known])}"
        problems.append(Problem(line_of(text, "", name), name, what, mend))
    return problems


def _table(
    plain: Mapping[str, Any], table: str, text: str, folder: Path, problems: list[Problem]
) -> dict[str, object]:
    """Return the values of one table, and add what is wrong with them to `problems`."""
    given: Any = plain if not table else plain.get(table, {})
    known = FIELDS[table]
    if not isinstance(given, dict):
        problems.append(Problem(line_of(text, "", table), table, "not a table", f"write [{table}]"))
        return {}
    found: dict[str, object] = {}
    entries = cast("dict[str, Any]", given)
    for key, value in entries.items():
        name = f"{table}.{key}" if table else key
        if key not in known:
            if table:
                near = get_close_matches(key, known, n=1)
                mend = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
                problems.append(Problem(line_of(text, table, key), name, "unknown key", mend))
            continue
        try:
            found[key] = checked_value(known[key], value, folder)
        except UsageError as error:
            what, _, mend = str(error).partition("; ")
            problems.append(Problem(line_of(text, table, key), name, what, mend))
    if not table or table == "data":
        problems += [
            Problem(
                line_of(text, "", table), f"{table}.{key}" if table else key, "missing", about(key)
            )
            for key, field in known.items()
            if field.required and key not in entries
        ]
    return found


def _study(
    file: Path, values: Mapping[str, Mapping[str, object]], plain: Mapping[str, object]
) -> StudyFile:
    top: dict[str, Any] = dict(values[""])
    data: dict[str, Any] = dict(values["data"])
    looks: dict[str, Any] = dict(values["looks"])
    data.setdefault("deliveries", "separate" if data["kind"] == "counts" else "together")
    if "groups" in top:
        top["groups"] = tuple(top["groups"])
    return StudyFile(
        path=file,
        data=Data(**data),
        out=top.pop("out", None) or file.parent / _OUT,
        plain=plain,
        looks=Looks(spending=looks.get("spending", "equal"), planned=looks.get("planned"))
        if looks
        else None,
        letters=values["disclosure"].get("second_group") == "letters",
        **top,
    )
