"""What the head of a column says: which key or count, in which unit, of which month."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from switchstats.inputs import Raw
from switchstats.inputs.words import outcome_of, voltage_of
from switchstats.periods import half_width
from switchstats.readers.cells import without_footnotes
from switchstats.readers.counts.aliases import (
    BRACKETS,
    COUNTS,
    aliases,
    counts_by_length,
    folded,
    is_total,
    marks,
    reason_in_head,
    units,
    weak,
)
from switchstats.readers.counts.months import reads_as_period
from switchstats.readers.layout import RetailerLookup

__all__ = ["Heading", "Vocabulary"]

# A longer text is no head; so many different ones are remembered.
_LONGEST, _REMEMBERED = 80, 100_000
_UNIT_WORDS = re.compile("^(?:単位|unit|in)[:：]?", re.IGNORECASE)
_PART_OF = re.compile("^(?:うち|内数?)[、,:・]*")


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
        for word, role in sorted(aliases().items(), key=lambda pair: -len(pair[0])):
            if role in (*COUNTS, "rate") and len(word) > 1 and word in text:
                found.add(role)
                text = text.replace(word, "\n")
        return found.pop() if len(found) == 1 else None

    def _bracketed(self, raw: str) -> Heading | None:
        text = half_width(raw).strip()
        whole = self._plain(text)
        if whole is not None:
            return whole
        inside = [part.strip() for part in BRACKETS.findall(text)]
        base = BRACKETS.sub("", text).strip()
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
        unit = Heading(scale=units()[word]) if word in units() and word not in aliases() else None
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
        if word in aliases():
            return Heading(role=aliases()[word])
        if word in weak():
            return Heading(role=weak()[word], weak=True)
        if word in marks("cumulative"):
            return Heading(cumulative=True)
        return Heading(total=True) if is_total(word) else None

    def _composed(self, word: str) -> Heading | None:
        """Read a count with a month, 累計 or 合計 before or behind it, such as 4月申込件数."""
        for alias in counts_by_length():
            for rest in (
                word.removesuffix(alias) if word.endswith(alias) else "",
                word.removeprefix(alias) if word.startswith(alias) else "",
            ):
                if not rest:
                    continue
                more = self._word(rest.strip("_・の"))
                head = Heading(role=aliases()[alias])
                if more is not None and (more.cumulative or more.total) and more.role is None:
                    return replace(head, cumulative=more.cumulative, total=more.total)
                if reads_as_period(rest):
                    return replace(head, period=rest)
        return None


def _with_remark(heading: Heading, remark: str) -> Heading:
    """Add what stands in brackets behind a head: a unit, a month, 累計 or 合計."""
    unit = folded(_UNIT_WORDS.sub("", remark))
    if unit in units():
        return replace(heading, scale=units()[unit])
    if folded(remark) in marks("cumulative"):
        return replace(heading, cumulative=True)
    if heading.role in COUNTS and is_total(remark):
        return replace(heading, total=True)
    if heading.role in COUNTS and reads_as_period(remark):
        return replace(heading, period=remark)
    return heading
