"""What could undo a contrast of exposed retailers, tried one by one."""

from collections.abc import Sequence

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.few_units import few_units
from switchstats.labels import Text, percent, points, signed_points, text
from switchstats.rates.decompose import das_gupta
from switchstats.studies.contrast.arms import Arms
from switchstats.studies.contrast.cells import UNKNOWN, RequestCells
from switchstats.studies.contrast.contrasts import Contrasts, exposed_cells
from switchstats.studies.contrast.exposure import AccessEnd, before_share
from switchstats.studies.contrast.finding import Judged
from switchstats.studies.contrast.path import pre_trend
from switchstats.values import Check, TestResult, p_words
from switchstats.values.keyed import Codes

__all__ = ["agreement", "compared", "mix", "split_of_change", "spread", "trend"]

# Less than half of the exposed requests compared: the estimate is about the other requests.
_LEAST_COVERED = 0.5
# Shares of losing retailers may move so far, in points of share, before a change of who loses the
# customer can pass for a change of quality where losing retailers are not told apart.
_MOST_MOVED = 0.05


def compared(judged: Judged) -> Check:
    """Return whether most exposed requests stand in a stratum with requests of others."""
    contrasts = judged.contrasts
    requests = np.array([sum(both) for both in contrasts.requests])
    share = float(contrasts.covered @ requests / requests.sum())
    passed = share >= _LEAST_COVERED
    key = "check.compared_most" if passed else "check.compared_few"
    return _of_bounds("compared", judged, text(key, share=percent(share, 0)), passed=passed)


def trend(arms: Arms, ends: Sequence[AccessEnd], judged: Judged, level: float) -> Check:
    """Return whether exposed requests were already moving before access ended."""
    try:
        slope = pre_trend(arms, ends, level)
    except NotAnswerableError:
        return _of_bounds("trend_before", judged, text("check.trend_unknown"), passed=None)
    passed = slope.p_value > 1 - level
    key = "check.trend_flat" if passed else "check.trend_moving"
    words = text(key, slope=signed_points(slope.estimate), p=p_words(slope))
    return _of_bounds("trend_before", judged, words, passed=passed)


def mix(cells: RequestCells, judged: Judged) -> Check:
    """Return whether a change of who loses the customer could pass for a change of quality.

    Where losing retailers are told apart they are held fixed, and the check only tells how far
    their shares moved. Where only their group is told, a shift between groups beyond that of the
    other retailers undoes the claims; where nothing is told, nobody can say.
    """
    ends = judged.contrasts.ends
    if "losing" in cells.strata:
        moved = float(np.mean([_moved(cells, end, cells.losing) for end in ends]))
        raw, by_mix = split_of_change(cells, ends)
        fields = {"raw": signed_points(raw), "mix": signed_points(by_mix)}
        words = text("check.mix_held", moved=percent(moved, 0), **fields)
        return _of_bounds("mix", judged, words, passed=True)
    if (cells.kind == UNKNOWN).all():
        return _of_bounds("mix", judged, text("check.mix_unknown"), passed=None)
    shifts = [_kind_shift(cells, end) for end in ends]
    moved = float(np.max(np.abs(shifts)))
    passed = moved <= _MOST_MOVED
    key = "check.mix_steady" if passed else "check.mix_moved"
    words = text(key, moved=percent(moved, 1), most=percent(_MOST_MOVED, 0))
    return _of_bounds("mix", judged, words, passed=passed)


def spread(judged: Judged, detectable: float | None) -> Check:
    """Return whether effects vary between retailers beyond sampling: more rows do not cure it."""
    tau = judged.less.quantities.get("tau", 0.0)
    sampling = float(np.sqrt(1 / np.sum(1 / judged.contrasts.variances)))
    passed = tau <= float(np.sqrt(np.median(judged.contrasts.variances)))
    fields = {
        "tau": points(tau),
        "sampling": points(sampling),
        "detectable": text("check.unbounded") if detectable is None else points(detectable),
    }
    key = "check.spread_small" if passed else "check.spread_large"
    return Check("spread", passed, text(key, **fields))


def agreement(
    name: str, judged: Judged, other: Contrasts, level: float
) -> tuple[Check, TestResult | None]:
    """Return whether another set of contrasts of the same retailers says the same.

    Parameters
    ----------
    name
        Catalogue keys ``check.<name>_agrees``, ``_differs`` and ``_unknown``.
    judged
        The primary contrasts.
    other
        The others.
    level
        At which a difference counts, if it also exceeds its sampling error.

    Returns
    -------
    tuple
        The check, and the test of the mean difference between the two, retailer by retailer.
    """
    places = {end.retailer: place for place, end in enumerate(judged.contrasts.ends)}
    pairs = [
        (place, places[end.retailer])
        for place, end in enumerate(other.ends)
        if end.retailer in places
    ]
    if len(pairs) < 2:  # noqa: PLR2004 -- one difference does not show how they vary
        return _of_bounds(name, judged, text(f"check.{name}_unknown"), passed=None), None
    theirs, own = (np.array(side) for side in zip(*pairs, strict=True))
    differences = other.estimates[theirs] - judged.contrasts.estimates[own]
    variances = other.variances[theirs] + judged.contrasts.variances[own]
    try:
        test = few_units(differences, np.sqrt(variances), level=level, estimand="mean_effect")
    except NotAnswerableError:  # alike to the last digit
        words = text(f"check.{name}_same", gap=signed_points(differences[0]))
        return _of_bounds(name, judged, words, passed=True), None
    sampling = float(np.sqrt(1 / np.sum(1 / variances)))
    passed = test.p_value > 1 - level or abs(test.estimate) < sampling
    key = "agrees" if passed else "differs"
    words = text(f"check.{name}_{key}", gap=signed_points(test.estimate), p=p_words(test))
    return _of_bounds(name, judged, words, passed=passed), test


def split_of_change(cells: RequestCells, ends: Sequence[AccessEnd]) -> tuple[float, float]:
    """Return the raw difference of exposed requests, before minus after, and its part by mix.

    Kitagawa's split over exposed retailers × losing retailers; periods in which access ended are
    left out. A pair without requests on one side has the other side's rate.
    """
    sums = np.zeros((2, 2, len(cells.retailers) * (len(cells.retailers) + 1)))
    pair = cells.gaining.astype(np.int64) * (len(cells.retailers) + 1) + cells.losing + 1
    for end in ends:
        own = exposed_cells(cells, end)
        share = before_share(end.end, cells.periods)[cells.period]
        for side, whole in enumerate((own & (share == 1), own & (share == 0))):
            for row, values in enumerate((cells.errors, cells.requests)):
                sums[side, row] += np.bincount(pair[whole], values[whole], sums.shape[2])
    filed = sums[:, 1]
    if (filed.sum(axis=1) == 0).any():
        return 0.0, 0.0
    rates = sums[:, 0] / np.maximum(filed, 1.0)
    rates = np.where(filed > 0, rates, rates[::-1])
    shares = filed / filed.sum(axis=1, keepdims=True)
    parts = das_gupta(np.stack([shares[0], rates[0]]), np.stack([shares[1], rates[1]]))
    return float(parts.sum()), float(parts[0])


def _of_bounds(name: str, judged: Judged, words: Text, *, passed: bool | None) -> Check:
    """Return a check that leaves nothing standing of the bounds where it fails."""
    undone = () if passed is None or passed else tuple(sorted(judged.conclusion.claims))
    return Check(name, passed, words, undone, voids=True)


def _moved(cells: RequestCells, end: AccessEnd, codes: Codes) -> float:
    """Return half the sum of absolute changes of shares, before against after."""
    own = exposed_cells(cells, end)
    share = before_share(end.end, cells.periods)[cells.period[own]]
    size = int(codes.max()) + 2
    filed = cells.requests[own]
    before = np.bincount(codes[own] + 1, filed * share, size)
    after = np.bincount(codes[own] + 1, filed * (1 - share), size)
    if before.sum() == 0 or after.sum() == 0:
        return 0.0
    return float(np.abs(before / before.sum() - after / after.sum()).sum() / 2)


def _kind_shift(cells: RequestCells, end: AccessEnd) -> float:
    """Return how much more than others' the share of exposed customers moved at home."""
    home = cells.home(end.retailer)
    at_home = np.ones(cells.requests.size, dtype=bool) if home == UNKNOWN else cells.area == home
    own = cells.gaining == cells.code(end.retailer)
    shares = before_share(end.end, cells.periods)[cells.period]
    moves: list[float] = []
    for side in (own & at_home, ~own & at_home):
        filed, from_seen = cells.requests[side], cells.kind[side] == 1
        parts: list[float] = []
        for weight in (shares[side], 1 - shares[side]):
            total = float((filed * weight).sum())
            parts.append(float((filed * weight)[from_seen].sum()) / total if total else np.nan)
        moves.append(parts[0] - parts[1])
    shift = moves[0] - moves[1]
    return 0.0 if np.isnan(shift) else shift
