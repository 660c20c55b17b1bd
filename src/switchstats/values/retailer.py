"""A retailer: the unit of every analysis here."""

from dataclasses import dataclass

from switchstats.labels import Text
from switchstats.values.shown import Brief, Write

__all__ = ["Retailer"]


@dataclass(frozen=True, slots=True)
class Retailer(Brief):
    """Who filed the requests.

    Parameters
    ----------
    retailer
        Short ASCII identifier, such as ``"hokkaido"`` or ``"entrant-a"``; the key everywhere.
    name
        Display name in both languages.
    group
        The side it is on: ``"incumbent"`` or ``"entrant"``, or any name in a user's registry.
    area
        Area code ``"01"`` to ``"10"`` of an incumbent's home area, else ``None``.

    Examples
    --------
    >>> Retailer("hokkaido", Text("北海道電力", "Hokkaido Electric Power"), "incumbent", "01").area
    '01'
    """

    retailer: str
    name: Text
    group: str
    area: str | None = None

    def in_words(self, write: Write) -> Text:
        """Return its name; it has no number to write."""
        del write
        return self.name
