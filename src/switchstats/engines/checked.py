"""Opens, checks and links request rows, whatever is then made of them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from switchstats.engines.choose import choose_engine
from switchstats.engines.coding import Coded, code_rows
from switchstats.engines.columns import Mapped, Understanding, read_mapping
from switchstats.engines.duplicates import without_duplicates
from switchstats.engines.failures import in_words
from switchstats.engines.mended import with_mended
from switchstats.engines.protocol import LINK, Engine, FileRead, Opened
from switchstats.engines.question import Question
from switchstats.engines.rejected import ragged_rows, refuse_more, rejected_rows
from switchstats.errors import InputError
from switchstats.facts import Registry, read_registry
from switchstats.facts import registry as bundled_registry
from switchstats.inputs.mended import Mending, read_mended
from switchstats.inputs.paths import files_of, is_path
from switchstats.inputs.progress import Steps, progress
from switchstats.inputs.threshold import refuse_wrong_threshold
from switchstats.labels import Text, text
from switchstats.values import Account, InputFile, Provenance, Rejected, Understood
from switchstats.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    import narwhals as nw
    import pandas as pd

__all__ = ["Checked", "ReadingTerms", "read_checked"]

# Checking, looking for duplicates, counting.
_STEPS = 3
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingTerms:
    """How rows are read; the arguments of `read_requests` of the same names."""

    mapping: "Mapping[str, object] | str | Path | None"
    registry: "Registry | str | Path | pd.DataFrame | None"
    engine: "str | Engine | None"
    max_rejected: float | None
    key: bytes | None
    year: int | None
    encoding: str | None
    mended: Mending


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Request rows that passed every check, each once, and those that did not.

    Parameters
    ----------
    engine, opened, coded
        Where the rows are, and what their codes mean.
    rows
        Valid rows with the columns that were asked for.
    rejected
        All others.
    read
        How many rows there were.
    no_requests
        Rows among them that are no requests, by reason: totals, and blank ones.
    known, mapped, max_rejected
        How they were read.
    question
        What is asked of them.
    mended
        Files of mended cells.
    release
        Lets go of what an engine of our own holds; nothing can be asked of the rows afterwards.
    """

    engine: Engine
    opened: Opened
    coded: Coded
    rows: "nw.LazyFrame[Any]"
    rejected: tuple[Rejected, ...]
    read: int
    no_requests: Mapping[str, int]
    known: Registry
    mapped: Mapped
    max_rejected: float | None
    question: Question
    mended: tuple[InputFile, ...]
    release: Callable[[], None]

    @property
    def accepted(self) -> int:
        """How many valid requests there are, each once."""
        return self.read - len(self.rejected) - sum(self.no_requests.values())

    def account(self, counted: int, excluded: Mapping[str, int]) -> Account:
        """Return where every row went."""
        left = {**self.no_requests, **excluded}
        return Account(self.read, counted, len(self.rejected), left)

    def understood(self, as_of: date) -> tuple[Understood, ...]:
        """Return how each file was understood, with the day of the extract."""
        remarks: list[Text] = [text("engines.as_of", day=as_of.isoformat())]
        if "request_id" not in self.coded.columns:
            remarks.append(text("engines.no_request_id"))
        points = self.coded.supply_points
        if points is not None and points.needs_folding:
            remarks.append(text("engines.supply_points_folded"))
        if n := self.coded.accepted_with_reasons:
            remarks.append(text("engines.accepted_with_reasons", n=f"{n:,}"))
        bad = sum(row.code not in ("duplicate", "conflicting_request") for row in self.rejected)
        if bad and self.question.linked(self.coded.columns):
            remarks.append(text("engines.rejected_may_be_first", n=f"{bad:,}"))
        return tuple(
            Understood(
                file=file.name,
                sheet=file.sheet,
                encoding=file.encoding,
                header_line=file.header_line,
                columns=dict(file.columns.found),
                ignored=file.columns.ignored,
                rows=file.rows,
                remarks=(*_on_file(file), *(remarks if not file.left else ())),
            )
            for file in self.opened.files
        )

    def provenance(self, as_of: date) -> Provenance:
        """Return what was read and how; it waits for the digests of the files."""
        return Provenance(
            inputs=(*self.opened.inputs(), *self.mended),
            config=self.question.to_dict()
            | {
                "as_of": as_of.isoformat(),
                "mapping": self.mapped.to_dict(),
                "engine": self.engine.name,
            }
            | {"max_rejected": self.max_rejected, "not_read": list(self.opened.left_out)},
            version=__version__,
        )


def read_checked(
    source: object,
    terms: ReadingTerms,
    question: Question,
    columns: Callable[[Coded, Question], list[str]],
    make: Callable[[Checked], _Made],
) -> _Made:
    """Open and check request rows, and make something of those that are valid.

    Parameters
    ----------
    source, terms
        As in `read_requests`.
    question
        Which columns no row may leave blank, and whether requests are linked.
    columns
        Returns the coded columns that `make` needs.
    make
        Called while the engine is open.

    Raises
    ------
    InputError, NotAnswerableError, UsageError
        As in `read_requests`.
    """
    refuse_wrong_threshold(terms.max_rejected)
    known = _registry(terms.registry)
    mapped = read_mapping(terms.mapping)
    mapped = replace(mapped, year=mapped.year if terms.year is None else terms.year)
    corrections = read_mended(terms.mended)
    held, own = choose_engine(source, terms.engine)
    opened: Opened | None = None
    with progress(_STEPS) as steps, in_words():
        try:
            if is_path(source) and held.name == "duckdb":
                steps.total += len(files_of(cast("str | Path | Sequence[str | Path]", source))[0])
            understand = Understanding(mapped, partial(steps.begin, text("cli.reading")))
            opened = held.open(source, understand, terms.encoding or mapped.encoding)
            if corrections.cells:
                opened = with_mended(held, opened, corrections.cells)
            steps.begin(text("cli.checking"))
            coded = code_rows(held, opened, question, mapped, known)
            rejected, no_requests = rejected_rows(opened, coded, mapped, known)
            checked = Checked(
                engine=held,
                opened=opened,
                coded=coded,
                rows=coded.frame,
                rejected=(*ragged_rows(opened), *rejected),
                read=sum(file.rows for file in opened.files) + len(opened.ragged),
                no_requests=no_requests,
                known=known,
                mapped=mapped,
                max_rejected=terms.max_rejected,
                question=question,
                mended=corrections.files,
                release=held.close if own else _nothing,
            )
            checked = _each_once(checked, columns, terms.key, steps)
            steps.begin(text("cli.counting"))
            return make(checked)
        except Exception:
            if opened is not None:
                opened.inputs()  # where a file changed meanwhile, that is what went wrong
            raise
        finally:
            if own:
                held.close()


def _nothing() -> None:
    """Leave the engine to whoever opened it."""


def _each_once(
    checked: Checked,
    columns: Callable[[Coded, Question], list[str]],
    key: bytes | None,
    steps: Steps,
) -> Checked:
    """Return the same with requests linked where that is asked, and without copies."""
    steps.begin(text("cli.comparing"))
    coded, question = checked.coded, checked.question
    if question.linked(coded.columns):
        coded = _with_links(checked.engine, coded, key or secrets.token_bytes(32))
    rows, copies = without_duplicates(
        checked.engine, checked.opened, coded, columns(coded, question), checked.known
    )
    rejected = (*checked.rejected, *copies)
    refuse_more(rejected, checked.read, checked.max_rejected)
    if not coded.days:
        raise _no_days(checked.opened, rejected)
    return replace(checked, coded=coded, rows=rows, rejected=rejected)


def _no_days(opened: Opened, rejected: Sequence[Rejected]) -> InputError:
    """Return the error of rows of which none has a day, or of no rows at all."""
    problem = "no row has a submission day that can be read"
    mend = "check the column of submission days, or name another in a mapping"
    in_order = sorted(rejected, key=lambda row: (row.file or "", row.sheet or "", row.line or 0))
    for row in in_order:
        if row.field == "submitted":
            return InputError(problem, mend, row.file, row.line, row.field, row.raw)
    if in_order:
        return InputError(problem, mend, in_order[0].file, in_order[0].line)
    first = opened.files[0]
    problem = "a header without rows: no row has a submission day"
    return InputError(problem, "choose the file that holds the rows", first.name, first.header_line)


def _with_links(engine: Engine, coded: Coded, key: bytes) -> Coded:
    import narwhals as nw

    linked = coded.frame.with_columns(nw.col("supply_point").alias(LINK))
    return replace(coded, frame=engine.hashed(linked, LINK, key))


def _registry(given: "Registry | str | Path | pd.DataFrame | None") -> Registry:
    if given is None:
        return bundled_registry()
    return given if isinstance(given, Registry) else read_registry(given)


def _on_file(file: FileRead) -> list[Text]:
    if file.left:
        return [text("engines.no_requests", n=f"{file.left:,}")]
    layout = file.columns.layout
    return [] if layout is None else [text("counts_reader.layout", name=layout)]
