"""Knows anonymous retailers beyond those that a registry lists: 新電力K, Entrant AA."""

from dataclasses import dataclass

from switchstats.readers.layout import RetailerLookup
from switchstats.values import Retailer, anonymous_letters, anonymous_retailer

__all__ = ["Labelled"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Registries asked one after the other, and then the label itself.

    Parameters
    ----------
    registries
        Who the retailers are; the first that knows a name decides.

    Examples
    --------
    >>> from switchstats.facts import registry
    >>> known = Labelled((registry(),))
    >>> known.find("新電力Ｋ").retailer, known.find("新電力A").retailer, known.find("だれか")
    ('entrant-k', 'entrant-a', None)
    """

    registries: tuple[RetailerLookup, ...]

    def find(self, name: str) -> Retailer | None:
        """Return the retailer that goes by `name`, or that `name` is a label of."""
        for registry in self.registries:
            found = registry.find(name)
            if found is not None:
                return found
        label = anonymous_letters(name)
        return None if label is None else anonymous_retailer(*label)

    def nearest(self, name: str, n: int = 3) -> tuple[str, ...]:
        """Return up to `n` known names that look like `name`, those of the first registry first."""
        found = [each for registry in self.registries for each in registry.nearest(name, n)]
        return tuple(dict.fromkeys(found))[:n]
