"""What a retailer's own row says of its own shares and rates, where nothing else binds it.

With cells of the shortest periods and of all of them together only, every part of the time can
have any rate in the hull of its cells. So two parts are left, and a share of requests in one of
them is possible exactly when the whole's interval can be met: two linear inequalities.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from switchstats.bounds.reading import ends_of
from switchstats.periods import Period
from switchstats.values import PrintedRate, RoundingRule

__all__ = ["Hull", "OwnRow", "own_row"]

Hull: TypeAlias = tuple[Fraction, Fraction]

_ANY: Hull = (Fraction(0), Fraction(1))


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A retailer's printed intervals: of each atom, and of the whole, [0, 1] where blank.

    Examples
    --------
    >>> cells = [Fraction(each, 1000) for each in (200, 210, 100, 110, 180, 190)]
    >>> row = OwnRow(((cells[0], cells[1]), (cells[2], cells[3])), (cells[4], cells[5]))
    >>> row.share([1])
    (Fraction(1, 10), Fraction(3, 10))
    """

    atoms: tuple[Hull, ...]
    whole: Hull

    def share(self, part: Collection[int]) -> Hull | None:
        """Return the range of the share of some atoms; ``None`` where the row is impossible."""
        others = [place for place in range(len(self.atoms)) if place not in part]
        if not others:
            return Fraction(1), Fraction(1)
        (a, b), (c, d) = self._hull(part), self._hull(others)
        low, high = _ANY
        # share * a + (1 - share) * c <= whole's high, share * b + (1 - share) * d >= its low
        for slope, most in ((a - c, self.whole[1] - c), (d - b, d - self.whole[0])):
            if slope > 0:
                high = min(high, most / slope)
            elif slope < 0:
                low = max(low, most / slope)
            elif most < 0:
                return None
        return (low, high) if low <= high else None

    def rate(self, part: Sequence[int]) -> Hull | None:
        """Return the range of the rate of one atom or of all; ``None`` for any other part."""
        if len(part) == len(self.atoms):
            low, high = self._hull(part)
            return max(low, self.whole[0]), min(high, self.whole[1])
        if len(part) != 1:
            return None
        low, high = self.atoms[part[0]]
        least, most = self._hull([each for each in range(len(self.atoms)) if each != part[0]])
        if least > self.whole[1]:  # only this atom can pull the whole down
            return low, min(high, self.whole[1])
        if most < self.whole[0]:
            return max(low, self.whole[0]), high
        return low, high

    def _hull(self, places: Collection[int]) -> Hull:
        ends = [self.atoms[place] for place in places]
        return min(low for low, _ in ends), max(high for _, high in ends)


def own_row(
    cells: Sequence[tuple[Period, PrintedRate | None]],
    atoms: Sequence[Period],
    rule: RoundingRule,
) -> OwnRow | None:
    """Return a row of printed cells; ``None`` where it has cells of other periods too."""
    hulls = dict.fromkeys(atoms, _ANY)
    whole = _ANY
    for period, cell in cells:
        if cell is None:
            continue
        ends = ends_of(cell, rule)
        if period in hulls:
            hulls[period] = (ends.low, ends.high)
        elif all(map(period.contains, atoms)):
            whole = (ends.low, ends.high)
        else:
            return None
    return OwnRow(tuple(hulls.values()), whole)
