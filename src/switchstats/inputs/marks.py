"""What the sheet library does not tell of cells, out of a workbook's own XML."""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

__all__ = ["Marks", "Signs", "local_name", "parse"]

# (line, column), both from 1 → text to read instead of the cell
Signs = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Marks:
    """Cells in error, formulas without a value, and numbers as they are printed.

    Parameters
    ----------
    cells
        Sheet's name → (line, column), both from 1 → the text to read instead of the cell.
    from_1904
        Whether serial dates count from 1904.
    """

    cells: dict[str, Signs] = field(default_factory=dict[str, Signs])
    from_1904: bool = False


def parse(
    part: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run a parser that refuses document types, and with them all entities."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(part, True)  # noqa: FBT003


def local_name(tag: str) -> str:
    """Return a tag or attribute without its prefix."""
    return tag.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise ValueError
