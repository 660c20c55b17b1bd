"""What a cell may show outside the reader: only what looks like the field it stands in.

Columns can be shifted by one, mapped wrongly or filled with free text, and then any cell may hold a
name, an address or a supply point. So nothing is masked by what it looks like it might be; it is
shown only where it has the form of what its field holds. All else is a mask with its length, and
file, line and field say where to look.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches

from switchstats.facts import Registry, areas
from switchstats.inputs.masks import masked
from switchstats.inputs.words import fold, words

__all__ = ["Showable", "shown_head"]

_TIME = (
    r"(?:[T\s]\s*(?:午前|午後)?\d{1,2}[:時]\d{2}(?:[:分]\d{0,2}秒?)?(?:\.\d+)?"
    r"\s*(?:Z|[+-]\d\d:?\d\d)?)?"
)
_WEEKDAY = r"(?:\s*\([月火水木金土日]\))?"
_ERA = r"(?:明治|大正|昭和|平成|令和|[明大昭平令MTSHR])"
# Years have four digits or an era, days stand in a date; so lots and telephone numbers do not pass.
_DAY = re.compile(
    rf"(?:(?:\d{{4}}|{_ERA}\s?(?:\d{{1,2}}|元))(?:年度?|[/.-])(?:\d{{1,2}}(?:月|[/.-])?)?(?:\d{{1,2}}日?)?"
    rf"|\d{{1,2}}[/月](?:\d{{1,2}}日?)?(?:/\d{{2,4}})?|[12]\d{{3}}年?度?|[12]\d{{5}}(?:\d\d)?"
    rf"|[2-6]\d{{4}}(?:\.\d+)?){_WEEKDAY}{_TIME}",
    re.IGNORECASE,
)
_ATTEMPT = re.compile(r"第?-?(?:\d{1,4}(?:\.\d{1,3})?|[一二三四五六七八九十])(?:回目?|次|度目)?")
_REQUEST_ID = re.compile(
    r"[A-Za-z]{1,8}(?:[-_#]?\d{1,12}){1,3}|\d{1,12}|\d{4,12}(?:-\d{1,12}){1,2}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
_TELEPHONE = re.compile(r"0\d{9,10}")
_LONG_NUMBER = re.compile(r"\d{13,}")
_SPACES = re.compile(r"[\s‐-―ー-]")
_SIGNS = re.compile(r"[^\w\s]{1,3}|#(?:N/A|[A-Z/0]{2,6}[!?])|Err:\d+")
# A code such as 9 or NG2, for which a value map may be wanted.
_CODE = re.compile(r"[a-z0-9]{1,3}")
_PREFECTURE = re.compile(r"東京都|北海道|(?:京都|大阪)府|[\u4e00-\u9fff]{2,3}県")
# How names of electricity retailers end; a family name with a given name behind does not.
_RETAILER = re.compile(
    r"(?=.{3,30}$)[^\d]*(?:電力|でんき|デンキ|エナジー|エネルギー|エネ|ガス|パワー|電気"
    r"|power|energy|electric|gas)(?:[A-Za-z]|サービス|販売|ホールディングス)?",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"株式会社|合同会社|有限会社|\(株\)|\(同\)|\s")
_HEAD = re.compile(
    r"番号|コード|区分|種別|種類|件数|回数|理由|事由|結果|項目|内容|備考|摘要|状況|ステータス"
    r"|フラグ|エリア|地域|区域|事業者|小売|電圧|住所|年月日?|日付|日時|(?:申込|受付|処理|完了|変更)日"
    r"|名称|氏名|名義|(?:社|者|家)名|切替[先元]|ID"
)
_PLAIN_HEAD = re.compile(r"[a-z][a-z _]{0,30}|[A-Z]{2,3}")
_CLOSE, _CLOSER = 0.7, 0.75
_SHORT = 2


class Showable:
    """Decides for each cell of rejected rows what of it is shown.

    Parameters
    ----------
    known
        The registry, whose names `gaining` and `losing` resemble.
    own_words
        By field, values that the user's mapping names.

    Examples
    --------
    >>> from switchstats.facts import registry
    >>> show = Showable(registry(), {})
    >>> show("submitted", "2023-02-30"), show("submitted", "電気太郎")
    ('2023-02-30', '**** (4)')
    >>> show("reasons", "需要者名不一致（電気太郎）")
    '需要者名不一致**** (6)'
    """

    __slots__ = ("_known", "_vocabulary")

    def __init__(self, known: Registry, own_words: Mapping[str, Iterable[str]]) -> None:
        self._known = known
        self._vocabulary = _vocabulary(own_words)

    def __call__(self, field: str, raw: object, *, shifted: bool = False) -> str | None:
        """Return the cell as it is shown: whole, in part, or masked with its length.

        Parameters
        ----------
        field
            Canonical name of the column it stands in.
        raw
            The cell.
        shifted
            Whether more is wrong with its row, so that its cells may belong to other columns: then
            numbers and names that are like none known are not shown, even in the right form.
        """
        if raw is None:
            return None
        cell = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
        said = unicodedata.normalize("NFKC", cell).strip()
        if not said:
            return cell
        if _LONG_NUMBER.search(_SPACES.sub("", said)):
            return masked(cell)
        if _SIGNS.fullmatch(said) or said == "=" or self._has_form(field, said, shifted=shifted):
            return cell
        return self._known_part(field, said) or masked(cell)

    def _has_form(self, field: str, said: str, *, shifted: bool) -> bool:
        match field:
            case "submitted" | "resolved":
                found = _DAY.fullmatch(said) is not None
            case "attempt":
                found = _ATTEMPT.fullmatch(said) is not None
            case "request_id":
                found = not shifted and _numbers_request(said)
            case "gaining" | "losing":
                is_name = not shifted and _RETAILER.fullmatch(_COMPANY.sub("", said))
                found = bool(is_name) or self._resembles_retailer(said)
            case "area" | "outcome" | "reasons" | "voltage":
                found = self._is_near(field, fold(said))
                found = found or (field == "area" and _PREFECTURE.fullmatch(said) is not None)
            case _:
                found = False
        return found

    def _resembles_retailer(self, said: str) -> bool:
        likeness = (SequenceMatcher(None, said, name).ratio() for name in self._known.nearest(said))
        return any(ratio >= _CLOSER for ratio in likeness)

    def _is_near(self, field: str, word: str) -> bool:
        """Whether it is a word of the field, perhaps with a slip of the pen, and nothing more."""
        listed = self._vocabulary.get(field, ())
        if word in listed or _CODE.fullmatch(word):
            return True
        if len(word) <= _SHORT:
            return False
        longer = [other for other in listed if len(other) > _SHORT]
        near = get_close_matches(word, longer, n=1, cutoff=_CLOSE)
        return bool(near) and abs(len(word) - len(near[0])) <= 1

    def _known_part(self, field: str, said: str) -> str | None:
        """Return the known word at the head of a reason or an outcome, what follows it masked."""
        if field not in ("reasons", "outcome"):
            return None
        listed = self._vocabulary[field]
        heads = (word for word in listed if len(word) >= _SHORT and said.startswith(word))
        whole = max(heads, key=len, default=None)
        return None if whole is None else f"{whole}{masked(said[len(whole) :])}"


def shown_head(cell: str, known: Collection[str]) -> str:
    """Return a cell of the first row as it is shown, where that row may hold data.

    Parameters
    ----------
    cell
        As it stands.
    known
        Folded heads that are understood.

    Examples
    --------
    >>> shown_head("社名", ()), shown_head("電気太郎", ())
    ('社名', '**** (4)')
    """
    said = unicodedata.normalize("NFKC", cell).strip()
    near = fold(said) in known or get_close_matches(fold(said), known, n=1, cutoff=_CLOSE)
    if near or _PLAIN_HEAD.fullmatch(said):
        return cell
    is_head = _HEAD.search(said) and len(said) <= 20 and not re.search(r"\d", said)  # noqa: PLR2004
    return cell if is_head else masked(cell)


def _numbers_request(said: str) -> bool:
    telephone = _TELEPHONE.fullmatch(said.replace("-", ""))
    return telephone is None and _REQUEST_ID.fullmatch(said) is not None


def _vocabulary(own_words: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    table = areas()
    listed: dict[str, set[str]] = {
        "outcome": set(words("outcome")),
        "reasons": set(words("reasons")),
        "voltage": set(words("voltage")),
        "area": {
            fold(str(name))
            for column in ("area", "name_ja", "name_en")
            for name in table[column].tolist()
        },
    }
    for field, own in own_words.items():
        listed.setdefault(field, set()).update(fold(word) for word in own)
    return {field: tuple(sorted(found)) for field, found in listed.items()}
