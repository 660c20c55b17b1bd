"""One sentence or name in both languages of the house."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Language", "Text", "joined"]

Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Japanese and English.

    Examples
    --------
    >>> Text(ja="北海道電力", en="Hokkaido Electric Power")["en"]
    'Hokkaido Electric Power'
    """

    ja: str
    en: str

    def __getitem__(self, language: Language) -> str:
        # anything else must fail: `in` would go through 0, 1, 2, … without end
        return {"ja": self.ja, "en": self.en}[language]

    @property
    def heading(self) -> "Text":
        """The same with a capital first letter in English."""
        return Text(ja=self.ja, en=self.en[:1].upper() + self.en[1:])

    def to_dict(self) -> dict[str, str]:
        """Return both under ``"ja"`` and ``"en"``."""
        return {"ja": self.ja, "en": self.en}


def joined(texts: Iterable[Text]) -> Text:
    """Return a list of words, with each language's own comma.

    Examples
    --------
    >>> joined([Text("東北電力", "Tohoku"), Text("中国電力", "Chugoku")])
    Text(ja='東北電力、中国電力', en='Tohoku, Chugoku')
    """
    words = list(texts)
    return Text(ja="、".join(word.ja for word in words), en=", ".join(word.en for word in words))
