"""Words of heads, totals, groups and units as data, and what a text says by them."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from switchstats.inputs.words import reasons_of
from switchstats.periods import half_width
from switchstats.readers.cells import without_footnotes
from switchstats.readers.layout import group_word

__all__ = [
    "BRACKETS",
    "COUNTS",
    "KEYS",
    "STRATA_READ",
    "aliases",
    "counts_by_length",
    "folded",
    "is_cumulative",
    "is_group",
    "is_total",
    "marks",
    "reason_in_head",
    "stated_unit",
    "units",
    "weak",
]

COUNTS = ("requests", "errors", "accepted")
STRATA_READ = ("area", "losing", "voltage", "reason", "attempt")
KEYS = ("retailer", "group", "period", "year", "fiscal_year", "month", *STRATA_READ)

BRACKETS = re.compile(r"[(\[【〔「]([^()\[\]【】〔〕「」]*)[)\]】〕」]")
_EACH_MONTH = ("月次", "各月", "単月", "月別", "monthly")
_GROUP_SIGNS = "【】■□◆◇●○◎▼▽▶<>〈〉《》[]〔〕「」・. \u3000"
_COUNTED = re.compile("(?:エラー)?(?:件数|数|件)$")
_WRONG = re.compile("の?(?:不一致|不備|不正|相違|誤り|エラー)$")
_BRACKET_BEHIND = re.compile(r"\([^()]*\)$")
# 計 alone ends a total only behind a word of what is added up: 日本設計 is a company.
_TOTAL_OF = re.compile(
    r".*(?:合計|総計|小計|中計)|.*[社者力部体国域アー圧度間別期分\s]計|.*(?<![a-z])(?:sub)?total"
)


@lru_cache(maxsize=2**14)
def folded(text: str) -> str:
    """Return words half-width, without spaces, underscores, footnote marks and case.

    Examples
    --------
    >>> folded("Error Count※1"), folded("ＮＧ 件数")
    ('errorcount', 'ng件数')
    """
    return re.sub(r"[\s_]", "", half_width(without_footnotes(text))).casefold()


@lru_cache(maxsize=2**14)
def is_total(text: str) -> bool:
    """Whether a name is that of a total, such as 合計, 全社計 or みなし小売電気事業者 計.

    Examples
    --------
    >>> is_total("合計（10社）"), is_total("10社計"), is_total("日本設計"), is_total("新電力 計")
    (True, True, False, True)
    """
    words = _BRACKET_BEHIND.sub("", half_width(without_footnotes(text)).strip()).casefold()
    return folded(words) in marks("total") or _TOTAL_OF.fullmatch(words) is not None


def is_cumulative(words: str) -> bool:
    """Whether words around a table say that its numbers are sums since some month.

    Examples
    --------
    >>> is_cumulative("申込件数（年度累計）"), is_cumulative("申込件数")
    (True, False)
    """
    text = folded(words)
    if any(word in text for word in _EACH_MONTH):
        return False
    return any(mark in text for mark in marks("cumulative"))


@lru_cache(maxsize=2**14)
def is_group(text: str) -> bool:
    """Whether a text alone on its line names a group of rows, such as 【みなし小売】 or 新電力.

    Examples
    --------
    >>> is_group("【みなし小売】"), is_group("■ 新電力（10社）"), is_group("東北電力")
    (True, True, False)
    """
    plain = half_width(text).strip()
    bare = folded(_BRACKET_BEHIND.sub("", plain.strip(_GROUP_SIGNS)).strip(_GROUP_SIGNS))
    return bare in marks("group") or group_word(bare) is not None or plain[:1] in "【■◆●▼<〈《"


def stated_unit(text: str) -> int | None:
    """Return the unit that a note states, such as 1000 for （単位：千件）.

    Examples
    --------
    >>> stated_unit("（単位：千件）"), stated_unit("単位 件"), stated_unit("単価")
    (1000, 1, None)
    """
    words = folded(half_width(text)).strip("()[]【】※")
    match = re.search(r"(?:単位|unit)[:：は]?(?P<unit>[^()、,。]+)", words)
    return units().get(match["unit"]) if match else None


def reason_in_head(text: str) -> tuple[str, bool] | None:
    """Return the reason whose errors a column counts, and whether its head says that it is one.

    Examples
    --------
    >>> reason_in_head("住所不一致件数"), reason_in_head("住所"), reason_in_head("申込件数")
    (('address', True), ('address', False), None)
    """
    word = folded(BRACKETS.sub("", half_width(text)))
    bare = _COUNTED.sub("", word)
    stem = _WRONG.sub("", bare)
    for part in (bare, stem):
        reason = reasons_of(part) if part else None
        if reason and "+" not in reason:
            return reason, part != bare or stem != bare
    return None


@cache
def _file() -> dict[str, dict[str, list[str]]]:
    raw = files("switchstats.readers.counts").joinpath("aliases.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


@cache
def aliases() -> dict[str, str]:
    """Return folded head → canonical key or count."""
    tables = (_file()["keys"], _file()["counts"])
    pairs = [(role, word) for table in tables for role, words in table.items() for word in words]
    return {folded(word): role for role, word in pairs} | {folded(role): role for role, _ in pairs}


@cache
def weak() -> dict[str, str]:
    """Return folded head → what it means where nothing stronger stands beside it."""
    return {folded(word): role for role, words in _file()["weak"].items() for word in words}


@cache
def marks(kind: str) -> frozenset[str]:
    """Return the folded words that mark a total, a cumulative number or a group."""
    return frozenset(folded(word) for word in _file()["marks"][kind])


@cache
def units() -> dict[str, int]:
    """Return folded unit → how many requests one of it means."""
    return {folded(word): int(str(size)) for word, size in _file()["units"].items()}


@cache
def counts_by_length() -> tuple[str, ...]:
    """Return the words of counts and rates, the longest first."""
    words = [word for word, role in aliases().items() if role in (*COUNTS, "rate")]
    return tuple(sorted((word for word in words if len(word) > 1), key=len, reverse=True))
