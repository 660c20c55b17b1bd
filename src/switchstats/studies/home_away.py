"""The same retailer at home against elsewhere, before against after, by who loses the customer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from switchstats.errors import NotAnswerableError
from switchstats.labels import signed_points, text
from switchstats.studies.contrast.access_study import AccessStudy, enough, unseen, usual_tests
from switchstats.studies.contrast.arms import build_arms, held_against
from switchstats.studies.contrast.cells import UNKNOWN, RequestCells
from switchstats.studies.contrast.checks import agreement, compared, mix, spread, trend
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

__all__ = ["HomeAway"]

_LEAST_UNITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAway(AccessStudy):
    """Compares each exposed retailer with itself where its access could not help.

    Estimates how access changed the error rate of the requests that it could help. Primary, the
    full contrast: exposed requests (at home, from the group whose customers could be seen) against
    the same retailer's requests elsewhere or from others in the same months, before against after
    the end of access, all of them compared with those of other retailers for the same losing
    retailer in the same area and month. What moves everything that a retailer files, such as a new
    clerk or a bad month, cancels. Secondary: with only requests from the same kind of losing
    retailer held against them; before the end alone, at home against elsewhere; and that less the
    same for customers of other incumbents (the triple difference).

    Parameters
    ----------
    ends
        As in `BeforeAfter`.

    Notes
    -----
    Needs ``area`` and ``losing`` (or ``losing_group``) in the counts. Without ``losing`` only the
    same kind of losing retailer is held against the exposed requests, since an exit of retailers
    from the market would otherwise look like an effect. A retailer without requests elsewhere, such
    as Okinawa's, has no contrast. What befalls exposed requests alone at the end of access still
    looks like the leak.

    Examples
    --------
    >>> from switchstats.simulate import World, simulate_counts
    >>> counts = simulate_counts(World(n_retailers=40), 20_000, 1, strata=("area", "losing"))
    >>> HomeAway().run(counts).verdict.grade.key
    'within_retailer'
    """

    study: ClassVar[str] = "home_away"
    grade: ClassVar[Grade] = Grade.WITHIN_RETAILER

    def run(self, counts: Counts) -> Finding:
        """Run the study.

        Parameters
        ----------
        counts
            By retailer, period, ``area`` and ``losing`` (or ``losing_group``).

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` where the counts do not tell these apart.
        """
        return self.on_counts(counts)

    def found(self, cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Finding:
        """Return the finding of counts that were read."""
        if "area" not in cells.strata or (cells.kind == UNKNOWN).all():
            raise refuse("leak_contrast")
        among = held_against(cells, [end.retailer for end in ends])
        arms = build_arms(cells, among=among)
        told = "losing" in cells.strata
        contrasts = enough(
            contrasts_of(cells, ends, "full" if told else "full_same_kind", arms=arms)
        )
        same_kind = contrasts_of(cells, ends, "full_same_kind", arms=arms)
        judged = judge(contrasts, setting)
        alone, influences = leave_one_out(judged, setting)
        kinds, _ = agreement("same_kind", judged, same_kind, self.level)
        return finding_of(
            judged,
            setting,
            secondary=[
                *usual_tests(contrasts, setting),
                *(_less(same_kind, setting, "access_effect_same_kind") if told else []),
                *_less(
                    contrasts_of(cells, ends, "home_away", among),
                    setting,
                    "access_effect_home_away",
                ),
                *_less(contrasts_of(cells, ends, "triple", among), setting, "access_effect_triple"),
            ],
            checks=(
                compared(judged),
                mix(cells, judged),
                *((kinds,) if told else ()),
                trend(arms, contrasts.ends, judged, self.level),
                _at_home_after(cells, ends, setting),
                spread(judged, detectable(judged.less, self)),
                alone,
            ),
            influences=influences,
            not_answerable=unseen(cells),
        )


def _less(contrasts: Contrasts, setting: Setting, estimand: str) -> list[TestResult]:
    """Return the one-sided test of other contrasts, none when too few retailers have one."""
    if len(contrasts.ends) < _LEAST_UNITS:
        return []
    try:
        return [units_test(contrasts, replace(setting, estimand=estimand), "less")]
    except NotAnswerableError:  # alike to the last digit: no error can be given
        return []


def _at_home_after(cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Check:
    """Say whether home differs from elsewhere also without access; it only informs.

    The full contrast allows for such a difference; home against elsewhere before the end does not.
    """
    among = held_against(cells, [end.retailer for end in ends])
    after = contrasts_of(cells, ends, "home_away_after", among)
    unknown = Check("at_home_after", None, text("check.at_home_after_unknown"))
    if len(after.ends) < _LEAST_UNITS:
        return unknown
    try:
        test = units_test(after, setting)
    except NotAnswerableError:
        return unknown
    passed = test.p_value > 1 - setting.terms.level
    key = "check.at_home_after_alike" if passed else "check.at_home_after_differs"
    words = text(key, gap=signed_points(test.estimate), p=p_words(test))
    return Check("at_home_after", passed, words)
