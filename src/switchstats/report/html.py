"""Renders a document as one self-contained page that shows either language."""

import base64
import csv
import hashlib
import io
from collections.abc import Mapping
from importlib.resources import files

from switchstats.labels import Language, text
from switchstats.report.document import Document, Picture, Table
from switchstats.report.machine_tables import harmless

__all__ = ["render_html"]

_LANGUAGES: tuple[Language, Language] = ("ja", "en")
# Longer tables can be searched.
_SEARCHED_FROM = 15


def render_html(
    document: Document,
    pictures: Mapping[Language, Mapping[str, bytes]],
    language: Language = "en",
) -> str:
    """Return the page: everything in both languages, of which one is shown.

    Parameters
    ----------
    document
        What to show.
    pictures
        SVG bytes of each `Picture` in both languages, by name. A picture that is missing is an
        error, never a gap.
    language
        The one that is shown first, and printed when there is no script.

    Returns
    -------
    str
        HTML that asks for nothing from outside. Its policy lets only its own script run; every word
        of the data is escaped, and each table can be saved as CSV without formulas.

    Raises
    ------
    KeyError
        When a picture of the document is not given.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("switchstats.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tables = [block for block in document.blocks if isinstance(block, Table)]
    script = _own_file("report.js")
    return environment.get_template("report.html").render(
        title=document.title,
        blocks=[(type(block).__name__, block) for block in document.blocks],
        images={
            one: {
                block.name: _encoded(pictures[one][block.name])
                for block in document.blocks
                if isinstance(block, Picture)
            }
            for one in _LANGUAGES
        },
        csv={one: {table: _encoded(_csv(table, one)) for table in tables} for one in _LANGUAGES},
        files=[
            {table: f"table-{place:02d}.{one}.csv" for place, table in enumerate(tables, start=1)}
            for one in _LANGUAGES
        ],
        language=language,
        words={name: text(f"page.{name}") for name in ("skip", "language", "search", "csv")},
        searched_from=_SEARCHED_FROM,
        style=Markup(_own_file("report.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_digest=_encoded(hashlib.sha256(script.encode()).digest()),
    )


def _own_file(name: str) -> str:
    """Return a file that stands beside the template."""
    return (files("switchstats.report") / "templates" / name).read_text(encoding="utf-8")


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _csv(table: Table, language: Language) -> bytes:
    """Return what a table shows, for a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in (table.header, *table.rows):
        writer.writerow([harmless(cell[language]) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")
