"""A study that cannot be run on these data says so by name, as a finding."""

from dataclasses import dataclass

from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, catalogue, text, worded
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
    known = error.quantity == study and f"study_name.{study}" in catalogue()
    quantity = text(f"study_name.{study}").heading if known else worded(error.quantity)
    return Unanswerable(study, quantity, _sentence(error.reason), _sentence(error.needs))


def _sentence(words: str) -> Text:
    """Return part of an error as a sentence of its own in both languages."""
    both = worded(words)
    end = "" if both.ja.endswith("。") or both.ja == both.en else "。"
    return Text(ja=both.ja + end, en=both.en.rstrip(".") + ".").heading
