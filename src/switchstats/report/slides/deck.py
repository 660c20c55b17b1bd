"""What a deck of slides says, before anything is laid out: values in both languages."""

from dataclasses import dataclass

from switchstats.labels import Text
from switchstats.report.document import Picture, Table

__all__ = ["Chart", "Charts", "Deck", "Series", "Slide"]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers of a chart, as fractions; ``None`` where there is none."""

    name: Text
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart that stays editable: rates in %, one bar a category and series.

    Parameters
    ----------
    title
        Above the chart, in 【】 in Japanese.
    categories
        From top to bottom.
    series
        Each as long as the categories.
    group
        Place of the group, 0 or 1, whose colour the bars have.
    """

    title: Text
    categories: tuple[Text, ...]
    series: tuple[Series, ...]
    group: int


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts side by side, on the same scale."""

    charts: tuple[Chart, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Slide:
    """One thought: a title, what it says in sentences, and what shows it.

    Parameters
    ----------
    title
        At the top.
    lead
        Sentences below the title, the first one in bold.
    body
        What shows it. A table that does not fit goes on over further slides.
    speaker
        For the speaker's notes: method and numbers.
    """

    title: Text
    lead: tuple[Text, ...] = ()
    body: Table | Charts | Picture | None = None
    speaker: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides in order, under the question that they answer."""

    title: Text
    slides: tuple[Slide, ...]

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures that are shown."""
        return tuple(one.body.name for one in self.slides if isinstance(one.body, Picture))
