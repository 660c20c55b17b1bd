"""Every declared specification at once, adjusted for their number, and what could undo it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.few_units import flip_family
from switchstats.inference.samples import Floats
from switchstats.labels import Text, confidence, p_value, percent, points, signed_points, text
from switchstats.studies.contrast.access_study import AccessStudy, enough
from switchstats.studies.contrast.arms import held_against
from switchstats.studies.contrast.cells import RequestCells
from switchstats.studies.contrast.checks import compared, mix
from switchstats.studies.contrast.contrasts import Contrasts, contrasts_of
from switchstats.studies.contrast.exposure import AccessEnd
from switchstats.studies.contrast.finding import (
    Judged,
    finding_of,
    judge,
    leave_one_out,
    units_test,
)
from switchstats.studies.sensitivity.others import other_studies, with_others
from switchstats.studies.sensitivity.specifications import (
    AccessSpecification,
    declared,
    run_specification,
)
from switchstats.studies.setting import Setting
from switchstats.values import Check, Claim, Counts, Finding, Grade, TestResult

__all__ = ["Sensitivity"]

_LEAST_UNITS = 2
_WITHIN = ("scaled_reasons", "full", "full_same_kind", "home_away", "triple")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity(AccessStudy):
    """Runs a declared set of specifications as one family.

    Primary: the first specification, by Hartung-Knapp as in the single studies; an advantage
    stands only if its sign-flip p-value, adjusted for the whole family by the step-down maximum, is
    also at most one minus the level. Secondary: every other specification, its adjusted p-value
    among its quantities; and behind the family, adjusted after it, the primary tests of the studies
    that ask something else (`GroupComparison`, `DoseResponse`, `RetailerByRetailer`).

    Parameters
    ----------
    ends
        As in `BeforeAfter`.
    specifications
        The whole set, the primary one first; `declared` by default. Leaving out those that did not
        please makes the adjusted p-values wrong.

    Notes
    -----
    With seven exposed retailers no adjusted p-value is below 1/128. When an advantage is shown, the
    check of the confounder says how large a change, hitting the exposed requests alone at the end
    of access, would be needed to undo it, and compares it with what befell retailers that had no
    access.

    Examples
    --------
    >>> from switchstats.simulate import World, simulate_counts
    >>> counts = simulate_counts(World(n_retailers=40), 20_000, 1, strata=("area", "losing"))
    >>> len(Sensitivity().run(counts).tests)
    20
    """

    study: ClassVar[str] = "sensitivity"
    grade: ClassVar[Grade] = Grade.WITHIN_RETAILER

    specifications: tuple[AccessSpecification, ...] | None = None

    def run(self, counts: Counts, others: Sequence[Finding] | None = None) -> Finding:
        """Run every specification that the counts allow.

        Parameters
        ----------
        counts
            By retailer and period, best also by ``area``, ``losing`` and ``reason``.
        others
            Findings of the other studies on the same counts and terms; run by default.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` where the primary specification cannot be run.
        """
        finding = self.on_counts(counts)
        if finding.primary is None:
            return finding
        if others is None:
            others = other_studies(self, counts, self.ends)
        return with_others(finding, others)

    def found(self, cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Finding:
        """Return the finding of counts that were read."""
        family = self.specifications or declared(cells, ends)
        results = [(chosen, self._contrasts(cells, ends, chosen)) for chosen in family]
        primary = enough(results[0][1])
        ran = [(chosen, found) for chosen, found in results if len(found.ends) >= _LEAST_UNITS]
        names = [end.retailer for end in primary.ends]
        single, adjusted = flip_family(*_table(ran, names))
        grade = Grade.WITHIN_RETAILER if family[0].design in _WITHIN else Grade.BEFORE_AFTER
        config = setting.config | {"specifications": [one.to_dict() for one in family]}
        setting = replace(setting, grade=grade, config=config)
        judged = judge(primary, setting)
        alone, influences = leave_one_out(judged, setting)
        words = {name: retailer.name for name, retailer in setting.retailers.items()}
        tests = [
            _named(units_test(found, setting, "less"), chosen.words(words), (alone_p, adjusted_p))
            for (chosen, found), alone_p, adjusted_p in zip(
                ran, single.tolist(), adjusted.tolist(), strict=True
            )
        ]
        less = _named(judged.less, family[0].words(words), (single[0], adjusted[0]))
        judged = replace(judged, less=less)
        return finding_of(
            judged,
            setting,
            secondary=tests[1:],
            checks=(
                compared(judged),
                mix(cells, judged),
                _family_check(judged, float(adjusted[0]), len(ran), self.level),
                _signs(tests),
                _confounder(cells, judged, setting),
                alone,
            ),
            influences=influences,
        )

    def _contrasts(
        self, cells: RequestCells, ends: Sequence[AccessEnd], chosen: AccessSpecification
    ) -> Contrasts:
        try:
            return run_specification(cells, ends, chosen)
        except NotAnswerableError:
            return contrasts_of(cells, (), "before_after")


def _table(
    ran: Sequence[tuple[AccessSpecification, Contrasts]], names: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return effects and weights by specification and retailer, NaN where there is none."""
    effects = np.full((len(ran), len(names)), np.nan)
    weights = np.zeros((len(ran), len(names)))
    for row, (_, found) in enumerate(ran):
        for end, estimate, variance in zip(
            found.ends, found.estimates, found.variances, strict=True
        ):
            if end.retailer in names:
                at = names.index(end.retailer)
                effects[row, at], weights[row, at] = estimate, 1 / variance
    return effects, weights


def _named(test: TestResult, chosen: Text, p_values: tuple[float, float]) -> TestResult:
    note = text("sensitivity.specification", name=chosen, p=p_value(p_values[1]))
    quantities = dict(test.quantities) | {"p_flips": p_values[0], "p_adjusted": p_values[1]}
    return replace(test, quantities=quantities, variant=chosen, notes=(*test.notes, note))


def _family_check(judged: Judged, adjusted: float, n: int, level: float) -> Check:
    passed = adjusted <= 1 - level + 1e-12
    held = judged.conclusion.claims
    undone: tuple[Claim, ...] = ("advantage",) if not passed and "advantage" in held else ()
    key = "check.family_holds" if passed else "check.family_does_not"
    units = judged.less.n_by_group[0]
    words = text(key, n=n, p=p_value(adjusted), units=units, alpha=percent(1 - level, 0))
    return Check("family", passed if "advantage" in held else None, words, undone)


def _signs(tests: Sequence[TestResult]) -> Check:
    """Say how many specifications point the way of the first, and how far they range."""
    first = tests[0].estimate
    same = sum(test.estimate * first > 0 for test in tests)
    low, high = (signed_points(end(test.estimate for test in tests)) for end in (min, max))
    words = text("check.specifications", same=same, n=len(tests), low=low, high=high)
    return Check("specifications", same == len(tests), words)


def _confounder(cells: RequestCells, judged: Judged, setting: Setting) -> Check:
    """Say how large a hidden change would undo an advantage, beside what befell the unexposed."""
    bound = judged.conclusion.upper
    if bound is None or bound >= 0:
        return Check("confounder", None, text("check.confounder_none"))
    needed = {
        "bound": points(bound),
        "whole": points(judged.less.estimate),
        "level": confidence(setting.terms.level),
    }
    exposed = {end.retailer for end in judged.contrasts.ends}
    dates = sorted(end.end for end in judged.contrasts.ends)
    others = [
        AccessEnd(name, dates[len(dates) // 2])
        for name in cells.names_of(setting.terms.groups[0])
        if name not in exposed
    ]
    among = held_against(cells, [end.retailer for end in others])
    placebo = contrasts_of(cells, others, "before_after", among)
    if not placebo.ends:
        return Check("confounder", None, text("check.confounder_alone", **needed))
    largest = float(np.max(np.abs(placebo.estimates)))
    words: Text = text("check.confounder", **needed, n=len(placebo.ends), largest=points(largest))
    return Check("confounder", abs(bound) > largest, words)
