"""Puts a verdict into words: a headline and a paragraph that can go on a slide."""

from switchstats.labels import (
    Language,
    Text,
    confidence,
    group_name,
    p_value,
    percent,
    points,
    points_up,
    signed_points,
    text,
)
from switchstats.values.verdict import Outcome, Verdict

__all__ = ["bound_words", "headline", "paragraph", "sentences"]

# How the keys begin of estimands that are gaps between groups, and of those about one retailer
# against a group; all others are effects of access.
_GAPS = {"equal_weight_difference": "", "unresolved_difference": "unresolved_"}
_SINGLE = ("retailer_shift_in_area", "retailer_shift")


def headline(verdict: Verdict) -> Text:
    """Return the outcome in one sentence."""
    first, second = (group_name(group) for group in verdict.groups)
    fields = {"first": first, "margin": "" if verdict.margin is None else points(verdict.margin)}
    outcome, has_margin = verdict.outcome, verdict.margin is not None
    if outcome is Outcome.NOT_ANSWERABLE:
        return text("verdict.not_answerable")
    kind = _kind(verdict)
    if outcome is Outcome.RULED_OUT:
        return text(f"verdict.{kind}ruled_out", **fields)
    if outcome is Outcome.ADVANTAGE_SHOWN:
        key = "shown_but_smaller" if verdict.larger_ruled_out else "shown"
        wanted = {"first": first} if key == "shown" else fields
        sides = {} if kind == "effect_" else {"second": second}
        return text(f"verdict.{kind}{key}", **wanted, **sides)
    if has_margin:
        return text(f"verdict.{kind}inconclusive", **fields)
    return text(f"verdict.{kind}inconclusive_without_margin", first=first)


def _kind(verdict: Verdict) -> str:
    """Return the beginning of the keys for what the verdict is about."""
    if verdict.estimand in _SINGLE:
        return "single_"
    return _GAPS.get(verdict.estimand, "effect_")


def sentences(verdict: Verdict) -> tuple[Text, ...]:
    """Return the verdict as sentences, headline first."""
    parts = [headline(verdict), *verdict.reasons, *_estimate(verdict), *_margin(verdict)]
    if verdict.detectable is not None:
        power = percent(verdict.power, 0)
        parts.append(text("verdict.detectable", size=points(verdict.detectable), power=power))
    if verdict.influential is not None:
        name, without = verdict.influential.retailer.name, verdict.influential.estimate
        parts.append(text("verdict.influential", retailer=name, estimate=signed_points(without)))
    parts.append(text(f"grade.{verdict.grade.key}"))
    return tuple(parts)


def paragraph(verdict: Verdict, language: Language) -> str:
    """Return the sentences as one paragraph in one language."""
    return ("" if language == "ja" else " ").join(part[language] for part in sentences(verdict))


def _estimate(verdict: Verdict) -> tuple[Text, ...]:
    if verdict.estimate is None or verdict.p_value is None or verdict.n_effective is None:
        return ()
    first, second = (group_name(group) for group in verdict.groups)
    if verdict.retailer is not None and verdict.estimand in _SINGLE:
        return (_single(verdict, first, second), _bound(verdict, first, second))
    if verdict.estimand not in _GAPS:
        return (_effect(verdict, first), _bound(verdict, first, second))
    key = "equal" if verdict.estimate == 0 else "lower" if verdict.estimate < 0 else "higher"
    size = {} if key == "equal" else {"size": points(verdict.estimate)}
    estimate = text(
        f"verdict.{_GAPS[verdict.estimand]}estimate_{key}",
        period=verdict.period_label,
        first=first,
        second=second,
        n_first=verdict.n_by_group[0],
        n_second=verdict.n_by_group[1],
        n_effective=f"{verdict.n_effective:.1f}",
        p=p_value(verdict.p_value),
        **size,
    )
    return (estimate, _bound(verdict, first, second), *_request_weighted(verdict, first, second))


def _effect(verdict: Verdict, first: Text) -> Text:
    """Return the estimate of an effect on the first group's requests, its estimand in words."""
    return text(
        "verdict.effect",
        period=verdict.period_label,
        estimand=text(f"estimand.{verdict.estimand}"),
        estimate=signed_points(verdict.estimate or 0.0),
        first=first,
        n_first=verdict.n_by_group[0],
        n_second=verdict.n_by_group[1],
        n_effective=f"{verdict.n_effective or 0.0:.1f}",
        p=p_value(verdict.p_value or 0.0),
    )


def _single(verdict: Verdict, first: Text, second: Text) -> Text:
    """Return the estimate of the retailer that stands out most."""
    in_area = verdict.estimand == "retailer_shift_in_area"
    return text(
        "verdict.single_estimate_in_area" if in_area else "verdict.single_estimate",
        period=verdict.period_label,
        first=first,
        second=second,
        n_first=verdict.n_by_group[0],
        n_second=verdict.n_by_group[1],
        n_effective=f"{verdict.n_effective or 0.0:.1f}",
        retailer=Text("", "") if verdict.retailer is None else verdict.retailer.name,
        estimate=signed_points(verdict.estimate or 0.0),
        p=p_value(verdict.p_value or 0.0),
    )


def _bound(verdict: Verdict, first: Text, second: Text) -> Text:
    level = confidence(verdict.level)
    low = None if verdict.bound is None else verdict.bound.low
    high = None if verdict.bound is None else verdict.bound.high
    if verdict.estimand not in _GAPS:
        single = verdict.estimand in _SINGLE
        key = "verdict.bound_single" if single else "verdict.bound_effect"
        return _bound_of_effect(key, level, low, high)
    names: dict[str, Text | str | int] = {"level": level, "first": first, "second": second}
    if low is not None and high is not None:
        ends = {"low": signed_points(low), "high": signed_points(high)}
        return text("verdict.bound", **names, **ends)
    if low is not None:
        return text("verdict.bound_below", **names, low=signed_points(low))
    if high is not None:
        return text("verdict.bound_above", **names, high=signed_points(high))
    return text("verdict.bound_none", **names)


def _bound_of_effect(key: str, level: str, low: float | None, high: float | None) -> Text:
    return text(key, level=level, low=bound_words(low), high=bound_words(high))


def bound_words(end: float | None) -> Text:
    """Return a bound in points, or that there is none."""
    if end is None:
        return text("check.unbounded")
    return text("verdict.points", size=signed_points(end))


def _request_weighted(verdict: Verdict, first: Text, second: Text) -> tuple[Text, ...]:
    gap = verdict.request_weighted
    if gap is None or gap.interval is None:
        return ()
    low, high = gap.interval.low, gap.interval.high
    if low is None or high is None:
        return ()
    if gap.interval.kind != "rounding":
        words = {"low": signed_points(low), "high": signed_points(high)}
        level = confidence(gap.interval.level or 0.0)
        estimate = signed_points(gap.estimate)
        names = {"first": first, "second": second}
        key = f"verdict.{_GAPS[verdict.estimand]}request_weighted_counted"
        return (text(key, **names, **words, estimate=estimate, level=level),)
    decimals = gap.interval.decimals(2)
    return (
        text(
            "verdict.request_weighted",
            first=first,
            second=second,
            estimate=signed_points(gap.estimate, decimals),
            low=signed_points(low, decimals),
            high=signed_points(high, decimals),
        ),
    )


def _margin(verdict: Verdict) -> tuple[Text, ...]:
    if verdict.estimate is None:
        return ()
    first = group_name(verdict.groups[0])
    kind = _kind(verdict)
    key = f"{kind}opposite" if kind in ("effect_", "single_") else f"{kind}disadvantage"
    said = [text(f"verdict.{key}", first=first)] if verdict.disadvantage else []
    if verdict.smallest_margin is None:
        said.append(text("verdict.no_margin_reached", first=first))
    elif verdict.smallest_margin == 0:
        said.append(text("verdict.every_margin", first=first))
    else:
        size = points_up(verdict.smallest_margin)
        said.append(text("verdict.smallest_margin", size=size))
    if verdict.margin is None:
        said.append(text("verdict.needs_margin"))
    return tuple(said)
