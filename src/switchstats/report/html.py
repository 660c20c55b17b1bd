"""Renders a document as one self-contained HTML page in one language."""

import base64
from collections.abc import Mapping

from switchstats.labels import Language
from switchstats.report.document import Document, Picture

__all__ = ["render_html"]


def render_html(document: Document, pictures: Mapping[str, bytes], language: Language) -> str:
    """Return the page.

    Parameters
    ----------
    document
        What to show.
    pictures
        SVG bytes of each `Picture`, by name. A picture that is missing is an error, never a gap.
    language
        ``"ja"`` or ``"en"``.

    Raises
    ------
    KeyError
        When a picture of the document is not given.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("switchstats.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    images = {
        block.name: base64.b64encode(pictures[block.name]).decode("ascii")
        for block in document.blocks
        if isinstance(block, Picture)
    }
    blocks = [(type(block).__name__, block) for block in document.blocks]
    template = environment.get_template("report.html")
    return template.render(title=document.title, blocks=blocks, images=images, language=language)
