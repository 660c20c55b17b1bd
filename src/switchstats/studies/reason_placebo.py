"""Errors on leaked fields against errors that a leak cannot help."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from switchstats.labels import signed_points, text
from switchstats.studies.contrast.access_study import AccessStudy, enough, unseen, usual_tests
from switchstats.studies.contrast.arms import held_against
from switchstats.studies.contrast.cells import RequestCells
from switchstats.studies.contrast.checks import agreement, compared, spread
from switchstats.studies.contrast.contrasts import Contrasts, contrasts_of
from switchstats.studies.contrast.exposure import AccessEnd
from switchstats.studies.contrast.finding import (
    detectable,
    finding_of,
    judge,
    leave_one_out,
    units_test,
)
from switchstats.studies.refusal import refuse
from switchstats.studies.setting import Setting
from switchstats.values import Check, Counts, Finding, Grade, TestResult, p_words

__all__ = ["ReasonPlacebo"]

_LEAST_UNITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonPlacebo(AccessStudy):
    r"""Compares errors on leaked fields with errors that a leak cannot help.

    Estimates how access changed the error rate of the requests that it could help. Errors all of
    whose reasons are leaked fields could have been prevented; those with any other reason (a date
    clash, the losing retailer's contract number) not, and rise and fall with everything else that
    makes a retailer err. Primary: preventable errors less the others, scaled so that whatever
    raises all reasons alike cancels, before against after the end of access, losing retailers and
    months held fixed, others' requests in the same area held against them.

    Parameters
    ----------
    ends
        As in `BeforeAfter`; ``fields`` are the reasons that count as leaked.

    Notes
    -----
    Needs ``reason`` in the counts; with ``area`` and ``losing`` the exposed requests are told from
    the others. Several reasons at once are allowed. The scale is that of the retailers without
    access in the same area: how many preventable errors come with one more of the others, if
    reasons strike independently with hazards in a fixed proportion. What raises the errors of one
    kind of reason alone for exposed requests at the end of access would look like the leak: the
    check of the unscaled parts shows which of the two moved.

    Examples
    --------
    >>> from switchstats.simulate import World, simulate_counts
    >>> strata = ("area", "losing", "reason")
    >>> counts = simulate_counts(World(n_retailers=40), 20_000, 1, strata=strata)
    >>> ReasonPlacebo().run(counts).verdict.grade.key
    'within_retailer'
    """

    study: ClassVar[str] = "reason_placebo"
    grade: ClassVar[Grade] = Grade.WITHIN_RETAILER

    def run(self, counts: Counts) -> Finding:
        """Run the study.

        Parameters
        ----------
        counts
            By retailer, period and ``reason``, best also by ``area`` and ``losing``.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` where the counts do not tell reasons apart.
        """
        return self.on_counts(counts)

    def found(self, cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Finding:
        """Return the finding of counts that were read."""
        if "reason" not in cells.strata:
            raise refuse("by_reason")
        named = [end for end in ends if end.fields]
        if not any(set(end.fields) & _known(cells) for end in named):
            raise refuse("leaked_reasons")
        among = held_against(cells, [end.retailer for end in named])
        contrasts = enough(contrasts_of(cells, named, "scaled_reasons", among))
        whole = contrasts_of(cells, named, "before_after", among)
        judged = judge(contrasts, setting)
        alone, influences = leave_one_out(judged, setting)
        unscaled, _ = agreement("all_errors", judged, whole, self.level)
        return finding_of(
            judged,
            setting,
            secondary=[*usual_tests(contrasts, setting), *_less(whole, setting)],
            checks=(
                compared(judged),
                replace(unscaled, undoes=(), voids=False),
                _placebo(cells, named, setting),
                spread(judged, detectable(judged.less, self)),
                alone,
            ),
            influences=influences,
            not_answerable=unseen(cells),
        )


def _known(cells: RequestCells) -> set[str]:
    """Return the reasons that the counts name."""
    return {name for names in cells.reason_sets for name in names}


def _less(contrasts: Contrasts, setting: Setting) -> list[TestResult]:
    if len(contrasts.ends) < _LEAST_UNITS:
        return []
    return [units_test(contrasts, replace(setting, estimand="access_effect_all_errors"), "less")]


def _placebo(cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Check:
    """Say how the errors moved that a leak cannot help; they are taken out, so it only informs."""
    among = held_against(cells, [end.retailer for end in ends])
    placebo = contrasts_of(cells, ends, "placebo_reasons", among)
    if len(placebo.ends) < _LEAST_UNITS:
        return Check("placebo_reasons", None, text("check.placebo_unknown"))
    test = units_test(placebo, setting)
    passed = test.p_value > 1 - setting.terms.level
    key = "check.placebo_flat" if passed else "check.placebo_moved"
    words = text(key, gap=signed_points(test.estimate), p=p_words(test))
    return Check("placebo_reasons", passed, words)
