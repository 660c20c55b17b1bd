"""Writes a commented study file for files at hand: only what these data allow is asked."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from switchstats.errors import InputError, SwitchstatsError
from switchstats.inputs.paths import files_of
from switchstats.labels import Language, SaidError, Text, label, terminal_lines, text, told
from switchstats.runs.study_file.fields import FIELDS, Field, about, about_table
from switchstats.runs.study_file.study import Data, StudyFile
from switchstats.whole_file import whole_file

if TYPE_CHECKING:
    from switchstats.runs.at_hand import AtHand

__all__ = ["Written", "write_template"]

Kind = Literal["counts", "requests", "published"]

# Keys that need no comment when they are written, and their value in the file.
_STRATA = ("area", "losing", "losing_group", "reason")
_COLUMN_OF = {"area": "area", "losing": "losing", "losing_group": "losing", "reason": "reasons"}
_WIDTH = 96
_EXAMPLES: dict[str, str] = {
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
    "mended": '["rejected.csv"]',
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
_OF_FILES = ("mapping", "mended", "encoding", "year", "max_rejected", "deliveries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A study file that was written.

    Parameters
    ----------
    kind
        What its data hold.
    found
        More of them; ``None`` where they cannot be read as they are.
    problem
        Why not.
    """

    kind: Kind
    found: "AtHand | None" = None
    problem: SwitchstatsError | None = None

    @property
    def sentences(self) -> tuple[Text, ...]:
        """What was found, in words, one item each."""
        if self.found is not None:
            return self.found.sentences
        if self.problem is None:
            return ()
        error = Text(ja=told(self.problem, "ja"), en=told(self.problem, "en"))
        return (text("at_hand.unread", error=error), text("at_hand.unread_next"))


def write_template(
    files: Sequence[str],
    out: Path,
    *,
    registry: Path | None = None,
    kind: str | None = None,
    language: Language = "en",
) -> Written:
    """Write a study file for these files, with what they hold and which studies that allows.

    Parameters
    ----------
    files
        Files, folders or patterns.
    out
        The study file.
    registry
        The user's own retailers.
    kind
        What the files hold; found out by reading the first where it is not said.
    language
        Of the comments.

    Raises
    ------
    InputError
        When there is a file already, or the data are understood as nothing.
    """
    if out.exists():
        raise InputError("there is a file already", "remove it, or choose another --out", str(out))
    first = files_of(list(files))[0][0][0]
    known = cast("Kind", kind) if kind is not None else _kind(first, registry)
    folder = out.absolute().parent
    given = {
        "studies": '["PublishedOnly"]' if known == "published" else '["Dossier"]',
        "kind": f'"{known}"',
        "files": _list(_relative(each, folder) for each in files),
    }
    if language != "en":
        given["languages"] = _list([language])
    if registry is not None:
        given["registry"] = f'"{_relative(str(registry), folder)}"'
    strata: tuple[str, ...] = _STRATA if known == "requests" else ()
    estimand = "first_attempt"
    try:
        if known == "requests":
            strata, estimand = _told_apart(first, registry)
        data = {"strata": strata, "estimand": estimand, "registry": registry}
        written = Written(kind=known, found=_look(known, files, out, data))
    except SwitchstatsError as error:
        written = Written(kind=known, problem=error)
    if strata:
        given["strata"] = _list(strata)
    if estimand != "first_attempt":
        given["estimand"] = f'"{estimand}"'
    with whole_file(out) as part:
        part.write_text(_text(written, given, language), encoding="utf-8")
    return written


def _kind(first: Path, registry: Path | None) -> Kind:
    """Return what a file holds: the first reader that understands it."""
    from switchstats.engines import read_requests
    from switchstats.readers import read_counts, read_published

    problems: list[Text] = []
    for kind, read in (
        ("counts", lambda: read_counts(first, registry=registry)),
        ("requests", lambda: read_requests(first, registry=registry, estimand="all_attempts")),
        ("published", lambda: read_published(first)),
    ):
        try:
            read()
        except SwitchstatsError as error:
            name = text(f"data_kind.{kind}")
            ja, en = told(error, "ja"), told(error, "en")
            problems.append(Text(ja=f"{name.ja}として：{ja}", en=f"as {kind}: {en}"))
        else:
            return cast("Kind", kind)
    said = Text(
        ja=f"読み取れない（{' / '.join(each.ja for each in problems)}）",
        en=f"not understood ({' / '.join(each.en for each in problems)})",
    )
    mend = "look with `switchstats check`, and say what it is with --kind"
    raise SaidError(said.en, mend, first.name, said=said)


def _told_apart(first: Path, registry: Path | None) -> tuple[tuple[str, ...], str]:
    """Return the strata that the columns of request rows allow, and the estimand."""
    from switchstats.engines import read_requests

    loaded = read_requests(first, registry=registry, estimand="all_attempts")
    columns = {name for each in loaded.understood for name in each.columns}
    strata = tuple(name for name in _STRATA if _COLUMN_OF[name] in columns)
    once = columns & {"attempt", "supply_point"}
    return strata, "first_attempt" if once else "all_attempts"


def _look(kind: Kind, files: Sequence[str], out: Path, data: dict[str, Any]) -> "AtHand":
    from switchstats.runs.at_hand import look_at

    study = StudyFile(
        path=out.absolute(),
        studies=(),
        data=Data(
            kind=kind,
            files=tuple(map(Path, files)),
            deliveries="separate" if kind == "counts" else "together",
            **data,
        ),
        out=out.absolute().parent / "runs",
        plain={},
    )
    return look_at(study)


def _text(written: Written, given: dict[str, str], language: Language) -> str:
    kind = written.kind
    lines = [*_comment(label("study_file.head", language)), ""]
    if written.sentences:
        lines += _comment(label("at_hand.found", language))
        for each in written.sentences:
            lines += _comment(each[language], "- ")
        lines.append("")
    for table, fields in FIELDS.items():
        if table:
            inside = any(name in given for name in fields)
            lines += ["", *_comment(about_table(table)[language])]
            lines.append(f"[{table}]" if inside else f"# [{table}]")
        else:
            lines += _comment(about_table(table)[language])
        for name, field in fields.items():
            if _fits(kind, table, name):
                lines += [
                    *_comment(_about(name, field, language)),
                    _line(kind, name, given, language),
                ]
    return "\n".join(lines) + "\n"


def _comment(words: str, bullet: str = "") -> list[str]:
    indent = " " * len(bullet)
    whole = [line for part in words.splitlines() for line in terminal_lines(part, _WIDTH, indent)]
    return [f"# {bullet if at == 0 else ''}{line}" for at, line in enumerate(whole)]


def _about(name: str, field: Field, language: Language) -> str:
    words = about(name)[language]
    if not field.choices:
        return words
    choices = label("study_file.choices", language, names=", ".join(field.choices))
    return f"{words} {choices}" if language == "en" else words + choices


def _line(kind: Kind, name: str, given: dict[str, str], language: Language) -> str:
    if name in given:
        return f"{name} = {given[name]}"
    example = '"together"' if (kind, name) == _LINKED else _EXAMPLES.get(name)
    if name == "title":
        example = f'"{label("study_file.example_title", language)}"'
    return f"# {name} = {example}"


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
