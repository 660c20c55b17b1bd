"""A study that cannot be run on these data says so by name, as a finding."""

from dataclasses import dataclass

from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, text
from switchstats.values import Unanswerable

__all__ = ["CannotRunError", "refuse", "refused_item"]


@dataclass(eq=False, kw_only=True)
class CannotRunError(NotAnswerableError):
    """Raised inside a study; its `run` turns it into a finding that is not answerable.

    Parameters
    ----------
    item
        What is refused, why and what it needs, in both languages.
    """

    item: Unanswerable


def refuse(name: str, **fields: Text | str | int) -> CannotRunError:
    """Return the refusal of these catalogue keys below ``cannot.``: name, reason and needs.

    Parameters
    ----------
    name
        Such as ``"before_after"``; the keys are it and it with ``_reason`` and ``_needs``.
    **fields
        For the placeholders of the reason.

    Examples
    --------
    >>> refuse("before_after").item.name
    'before_after'
    """
    item = Unanswerable(
        name=name,
        quantity=text(f"cannot.{name}"),
        reason=text(f"cannot.{name}_reason", **fields),
        needs=text(f"cannot.{name}_needs"),
    )
    parts = (item.quantity.en, item.reason.en.rstrip("."), item.needs.en.rstrip("."))
    return CannotRunError(*parts, item=item)


def refused_item(study: str, error: NotAnswerableError) -> Unanswerable:
    """Return what an error refuses, in both languages where it was raised by `refuse`."""
    if isinstance(error, CannotRunError):
        return error.item
    words = [Text(*[part] * 2) for part in (error.quantity, error.reason, error.needs)]
    return Unanswerable(study, *words)
