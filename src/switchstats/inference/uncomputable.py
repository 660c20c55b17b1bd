"""What given counts cannot give, by name, with the data that would."""

from collections.abc import Sequence
from math import comb

from switchstats.inference.recommendation import Choice, Facts
from switchstats.labels import Text, group_name, text
from switchstats.values import Unanswerable

__all__ = ["uncomputable"]


def uncomputable(
    facts: Facts, choices: Sequence[Choice], groups: tuple[str, str]
) -> tuple[Unanswerable, ...]:
    """Return what counts with these facts cannot give.

    Parameters
    ----------
    facts
        From `facts_of`.
    choices
        The tests that were found for them.
    groups
        First and second group.
    """
    found: list[Unanswerable] = []
    if not facts.varies:
        found.append(_of("no_variation"))
    if min(facts.n_by_group) == 1:
        alone = group_name(groups[facts.n_by_group.index(1)])
        found.append(_of("within_group_spread", group=alone))
    if facts.varies and not choices:
        found.append(_of("permutation", n=comb(sum(facts.n_by_group), facts.n_by_group[0])))
    kinds = set(facts.strata)
    if not (kinds & {"losing", "losing_group"} and kinds & {"area", "home"}):
        found.append(_of("leak_contrast"))
    if "area" not in kinds:
        found.append(_of("by_area"))
    if facts.n_periods == 1:
        found.append(_of("before_after"))
    if "reason" not in kinds:
        found.append(_of("by_reason"))
    return tuple(found)


def _of(name: str, **fields: Text | int) -> Unanswerable:
    quantity, reason, needs = (f"cannot.{name}{part}" for part in ("", "_reason", "_needs"))
    return Unanswerable(name, text(quantity), text(reason, **fields), text(needs))
