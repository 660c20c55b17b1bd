"""The ways in which one end of a period is written, as patterns over folded text."""

import re

from switchstats.periods.eras import ERAS
from switchstats.periods.point import WEEKDAYS, Point
from switchstats.periods.widths import half_width

__all__ = ["fold", "point_in"]

_ERA_BY_WORD = {word: era for era in ERAS for word in (era.letter, era.name)}
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH_BY_WORD = {name[:3].upper(): number for number, name in enumerate(_MONTH_NAMES, start=1)}
_WEEKDAY_BY_WORD = {
    word.upper(): number for words in WEEKDAYS.values() for number, word in enumerate(words)
}
_PARTS = {"上": (2, 1), "下": (2, 2), "H1": (2, 1), "H2": (2, 2)}

_ERA = "(?P<era>" + "|".join(_ERA_BY_WORD) + ")"
_YEAR = "(?P<year>[0-9]{1,4}|元)"
_DAY = "(?P<day>[0-9]{1,2})"
_WEEKDAY = r"(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?"
_QUARTER = "第?(?P<quarter>[1-4])四半期"
_ENGLISH_MONTH = (
    "(?P<month_name>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTH_NAMES) + "|Sept)"
)
_ENGLISH_WEEKDAY = r"(?:(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?,?)?"

# 2022年度上期, 2022年12月27日(火), 令和5年1月, 2月末, 25日, 12
_KANJI = (
    f"(?:{_ERA}?{_YEAR}年(?P<fiscal>度)?)?(?:(?P<half>[上下])半?期|{_QUARTER})?"
    "(?:(?P<month>[0-9]{1,2})月(?P<month_end>末日?)?)?"
    f"(?:{_DAY}日)?(?P<bare>[0-9]{{1,4}})?{_WEEKDAY}"
)
# .1 or .1.13 after a year
_MARKED = f"(?P<mark>[./-])(?P<month>[0-9]{{1,2}})(?:(?P=mark){_DAY})?{_WEEKDAY}"
_NOTATIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _KANJI,
        # R5.1, R5.1.13, 令和5/1/13
        f"{_ERA}{_YEAR}{_MARKED}",
        # R5, and the 令和4 of 令和4～5年度
        f"{_ERA}(?P<bare>[0-9]{{1,2}}|元)",
        # 2023-01, 2023/1/6, 2023.1.6
        f"(?P<year>[0-9]{{4}}){_MARKED}",
        # 202301, 20230113
        "(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?",
        # 3/1
        f"(?P<month>[0-9]{{1,2}})/{_DAY}{_WEEKDAY}",
        # FY2022, FY2022 H1, FY2022 Q3
        "(?P<fiscal>FY)(?P<year>[0-9]{4})(?:(?P<half>H[12])|Q(?P<quarter>[1-4]))?",
        # Tue 27 Dec 2022, Dec 2022, Apr
        rf"{_ENGLISH_WEEKDAY}{_DAY}?{_ENGLISH_MONTH}\.?(?P<year>[0-9]{{4}})?",
    )
)
_DASHES = re.compile("[‐‑‒–—―−ー]")
_TILDES = re.compile(r"[～〜∼⁓〰→⇒⇨➡]|\.{2,3}|から|より")
_ENGLISH_TO = re.compile(r"(?:\s+|(?<=\())to\s+", re.IGNORECASE)
_UNTIL = re.compile(r"\(([^()~]+)まで\)")


def fold(text: str) -> str:
    """Return `text` half-width, without spaces, with ``~`` for from-to and ``-`` for any dash.

    Examples
    --------
    >>> fold("２０２２年 ４〜１２月"), fold("Apr – Dec 2022"), fold("4月から12月まで")
    ('2022年4~12月', 'Apr-Dec2022', '4月~12月')
    """
    folded = _TILDES.sub("~", _DASHES.sub("-", _ENGLISH_TO.sub("~", half_width(text))))
    return _UNTIL.sub(r"(~\1)", re.sub(r"\s+", "", folded)).replace("まで", "")


def point_in(folded: str) -> Point | None:
    """Return what `folded` says when all of it is one end of a period, else ``None``.

    Examples
    --------
    >>> point_in("2022年4") == Point(year=2022, bare=4)
    True
    >>> point_in("四月") is None
    True
    """
    for notation in _NOTATIONS:
        match = notation.fullmatch(folded)
        if match and folded:
            return _point(match.groupdict())
    return None


def _point(words: dict[str, str | None]) -> Point:
    part = None
    if quarter := words.get("quarter"):
        part = (4, int(quarter))
    elif half := words.get("half"):
        part = _PARTS[half.upper()]
    month = _number(words.get("month"))
    if name := words.get("month_name"):
        month = _MONTH_BY_WORD[name[:3].upper()]
    era, weekday = words.get("era"), words.get("weekday")
    return Point(
        year=_number(words.get("year")),
        month=month,
        day=_number(words.get("day")),
        era=_ERA_BY_WORD[era.upper()] if era else None,
        fiscal=bool(words.get("fiscal")),
        part=part,
        month_end=bool(words.get("month_end")),
        weekday=_WEEKDAY_BY_WORD[weekday.upper()] if weekday else None,
        bare=_number(words.get("bare")),
    )


def _number(word: str | None) -> int | None:
    if not word:
        return None
    return 1 if word == "元" else int(word)
