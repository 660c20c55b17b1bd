"""Splits a difference of request-weighted rates into parts of mix and of rates within cells."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.rates.cells import cell_sums, stratum_names
from switchstats.values import Counts, Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Decomposition", "das_gupta", "decompose"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition(Shown):
    """A difference of two request-weighted rates and the parts that add up to it.

    Parameters
    ----------
    first_rate, second_rate
        Errors over requests of each side.
    difference
        First minus second.
    parts
        By name, in the order asked for: ``"retailer_mix"`` and the like, then ``"rate"``, the part
        of rates that differ within one and the same cell.
    unmatched
        Share of the first and of the second side's requests in cells that the other side lacks.
    """

    first_rate: float
    second_rate: float
    difference: float
    parts: Mapping[str, float]
    unmatched: tuple[float, float]

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a part, and the difference last, in a fresh pandas frame."""
        import pandas as pd

        rows = [*self.parts.items(), ("difference", self.difference)]
        return pd.DataFrame(rows, columns=["part", "size"])

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "first_rate": self.first_rate,
            "second_rate": self.second_rate,
            "difference": self.difference,
            "parts": dict(self.parts),
            "unmatched": list(self.unmatched),
        }


def decompose(first: Counts, second: Counts, *, by: Sequence[str] = ("retailer",)) -> Decomposition:
    """Split the first side's request-weighted rate minus the second's into mix and rates.

    A group's weighted average moves when its retailers' rates move, and also when requests move
    from one retailer to another. The two are told apart, and further mixes with them.

    Parameters
    ----------
    first, second
        What is compared: a change with ``first`` after and ``second`` before, or a gap with one
        group on each side.
    by
        What the requests are spread over, from the outside in: ``("retailer", "area")`` asks for
        the shares of the retailers, the areas' shares within each retailer, and the rates of each
        retailer in each area. ``"retailer"``, ``"period"`` and any stratum of the counts.

    Returns
    -------
    Decomposition
        Parts that add up to the difference, without a remainder.

    Raises
    ------
    UsageError
        When `by` is empty or repeats a name.
    NotAnswerableError
        When no cell has requests on both sides, such as for a gap between groups by retailer.

    Notes
    -----
    The rate is the sum over cells of shares times rate. The part of a factor is what changing it
    alone does, averaged over every order in which the factors could be changed; with one mix these
    are Kitagawa's two components. A cell without requests on one side has no rate there: the other
    side's is taken, so that its coming or going counts as mix alone. How much this concerns is
    `unmatched`.

    Parts describe; they have no sampling error here and name no cause. With more than one mix they
    depend on the order of `by`, since shares within are of another kind than shares between.

    Sources: E. M. Kitagawa, Journal of the American Statistical Association 50 (1955) 1168-1194,
    doi:10.1080/01621459.1955.10501299; P. Das Gupta, Standardization and Decomposition of Rates: A
    User's Manual, US Bureau of the Census, P23-186 (1993), chapters 2 and 4.

    Examples
    --------
    >>> import pandas as pd
    >>> from switchstats.labels import Text
    >>> from switchstats.values import Retailer
    >>> names = ("period_start", "period_end", "retailer", "requests", "errors")
    >>> january, february = ("2023-01-01", "2023-02-01"), ("2023-02-01", "2023-03-01")
    >>> rows = [(*january, "a", 50, 5), (*january, "b", 50, 15)]
    >>> rows += [(*february, "a", 25, 2), (*february, "b", 75, 24)]
    >>> retailers = [Retailer(name, Text(name, name), "entrant") for name in "ab"]
    >>> before, after = (
    ...     Counts.of(pd.DataFrame(part, columns=names), retailers) for part in (rows[:2], rows[2:])
    ... )
    >>> {name: round(part, 4) for name, part in decompose(after, before).parts.items()}
    {'retailer_mix': 0.055, 'rate': 0.005}
    """
    by = stratum_names(by)
    if not by or len(set(by)) < len(by):
        raise UsageError("decompose needs names in by, each once, such as ('retailer', 'area')")
    cells = _aligned(first, second, by)
    errors, requests = cells.to_numpy(float).reshape(len(cells), 2, 2).transpose(2, 1, 0)
    both = (requests > 0).all(axis=0)
    if not both.any():
        raise NotAnswerableError(
            "the split into mix and rates",
            f"no cell by {', '.join(by)} has requests on both sides",
            "both sides in the same cells; a gap between groups goes by area, not by retailer",
        )
    totals: Floats = requests.sum(axis=1)
    rates: Floats = errors.sum(axis=1) / totals
    factors = np.stack([*_shares(requests, _nested(cells, by)), _known_on_either(errors, requests)])
    effects = das_gupta(factors[:, 0], factors[:, 1])
    names = [*(f"{name}_mix" for name in by), "rate"]
    alone: Floats = requests[:, ~both].sum(axis=1) / totals
    return Decomposition(
        first_rate=float(rates[0]),
        second_rate=float(rates[1]),
        difference=float(rates[0] - rates[1]),
        parts={name: float(effect) for name, effect in zip(names, effects, strict=True)},
        unmatched=(float(alone[0]), float(alone[1])),
    )


def das_gupta(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return what each factor adds to a difference of two sums of products.

    Parameters
    ----------
    first, second
        Factors by cells, shape (factors, cells) or (factors,): each side's rate is the sum over
        cells of the product of its factors.

    Returns
    -------
    numpy.ndarray
        One effect a factor, first side minus second; they add up to the difference of the rates.

    Notes
    -----
    The mean over all orders of replacing the factors, which is Das Gupta's formula for any number
    of factors. Time and memory double with each.

    Examples
    --------
    >>> das_gupta([0.6, 0.5], [0.3, 0.45]).round(4).tolist()
    [0.1425, 0.0225]
    """
    one, other = (np.asarray(side, dtype=float) for side in (first, second))
    n = len(one)
    effects = np.zeros(n)
    for size in range(n):
        weight = 1 / (n * math.comb(n - 1, size))
        for chosen in combinations(range(n), size):
            mixed = other.copy()
            mixed[list(chosen)] = one[list(chosen)]
            for factor in set(range(n)) - set(chosen):
                rest = np.delete(mixed, factor, axis=0).prod(axis=0)
                effects[factor] += weight * np.sum(rest * (one[factor] - other[factor]))
    return effects


def _aligned(first: Counts, second: Counts, by: Sequence[str]) -> "pd.DataFrame":
    """Return errors and requests of the first side, then of the second, 0 where a side has none."""
    import pandas as pd

    strata = [name for name in by if name != "retailer"]
    sides = [
        cell_sums(side, strata).groupby(list(by))[["errors", "requests"]].sum()
        for side in (first, second)
    ]
    for side, which in zip(sides, ("first", "second"), strict=True):
        if not len(side):
            raise NotAnswerableError(
                "the split into mix and rates", f"the {which} side has no requests", "requests"
            )
    return pd.concat(sides, axis=1, keys=["first", "second"]).fillna(0)


def _nested(cells: "pd.DataFrame", by: Sequence[str]) -> list[Ints]:
    """Return each cell's place among what the first names of `by` tell apart, then two, ..."""
    return [
        np.asarray(cells.groupby(level=list(range(place))).ngroup(), dtype=np.int64)
        for place in range(1, len(by) + 1)
    ]


def _shares(requests: Floats, nested: Sequence[Ints]) -> list[Floats]:
    """Return each level's shares of the requests of the level around it, for both sides."""
    within = np.broadcast_to(requests.sum(axis=1, keepdims=True), requests.shape)
    shares: list[Floats] = []
    for place in nested:
        sums = np.zeros_like(requests)
        for side, own in zip(sums, requests, strict=True):
            side[:] = np.bincount(place, own)[place]
        shares.append(_known_on_either(sums, within))
        within = sums
    return shares


def _known_on_either(parts: Floats, wholes: Floats) -> Floats:
    """Return parts over wholes, taken from the other side where a side has no whole."""
    shares = parts / np.where(wholes > 0, wholes, 1)
    return np.where(wholes > 0, shares, shares[::-1])
