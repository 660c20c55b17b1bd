"""How often tests reject in declared worlds, where nothing and where something is going on."""

import math
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

from switchstats.values.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Calibration", "CalibrationRow"]

# A rejection rate this many Monte Carlo standard errors from the nominal one is another rate; with
# some 400 comparisons in a table, two such errors would be exceeded by chance alone in ten of them.
_STD_ERRORS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationRow(Shown):
    """One test in one world.

    Parameters
    ----------
    world, test
        Catalogue keys below ``world.`` and ``calibrated.``.
    kind
        ``"size"``: no difference between the groups; ``"power"``: a true one of `gap_pp` points.
        For equivalence at a margin of the world's gap ``"size"`` has that gap, ``"power"`` none.
    gap_pp
        True advantage of the first group, in points.
    n
        Data sets.
    n_undefined
        Data sets that the test refuses, counted as not rejected.
    rejected
        Share of the data sets in which the two-sided p-value was at most the nominal size.
    recommended
        Whether `inference.recommend` names this test for most data sets of this world, and calls
        it sound.
    """

    world: str
    test: str
    kind: Literal["size", "power"]
    gap_pp: float
    n: int
    n_undefined: int
    rejected: float
    recommended: bool = False

    @property
    def std_error(self) -> float:
        """Monte Carlo standard error of `rejected`."""
        return math.sqrt(self.rejected * (1 - self.rejected) / self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration(Shown):
    """The table of a size and power study.

    Parameters
    ----------
    rows
        In the order of worlds, tests, size before power.
    nominal
        Size that the tests are meant to have.
    seed
        Of the whole study; each world has its own stream, whichever others are run.
    version
        Of the package that made it.
    """

    rows: tuple[CalibrationRow, ...]
    nominal: float
    seed: int
    version: str

    @classmethod
    def of(cls, frame: "pd.DataFrame", *, nominal: float, seed: int, version: str) -> "Calibration":
        """Return the study of a table as `to_frame` gives it, or as its CSV was read."""
        names = [field.name for field in fields(CalibrationRow)]
        rows = frame[names].to_dict("records")
        return cls(
            rows=tuple(CalibrationRow(**row) for row in rows),  # type: ignore[arg-type]
            nominal=nominal,
            seed=seed,
            version=version,
        )

    @property
    def worlds(self) -> tuple[str, ...]:
        """Names of the worlds, in order."""
        return tuple(dict.fromkeys(row.world for row in self.rows))

    @property
    def tests(self) -> tuple[str, ...]:
        """Names of the tests, in order."""
        return tuple(dict.fromkeys(row.test for row in self.rows))

    def row(self, world: str, test: str, kind: Literal["size", "power"]) -> CalibrationRow | None:
        """Return the row of this world, test and kind."""
        wanted = (world, test, kind)
        return next((row for row in self.rows if (row.world, row.test, row.kind) == wanted), None)

    def too_often(self, row: CalibrationRow) -> bool:
        """Whether a test rejects more often than it says, beyond Monte Carlo error."""
        error = math.sqrt(self.nominal * (1 - self.nominal) / row.n)
        return row.kind == "size" and row.rejected > self.nominal + _STD_ERRORS * error

    def too_seldom(self, row: CalibrationRow) -> bool:
        """Whether a test rejects less than half as often as it says, beyond Monte Carlo error."""
        half = self.nominal / 2
        error = math.sqrt(half * (1 - half) / row.n)
        return row.kind == "size" and row.rejected < half - _STD_ERRORS * error

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a world, test and kind, with its Monte Carlo error."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    **asdict(row),
                    "std_error": row.std_error,
                    "too_often": self.too_often(row),
                    "too_seldom": self.too_seldom(row),
                }
                for row in self.rows
            ]
        )
