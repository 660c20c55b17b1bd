"""The secondary tests of two groups; they inform and never decide."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from switchstats import inference
from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import read_two_groups
from switchstats.inference.recommend import choose, facts_of
from switchstats.inference.recommendation import Choice, Recommendation
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.studies.group_comparison.comparison import Comparison
from switchstats.values import Counts, RateDifference, TestResult

__all__ = ["Others", "by_period", "chosen", "other_tests", "strata_of"]

_EQUAL = "equal_weight_difference"
_BY_REQUESTS = "request_weighted_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Tests besides the primary pair.

    Parameters
    ----------
    tests
        In the order in which they are shown.
    request_weighted
        The request-weighted difference with its confidence interval, where it can be computed.
    ranks
        The rank-sum test, first group lower.
    within
        The difference within strata, ``None`` where none can be computed.
    """

    tests: tuple[TestResult, ...]
    request_weighted: RateDifference | None
    ranks: TestResult
    within: TestResult | None


def other_tests(comparison: Comparison, counts: Counts, advice: Recommendation) -> Others:
    """Return every other test of the whole span that the counts allow.

    Parameters
    ----------
    comparison
        The primary one.
    counts
        With all their strata.
    advice
        The test for each estimand.
    """
    terms = comparison.terms
    plain = counts.collapse()
    given = {"groups": terms.groups, "level": terms.level}
    weighted = _kept(_request_weighted(plain, advice, comparison))
    ranks = inference.rank_sum(plain, alternative="less", groups=terms.groups, level=terms.level)
    by = strata_of(counts)
    within = _kept([partial(inference.mantel_haenszel, counts, by=by, **given)] if by else [])
    return Others(
        tests=(
            *weighted,
            *_kept(_models(plain, advice, comparison)),
            ranks,
            *within,
            *_kept([partial(inference.pooled_z, plain, alternative="less", **given)]),
        ),
        request_weighted=_difference(weighted, terms.groups),
        ranks=ranks,
        within=within[0] if within else None,
    )


def strata_of(counts: Counts) -> tuple[str, ...]:
    """Return the strata within which requests are alike, as far as these counts tell them."""
    losing = "losing" if "losing" in counts.strata else "losing_group"
    by = tuple(name for name in ("area", losing) if name in counts.strata)
    return ("period", *by) if len(counts.periods) > 1 else by


def by_period(comparison: Comparison, counts: Counts) -> tuple[TestResult, ...]:
    """Return the two-sided comparison of each period by itself, by the rules for its own data."""
    periods = counts.periods
    if len(periods) == 1:
        return ()
    plain = counts.collapse()
    return tuple(_kept([partial(_of_period, comparison, plain, period) for period in periods]))


def _of_period(comparison: Comparison, counts: Counts, period: Period) -> TestResult:
    terms = comparison.terms
    two = read_two_groups(
        (counts,), test="a test of one period", groups=terms.groups, period=period
    )
    choices = choose(facts_of(two), groups=terms.groups, level=terms.level)
    choice = chosen(choices, _EQUAL)
    if choice is None:
        raise NotAnswerableError(
            "a test of one period", "too few retailers filed", "more retailers"
        )
    return replace(comparison, two=two, choice=choice).test("two-sided")


def chosen(choices: tuple[Choice, ...], estimand: str) -> Choice | None:
    """Return the choice for an estimand, ``None`` when there is none."""
    return next((choice for choice in choices if choice.estimand == estimand), None)


def _request_weighted(
    counts: Counts, advice: Recommendation, comparison: Comparison
) -> Iterator[Callable[[], TestResult]]:
    """Yield the recommended test of the request-weighted difference, then CR2 and CR3."""
    terms = comparison.terms
    given = {"groups": terms.groups, "level": terms.level}
    choice = chosen(advice.choices, _BY_REQUESTS)
    if choice is not None:
        yield partial(getattr(inference, choice.test), counts, **given, **choice.options)
    for estimator in ("CR2", "CR3"):
        yield partial(_cluster_robust, counts, estimator, given)


def _cluster_robust(
    counts: Counts, estimator: Literal["CR2", "CR3"], given: dict[str, Any]
) -> TestResult:
    """Return the test under its estimator's name, by which alone it differs in a table."""
    test = inference.cluster_robust(counts, estimator=estimator, **given)
    return replace(test, variant=text(f"method.variant_{estimator.lower()}"))


def _models(
    counts: Counts, advice: Recommendation, comparison: Comparison
) -> Iterator[Callable[[], TestResult]]:
    """Yield Welch where it is not the primary test, random effects, the model for sparse data."""
    terms = comparison.terms
    given = {"groups": terms.groups, "level": terms.level}
    if comparison.choice.test != "welch":
        yield partial(inference.welch, counts, **given)
    yield partial(inference.random_effects, counts, **given)
    sparse = next((one for one in advice.choices if one.test == "beta_binomial"), None)
    if sparse is not None:
        yield partial(inference.beta_binomial, counts, **given, **sparse.options)


def _kept(
    tests: "Iterator[Callable[[], TestResult]] | list[Callable[[], TestResult]]",
) -> list[TestResult]:
    """Return the tests that these data allow; a group of one retailer, say, allows few."""
    found: list[TestResult] = []
    for test in tests:
        with suppress(NotAnswerableError):
            found.append(test())
    return found


def _difference(weighted: list[TestResult], groups: tuple[str, str]) -> RateDifference | None:
    """Return the first of these with an interval that has both ends, else without one."""
    if not weighted:
        return None
    first = weighted[0]
    intervals = [test.interval for test in weighted]
    interval = next((one for one in intervals if one is not None and one.width is not None), None)
    if first.period is None:
        return None
    return RateDifference(*groups, first.period, "requests", first.estimate, interval)
