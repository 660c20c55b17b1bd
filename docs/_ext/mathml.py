"""Formulas as MathML, which every browser draws by itself: no script, nothing from elsewhere."""

import re
from html import escape

from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

# docutils sets the index of an accented letter below it, as of a sum; it belongs beside it
_ACCENTED = re.compile(
    r"<munderover>\s*(<mi>[^<]*</mi>)\s*(<(m\w+)>.*?</\3>)\s*(<mo stretchy=\"false\">[^<]</mo>)"
    r"\s*</munderover>",
    re.DOTALL,
)


def _mathml(source: str, *, block: bool) -> str:
    tree = latex2mathml.tex2mathml(source, as_block=block)
    tree = _ACCENTED.sub(r"<msub><mover>\1\4</mover>\2</msub>", tree)
    return f'<span class="math" role="math" aria-label="{escape(source, quote=True)}">{tree}</span>'


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(_mathml(node.astext(), block=False))
    raise nodes.SkipNode


def _display(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f"<p>{_mathml(node.astext(), block=True)}</p>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Make it the renderer of formulas."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True}
