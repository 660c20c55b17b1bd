"""What every study of counts is declared with, checked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TypedDict

from switchstats.errors import UsageError
from switchstats.labels import Language
from switchstats.values import Provenance
from switchstats.version import __version__

__all__ = ["Declaration", "Terms"]

_LEAST_LEVEL = 0.5
_TWO = 2


class Terms(TypedDict):
    """The fields of a `Declaration`, to be handed on."""

    margin: float | None
    groups: tuple[str, str]
    level: float
    power: float
    seed: int
    language: Language | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Margin, level, power, groups and language of a study.

    Parameters
    ----------
    margin
        The user's Δ: the smallest advantage that would matter, a fraction (0.02 is 2 points).
        ``None``: nothing can be ruled out.
    groups
        First and second group; an advantage is a lower error rate of the first.
    level
        Confidence of each one-sided bound.
    power
        For the minimal detectable effect.
    seed
        For Monte Carlo draws, where there are too many arrangements to enumerate.
    language
        Language in which the finding shows itself; that of `display_language` by default.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    """

    margin: float | None = None
    groups: tuple[str, str] = ("incumbent", "entrant")
    level: float = 0.95
    power: float = 0.80
    seed: int = 0
    language: Language | None = None

    def __post_init__(self) -> None:
        for name in ("margin", "level", "power"):
            _refuse_no_number(name, getattr(self, name))
        if self.margin is not None and not 0 <= self.margin < 1:
            raise UsageError(
                f"margin is a fraction from 0 to below 1, not {self.margin}; 2 points are 0.02"
            )
        if not _LEAST_LEVEL < self.level < 1:
            raise UsageError(f"level must be above 0.5 and below 1, not {self.level}")
        if not 0 < self.power < 1:
            raise UsageError(f"power must be between 0 and 1, not {self.power}")
        if isinstance(self.groups, str) or len(self.groups) != _TWO:
            raise UsageError(f"two different groups are needed, not {self.groups!r}")
        if self.groups[0] == self.groups[1]:
            raise UsageError(f"two different groups are needed, not {self.groups[0]!r} twice")
        if not isinstance(self.seed, Integral):
            raise UsageError(f"seed is a whole number, not {self.seed!r}")
        if self.seed < 0:
            raise UsageError(f"seed must not be negative: {self.seed}")

    def shared(self) -> Terms:
        """Return what one study hands on to another."""
        return Terms(
            margin=self.margin,
            groups=self.groups,
            level=self.level,
            power=self.power,
            seed=self.seed,
            language=self.language,
        )

    def provenance(
        self, study: str, config: Mapping[str, object], seed: int | None = None
    ) -> Provenance:
        """Return what a finding of counts was made from; `seed` where something was drawn."""
        whole = {"study": study, **self.terms(), **config}
        return Provenance(inputs=(), config=whole, version=__version__, seed=seed)

    def terms(self) -> dict[str, object]:
        """Return the declared terms as plain types."""
        return {
            "margin": self.margin,
            "groups": list(self.groups),
            "level": self.level,
            "power": self.power,
            "seed": self.seed,
        }


def _refuse_no_number(name: str, value: object) -> None:
    """Refuse text and truth values; only a margin may be left out."""
    if value is None and name == "margin":
        return
    if isinstance(value, bool) or not isinstance(value, Real):
        raise UsageError(f"{name} is a number such as 0.02 or 0.95, not {value!r}")
