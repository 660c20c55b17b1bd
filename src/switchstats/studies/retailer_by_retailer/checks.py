"""What could undo a comparison of single retailers, tried one by one."""

from collections.abc import Sequence

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, confidence, group_name, joined, p_value, text
from switchstats.studies.declaration import Declaration
from switchstats.studies.left_out import left_out
from switchstats.studies.retailer_by_retailer.reference import Compared
from switchstats.studies.second_opinion import opinion
from switchstats.values import Check, Claim, Influence, Standing

__all__ = ["reference_influences", "single_checks"]

_MOST_LEFT_OUT = 12
_ENOUGH = 5


def single_checks(
    compared: Compared, terms: Declaration, league: Sequence[Standing]
) -> tuple[Check, ...]:
    """Return the checks, each tried on the data.

    An advantage that vanishes without one retailer of the reference is undone; the others inform.
    """
    return (
        _areas(compared, terms),
        _leave_one_out(compared, terms),
        _order(compared, terms),
        Check("mix", None, text("check.mix_one")),
        *_league(league),
    )


def reference_influences(compared: Compared) -> tuple[Influence, ...]:
    """Return the foremost retailer's difference without each retailer that it is compared with."""
    place = compared.foremost
    effect, reference = compared.effects[place], compared.references[place]
    prediction = reference.prediction
    shares = prediction.shares
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = shares * (prediction.mean - prediction.rates) / (1 - shares)
    return tuple(
        Influence(retailer, effect.estimate - float(shift), -float(shift))
        for retailer, shift in zip(reference.retailers, moved, strict=True)
        if np.isfinite(shift)
    )


def _areas(compared: Compared, terms: Declaration) -> Check:
    first, second = (group_name(group) for group in terms.groups)
    sizes = [len(reference.retailers) for reference in compared.references]
    if not compared.in_area:
        words = text("check.areas_unseen", first=first, second=second, n=sizes[0])
        return Check("reference", None, words)
    left_out = joined(one.name for one in compared.left_out)
    enough = min(sizes) >= _ENOUGH
    words = text(
        "check.areas_told" if enough else "check.areas_few",
        first=first,
        second=second,
        least=min(sizes),
        most=max(sizes),
        left_out=left_out if compared.left_out else text("check.unbounded"),
    )
    return Check("reference", enough and not compared.left_out, words)


def _leave_one_out(compared: Compared, terms: Declaration) -> Check:
    """Leave out those of the reference whose removal moves its mean most."""
    place = compared.foremost
    effect, reference = compared.effects[place], compared.references[place]
    second = group_name(terms.groups[1])
    alpha = round(1 - terms.level, 15) / len(compared.effects)
    held = (effect.p_value or 0.0) <= alpha
    rate = effect.estimate + reference.prediction.mean
    shifts = np.abs(reference.prediction.shares * (reference.prediction.rates - rate))
    changed: list[Text] = []
    tried: list[int] = np.argsort(-shifts, kind="stable")[:_MOST_LEFT_OUT].tolist()
    lost: tuple[Claim, ...] = ("advantage",) if held else ()
    try:
        for at in tried:
            p = reference.without(at).p_value(rate, effect.requests[0], "less")
            if (p <= alpha) != held:
                changed.append(reference.retailers[at].name)
    except NotAnswerableError:
        return left_out(text("check.reference_unknown", second=second), passed=None, undoes=lost)
    if not changed:
        words = text("check.reference_holds", second=second, n=len(tried))
        return left_out(words, passed=True)
    words = text("check.reference_changes", second=second, retailers=joined(changed))
    return left_out(words, passed=False, undoes=lost)


def _order(compared: Compared, terms: Declaration) -> Check:
    """Place the foremost retailer among the observed rates, whatever their distribution."""
    place = compared.foremost
    effect, reference = compared.effects[place], compared.references[place]
    rate = effect.estimate + reference.prediction.mean
    rates = reference.prediction.rates
    p = (1 + int(np.count_nonzero(rates <= rate))) / (1 + rates.size)
    p = min(1.0, p * len(compared.effects))
    alpha = round(1 - terms.level, 15)
    shown, primary = p <= alpha, (effect.p_adjusted or 0.0) <= alpha
    words = text(
        f"check.order_{opinion(shown=shown, primary=primary)}",
        retailer=effect.retailer.name,
        second=group_name(terms.groups[1]),
        n=rates.size,
        lower=int(np.count_nonzero(rates < rate)),
        p=p_value(p),
    )
    return Check("order", shown == primary, words)


def _league(league: Sequence[Standing]) -> tuple[Check, ...]:
    if not league:
        return ()
    outside = sum(one.outside[0] for one in league)
    far = sum(one.outside[1] for one in league)
    first = sum((one.rank_interval.low or 0.0) <= 1 for one in league)
    level = league[0].rank_interval.level or 0.0
    funnel = text("check.funnel", n=len(league), outside=outside, far=far)
    return (
        Check("funnel", None, funnel),
        Check("league", None, text("check.league", n=first, level=confidence(level))),
    )
