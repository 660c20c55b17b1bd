"""How many rejected rows are too many."""

from collections.abc import Mapping

from switchstats.errors import UsageError
from switchstats.labels import SaidError, Text, text

__all__ = ["refuse_too_many", "refuse_wrong_threshold"]


def refuse_wrong_threshold(max_rejected: float | None) -> None:
    """Raise when a threshold is neither a number of rows nor a fraction of them.

    Raises
    ------
    UsageError
        When it is below 0, a ``float`` above 1, or a ``bool``.

    Examples
    --------
    >>> refuse_wrong_threshold(1.5)
    Traceback (most recent call last):
    switchstats.errors.UsageError: max_rejected is a number of rows, or a fraction from 0.0 to 1.0
    """
    if max_rejected is None:
        return
    too_large = isinstance(max_rejected, float) and not max_rejected <= 1
    if isinstance(max_rejected, bool) or max_rejected < 0 or too_large:
        raise UsageError("max_rejected is a number of rows, or a fraction from 0.0 to 1.0")


def refuse_too_many(by_code: Mapping[str, int], read: int, max_rejected: float | None) -> None:
    """Turn too many rejected rows into one error that says what they are.

    Parameters
    ----------
    by_code
        Code of the quarantine → number of rows.
    read
        All rows.
    max_rejected
        Most rows (an ``int``) or largest fraction of them (a ``float``) that may be rejected;
        ``None`` for any number.

    Raises
    ------
    InputError
        When there are more.

    Examples
    --------
    >>> refuse_too_many({"negative": 2}, 10, 0.2)
    >>> refuse_too_many({"negative": 2}, 10, 1)
    Traceback (most recent call last):
    switchstats.labels.told.SaidError: 2 of 10 rows are rejected, more than max_rejected=1 allows:
    2: a count below 0. To mend: ...
    """
    n = sum(by_code.values())
    if max_rejected is None:
        return
    if n <= (max_rejected * read if isinstance(max_rejected, float) else max_rejected):
        return
    commonest = sorted(by_code.items(), key=lambda pair: (-pair[1], pair[0]))
    tallies = [_tally(code, count) for code, count in commonest]
    said = text(
        "quarantine.too_many",
        n=f"{n:,}",
        read=f"{read:,}",
        limit=str(max_rejected),
        tallies=Text(
            ja="、".join(each.ja for each in tallies), en="; ".join(each.en for each in tallies)
        ),
    )
    raise SaidError(
        said.en,
        "mend the rows, correct the mapping, or allow more; without max_rejected the rows are "
        "loaded and the quarantine lists every one that is not",
        said=said,
    )


def _tally(code: str, count: int) -> Text:
    return text("quarantine.tally", n=f"{count:,}", what=text(f"quarantine.{code}"))
