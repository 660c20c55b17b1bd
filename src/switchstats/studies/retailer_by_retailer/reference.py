"""Each retailer of the first group against the distribution of the second group's true rates."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from switchstats.inference import holm
from switchstats.inference.models.prediction import LEAST_RETAILERS, Prediction, rate_prediction
from switchstats.inference.samples import Floats
from switchstats.labels import group_name
from switchstats.studies.declaration import Declaration
from switchstats.studies.refusal import refuse
from switchstats.values import Counts, Interval, Retailer, RetailerEffect

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Compared", "Reference", "compare"]


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The second group's retailers in one area, or everywhere.

    Parameters
    ----------
    retailers
        Who, those with requests.
    errors, requests
        One entry a retailer.
    prediction
        The distribution of their true rates.
    """

    retailers: tuple[Retailer, ...]
    errors: Floats
    requests: Floats
    prediction: Prediction

    def without(self, place: int) -> Prediction:
        """Return the distribution without the retailer at `place`."""
        kept = np.arange(self.errors.size) != place
        return rate_prediction(self.errors[kept], self.requests[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What each retailer of the first group shows.

    Parameters
    ----------
    effects
        In the registry's order; differences from the mean of the reference.
    references
        Of each.
    upper, lower
        One-sided bounds of each; the upper ones adjusted for their number.
    left_out
        Retailers of the first group with requests that cannot be compared.
    in_area
        Whether each was compared in its own area.
    """

    effects: tuple[RetailerEffect, ...]
    references: tuple[Reference, ...]
    upper: Floats
    lower: Floats
    greater: Floats
    left_out: tuple[Retailer, ...]
    in_area: bool

    @property
    def foremost(self) -> int:
        """Place of the retailer with the smallest p-value, the lowest one of equals."""
        ranked = [(one.p_value or 0.0, one.estimate) for one in self.effects]
        return ranked.index(min(ranked))

    @property
    def n_second(self) -> int:
        """Different retailers of the second group in all references."""
        return len({one.retailer for each in self.references for one in each.retailers})


def compare(counts: Counts, terms: Declaration) -> Compared:
    """Compare each retailer of the first group with the second group in its area.

    Parameters
    ----------
    counts
        By ``area`` where they tell it; the registry then says whose area is which. Where neither
        does, with the second group everywhere.
    terms
        Groups and level.

    Raises
    ------
    NotAnswerableError
        When nobody has a reference of three retailers.
    """
    first, second = terms.groups
    areas = {one.retailer: one.area for one in counts.retailers if one.group == first}
    in_area = "area" in counts.strata and any(area is not None for area in areas.values())
    sums = _sums(counts, by_area=in_area)
    own = _own(sums, counts, first)
    found: dict[str | None, Reference | None] = {}
    kept: list[tuple[Retailer, float, float, float, Reference]] = []
    left_out: list[Retailer] = []
    for retailer, total in own:
        area = retailer.area if in_area else None
        if area not in found:
            found[area] = _reference(sums, counts, second, area)
        reference = found[area]
        errors, requests = _filed(sums, retailer.retailer, area)
        if reference is None or requests == 0 or (in_area and area is None):
            left_out.append(retailer)
            continue
        kept.append((retailer, errors, requests, requests / total, reference))
    if not kept:
        raise refuse("reference", first=group_name(first), second=group_name(second))
    return _compared(kept, tuple(left_out), terms.level, in_area=in_area)


def _compared(
    kept: "list[tuple[Retailer, float, float, float, Reference]]",
    left_out: tuple[Retailer, ...],
    level: float,
    *,
    in_area: bool,
) -> Compared:
    alpha = round(1 - level, 15)
    rates = [errors / requests for _, errors, requests, _, _ in kept]
    less, greater, lower, upper, unadjusted = (np.zeros(len(kept)) for _ in range(5))
    for place, (rate, (_, _, requests, _, reference)) in enumerate(zip(rates, kept, strict=True)):
        prediction = reference.prediction
        less[place] = prediction.p_value(rate, requests, "less")
        greater[place] = prediction.p_value(rate, requests, "greater")
        lower[place] = rate - prediction.rate_at(1 - alpha, requests)
        unadjusted[place] = rate - prediction.rate_at(alpha, requests)
        upper[place] = rate - prediction.rate_at(alpha / len(kept), requests)
    adjusted = holm(less)
    effects = tuple(
        RetailerEffect(
            retailer=retailer,
            estimate=rates[place] - reference.prediction.mean,
            interval=Interval(
                float(lower[place]), float(unadjusted[place]), "confidence", 2 * level - 1
            ),
            weight=None,
            requests=(requests, float(reference.requests.sum())),
            covered=covered,
            p_value=float(less[place]),
            p_adjusted=float(adjusted[place]),
        )
        for place, (retailer, _, requests, covered, reference) in enumerate(kept)
    )
    references = tuple(reference for *_, reference in kept)
    return Compared(effects, references, upper, lower, greater, left_out, in_area)


def _sums(counts: Counts, *, by_area: bool) -> "pd.DataFrame":
    """Return requests and errors by retailer, and by area where areas are compared."""
    table = counts.collapse(*(("area",) if by_area else ())).coded
    table = table[table["requests"] > 0]
    keys = ["group", "retailer", *(["area"] if by_area else [])]
    return table.groupby(keys, as_index=False, sort=False)[["errors", "requests"]].sum()


def _own(sums: "pd.DataFrame", counts: Counts, group: str) -> list[tuple[Retailer, float]]:
    """Return a group's retailers with the requests that they filed in all."""
    totals = sums[sums["group"] == group].groupby("retailer")["requests"].sum()
    return [
        (one, float(totals[one.retailer]))
        for one in counts.retailers
        if one.retailer in totals.index
    ]


def _filed(sums: "pd.DataFrame", retailer: str, area: str | None) -> tuple[float, float]:
    rows = sums[sums["retailer"] == retailer]
    if area is not None:
        rows = rows[rows["area"] == area]
    return float(rows["errors"].sum()), float(rows["requests"].sum())


def _reference(
    sums: "pd.DataFrame", counts: Counts, group: str, area: str | None
) -> Reference | None:
    rows = sums[sums["group"] == group]
    if area is not None:
        rows = rows[rows["area"] == area]
    errors, requests = (rows[name].to_numpy(np.float64) for name in ("errors", "requests"))
    if requests.size < LEAST_RETAILERS or errors.sum() in (0, requests.sum()):
        return None
    known = {one.retailer: one for one in counts.retailers}
    who = tuple(known[str(name)] for name in rows["retailer"])
    return Reference(who, errors, requests, rate_prediction(errors, requests))
