"""What a table of rates cannot answer, refused by name with the data that would answer it."""

from collections.abc import Sequence

from switchstats.labels import text
from switchstats.values import IdentifiedQuantity, Unanswerable

__all__ = ["RATES_ONLY", "unanswerable"]

RATES_ONLY = (
    "pooled_test",
    "weighted_permutation",
    "weighted_interval",
    "fixed_mix_change",
    "leak_contrast",
)


def unanswerable(
    identified: Sequence[IdentifiedQuantity] = (), names: tuple[str, ...] = RATES_ONLY
) -> tuple[Unanswerable, ...]:
    """Return the refusals in words, without those quantities of which a range is identified.

    Examples
    --------
    >>> [item.name for item in unanswerable()][:2]
    ['pooled_test', 'weighted_permutation']
    """
    known = {each.name.removesuffix("_before").removesuffix("_after") for each in identified}
    return tuple(
        Unanswerable(
            name=name,
            quantity=text(f"unanswerable.{name}"),
            reason=text(f"unanswerable.{name}_reason"),
            needs=text(f"unanswerable.{name}_needs"),
        )
        for name in names
        if name not in known
    )
