"""What a table of rates cannot answer, refused by name with the data that would answer it."""

from switchstats.labels import text
from switchstats.values import Unanswerable

__all__ = ["RATES_ONLY", "unanswerable"]

RATES_ONLY = (
    "pooled_test",
    "weighted_permutation",
    "weighted_interval",
    "fixed_mix_change",
    "leak_contrast",
)


def unanswerable(names: tuple[str, ...] = RATES_ONLY) -> tuple[Unanswerable, ...]:
    """Return the refusals in words.

    Examples
    --------
    >>> [item.name for item in unanswerable()][:2]
    ['pooled_test', 'weighted_permutation']
    """
    return tuple(
        Unanswerable(
            name=name,
            quantity=text(f"unanswerable.{name}"),
            reason=text(f"unanswerable.{name}_reason"),
            needs=text(f"unanswerable.{name}_needs"),
        )
        for name in names
    )
