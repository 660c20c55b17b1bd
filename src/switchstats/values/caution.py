"""A reason why a result may mislead, as a value and not as a printed warning."""

from dataclasses import dataclass

from switchstats.labels import Text, text
from switchstats.values.shown import Brief, Write

__all__ = ["Caution"]


@dataclass(frozen=True, slots=True)
class Caution(Brief):
    """Why a result may mislead.

    Parameters
    ----------
    code
        Catalogue key below ``caution.``, for programs.
    message
        The same for readers.
    """

    code: str
    message: Text

    @classmethod
    def of(cls, code: str, **fields: str | int | Text) -> "Caution":
        """Return the caution of this catalogue key.

        Examples
        --------
        >>> Caution.of("requests_as_units").message["en"]
        'Requests are treated as independent...'
        """
        return cls(code, text(f"caution.{code}", **fields))

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {"code": self.code, "message": self.message.to_dict()}

    def in_words(self, write: Write) -> Text:
        """Return the message."""
        del write
        return self.message
