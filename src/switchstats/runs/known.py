"""What an outsider knows besides a printed table, from a small TOML file."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

from switchstats.bounds import Ordering, Share, Volume
from switchstats.errors import InputError, SwitchstatsError, UsageError
from switchstats.inputs.paths import refuse_pipe
from switchstats.labels import SaidError, Text, problem_of, worded
from switchstats.periods import Period, parse_period
from switchstats.values import PublishedTable

__all__ = ["Known", "read_known"]

_FIELDS = {
    "volume": ("retailer", "group", "period", "requests", "low", "high"),
    "share": ("retailer", "group", "period", "share", "low", "high"),
    "ordering": ("retailers", "period"),
}
_MEND = (
    "write total = …, [[volume]] with requests (or low, high), [[share]] with share (or low, "
    "high), each of a retailer or a group, or [[ordering]] with retailers, the largest first; a "
    "period is one that the table prints"
)


@dataclass(frozen=True, slots=True)
class Known:
    """Constraints on the requests behind a table.

    Parameters
    ----------
    constraints
        For `audit`.
    total
        Requests of everybody in the longest printed period.
    """

    constraints: tuple[Volume | Share | Ordering, ...] = ()
    total: int | None = None


def read_known(path: Path, table: PublishedTable) -> Known:
    """Read what is known of the requests behind a table.

    Parameters
    ----------
    path
        A TOML file: ``total``, and tables ``[[volume]]``, ``[[share]]`` and ``[[ordering]]``.
        Retailers go by identifier or printed name, periods by any printed form.
    table
        The table that they are about.

    Raises
    ------
    InputError
        With every mistake at once: no TOML, an unknown field, a retailer, group or period that the
        table lacks, or a number out of its range.
    """
    refuse_pipe(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Fraction)
    except OSError as error:
        raise InputError(
            f"the file cannot be read ({error.strerror})", "check its name and folder", str(path)
        ) from None
    except (ValueError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"not TOML in UTF-8 ({error})", _MEND, path.name) from None
    mistakes: list[Text] = []
    total: int | None = None
    constraints: list[Volume | Share | Ordering] = []
    for kind, value in content.items():
        if kind == "total":
            total = _whole(value, mistakes)
        elif kind in _FIELDS and isinstance(value, list):
            for number, entry in enumerate(cast("list[object]", value), 1):
                try:
                    constraints.append(_constraint(kind, entry, table))
                except SwitchstatsError as error:
                    mistakes.append(_at(f"[[{kind}]] {number}", error))
        else:
            mistakes.append(worded(f"nothing is called {kind!r} here"))
    if mistakes:
        said = Text(
            ja="。".join(each.ja for each in mistakes), en="; ".join(each.en for each in mistakes)
        )
        raise SaidError(said.en, _MEND, path.name, said=said)
    return Known(tuple(constraints), total)


def _at(place: str, error: SwitchstatsError) -> Text:
    words = problem_of(error)
    return Text(ja=f"{place}：{words.ja}", en=f"{place}: {words.en}")


def _whole(value: object, mistakes: list[Text]) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    mistakes.append(worded("total is a whole number of requests above 0"))
    return None


def _constraint(kind: str, entry: object, table: PublishedTable) -> Volume | Share | Ordering:
    if not isinstance(entry, dict):
        raise UsageError(f"write it as a table, [[{kind}]]")
    fields = cast("dict[str, object]", entry)
    unknown = [name for name in fields if name not in _FIELDS[kind]]
    if unknown:
        raise UsageError(f"unknown {', '.join(unknown)}; known: {', '.join(_FIELDS[kind])}")
    period = _period(fields.get("period"), table)
    if kind == "ordering":
        names = fields.get("retailers")
        if not isinstance(names, list):
            raise UsageError("retailers is a list of names, the largest first")
        return Ordering(
            tuple(_retailer(name, table) for name in cast("list[object]", names)), period
        )
    low, high = _ends(fields, "requests" if kind == "volume" else "share")
    made: Callable[..., Volume | Share] = Volume if kind == "volume" else Share
    return made(
        low=low,
        high=high,
        retailer=_retailer(fields["retailer"], table) if "retailer" in fields else None,
        group=_group(fields["group"], table) if "group" in fields else None,
        period=period,
    )


def _ends(
    fields: Mapping[str, object], exactly: str
) -> tuple[int | Fraction | None, int | Fraction | None]:
    if exactly in fields and ("low" in fields or "high" in fields):
        raise UsageError(f"write {exactly}, or low and high")
    ends = (fields.get(exactly, fields.get("low")), fields.get(exactly, fields.get("high")))
    for end in ends:
        if end is not None and (isinstance(end, bool) or not isinstance(end, int | Fraction)):
            raise UsageError(f"not a number: {end!r}")
    return cast("tuple[int | Fraction | None, int | Fraction | None]", ends)


def _period(words: object, table: PublishedTable) -> Period | None:
    if words is None:
        return None
    if not isinstance(words, str):
        raise UsageError("a period is text, as the table prints it")
    for column in table.periods:
        if words in (column.label.ja, column.label.en):
            return column.period
    period = parse_period(words)
    table.column(period)
    return period


def _retailer(name: object, table: PublishedTable) -> str:
    for each in table.retailers:
        if name in (each.retailer, each.name.ja, each.name.en):
            return each.retailer
    raise UsageError(f"the table has no retailer {name!r}")


def _group(name: object, table: PublishedTable) -> str:
    if not isinstance(name, str) or name not in table.groups:
        raise UsageError(f"the table has no group {name!r}; it has {', '.join(table.groups)}")
    return name
