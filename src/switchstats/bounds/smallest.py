"""The smallest set of claims that contradict each other, found and proved by hitting sets.

Every contradicting set has a claim in common with every set of claims whose doubt makes the rest
possible. So no contradicting set is smaller than the smallest that hits all of the latter found so
far; when that one contradicts itself, it is the smallest there is (A. Ignatiev, A. Previti,
M. Liffiton and J. Marques-Silva, Principles and Practice of Constraint Programming (2015) 173-182,
doi:10.1007/978-3-319-23219-5_13).
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

__all__ = ["smallest_contradiction"]

_Claim = TypeVar("_Claim")


def smallest_contradiction(
    claims: Sequence[_Claim],
    contradictory: Callable[[Sequence[_Claim]], bool],
    at_most: int,
    most_rounds: int,
) -> list[_Claim] | None:
    """Return the smallest set of claims that contradict each other.

    Parameters
    ----------
    claims
        All of them; together they contradict each other.
    contradictory
        Whether some claims do, proved; more claims do when fewer do.
    at_most
        Size of a set that is known to: one as large is not looked for further.
    most_rounds
        How many sets may be tried.

    Returns
    -------
    list or None
        ``None`` when none is smaller than `at_most`, proved; the empty list when that was not
        proved within the rounds.

    Examples
    --------
    >>> numbers = [1, 2, 3, 4, 5]
    >>> smallest_contradiction(numbers, lambda some: sum(some) >= 9, 3, 20)
    [4, 5]
    >>> smallest_contradiction(numbers, lambda some: sum(some) >= 9, 2, 20) is None
    True
    """
    to_hit: list[set[int]] = []
    for _ in range(most_rounds):
        chosen = _hitting(len(claims), to_hit)
        if len(chosen) >= at_most:
            return None
        if contradictory([claims[place] for place in chosen]):
            return [claims[place] for place in chosen]
        kept = list(chosen)
        for place in range(len(claims)):
            if place not in chosen:
                kept.append(place)
                if contradictory([claims[each] for each in sorted(kept)]):
                    kept.pop()
        to_hit.append(set(range(len(claims))) - set(kept))
    return []


def _hitting(n_claims: int, to_hit: Sequence[set[int]]) -> list[int]:
    """Return the fewest places that have one in common with every set."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not to_hit:
        return []
    rows = np.zeros((len(to_hit), n_claims))
    for row, some in zip(rows, to_hit, strict=True):
        row[list(some)] = 1.0
    found = milp(
        np.ones(n_claims),
        constraints=LinearConstraint(rows, lb=1.0),
        integrality=np.ones(n_claims, dtype=np.int64),
        bounds=Bounds(0, 1),
    )
    if found.x is None:
        return list(range(n_claims))
    return [place for place, taken in enumerate(found.x) if taken > 0.5]  # noqa: PLR2004
