"""Reads a completed run back: its findings, its tables, its counts, and how it came about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from switchstats.errors import InputError
from switchstats.labels import Language, Text, display_language
from switchstats.runs.damaged import unharmed
from switchstats.runs.output import MANIFEST
from switchstats.runs.stored import read_counts_of
from switchstats.values import Check, Counts, Outcome, Shown, Unanswerable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PastFinding", "PastRun", "load_run"]

_RESULTS = "results.json"
_MAJOR = "1"
_Listed = Literal["tests", "identified", "effects", "path", "league", "checks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFinding(Shown):
    """A finding as ``results.json`` holds it.

    Parameters
    ----------
    study, question
        Of the design.
    outcome
        One of the four.
    sentences
        The verdict in words, headline first.
    checks, not_answerable
        As of a `Finding`.
    verdict, tests, identified, effects, path, league
        As they stand in the file: fractions, see the schema. Empty where a study has none, or where
        the schema of the run had no such field yet.
    parts
        The findings that this one sums up.
    folder
        Where its tables are; ``None`` for a part, which has none of its own.
    """

    study: str
    question: Text
    outcome: str
    sentences: tuple[Text, ...]
    checks: tuple[Check, ...]
    not_answerable: tuple[Unanswerable, ...]
    verdict: Mapping[str, Any] = field(repr=False)
    tests: tuple[Mapping[str, Any], ...] = field(repr=False)
    identified: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    effects: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    path: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    league: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    parts: "tuple[PastFinding, ...]" = field(default=(), repr=False)
    folder: Path | None = None

    @property
    def deciding(self) -> "PastFinding | None":
        """The finding whose verdict this one is, as `Finding.deciding`."""
        ran = (each for each in self.parts if each.outcome != Outcome.NOT_ANSWERABLE.value)
        return next(ran, None) if self.parts else self

    def summary(self, language: Language | None = None) -> str:
        """Return question and verdict as plain text."""
        chosen = language or display_language()
        return "\n".join([self.question[chosen], "", *(each[chosen] for each in self.sentences)])

    def paragraph(self, language: Language | None = None) -> str:
        """Return the verdict as one paragraph, as `Finding.paragraph` does."""
        chosen = language or display_language()
        return ("" if chosen == "ja" else " ").join(each[chosen] for each in self.sentences)

    def __str__(self) -> str:
        return self.summary()

    def to_frame(self, of: _Listed = "tests") -> "pd.DataFrame":
        """Return one row a test, the primary first, or a row an entry of another list.

        Parameters
        ----------
        of
            ``"tests"``, ``"identified"``, ``"effects"``, ``"path"``, ``"league"`` or ``"checks"``.
        """
        import pandas as pd

        if of == "checks":
            return pd.DataFrame(
                [
                    {"name": each.name, "passed": each.passed, **each.text.to_dict()}
                    for each in self.checks
                ]
            )
        listed: tuple[Mapping[str, Any], ...] = getattr(self, of)
        return pd.json_normalize([dict(each) for each in listed])

    def tables(self, language: Language = "en") -> "dict[str, pd.DataFrame]":
        """Return its machine-readable tables in one language, by name."""
        import pandas as pd

        if self.folder is None:
            return {}
        found = sorted((self.folder / "tables").glob(f"*.{language}.csv"))
        return {each.name.removesuffix(f".{language}.csv"): pd.read_csv(each) for each in found}

    def _said(self) -> tuple[Text, ...]:
        return (self.question, *self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun(Shown):
    """A run that was completed.

    Parameters
    ----------
    folder
        Where it is.
    number
        Among the runs of its study file; ``None`` for a single run.
    created
        When, in ISO time.
    version
        Of the package that made it.
    findings
        The headline's first.
    manifest
        As it stands: inputs and outputs by sha256, settings, account of rows, flags.
    """

    folder: Path
    number: int | None
    created: str
    version: str
    findings: tuple[PastFinding, ...]
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def run(self) -> Mapping[str, Any]:
        """What the manifest says of a numbered run; empty for a single one."""
        return self.manifest.get("run", {})

    @property
    def counts(self) -> Counts | None:
        """What was studied, for a run of a study file on counts or requests."""
        folder = self.folder / "data"
        if not folder.is_dir():
            return None
        with unharmed(self.folder):
            return read_counts_of(folder)

    def tables(self, language: Language = "en") -> "dict[str, pd.DataFrame]":
        """Return the headline's machine-readable tables in one language, by name.

        Those of other findings: `PastFinding.tables`.
        """
        return self.findings[0].tables(language)


def load_run(folder: str | Path) -> PastRun:
    """Read a folder that `switchstats run` or `write_results` left.

    Parameters
    ----------
    folder
        The run's folder, such as ``out`` or ``runs/latest``.

    Returns
    -------
    PastRun
        With every finding in it.

    Raises
    ------
    InputError
        When it holds no run, a file of it is missing or damaged, or its schema is of a later
        version than this package reads.
    """
    place = Path(folder).resolve()
    if not (place / MANIFEST).is_file():
        mend = "name the folder of a run, such as out or runs/latest"
        raise InputError("no run is there", mend, str(place))
    with unharmed(place):
        return _run(place)


def _run(place: Path) -> PastRun:
    manifest = _json(place / MANIFEST, "switchstats/manifest")
    results = [place / _RESULTS, *sorted(place.glob(f"*/{_RESULTS}"))]
    plain = [
        (cast("dict[str, Any]", finding), path.parent)
        for path in results
        for finding in _json(path, "switchstats/results")["findings"]
    ]
    return PastRun(
        folder=place,
        number=manifest.get("run", {}).get("number"),
        created=manifest["provenance"].get("created", ""),
        version=manifest["provenance"]["version"],
        findings=tuple(_finding(*each) for each in plain),
        manifest=manifest,
    )


def _json(path: Path, schema: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found, version = content["schema"], str(content["schema_version"])
    if found != schema or version.partition(".")[0] != _MAJOR:
        raise InputError(
            f"its schema is {found} {version}, and this version reads {schema} {_MAJOR}.x",
            "read it with a version that knows it",
            str(path),
        )
    return content


def _finding(plain: Mapping[str, Any], folder: Path | None = None) -> PastFinding:
    verdict: Mapping[str, Any] = plain["verdict"]
    return PastFinding(
        study=plain["study"],
        question=Text(**plain["question"]),
        outcome=verdict["outcome"],
        sentences=tuple(Text(**each) for each in verdict["sentences"]),
        checks=tuple(_check(each) for each in plain["checks"]),
        not_answerable=tuple(
            Unanswerable(
                each["name"],
                Text(**each["quantity"]),
                Text(**each["reason"]),
                Text(**each["needs"]),
            )
            for each in plain["not_answerable"]
        ),
        verdict=verdict,
        tests=tuple(plain["tests"]),
        identified=tuple(plain.get("identified", ())),
        effects=tuple(plain.get("effects", ())),
        path=tuple(plain.get("path", ())),
        league=tuple(plain.get("league", ())),
        parts=tuple(_finding(each) for each in plain.get("parts", ())),
        folder=folder,
    )


def _check(plain: Mapping[str, Any]) -> Check:
    return Check(
        plain["name"], plain["passed"], Text(**plain["text"]), tuple(plain.get("undoes", ()))
    )
