"""What the words in a cell mean, for request rows and counts alike: outcome, reasons, voltage."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

__all__ = ["fold", "is_total", "outcome_of", "reasons_of", "voltage_of", "words"]

_MARKS = re.compile(r"[\s_\-‐-―ー・()「」【】\[\]]")
_BETWEEN_REASONS = re.compile(r"[+;,、/|・\n]|及び|および|並びに")


@lru_cache(maxsize=2**14)
def fold(text: str) -> str:
    """Return words without what people write differently: width, case, spaces, dashes, brackets.

    Examples
    --------
    >>> fold("エリア コード（ＡＢ）") == fold("ｴﾘｱｺｰﾄﾞab")
    True
    """
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def words(section: str) -> dict[str, str]:
    """Return folded word → canonical word of one section of words.toml.

    Examples
    --------
    >>> words("outcome")[fold("ＮＧ")], words("voltage")[fold("特別高圧")]
    ('error', 'extra_high')
    """
    raw = files("switchstats.inputs").joinpath("words.toml").read_text(encoding="utf-8")
    tables = cast("dict[str, dict[str, list[str]]]", tomllib.loads(raw))
    return {fold(word): name for name, listed in tables[section].items() for word in listed}


@lru_cache(maxsize=2**14)
def is_total(cell: str) -> bool:
    """Whether a cell in a column of requests says that its row adds others up.

    Examples
    --------
    >>> is_total("合計"), is_total("１月 小計"), is_total("株式会社日本設計")
    (True, True, False)
    """
    folded = fold(cell)
    return folded in words("total") or folded.endswith(("合計", "総計", "小計"))


def outcome_of(cell: str) -> str | None:
    """Return what came of a request, ``None`` for unknown words.

    Examples
    --------
    >>> outcome_of("○"), outcome_of("エラー"), outcome_of("?")
    ('accepted', 'error', None)
    """
    return words("outcome").get(fold(cell))


def voltage_of(cell: str) -> str | None:
    """Return ``"low"``, ``"high"`` or ``"extra_high"``, ``None`` for unknown words."""
    return words("voltage").get(fold(cell))


@lru_cache(maxsize=2**14)
def reasons_of(cell: str) -> str | None:
    """Return the exact set of reasons, sorted and joined by ``+``; ``None`` if one is unknown.

    Examples
    --------
    >>> reasons_of("住所・契約者名不一致"), reasons_of("なし"), reasons_of("気分")
    ('address+customer_name', '', None)
    """
    known, nothing = words("reasons"), words("reason_none")
    listed = _BETWEEN_REASONS.split(unicodedata.normalize("NFKC", cell))
    parts = {folded for part in listed if (folded := fold(part)) and folded not in nothing}
    return "+".join(sorted({known[part] for part in parts})) if parts <= set(known) else None
