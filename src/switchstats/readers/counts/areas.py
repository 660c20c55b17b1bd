"""Which area of a general transmission and distribution utility a word names."""

from functools import cache

from switchstats.facts import areas
from switchstats.readers.counts.aliases import folded

__all__ = ["AREA_SUFFIXES", "area_code", "area_heads"]

AREA_SUFFIXES = ("供給区域", "供給エリア", "エリア", "区域", "地域", "管内", "area")


def area_code(text: str) -> str | None:
    """Return the code of an area by its code or name, ``None`` for other words.

    Examples
    --------
    >>> area_code("３"), area_code("東京エリア"), area_code("江戸")
    ('03', '03', None)
    """
    word = folded(text)
    for suffix in AREA_SUFFIXES:
        if word.endswith(suffix) and word != suffix:
            word = word.removesuffix(suffix)
            break
    return _codes().get(word)


@cache
def area_heads() -> frozenset[str]:
    """Return the folded words of areas that may head columns."""
    names = [str(name) for name in areas()["name_ja"]]
    return frozenset(folded(name + suffix) for name in names for suffix in ("", "エリア"))


@cache
def _codes() -> dict[str, str]:
    known: dict[str, str] = {}
    for row in areas().itertuples():
        code = str(row.area)
        names = (code, str(int(code)), str(row.name_ja), str(row.name_en))
        known |= {folded(name): code for name in names}
    return known
