"""What the head of a column says: which key or count, in which unit, of which month."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files

from switchstats.inputs import Raw
from switchstats.inputs.words import outcome_of, reasons_of, voltage_of
from switchstats.periods import half_width
from switchstats.readers.cells import without_footnotes
from switchstats.readers.counts.months import reads_as_period
from switchstats.readers.layout import RetailerLookup, group_word

__all__ = [
    "COUNTS",
    "KEYS",
    "STRATA_READ",
    "Heading",
    "Vocabulary",
    "folded",
    "is_cumulative",
    "is_group",
    "is_total",
    "reason_in_head",
    "stated_unit",
]

COUNTS = ("requests", "errors", "accepted")
STRATA_READ = ("area", "losing", "voltage", "reason", "attempt")
KEYS = ("retailer", "period", "year", "fiscal_year", "month", *STRATA_READ)

_BRACKETS = re.compile(r"[(\[【〔「]([^()\[\]【】〔〕「」]*)[)\]】〕」]")
# A longer text is no head; so many different ones are remembered.
_LONGEST, _REMEMBERED = 80, 100_000
_UNIT_WORDS = re.compile("^(?:単位|unit|in)[:：]?", re.IGNORECASE)
_GROUP_SIGNS = "【】■□◆◇●○◎▼▽▶<>〈〉《》[]〔〕「」・. \u3000"
_PART_OF = re.compile("^(?:うち|内数?)[、,:・]*")
_EACH_MONTH = ("月次", "各月", "単月", "月別", "monthly")
_COUNTED = re.compile("(?:エラー)?(?:件数|数|件)$")
_WRONG = re.compile("の?(?:不一致|不備|不正|相違|誤り|エラー)$")
_BRACKET_BEHIND = re.compile(r"\([^()]*\)$")
# 計 alone ends a total only behind a word of what is added up: 日本設計 is a company.
_TOTAL_OF = re.compile(
    r".*(?:合計|総計|小計|中計)|.*[社者力部体国域アー圧度間別期分\s]計|.*(?<![a-z])(?:sub)?total"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What one cell of a header says; ``None`` or false where it says nothing of the kind.

    Parameters
    ----------
    role
        A key, a count, ``"rate"``, ``"item"`` or ``"retailer_code"``.
    weak
        Whether the role gives way to any other in the same column, as 件数 does.
    scale
        Number of requests that one unit means: 1000 for 千件.
    cumulative, total
        Whether it names sums since some month, or over some key.
    period
        The words of a month or other period.
    key, value
        A key that the head itself gives a value to, such as an area as the head of a column.
    mapped
        Whether a mapping named the column.
    """

    role: str | None = None
    weak: bool = False
    scale: int | None = None
    cumulative: bool = False
    total: bool = False
    period: Raw = None
    key: str | None = None
    value: Raw = None
    mapped: bool = False

    @property
    def tells(self) -> bool:
        """Whether it says more than a unit."""
        return self.role is not None or self.tells_value or self.cumulative or self.total

    @property
    def tells_value(self) -> bool:
        """Whether it holds the value of a key."""
        return self.period is not None or self.key is not None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of heads, those of a mapping first.

    Parameters
    ----------
    mapped
        Folded words → canonical name, from a mapping.
    areas
        Folded names of areas, which may head columns.
    registry
        Knows the names of retailers, which may head columns.
    unread
        Canonical names whose columns a mapping leaves alone.
    """

    mapped: Mapping[str, str]
    areas: frozenset[str]
    registry: RetailerLookup
    unread: frozenset[str] = frozenset()
    _known: dict[Raw, Heading | None] = field(
        default_factory=dict[Raw, Heading | None], init=False, repr=False, compare=False
    )

    def heading(self, raw: Raw) -> Heading | None:
        """Return what a cell of a header says, ``None`` for any other cell.

        Examples
        --------
        >>> from switchstats.facts import registry
        >>> words = Vocabulary({"うち": "errors"}, frozenset(("東京",)), registry())
        >>> words.heading("申込件数（千件）").role, words.heading("申込件数（千件）").scale
        ('requests', 1000)
        >>> words.heading("うち").role, words.heading("備考") is None
        ('errors', True)
        """
        if not isinstance(raw, str):
            return Heading(period=raw) if reads_as_period(raw) else None
        if raw not in self._known:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            self._known[raw] = self._read(raw)
        return self._known[raw]

    def _read(self, raw: str) -> Heading | None:
        if len(raw) > _LONGEST:
            return None
        if folded(raw) in self.mapped:
            heading = self._bracketed(raw) or Heading()
            return replace(heading, role=self.mapped[folded(raw)], weak=False, mapped=True)
        heading = self._bracketed(raw)
        if heading is None or heading.role in self.unread:
            return None
        return None if heading.key == "reason" and "reason" in self.unread else heading

    def item(self, text: str) -> Heading | None:
        """Return what a cell counts in a column that tells that row by row: 申込件数, NG or ○.

        Examples
        --------
        >>> from switchstats.facts import registry
        >>> words = Vocabulary({}, frozenset(), registry())
        >>> [words.item(text).role for text in ("申込件数", "○", "エラー")]
        ['requests', 'accepted', 'errors']
        """
        heading = self.heading(text)
        if heading is not None and heading.role in COUNTS:
            return heading
        role = {"accepted": "accepted", "error": "errors"}.get(outcome_of(text) or "")
        return Heading(role=role) if role else heading

    def mentioned(self, words: str) -> str | None:
        """Return the only count (or rate) that a title names, ``None`` for none or several.

        Examples
        --------
        >>> from switchstats.facts import registry
        >>> words = Vocabulary({}, frozenset(), registry())
        >>> words.mentioned("廃止取次申込件数の推移"), words.mentioned("申込件数とエラー件数")
        ('requests', None)
        """
        text, found = folded(words), set[str]()
        for word, role in sorted(_aliases().items(), key=lambda pair: -len(pair[0])):
            if role in (*COUNTS, "rate") and len(word) > 1 and word in text:
                found.add(role)
                text = text.replace(word, "\n")
        return found.pop() if len(found) == 1 else None

    def _bracketed(self, raw: str) -> Heading | None:
        text = half_width(raw).strip()
        whole = self._plain(text)
        if whole is not None:
            return whole
        inside = [part.strip() for part in _BRACKETS.findall(text)]
        base = _BRACKETS.sub("", text).strip()
        heading = self._plain(base) if base else Heading()
        if heading is None:
            return None
        for part in inside:
            heading = _with_remark(heading, part)
        return heading if base or heading != Heading() else None

    def _plain(self, text: str) -> Heading | None:
        word = folded(text)
        if not word:
            return None
        unit = (
            Heading(scale=_units()[word]) if word in _units() and word not in _aliases() else None
        )
        part = self._word(_PART_OF.sub("", word))
        told = part if part is not None and part.role in COUNTS else self._word(word)
        return unit or told or self._value(text, word) or self._composed(word)

    def _value(self, text: str, word: str) -> Heading | None:
        if reads_as_period(text):
            return Heading(period=text)
        if word in self.areas:
            return Heading(key="area", value=text)
        if voltage_of(text):
            return Heading(key="voltage", value=text)
        known = self.registry.find(text) or self.registry.find(without_footnotes(text))
        if known:
            return Heading(key="retailer", value=text)
        return Heading(key="reason", value=text) if reason_in_head(text) else None

    def _word(self, word: str) -> Heading | None:
        if word in _aliases():
            return Heading(role=_aliases()[word])
        if word in _weak():
            return Heading(role=_weak()[word], weak=True)
        if word in _marks("cumulative"):
            return Heading(cumulative=True)
        return Heading(total=True) if is_total(word) else None

    def _composed(self, word: str) -> Heading | None:
        """Read a count with a month, 累計 or 合計 before or behind it, such as 4月申込件数."""
        for alias in _counts_by_length():
            for rest in (
                word.removesuffix(alias) if word.endswith(alias) else "",
                word.removeprefix(alias) if word.startswith(alias) else "",
            ):
                if not rest:
                    continue
                more = self._word(rest.strip("_・の"))
                head = Heading(role=_aliases()[alias])
                if more is not None and (more.cumulative or more.total) and more.role is None:
                    return replace(head, cumulative=more.cumulative, total=more.total)
                if reads_as_period(rest):
                    return replace(head, period=rest)
        return None


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
    return folded(words) in _marks("total") or _TOTAL_OF.fullmatch(words) is not None


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
    return any(mark in text for mark in _marks("cumulative"))


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
    return bare in _marks("group") or group_word(bare) is not None or plain[:1] in "【■◆●▼<〈《"


def _with_remark(heading: Heading, remark: str) -> Heading:
    """Add what stands in brackets behind a head: a unit, a month, 累計 or 合計."""
    unit = folded(_UNIT_WORDS.sub("", remark))
    if unit in _units():
        return replace(heading, scale=_units()[unit])
    if folded(remark) in _marks("cumulative"):
        return replace(heading, cumulative=True)
    if heading.role in COUNTS and is_total(remark):
        return replace(heading, total=True)
    if heading.role in COUNTS and reads_as_period(remark):
        return replace(heading, period=remark)
    return heading


def stated_unit(text: str) -> int | None:
    """Return the unit that a note states, such as 1000 for （単位：千件）.

    Examples
    --------
    >>> stated_unit("（単位：千件）"), stated_unit("単位 件"), stated_unit("単価")
    (1000, 1, None)
    """
    words = folded(half_width(text)).strip("()[]【】※")
    match = re.search(r"(?:単位|unit)[:：は]?(?P<unit>[^()、,。]+)", words)
    return _units().get(match["unit"]) if match else None


def reason_in_head(text: str) -> tuple[str, bool] | None:
    """Return the reason whose errors a column counts, and whether its head says that it is one.

    Examples
    --------
    >>> reason_in_head("住所不一致件数"), reason_in_head("住所"), reason_in_head("申込件数")
    (('address', True), ('address', False), None)
    """
    word = folded(_BRACKETS.sub("", half_width(text)))
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
def _aliases() -> dict[str, str]:
    tables = (_file()["keys"], _file()["counts"])
    pairs = [(role, word) for table in tables for role, words in table.items() for word in words]
    return {folded(word): role for role, word in pairs} | {folded(role): role for role, _ in pairs}


@cache
def _weak() -> dict[str, str]:
    return {folded(word): role for role, words in _file()["weak"].items() for word in words}


@cache
def _marks(kind: str) -> frozenset[str]:
    return frozenset(folded(word) for word in _file()["marks"][kind])


@cache
def _units() -> dict[str, int]:
    return {folded(word): int(str(size)) for word, size in _file()["units"].items()}


@cache
def _counts_by_length() -> tuple[str, ...]:
    words = [word for word, role in _aliases().items() if role in (*COUNTS, "rate")]
    return tuple(sorted((word for word in words if len(word) > 1), key=len, reverse=True))
