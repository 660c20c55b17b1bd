"""Where a piece of input stands, so that every error can name it."""

from dataclasses import dataclass

from switchstats.errors import InputError

__all__ = ["Cell", "Place"]

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A file with a line of it, or a page of a PDF.

    Examples
    --------
    >>> print(Place("t.pdf", page=3).error("an odd cell", "correct it", value="x"))
    t.pdf (page 3), value 'x': an odd cell. To mend: correct it.
    >>> str(Place("t.csv", line=4)), str(Place("t.pdf", page=3)), str(Place("t.csv"))
    ('line 4', 'page 3', 't.csv')
    """

    file: str
    line: int | None = None
    page: int | None = None

    def error(
        self, problem: str, mend: str, *, field: str | None = None, value: str | None = None
    ) -> InputError:
        """Return an error that names this place; a long value is cut."""
        file = self.file if self.page is None else f"{self.file} (page {self.page})"
        if value is not None and len(value) > _SHOWN:
            value = value[:_SHOWN] + "…"
        return InputError(problem, mend, file, self.line, field, value)

    def __str__(self) -> str:
        if self.line is not None:
            return f"line {self.line}"
        return self.file if self.page is None else f"page {self.page}"


@dataclass(frozen=True, slots=True)
class Cell:
    """Text as it stands in the input, and where."""

    text: str
    place: Place

    def error(self, problem: str, mend: str, *, field: str | None = None) -> InputError:
        """Return an error that names the place and shows the text."""
        return self.place.error(problem, mend, field=field, value=self.text.strip())
