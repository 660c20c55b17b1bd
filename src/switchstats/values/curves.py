"""What a test could have shown: its differences over all splits, and its power by true effect."""

from dataclasses import asdict, dataclass

from switchstats.errors import UsageError
from switchstats.values.result import Alternative, Weighting
from switchstats.values.shown import Shown

__all__ = ["PowerCurve", "SplitDistribution"]


@dataclass(frozen=True, slots=True)
class SplitDistribution(Shown):
    """How the difference of two groups would fall, had the retailers been split otherwise.

    Parameters
    ----------
    observed
        The difference of the actual groups, first minus second, a fraction.
    edges
        Of the bars, from left to right, one more than there are bars.
    counts
        Splits in each bar.
    n_as_low
        Splits whose difference is at most the observed one, itself included.
    n_splits
        All splits counted.
    exact
        Whether these are all there are; otherwise random ones and the actual one.
    weighting
        Whether every retailer or every request counts once.
    n_by_group
        Retailers in the first and second group.
    groups
        Their names.
    seed
        Of random splits.

    Raises
    ------
    UsageError
        When the bars do not hold all splits.
    """

    observed: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n_as_low: int
    n_splits: int
    exact: bool
    weighting: Weighting
    n_by_group: tuple[int, int]
    groups: tuple[str, str]
    seed: int | None = None

    def __post_init__(self) -> None:
        if sum(self.counts) != self.n_splits or len(self.edges) != len(self.counts) + 1:
            raise UsageError("the bars of a distribution must hold all of its splits")

    @property
    def p_value(self) -> float:
        """One-sided: the share of splits with a first group that is as low or lower."""
        return self.n_as_low / self.n_splits

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {**asdict(self), "p_value": self.p_value}


@dataclass(frozen=True, slots=True)
class PowerCurve(Shown):
    """The probability that a test shows a true difference, by its size.

    Parameters
    ----------
    effects
        Absolute true differences, fractions, rising.
    power
        Probability at each that the test rejects.
    detectable
        The least effect found with probability `wanted`.
    wanted
        That probability.
    level
        One minus the size of the test.
    alternative, method, weighting
        The test.
    n_by_group
        Retailers in the first and second group.
    """

    effects: tuple[float, ...]
    power: tuple[float, ...]
    detectable: float
    wanted: float
    level: float
    alternative: Alternative
    method: str
    weighting: Weighting
    n_by_group: tuple[int, int]

    def __post_init__(self) -> None:
        if len(self.effects) != len(self.power):
            raise UsageError("a power curve has one power for each effect")

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return asdict(self)
