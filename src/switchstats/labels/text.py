"""One sentence or name in both languages of the house."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Language", "Text"]

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
        return self.ja if language == "ja" else self.en

    def to_dict(self) -> dict[str, str]:
        """Return both under ``"ja"`` and ``"en"``."""
        return {"ja": self.ja, "en": self.en}
