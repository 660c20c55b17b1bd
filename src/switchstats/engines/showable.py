"""What a cell may show outside the reader: only what looks like the field it stands in.

Columns can be shifted by one, mapped wrongly or filled with free text, and then any cell may hold a
name, an address or a supply point. So nothing is masked by what it looks like it might be; it is
shown only where it looks like what the field holds.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches

from switchstats.engines.columns import aliases, fold
from switchstats.facts import Registry, areas

__all__ = ["MASK", "Showable", "masked"]

MASK = "••••"

_LONG_NUMBER = re.compile(r"\d{13,}")
_SPACES = re.compile(r"[\s‐-―ー-]")
_DAY = re.compile(
    r"(?:明治|大正|昭和|平成|令和|[MTSHR]|FY)?[\d\s/.:年月日時分秒度元TZ+-]{1,32}", re.IGNORECASE
)
_COUNT = re.compile(r"第?[-\d.,]{1,12}(?:回目?|次|度目|件|社)?")
_NUMBER_OF_REQUEST = re.compile(r"[A-Za-z]{0,8}[-_#]?\d{1,12}")
_TELEPHONE = re.compile(r"0\d{9,10}")
_SIGNS = re.compile(r"[\W_]{1,3}|#?[A-Z/0!?]{1,9}[!?]|=?", re.ASCII)
# How the names of retailers of electricity end, and what only an address holds.
_RETAILER = re.compile(
    r"(?:電力|でんき|エナジー|エネルギー|パワー|ガス|power|energy|electric|gas)"
    r"(?:株式会社|\(株\)|合同会社|[ ]?(?:co\.|inc\.|ltd\.?|corp\.?))*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\d|丁目|番地|号室|[都道府県].{0,6}[市区町村郡]")
_CLOSE, _CLOSER = 0.6, 0.75


class Showable:
    """Decides for each cell of rejected rows what of it is shown.

    Parameters
    ----------
    known
        The registry, whose names `gaining` and `losing` resemble.
    own_words
        By field, values that the user's mapping names.
    """

    __slots__ = ("_known", "_vocabulary")

    def __init__(
        self,
        known: Registry,
        own_words: Mapping[str, Iterable[str]],
    ) -> None:
        self._known = known
        self._vocabulary = _vocabulary(own_words)

    def __call__(self, field: str, raw: object) -> str | None:
        """Return the cell as it is shown: whole, in part, or masked with its length."""
        if raw is None:
            return None
        cell = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
        words = unicodedata.normalize("NFKC", cell).strip()
        if not words:
            return cell
        if _LONG_NUMBER.search(_SPACES.sub("", words)):
            return masked(cell)
        if _SIGNS.fullmatch(words) or self._looks_like(field, words):
            return cell
        return self._known_part(field, words) or masked(cell)

    def _looks_like(self, field: str, words: str) -> bool:
        match field:
            case "submitted" | "resolved":
                return bool(_DAY.fullmatch(words))
            case "attempt":
                return bool(_COUNT.fullmatch(words))
            case "request_id":
                number = _NUMBER_OF_REQUEST.fullmatch(words)
                return bool(number) and not _TELEPHONE.fullmatch(words)
            case "gaining" | "losing":
                named = _RETAILER.search(words) and not _ADDRESS.search(words)
                return bool(named) or self._near_retailer(words)
            case _:
                return self._near_word(field, words)

    def _near_retailer(self, words: str) -> bool:
        return any(
            SequenceMatcher(None, words, name).ratio() >= _CLOSER
            for name in self._known.nearest(words)
        )

    def _near_word(self, field: str, words: str) -> bool:
        """Say whether it is a known word with a slip of the pen, and nothing hung on to it."""
        near = get_close_matches(fold(words), self._vocabulary.get(field, ()), n=1, cutoff=_CLOSE)
        return bool(near) and abs(len(words) - len(near[0])) <= 1

    def _known_part(self, field: str, words: str) -> str | None:
        """Return the known word at the head of a reason or an outcome, what follows it masked."""
        if field not in ("reasons", "outcome"):
            return None
        known = (word for word in self._vocabulary[field] if word and words.startswith(word))
        whole = max(known, key=len, default=None)
        return None if whole is None else f"{whole}{masked(words[len(whole) :])}"


def masked(cell: str) -> str:
    """Return nothing of a cell but its length.

    Examples
    --------
    >>> masked("secret")
    '•••• (6 characters)'
    """
    return f"{MASK} ({len(cell)} characters)"


def _vocabulary(own_words: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    table = areas()
    words: dict[str, set[str]] = {
        "outcome": set(aliases("outcome")),
        "reasons": set(aliases("reasons")),
        "voltage": set(aliases("voltage")),
        "area": {
            fold(str(name))
            for column in ("area", "name_ja", "name_en")
            for name in table[column].tolist()
        },
    }
    for field, own in own_words.items():
        words.setdefault(field, set()).update(fold(word) for word in own)
    return {field: tuple(sorted(found)) for field, found in words.items()}
