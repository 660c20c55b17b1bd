"""How much of a file is read before it is refused, so that no input can exhaust the memory."""

from dataclasses import dataclass

from switchstats.errors import InputError

__all__ = ["LIMITS", "WORKBOOK_OF_ROWS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file that is read into memory.

    Parameters
    ----------
    content
        Bytes, after decompression.
    line
        Bytes of one line of a text file.
    columns
        Cells of one line.
    cells
        Cells of one sheet, blank ones inside its used area included.
    marks
        Cells of one sheet in error, or with a formula without its value.
    """

    content: int = 256 * 2**20
    line: int = 2**20
    columns: int = 20_000
    cells: int = 20_000_000
    marks: int = 100_000

    def refuse_content(self, size: int, file: str) -> None:
        """Raise when a file holds more bytes than `content`."""
        if size > self.content:
            raise InputError(
                f"more than {self.content:,} bytes of content, too much for one table",
                "check that this is the right file, or cut it into smaller files",
                file,
            )

    def refuse_width(self, columns: int, file: str, line: int | None) -> None:
        """Raise when a line has more cells than `columns`; ``None`` for a table without lines."""
        if columns > self.columns:
            what = "a line of {:,} cells" if line else "a table of {:,} columns"
            raise InputError(
                f"{what.format(columns)}; at most {self.columns:,} are read",
                "check that this is the right file, and the separators of its cells",
                file,
                line,
            )

    def refuse_area(self, cells: int, file: str, sheet: str | None = None) -> None:
        """Raise when a sheet's used area has more cells than `cells`."""
        if cells > self.cells:
            where = "" if sheet is None else f" on the sheet {sheet!r}"
            raise InputError(
                f"a used area of {cells:,} cells{where}; at most {self.cells:,} are read",
                "delete stray cells far below or beside the table, or cut the file into smaller "
                "ones",
                file,
            )

    def refuse_marks(self, marks: int, file: str, sheet: str) -> None:
        """Raise when a sheet has more cells in error or without a value than `marks`."""
        if marks > self.marks:
            raise InputError(
                f"more than {self.marks:,} cells on the sheet {sheet!r} are in error, or formulas "
                "saved without their value",
                "open it in a spreadsheet program, let it calculate, and save it",
                file,
            )


LIMITS = Limits()
# A sheet of Excel that is full of request rows: 1,048,576 lines of up to 16 columns, whose markup
# takes about half of this.
WORKBOOK_OF_ROWS = Limits(content=2**30, cells=2**20 * 16)
