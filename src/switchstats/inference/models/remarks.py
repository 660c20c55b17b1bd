"""What a reader of a model's result must know besides its numbers."""

import numpy as np

from switchstats.inference.likelihood.ratio import Reference
from switchstats.inference.models.compare import Compared
from switchstats.inference.models.design import ModelCells
from switchstats.labels import Text, text
from switchstats.values import Caution

__all__ = ["cautions", "notes"]

# With fewer retailers the large-sample reference rejects more than one time in 18 at 5 %.
_MANY_RETAILERS = 50


def cautions(
    cells: ModelCells, reference: Reference, *, independent_cells: bool
) -> tuple[Caution, ...]:
    """Return why the result may mislead."""
    found: list[Caution] = []
    if reference == "chi_squared" and cells.n_units < _MANY_RETAILERS:
        found.append(Caution.of("large_sample_ratio", n=cells.n_units))
    if independent_cells:
        found.append(Caution.of("cells_as_units"))
    return tuple(found)


def notes(cells: ModelCells, compared: Compared) -> tuple[Text, ...]:
    """Return what was left out or lies at an edge."""
    found = [*cells.notes]
    if np.any(compared.at[list(compared.spreads)] == 0):
        found.append(text("inference.no_variation_between_retailers"))
    if any(cells.extreme):
        found.append(text("inference.group_ended_alike"))
    return tuple(found)
