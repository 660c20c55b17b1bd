"""The ja/en catalogue and the bilingual text it returns."""

from switchstats.labels.catalogue import catalogue, label, text
from switchstats.labels.text import Language, Text

__all__ = ["Language", "Text", "catalogue", "label", "text"]
