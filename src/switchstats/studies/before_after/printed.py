"""What two printed periods say: exposed against unexposed retailers, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switchstats.errors import NotAnswerableError
from switchstats.inference import minimal_detectable_effect, permutation, rank_sum
from switchstats.inference.question import Direction
from switchstats.labels import Text, group_name, joined, text
from switchstats.rates import most_influential, summarise
from switchstats.studies.contrast.exposure import AccessEnd, access_ends, before_share
from switchstats.studies.decide import Conclusion, conclude, decide
from switchstats.studies.left_out import left_out
from switchstats.studies.refusal import CannotRunError, refuse
from switchstats.studies.unanswerable import unanswerable
from switchstats.values import (
    Change,
    Check,
    Claim,
    Finding,
    Grade,
    Influence,
    InputFile,
    Interval,
    Outcome,
    Period,
    Provenance,
    PublishedTable,
    Rates,
    TestResult,
    Unanswerable,
    Verdict,
)
from switchstats.version import __version__

if TYPE_CHECKING:
    from switchstats.studies.declaration import Declaration

__all__ = ["printed_finding"]

_TWO = 2
_ESTIMAND = "exposed_minus_unexposed"
_REFUSED = ("pooled_test", "weighted_permutation", "fixed_mix_change", "leak_contrast")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Changes of exposed and of unexposed retailers of the first group, before minus after."""

    exposed: tuple[Change, ...]
    unexposed: tuple[Change, ...]
    level: float
    period: Period
    baseline: Period

    def test(self, alternative: Direction, corner: int | None = None) -> TestResult:
        """Return the exact permutation of who was exposed; `corner` takes one end of rounding."""
        ends = (corner, None if corner is None else 1 - corner)
        first, second = (
            [_before_minus_after(change, end) for change in side]
            for side, end in zip((self.exposed, self.unexposed), ends, strict=True)
        )
        found = permutation(first, second, alternative=alternative, level=self.level)
        return replace(found, estimand=_ESTIMAND, period=self.period, baseline=self.baseline)

    def rounded(self, alternative: Direction) -> TestResult:
        """Return the test with the range of its p-value over rates that print the same."""
        found = self.test(alternative)
        if alternative == "two-sided":
            return found
        p_values = [self.test(alternative, corner).p_value for corner in (0, 1)]
        return replace(found, p_rounding=Interval(min(p_values), max(p_values), "rounding"))

    def conclude(self, margin: float | None, corner: int | None = None) -> Conclusion:
        """Return what both one-sided bounds say."""
        return conclude(self.test("less", corner), self.test("greater", corner), margin)

    def without(self, name: str) -> "_Sides":
        """Return the same without one retailer."""
        first, second = (
            tuple(change for change in side if change.retailer.retailer != name)
            for side in (self.exposed, self.unexposed)
        )
        return replace(self, exposed=first, unexposed=second)


def printed_finding(
    terms: "Declaration", table: PublishedTable, ends: Sequence[AccessEnd] | None
) -> Finding:
    """Return what two printed periods say about exposed against unexposed retailers.

    Parameters
    ----------
    terms
        Margin, level, power, groups, language.
    table
        The printed table; its longest period must have two printed parts.
    ends
        Who had access until when; from the facts by default.

    Notes
    -----
    The difference is (before minus after) of the exposed, less the same of the unexposed: below 0
    when the exposed erred less while they had access. With 7 against 3 retailers the p-value is
    never below 1/120.
    """
    given = tuple(access_ends() if ends is None else ends)
    rates = summarise(table, [group for group in terms.groups if table.members(group)])
    try:
        sides = _sides(terms, table, rates, given)
    except CannotRunError as error:
        return _finding(terms, table, rates, given, refused=error.item)
    held = sides.conclude(terms.margin)
    tests = [sides.rounded(one) for one in ("less", "greater", "two-sided")]
    alone, influences = _leave_one_out(sides, held, terms.margin)
    checks = (
        _rounding(sides, held, terms.margin),
        _clean_after(sides, given, held),
        alone,
        _mix(held),
    )
    rates = replace(rates, influences=influences)
    return _finding(terms, table, rates, given, sides=sides, held=held, tests=tests, checks=checks)


def _sides(
    terms: "Declaration", table: PublishedTable, rates: Rates, ends: Sequence[AccessEnd]
) -> _Sides:
    parts = table.parts(table.widest_period)
    if len(parts) != _TWO:
        raise refuse("before_after")
    names = {end.retailer for end in ends}
    own = [one for one in rates.changes if one.retailer.group == terms.groups[0]]
    exposed = tuple(one for one in own if one.retailer.retailer in names)
    unexposed = tuple(one for one in own if one.retailer.retailer not in names)
    if len(exposed) < _TWO:
        raise refuse("end_of_access", n=len(exposed))
    if len(unexposed) < _TWO:
        raise refuse("unexposed_change", n=len(unexposed))
    return _Sides(
        exposed=exposed,
        unexposed=unexposed,
        level=terms.level,
        period=parts[1],
        baseline=parts[0],
    )


def _before_minus_after(change: Change, corner: int | None) -> float:
    """Return minus the change; `corner` 0 takes the least that rounding allows, 1 the most."""
    if corner is None:
        return -change.change
    low, high = change.interval.low, change.interval.high
    return -float((high if corner == 0 else low) or 0.0)


def _rounding(sides: _Sides, held: Conclusion, margin: float | None) -> Check:
    corners = [sides.conclude(margin, corner) for corner in (0, 1)]
    passed = all(one.claims == held.claims for one in corners)
    words = text("check.rounding_same" if passed else "check.rounding_other")
    undone = held.claims - (corners[0].claims & corners[1].claims)
    return Check("rounding", passed, words, tuple(sorted(undone)))


def _clean_after(sides: _Sides, ends: Sequence[AccessEnd], held: Conclusion) -> Check:
    """Say whose access lasted into the later period, or ended before it began."""
    exposed = {change.retailer.retailer: change.retailer.name for change in sides.exposed}
    late: list[Text] = []
    early: list[Text] = []
    for end in ends:
        name = exposed.get(end.retailer)
        if name is None:
            continue
        if before_share(end.end, [sides.period])[0] > 0:
            late.append(name)
        elif before_share(end.end, [sides.baseline])[0] < 1:
            early.append(name)
    if not late and not early:
        return Check("clean_after", passed=True, text=text("check.after_clean"))
    nobody = text("check.unbounded")
    words = text(
        "check.after_not_clean",
        late=joined(late) if late else nobody,
        early=joined(early) if early else nobody,
    )
    undone: tuple[Claim, ...] = ("ruled_out",) if "ruled_out" in held.claims else ()
    return Check("clean_after", passed=False, text=words, undoes=undone)


def _leave_one_out(
    sides: _Sides, held: Conclusion, margin: float | None
) -> tuple[Check, tuple[Influence, ...]]:
    whole = sides.test("less").estimate
    influences: list[Influence] = []
    changed: list[Text] = []
    stands = held.claims
    for change in (*sides.exposed, *sides.unexposed):
        rest = sides.without(change.retailer.retailer)
        try:
            estimate, claims = rest.test("less").estimate, rest.conclude(margin).claims
        except NotAnswerableError:
            continue
        influences.append(Influence(change.retailer, estimate, estimate - whole))
        if claims != held.claims:
            changed.append(change.retailer.name)
            stands &= claims
    tried = text("check.tried_all", n=len(influences))
    if not changed:
        words = text("check.leave_one_out_holds", tried=tried)
        return left_out(words, passed=True), tuple(influences)
    words = text("check.leave_one_out_changes", tried=tried, retailers=joined(changed))
    lost = tuple(sorted(held.claims - stands))
    return left_out(words, passed=False, undoes=lost), tuple(influences)


def _mix(held: Conclusion) -> Check:
    """Let no claim stand: a change of who files what may hide an effect or look like one."""
    return Check("mix", None, text("check.mix_printed"), tuple(sorted(held.claims)))


def _ranks(sides: _Sides) -> TestResult:
    first, second = (
        [_before_minus_after(change, None) for change in side]
        for side in (sides.exposed, sides.unexposed)
    )
    found = rank_sum(first, second, alternative="less", level=sides.level)
    return replace(found, period=sides.period, baseline=sides.baseline)


def _detectable(sides: _Sides, power: float) -> float | None:
    first, second = (
        [_before_minus_after(change, None) for change in side]
        for side in (sides.exposed, sides.unexposed)
    )
    try:
        return minimal_detectable_effect(first, second, power=power, level=sides.level).effect
    except NotAnswerableError:
        return None


def _finding(  # noqa: PLR0913 -- what a finding carries comes from all of these
    terms: "Declaration",
    table: PublishedTable,
    rates: Rates,
    ends: Sequence[AccessEnd],
    *,
    sides: _Sides | None = None,
    held: Conclusion | None = None,
    tests: Sequence[TestResult] = (),
    checks: Sequence[Check] = (),
    refused: Unanswerable | None = None,
) -> Finding:
    source = table.source
    inputs = () if source.sha256 is None else (InputFile(source.file or "", source.sha256),)
    first, second = (group_name(group) for group in terms.groups)
    config = {"study": "before_after", **terms.terms(), "ends": [end.to_dict() for end in ends]}
    return Finding(
        study="before_after",
        question=text("study.before_after", first=first, second=second),
        rates=rates,
        primary=tests[0] if tests else None,
        secondary=(*tests[1:], *(() if sides is None else (_ranks(sides),))),
        checks=tuple(checks),
        not_answerable=(
            *(() if refused is None else (refused,)),
            *unanswerable((), _REFUSED),
        ),
        verdict=_verdict(terms, table, rates, sides, held, tests, checks, refused),
        provenance=Provenance(inputs=inputs, config=config, version=__version__),
        source=source,
        language=terms.language,
    )


def _verdict(  # noqa: PLR0913, PLR0917 -- what a verdict carries comes from all of these
    terms: "Declaration",
    table: PublishedTable,
    rates: Rates,
    sides: _Sides | None,
    held: Conclusion | None,
    tests: Sequence[TestResult],
    checks: Sequence[Check],
    refused: Unanswerable | None,
) -> Verdict:
    period = table.widest_period if sides is None else sides.period
    least = Verdict(
        outcome=Outcome.NOT_ANSWERABLE,
        estimand=_ESTIMAND,
        groups=terms.groups,
        period=period,
        period_label=rates.label(period),
        level=terms.level,
        margin=terms.margin,
        power=terms.power,
        n_by_group=(0, 0),
        grade=Grade.BEFORE_AFTER,
        reasons=() if refused is None else (refused.reason,),
    )
    if sides is None or held is None:
        return least
    outcome, larger_ruled_out, reasons = decide(held, checks, terms.groups)
    undone = {claim for check in checks for claim in check.undoes}
    return replace(
        least,
        outcome=outcome,
        n_by_group=tests[0].n_by_group,
        n_effective=tests[0].n_effective,
        reasons=reasons,
        larger_ruled_out=larger_ruled_out,
        disadvantage="disadvantage" in held.claims - undone,
        estimate=tests[0].estimate,
        p_value=tests[0].p_value,
        bound=held.interval(terms.level),
        smallest_margin=None,  # the mix is unknown, so that no margin is ruled out
        detectable=_detectable(sides, terms.power),
        influential=most_influential(rates.influences),
    )
