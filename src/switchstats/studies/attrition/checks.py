"""What could undo a comparison of unresolved errors, tried one by one."""

from collections.abc import Sequence

from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, group_name, joined, percent, points, signed_points, text
from switchstats.rates import resolution
from switchstats.studies.attrition.comparison import Compared
from switchstats.studies.decide import Conclusion
from switchstats.studies.left_out import left_out
from switchstats.values import Check, Claim, Influence, TestResult

__all__ = ["attrition_checks"]

# Shares of followed errors, and differences, so far apart are worth a word; these checks inform.
_MOST_APART = 0.05
_MOST_MOVED = 0.02
_LEAST_LEFT = 3


def attrition_checks(
    compared: Compared,
    less: TestResult,
    by_errors: TestResult | None,
    influences: Sequence[Influence],
    held: Conclusion,
) -> tuple[Check, ...]:
    """Return the checks, each tried on the data.

    Leaving one retailer out, and leaving withdrawn cases out, undo claims that hang on them; the
    others inform.

    Parameters
    ----------
    compared
        The comparison.
    less, by_errors
        The primary test, and the same with each error counted once.
    influences
        The primary estimate without each retailer.
    held
        What the bounds of the primary pair say.
    """
    return (
        _followed(compared),
        _withdrawn(compared, held),
        _settling(compared),
        _leave_one_out(less, influences, held),
        *(() if by_errors is None else (_weighting(less, by_errors),)),
    )


def _followed(compared: Compared) -> Check:
    shares: list[float] = []
    for group in compared.terms.groups:
        own = compared.journeys.group(group)
        shares.append(own.followed / own.entered)
    passed = abs(shares[0] - shares[1]) <= _MOST_APART
    key = "check.followed_alike" if passed else "check.followed_apart"
    words = text(key, days=compared.journeys.days, **_sides(compared, shares))
    return Check("followed", passed, words)


def _withdrawn(compared: Compared, held: Conclusion) -> Check:
    frame = compared.journeys.where(followed="yes").frame
    left = frame["withdrawn"].where(frame["day"] <= compared.days, 0)
    sums = frame.assign(left=left).groupby("group")[["entered", "left"]].sum()
    sums = sums.loc[list(compared.terms.groups)]
    if not sums["left"].sum():
        return Check("withdrawn", passed=True, text=text("check.withdrawn_none"))
    shares: list[float] = (sums["left"] / sums["entered"]).tolist()
    without = compared.journeys.lacking("resolved", within=compared.days, withdrawn=False)
    try:
        claims = compared.conclude(without).claims
    except NotAnswerableError:
        claims = frozenset[Claim]()
    passed = claims == held.claims
    key = "check.withdrawn_holds" if passed else "check.withdrawn_changes"
    undone = tuple(sorted(held.claims - claims))
    return Check("withdrawn", passed, text(key, **_sides(compared, shares)), undone)


def _settling(compared: Compared) -> Check:
    """Compare with the Aalen-Johansen estimate of all errors, those still followed too."""
    everybody = resolution(compared.journeys)
    followed = resolution(compared.journeys.where(followed="yes"))
    gaps = [
        float(side[second].resolved[compared.days] - side[first].resolved[compared.days])
        for side in (everybody, followed)
        for first, second in (compared.terms.groups,)
    ]
    if compared.journeys.entered == compared.journeys.followed or gaps[0] != gaps[0]:
        return Check("settling", None, text("check.settling_unknown"))
    passed = abs(gaps[0] - gaps[1]) <= _MOST_MOVED
    words = {"all": signed_points(gaps[0]), "followed": signed_points(gaps[1])}
    if passed:
        return Check("settling", passed=True, text=text("check.settling_agrees", **words))
    most = points(_MOST_MOVED)
    return Check("settling", passed=False, text=text("check.settling_differs", most=most, **words))


def _leave_one_out(less: TestResult, influences: Sequence[Influence], held: Conclusion) -> Check:
    """Say whether less than half of the estimate is left without some retailer."""
    undone = tuple(sorted(held.claims - {"ruled_out"}))
    if min(less.n_by_group) < _LEAST_LEFT:
        return left_out(text("check.leave_one_out_unknown"), passed=None, undoes=undone)
    whole, size = less.estimate, len(influences)
    estimates = [one.estimate for one in influences]
    ends = {"low": signed_points(min(estimates)), "high": signed_points(max(estimates))}
    hangs = [one.retailer.name for one in influences if one.estimate * whole < whole**2 / 2]
    if not hangs:
        words = text("check.leave_one_out_steady", n=size, **ends)
        return left_out(words, passed=True)
    words = text("check.leave_one_out_hangs", n=size, retailers=joined(hangs), **ends)
    return left_out(words, passed=False, undoes=undone)


def _weighting(less: TestResult, by_errors: TestResult) -> Check:
    passed = (less.estimate < 0) == (by_errors.estimate < 0)
    key = "agrees" if passed else "disagrees"
    fields = {
        "equal": signed_points(less.estimate),
        "weighted": signed_points(by_errors.estimate),
    }
    return Check("weighting", passed, text(f"check.weighting_unresolved_{key}", **fields))


def _sides(compared: Compared, shares: Sequence[float]) -> dict[str, Text | str]:
    first, second = (group_name(group) for group in compared.terms.groups)
    return {
        "first": first,
        "second": second,
        "share_first": percent(shares[0], 1),
        "share_second": percent(shares[1], 1),
    }
