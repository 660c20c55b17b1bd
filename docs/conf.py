"""The site: `make docs` builds it, with warnings as errors."""

import shutil
import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from switchstats.version import __version__

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

project = "switchstats"
author = "The switchstats maintainers"
version = release = __version__
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "calibration_pictures",
    "mathml",
]
exclude_patterns = ["_build", "_ext"]

# Notebooks live beside the docs and are run while the site is built.
shutil.rmtree(HERE / "notebooks", ignore_errors=True)
shutil.copytree(HERE.parent / "notebooks", HERE / "notebooks", ignore=lambda *_: ["README.md"])
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_execution_show_tb = True
nb_merge_streams = True
nb_output_stderr = "error"

myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
default_role = "code"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"switchstats {release}"
html_extra_path = ["study-1.schema.json"]
html_copy_source = False
html_show_copyright = False
html_domain_indices = False
html_last_updated_fmt = None


def setup(app: Sphinx) -> None:
    """Teach it a language that has nothing to colour."""
    app.add_lexer("csv", TextLexer)
