"""Solves sparse linear equations exactly, near a floating-point solution."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

__all__ = ["in_whole_numbers", "solve_near"]

# The unknowns of an equation with their coefficients, and its right side.
Equation = tuple[Mapping[int, int], int]


def solve_near(
    equations: Sequence[Equation], guess: Mapping[int, Fraction]
) -> "dict[int, Fraction] | None":
    """Return a solution that keeps as many unknowns as possible at a guess.

    Parameters
    ----------
    equations
        Coefficients by unknown, and the right side.
    guess
        Values of all unknowns, such as a solver's in floating point.

    Returns
    -------
    dict or None
        Unknowns by which the equations were solved are exact functions of the others, which stay at
        their guess; ``None`` when the equations contradict each other.

    Notes
    -----
    Gaussian elimination in fractions. Short equations come first, and each is solved for the
    unknown that stands in the fewest others, so that sparse systems stay sparse.

    Examples
    --------
    >>> solve_near([({0: 3, 1: -1}, 0), ({0: 1, 1: 1}, 4)], {0: Fraction(1), 1: Fraction(3)})
    {1: Fraction(3, 1), 0: Fraction(1, 1)}
    """
    rows = [({k: Fraction(v) for k, v in left.items() if v}, Fraction(b)) for left, b in equations]
    where: dict[int, set[int]] = {}
    for place, (left, _) in enumerate(rows):
        for unknown in left:
            where.setdefault(unknown, set()).add(place)
    waiting = set(range(len(rows)))
    solved: list[tuple[int, dict[int, Fraction], Fraction]] = []
    while waiting:
        place = min(waiting, key=lambda each: (len(rows[each][0]), each))
        waiting.remove(place)
        left, right = rows[place]
        if not left:
            if right:
                return None
            continue
        pivot = min(left, key=lambda each: (len(where[each]), each))
        for unknown in left:
            where[unknown].discard(place)
        own = {k: v / left[pivot] for k, v in left.items() if k != pivot}
        right /= left[pivot]
        for other in where.pop(pivot):
            rows[other] = _without(rows[other], pivot, own, right, where, other)
        solved.append((pivot, own, right))
    values = dict(guess)
    for pivot, own, right in reversed(solved):
        values[pivot] = right - sum((v * values[k] for k, v in own.items()), Fraction(0))
    return {pivot: values[pivot] for pivot, _, _ in reversed(solved)} | values


def _without(
    row: tuple[dict[int, Fraction], Fraction],
    pivot: int,
    own: Mapping[int, Fraction],
    right: Fraction,
    where: Mapping[int, set[int]],
    place: int,
) -> tuple[dict[int, Fraction], Fraction]:
    """Return an equation with an unknown replaced by what another says of it."""
    left, value = row
    times = left.pop(pivot)
    for unknown, coefficient in own.items():
        changed = left.get(unknown, Fraction(0)) - times * coefficient
        if changed:
            left[unknown] = changed
            where[unknown].add(place)
        else:
            left.pop(unknown, None)
            where[unknown].discard(place)
    return left, value - times * right


def in_whole_numbers(values: Sequence[Fraction]) -> list[int]:
    """Return fractions times the least number that makes all of them whole.

    Examples
    --------
    >>> in_whole_numbers([Fraction(1, 2), Fraction(2, 3)])
    [3, 4]
    """
    multiple = lcm(*(each.denominator for each in values))
    return [int(each * multiple) for each in values]
