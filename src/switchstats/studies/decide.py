"""The rules that turn two one-sided bounds, a margin and checks into one of four outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.labels import Text, group_name, text
from switchstats.values import Check, Claim, Interval, Outcome, TestResult

__all__ = ["Conclusion", "conclude", "decide"]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the one-sided bounds of first minus second say, before any check.

    Parameters
    ----------
    lower, upper
        One-sided confidence bounds; ``None`` when unbounded.
    margin
        The user's Δ, a fraction, or ``None``.

    Examples
    --------
    >>> sorted(Conclusion(-0.01, -0.002, margin=0.02).claims)
    ['advantage', 'ruled_out']
    """

    lower: float | None
    upper: float | None
    margin: float | None

    @property
    def claims(self) -> frozenset[Claim]:
        """What follows from the bounds.

        ``"advantage"``: ``upper < 0``, the first group's rate is the lower one;
        ``"disadvantage"``: ``lower > 0``, it is the higher one;
        ``"ruled_out"``: ``lower > -margin``, there is no advantage larger than the margin.
        """
        claims: set[Claim] = set()
        if self.upper is not None and self.upper < 0:
            claims.add("advantage")
        if self.lower is not None and self.lower > 0:
            claims.add("disadvantage")
        if self.lower is not None and self.margin is not None and self.lower > -self.margin:
            claims.add("ruled_out")
        return frozenset(claims)

    @property
    def smallest_margin(self) -> float | None:
        """The margin beyond which advantages are ruled out; ``None`` when there is none."""
        return None if self.lower is None else max(0.0, -self.lower)

    def interval(self, level: float) -> Interval:
        """Return both one-sided bounds as the two-sided interval that they make."""
        return Interval(self.lower, self.upper, "confidence", 2 * level - 1)


def conclude(less: TestResult, greater: TestResult, margin: float | None) -> Conclusion:
    """Read the bounds of a pair of one-sided tests of the same data.

    Parameters
    ----------
    less, greater
        The same test with alternative ``"less"`` (gives the upper bound) and ``"greater"``
        (gives the lower bound).
    margin
        The user's Δ, a fraction, or ``None``.
    """
    lower = None if greater.interval is None else greater.interval.low
    upper = None if less.interval is None else less.interval.high
    return Conclusion(lower, upper, margin)


def decide(
    conclusion: Conclusion, checks: Sequence[Check], groups: tuple[str, str]
) -> tuple[Outcome, bool, tuple[Text, ...]]:
    """Return the outcome, whether a larger advantage is ruled out, and the reasons.

    The rules, in order:

    1. An advantage is shown when the upper bound is below 0 and no check undoes that.
    2. An advantage larger than the margin is ruled out when the lower bound is above minus the
       margin and no check undoes that. Where rule 1 holds too, the outcome is *shown*, and it says
       besides that the advantage is smaller than the margin.
    3. Everything else is inconclusive.

    Not answerable is decided before any test is run. Which claims a check undoes, and whether its
    words stand among the reasons, it says itself.
    """
    undone = {claim for check in checks for claim in check.undoes}
    stands = conclusion.claims - undone
    first = group_name(groups[0])
    reasons: list[Text] = []
    if "advantage" in conclusion.claims & undone:
        reasons.append(text("reason.advantage_undone", first=first))
    if "ruled_out" in conclusion.claims & undone:
        reasons.append(text("reason.ruled_out_undone"))
    reasons += [check.text for check in checks if check.in_verdict]
    ruled_out = "ruled_out" in stands
    if "advantage" in stands:
        return Outcome.ADVANTAGE_SHOWN, ruled_out, tuple(reasons)
    return (Outcome.RULED_OUT if ruled_out else Outcome.INCONCLUSIVE), ruled_out, tuple(reasons)
