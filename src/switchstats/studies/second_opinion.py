"""Whether another test of the same data also shows an advantage: in words that say which."""

from switchstats.labels import text
from switchstats.studies.decide import Conclusion
from switchstats.values import Check, TestResult, p_words

__all__ = ["opinion", "ranks_check"]


def opinion(*, shown: bool, primary: bool) -> str:
    """Return how the key of the words ends, by whether either test shows an advantage.

    Examples
    --------
    >>> opinion(shown=False, primary=True)
    'without'
    """
    if shown == primary:
        return "both" if shown else "neither"
    return "alone" if shown else "without"


def ranks_check(ranks: TestResult, held: Conclusion, level: float) -> Check:
    """Return whether the rank-sum test, which one extreme rate cannot sway, says the same."""
    shown, primary = ranks.p_value <= round(1 - level, 15), "advantage" in held.claims
    words = text(f"check.ranks_{opinion(shown=shown, primary=primary)}", p=p_words(ranks))
    return Check("ranks", shown == primary, words)
