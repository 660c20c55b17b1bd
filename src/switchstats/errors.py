"""Every error that a user can meet, each with where it happened and how to mend it."""

from dataclasses import dataclass

__all__ = ["InputError", "NotAnswerableError", "SwitchstatsError", "UsageError"]


class SwitchstatsError(Exception):
    """Base of every error that switchstats raises on purpose."""


@dataclass(eq=False)
class InputError(SwitchstatsError):
    """An input that cannot be read as what it claims to be.

    Parameters
    ----------
    problem
        What is wrong, in one sentence without a full stop.
    mend
        What the reader of the message can do about it.
    file, line, field, value
        Where it is, as far as known. `value` is shown to the user: never pass a supply-point
        number, a name of a person or an address.

    Examples
    --------
    >>> print(InputError("a rate above 100 %", "correct the cell", "t.csv", 3, "rate", "118.0"))
    t.csv, line 3, field 'rate', value '118.0': a rate above 100 %. To mend: correct the cell.
    """

    problem: str
    mend: str
    file: str | None = None
    line: int | None = None
    field: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [
            self.file,
            None if self.line is None else f"line {self.line}",
            None if self.field is None else f"field {self.field!r}",
            None if self.value is None else f"value {self.value!r}",
        ]
        where = ", ".join(part for part in place if part)
        message = f"{self.problem}. To mend: {self.mend}."
        return f"{where}: {message}" if where else message


@dataclass(eq=False)
class NotAnswerableError(SwitchstatsError):
    """A quantity that cannot be computed from the given data, refused by its name.

    Parameters
    ----------
    quantity
        The refused quantity, for example ``"request-weighted permutation"``.
    reason
        Why these data cannot give it.
    needs
        The data that would.

    Examples
    --------
    >>> print(NotAnswerableError("pooled z test", "the table prints no counts", "requests"))
    pooled z test is not answerable from these data: the table prints no counts. Needs: requests.
    """

    quantity: str
    reason: str
    needs: str

    def __str__(self) -> str:
        return (
            f"{self.quantity} is not answerable from these data: {self.reason}. "
            f"Needs: {self.needs}."
        )


class UsageError(SwitchstatsError, ValueError):
    """An argument out of its range, such as a margin of -1 or a level of 1.2."""
