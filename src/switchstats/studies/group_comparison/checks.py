"""What could undo a comparison of two groups from counts, tried one by one."""

from collections.abc import Sequence

from switchstats.errors import NotAnswerableError
from switchstats.inference import holm
from switchstats.inference.recommendation import Recommendation
from switchstats.labels import Text, group_name, joined, percent, signed_points, text
from switchstats.rates import Decomposition, decompose, standardise
from switchstats.studies.group_comparison.comparison import Comparison, Judged
from switchstats.studies.group_comparison.secondary import Others, strata_of
from switchstats.studies.left_out import left_out
from switchstats.studies.second_opinion import ranks_check
from switchstats.values import Check, Claim, Counts, Influence, TestResult, p_words

__all__ = ["count_checks", "leave_one_out", "periods_check"]

# A conclusion hangs on an influential retailer if on any. Of ten against 700 the ten come first.
_MOST_LEFT_OUT = 12
_ALL_LEFT_OUT = 40
# A retailer with more of its group's requests decides the weighted rate alone.
_DOMINANT = 0.5
# With more requests in cells of one group only, the parts say little about the rest.
_MOST_UNMATCHED = 0.25

_EVERY: tuple[Claim, ...] = ("advantage", "disadvantage", "ruled_out")


def count_checks(
    comparison: Comparison,
    judged: Judged,
    counts: Counts,
    advice: Recommendation,
    others: Others,
) -> tuple[Check, ...]:
    """Return the checks of the whole span, each tried on the data.

    A mix of requests that alone accounts for the whole estimate undoes an advantage. Every claim is
    undone where no test is known to hold its size on such data. The other checks inform.

    Parameters
    ----------
    comparison, judged
        The primary comparison and what it found.
    counts
        With all their strata.
    advice
        Why this test.
    others
        The secondary tests.
    """
    return (
        _rule(comparison, judged),
        ranks_check(others.ranks, judged.conclusion, comparison.terms.level),
        _weighting(judged, others),
        _dominant(advice),
        _mix(counts, comparison, judged),
        _within(judged, others, counts),
        _standardised(judged, counts, comparison.terms.groups),
    )


def leave_one_out(comparison: Comparison, judged: Judged, influences: Sequence[Influence]) -> Check:
    """Return whether the conclusion holds without each retailer; what is claimed must.

    Of more than 40 retailers the twelve are tried whose removal moves the difference most.
    """
    names = {name: place for place, name in enumerate(comparison.two.retailers)}
    ranked = sorted(influences, key=lambda one: -abs(one.shift))
    few = comparison.two.n_units <= _ALL_LEFT_OUT
    tried = ranked if few else ranked[:_MOST_LEFT_OUT]
    held = judged.conclusion.claims
    changed: list[Text] = []
    stands = held
    try:
        for one in tried:
            claims = comparison.without(names[one.retailer.retailer]).judge().conclusion.claims
            if claims != held:
                changed.append(one.retailer.name)
                stands &= claims
    except NotAnswerableError:
        unknown = text("check.leave_one_out_unknown")
        return left_out(unknown, passed=None, undoes=tuple(sorted(held)))
    key = "check.tried_all" if few else "check.tried_most_influential"
    whom = text(key, n=len(tried))
    if not changed:
        found = text("check.leave_one_out_holds", tried=whom)
        return left_out(found, passed=True)
    found = text("check.leave_one_out_changes", tried=whom, retailers=joined(changed))
    undoes = tuple(sorted(held - stands))
    return left_out(found, passed=False, undoes=undoes)


def periods_check(
    periods: Sequence[TestResult], judged: Judged, level: float, labels: Sequence[Text]
) -> Check:
    """Say whether a single period speaks against the direction of the whole span."""
    if not periods:
        return Check("periods", None, text("check.periods_single"))
    gaps = [test.estimate for test in periods]
    whole = judged.less.estimate
    adjusted = holm(test.p_value for test in periods)
    against = [
        label
        for gap, p, label in zip(gaps, adjusted, labels, strict=True)
        if gap * whole < 0 and p <= round(1 - level, 15)
    ]
    fields = {
        "alpha": percent(1 - level, 0),
        "n": len(gaps),
        "same": sum(gap * whole > 0 for gap in gaps),
        "low": signed_points(min(gaps)),
        "high": signed_points(max(gaps)),
    }
    if not against:
        found = text("check.periods_same_way", **fields)
        return Check("periods", passed=True, text=found)
    found = text("check.periods_other_way", **fields, periods=joined(against))
    return Check("periods", passed=False, text=found)


def _rule(comparison: Comparison, judged: Judged) -> Check:
    choice = comparison.choice
    key = "check.rule_holds" if choice.holds else "check.rule_nearest"
    reasons = Text(
        ja="".join(reason.ja for reason in choice.reasons),
        en=" ".join(reason.en for reason in choice.reasons),
    )
    method = text(f"method.{judged.less.method}")
    undone: tuple[Claim, ...] = ()
    if not choice.holds:
        undone = tuple(claim for claim in _EVERY if claim in judged.conclusion.claims)
    passed = None if choice.holds else False
    return Check("rule", passed, text(key, method=method, reasons=reasons), undoes=undone)


def _weighting(judged: Judged, others: Others) -> Check:
    if others.request_weighted is None:
        return Check("weighting", None, text("check.weighting_not_computed"))
    equal, weighted = judged.less.estimate, others.request_weighted.estimate
    passed = (equal < 0) == (weighted < 0)
    key = "check.weighting_same_way" if passed else "check.weighting_other_way"
    fields = {"equal": signed_points(equal), "weighted": signed_points(weighted)}
    return Check("weighting", passed, text(key, **fields))


def _dominant(advice: Recommendation) -> Check:
    """Say how many retailers of equal volume the groups weigh like; a request weight follows."""
    facts = advice.facts
    passed = max(facts.largest_share) <= _DOMINANT
    first, second = (group_name(group) for group in advice.groups)
    return Check(
        "dominant",
        passed,
        text(
            "check.dominant_no" if passed else "check.dominant_yes",
            first=first,
            second=second,
            w_first=f"{facts.n_effective[0]:.1f}",
            w_second=f"{facts.n_effective[1]:.1f}",
            share_first=percent(facts.largest_share[0], 0),
            share_second=percent(facts.largest_share[1], 0),
        ),
    )


def _mix(counts: Counts, comparison: Comparison, judged: Judged) -> Check:
    """Split the request-weighted gap into what was filed and the rates within."""
    by = strata_of(counts)
    if by in ((), ("period",)):
        return Check("mix", None, text("check.mix_unseen"))
    first, second = (counts.group(group) for group in comparison.terms.groups)
    try:
        parts = decompose(first, second, by=by)
    except NotAnswerableError:
        return Check("mix", None, text("check.mix_apart"))
    if max(parts.unmatched) > _MOST_UNMATCHED:
        share = percent(max(parts.unmatched), 0)
        return Check("mix", None, text("check.mix_unmatched", share=share))
    mix = parts.difference - parts.parts["rate"]
    advantage = "advantage" in judged.conclusion.claims
    explained = mix <= judged.less.estimate < 0
    equal = {"equal": signed_points(judged.less.estimate)} if explained else {}
    words = text(
        "check.mix_explains" if explained else "check.mix_split",
        gap=signed_points(parts.difference),
        parts=_named(parts),
        rate=signed_points(parts.parts["rate"]),
        **equal,
    )
    undoes: tuple[Claim, ...] = ("advantage",) if explained and advantage else ()
    return Check("mix", not explained, words, undoes)


def _named(parts: Decomposition) -> Text:
    return joined(
        text(f"check.part_{name.removesuffix('_mix')}", size=signed_points(size))
        for name, size in parts.parts.items()
        if name != "rate"
    )


def _within(judged: Judged, others: Others, counts: Counts) -> Check:
    """Say whether the groups differ the same way where they file alike; it only informs."""
    if others.within is None:
        return Check("within_strata", None, text("check.within_unknown"))
    gap = others.within.estimate
    passed = (gap < 0) == (judged.less.estimate < 0)
    strata = joined(text(f"stratum.{name}") for name in strata_of(counts))
    key = "check.within_same_way" if passed else "check.within_other_way"
    words = text(
        key,
        gap=signed_points(gap),
        estimand=text(f"estimand.{others.within.estimand}"),
        p=p_words(others.within),
        strata=strata,
    )
    return Check("within_strata", passed, words)


def _standardised(judged: Judged, counts: Counts, groups: tuple[str, str]) -> Check:
    """Say what both groups' rates would be at the mix of all requests; it only informs."""
    by = strata_of(counts)
    if by in ((), ("period",)):
        return Check("standardised", None, text("check.standardised_unknown"))
    try:
        found = standardise(counts, by, groups=groups)
    except NotAnswerableError:
        return Check("standardised", None, text("check.standardised_apart"))
    first, second = found.rows
    gap = first.rate - second.rate
    passed = (gap < 0) == (judged.less.estimate < 0)
    key = "check.standardised_same_way" if passed else "check.standardised_other_way"
    words = text(
        key,
        first=group_name(groups[0]),
        second=group_name(groups[1]),
        first_rate=percent(first.rate, 2),
        second_rate=percent(second.rate, 2),
        gap=signed_points(gap),
        covered=percent(first.covered, 0),
        strata=joined(text(f"stratum.{name}") for name in by),
    )
    return Check("standardised", passed, words)
