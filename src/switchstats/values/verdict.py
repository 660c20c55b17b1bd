"""A verdict: one of four answers, with everything needed to doubt it."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal

from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values.interval import Interval
from switchstats.values.rates import Influence, RateDifference
from switchstats.values.retailer import Retailer
from switchstats.values.shown import Shown

__all__ = ["Check", "Claim", "Grade", "Outcome", "Unanswerable", "Verdict"]

Claim = Literal["advantage", "disadvantage", "ruled_out"]


class Outcome(StrEnum):
    """The four answers."""

    ADVANTAGE_SHOWN = "advantage_shown"
    RULED_OUT = "advantage_larger_than_margin_ruled_out"
    INCONCLUSIVE = "inconclusive"
    NOT_ANSWERABLE = "not_answerable"


class Grade(IntEnum):
    """How well the design tells the leak from other differences; higher is better."""

    CROSS_SECTION = 1
    BEFORE_AFTER = 2
    WITHIN_RETAILER = 3

    @property
    def key(self) -> str:
        """Name in lower case, as used in files and in the catalogue."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Check(Shown):
    """One thing that could undo the primary test.

    Parameters
    ----------
    name
        Short name, as used in files.
    passed
        ``None`` where the data cannot say.
    text
        What was found, in words.
    undoes
        The claims that the primary test's bounds would make but that do not stand up to this
        check; empty for a check that passes or that only informs.
    in_verdict
        Whether its words stand among the verdict's reasons, whatever it found.
    voids
        Whether a failure leaves nothing standing of the bounds: no claim, and no margin that they
        would rule out.
    """

    name: str
    passed: bool | None
    text: Text
    undoes: tuple[Claim, ...] = ()
    in_verdict: bool = field(default=False, repr=False, kw_only=True)
    voids: bool = field(default=False, repr=False, kw_only=True)

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "name": self.name,
            "passed": self.passed,
            "undoes": list(self.undoes),
            "text": self.text.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Unanswerable(Shown):
    """A quantity that the data cannot give, why, and what data would."""

    name: str
    quantity: Text
    reason: Text
    needs: Text

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "name": self.name,
            "quantity": self.quantity.to_dict(),
            "reason": self.reason.to_dict(),
            "needs": self.needs.to_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict(Shown):
    """The answer to a study's question.

    Differences are first group minus second, as fractions of requests, so that an advantage of
    the first group (fewer errors) is a negative difference.

    Parameters
    ----------
    outcome
        One of four.
    estimand
        Catalogue key below ``estimand.``.
    groups
        First and second group.
    period, period_label
        Period of the primary test and its printed words.
    level
        Confidence of each one-sided bound.
    margin
        The user's Δ: the smallest advantage that would matter; ``None`` when none was given.
    larger_ruled_out
        Whether an advantage larger than `margin` is ruled out; also beside an advantage shown.
    disadvantage
        Whether the first group's rate is shown to be the higher one.
    estimate
        Of the primary test.
    p_value
        Of the primary test.
    request_weighted
        The same difference with every request counted once, where it is known.
    bound
        From the lower to the upper one-sided bound; an end is ``None`` where there is none.
    smallest_margin
        The smallest margin that these data rule out; ``None`` when they rule out none.
    detectable
        True advantage that would be found with probability `power`, a positive fraction.
    power
        For `detectable`.
    n_by_group, n_effective
        Retailers on either side, and the effective number in all.
    grade
        Identification grade of the design.
    retailer
        Whom the estimate is about, where it is about one.
    influential
        The retailer whose removal moves the estimate most.
    reasons
        Why this outcome, in words.
    """

    outcome: Outcome
    estimand: str
    groups: tuple[str, str]
    period: Period
    period_label: Text
    level: float
    margin: float | None
    power: float
    n_by_group: tuple[int, int]
    grade: Grade
    reasons: tuple[Text, ...]
    larger_ruled_out: bool = False
    disadvantage: bool = False
    estimate: float | None = None
    p_value: float | None = None
    request_weighted: RateDifference | None = None
    bound: Interval | None = None
    smallest_margin: float | None = None
    detectable: float | None = None
    n_effective: float | None = None
    influential: Influence | None = None
    retailer: Retailer | None = None

    def __post_init__(self) -> None:
        if self.margin is None and self.larger_ruled_out:
            raise UsageError("nothing can be ruled out without a margin")
        if self.outcome is Outcome.RULED_OUT and not self.larger_ruled_out:
            raise UsageError("an outcome of ruled out must say so in larger_ruled_out")

    @property
    def n_units(self) -> int:
        """Retailers in all."""
        return sum(self.n_by_group)

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "outcome": self.outcome.value,
            "estimand": self.estimand,
            "groups": list(self.groups),
            "period": self.period.to_dict() | {"label": self.period_label.to_dict()},
            "estimate": self.estimate,
            "p_value": self.p_value,
            "request_weighted": (
                None if self.request_weighted is None else self.request_weighted.to_dict()
            ),
            "bound": None if self.bound is None else self.bound.to_dict(),
            "level": self.level,
            "margin": self.margin,
            "larger_than_margin_ruled_out": self.larger_ruled_out,
            "disadvantage_shown": self.disadvantage,
            "smallest_margin_ruled_out": self.smallest_margin,
            "minimal_detectable_effect": self.detectable,
            "power": self.power,
            "n_units": self.n_units,
            "n_by_group": list(self.n_by_group),
            "n_effective": self.n_effective,
            "identification_grade": self.grade.key,
            "retailer": None if self.retailer is None else self.retailer.retailer,
            "most_influential": None if self.influential is None else self.influential.to_dict(),
            "reasons": [reason.to_dict() for reason in self.reasons],
        }

    def _said(self) -> tuple[Text, ...]:
        from switchstats.values.wording import sentences

        return sentences(self)
