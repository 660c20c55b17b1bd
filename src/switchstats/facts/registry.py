"""Who a name in a table or file stands for."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from switchstats.errors import UsageError
from switchstats.facts.rows import bundled_rows
from switchstats.labels import Text
from switchstats.values import Retailer

__all__ = ["Registry", "registry", "registry_key"]

# Hyphens, dashes, minus signs and the long-vowel mark, which are typed for one another.
_DASHES = re.compile(r"[\u2010-\u2015\u2043\u2212\u2500\u30fc\ufe58\ufe63]")
_COMPANY = re.compile(r"株式会社|\(株\)")


def registry_key(name: str) -> str:
    """Return what is left of a name when spellings that mean the same are made equal.

    Compatibility forms (full and half width, ㈱) are folded by NFKC, all white space and the words
    株式会社 and （株） are removed, dashes and the long-vowel mark become one sign, case is folded.

    Examples
    --------
    >>> registry_key("東京電力　ＥＰ") == registry_key("東京電力ep㈱")
    True
    """
    folded = "".join(unicodedata.normalize("NFKC", name).split())
    return _DASHES.sub("-", _COMPANY.sub("", folded)).casefold()


@dataclass(frozen=True, slots=True)
class Registry:
    """The retailers that an analysis knows, and every name they go by.

    Parameters
    ----------
    retailers
        In the order in which they are shown.
    aliases
        Pairs of a further name and the retailer's identifier.

    Raises
    ------
    UsageError
        When an identifier repeats or is another retailer's name, a name has nothing left under
        `registry_key`, an alias names no listed retailer, or one name stands for two retailers.

    Examples
    --------
    >>> known = registry()
    >>> known.find("東京電力エナジーパートナー（株）").retailer
    'tepco-ep'
    >>> known.find("東京電力") is None
    True
    """

    retailers: tuple[Retailer, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    _by_id: dict[str, Retailer] = field(init=False, repr=False, compare=False)
    _by_key: dict[str, Retailer] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {retailer.retailer: retailer for retailer in self.retailers}
        if len(by_id) < len(self.retailers):
            raise UsageError("a retailer stands twice in the registry")
        by_key: dict[str, Retailer] = {}
        for name, owner in self._names():
            key = registry_key(name)
            retailer = by_id.get(owner)
            if not key or retailer is None:
                raise UsageError(f"not a name of a listed retailer: {name!r} for {owner!r}")
            if by_key.setdefault(key, retailer) is not retailer:
                other = by_key[key].retailer
                raise UsageError(f"the name {name!r} stands for both {other!r} and {owner!r}")
        for owner, retailer in by_id.items():
            if by_key.get(registry_key(owner), retailer) is not retailer:
                raise UsageError(f"the identifier {owner!r} is another retailer's name")
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_by_key", by_key)

    def find(self, name: str) -> Retailer | None:
        """Return the retailer that goes by `name`, else ``None``.

        A name may be spelled in any way that `registry_key` makes equal. An identifier must be
        written exactly: ``"kansai"`` is a retailer, ``"Kansai"`` is only an area.
        """
        return self._by_id.get(name.strip()) or self._by_key.get(registry_key(name))

    def nearest(self, name: str, n: int = 3) -> tuple[str, ...]:
        """Return up to `n` known names that look like `name`, best first.

        For messages only: a likeness of letters says nothing about who is meant.

        Examples
        --------
        >>> registry().nearest("北海電力", n=1)
        ('北海道電力',)
        """
        known = [known for known, _ in self._names()] + list(self._by_id)
        shown = {registry_key(text): text for text in reversed(known)}
        close = get_close_matches(registry_key(name), shown, n=n, cutoff=0.5)
        return tuple(shown[key] for key in close)

    def _names(self) -> Iterator[tuple[str, str]]:
        for retailer in self.retailers:
            yield retailer.name.ja, retailer.retailer
            yield retailer.name.en, retailer.retailer
        yield from self.aliases


def registry() -> Registry:
    """Return the ten incumbents and the ten anonymous entrants of page 17.

    Examples
    --------
    >>> [retailer.retailer for retailer in registry().retailers][:3]
    ['hokkaido', 'tohoku', 'tepco-ep']
    """
    return Registry(
        retailers=tuple(
            Retailer(
                retailer=str(row["retailer"]),
                name=Text(ja=str(row["name_ja"]), en=str(row["name_en"])),
                group=str(row["group"]),
                area=None if row["area"] is None else str(row["area"]),
            )
            for row in bundled_rows("retailers")
        ),
        aliases=tuple((str(row["alias"]), str(row["retailer"])) for row in bundled_rows("aliases")),
    )
