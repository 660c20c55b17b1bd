"""``{calibration}`` draws how the named tests fared in the calibration study."""

from pathlib import Path

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from switchstats.figures import calibration_profile
from switchstats.labels import text
from switchstats.values import Calibration


class CalibrationPicture(SphinxDirective):
    """The picture of one to four tests, by their names below ``calibrated.`` in the catalogue."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Draw the picture and return it as an image of the page."""
        tests = self.arguments[0].split()
        docs = Path(self.env.srcdir)
        table = docs / "calibration" / "calibration.csv"
        self.env.note_dependency(str(table))
        folder = docs / "methods" / "pictures"
        folder.mkdir(exist_ok=True)
        picture = folder / f"{'-'.join(tests)}.png"
        study = Calibration.of(pd.read_csv(table), nominal=0.05, seed=1, version="")
        calibration_profile(study, tests, size="notebook").savefig(picture, dpi=120)
        names = ", ".join(text(f"calibrated.{name}").en for name in tests)
        image = nodes.image(
            uri=f"/methods/pictures/{picture.name}",
            alt=f"Size and power in 20 declared worlds: {names}",
        )
        return [image]


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("calibration", CalibrationPicture)
    return {"parallel_read_safe": False}
