"""The study around each retailer's own end of access."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from switchstats.inference import permutation
from switchstats.studies.before_after.printed import printed_finding
from switchstats.studies.contrast.access_study import AccessStudy, enough, unseen, usual_tests
from switchstats.studies.contrast.arms import build_arms, held_against
from switchstats.studies.contrast.cells import RequestCells
from switchstats.studies.contrast.checks import compared, mix, spread, trend
from switchstats.studies.contrast.contrasts import Contrasts, contrasts_of
from switchstats.studies.contrast.exposure import AccessEnd
from switchstats.studies.contrast.finding import (
    detectable,
    finding_of,
    judge,
    leave_one_out,
)
from switchstats.studies.contrast.path import event_path
from switchstats.studies.contrast.placement import placement
from switchstats.studies.declaration import Declaration
from switchstats.studies.refusal import CannotRunError, refuse
from switchstats.studies.setting import Setting
from switchstats.values import Counts, Finding, Grade, PublishedTable, TestResult

__all__ = ["BeforeAfter"]

_LEAST_UNITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter(AccessStudy):
    """Compares exposed requests before and after each retailer's own end of access.

    Estimates how access changed the error rate of the requests that it could help: those by which
    an exposed retailer gained, in its own area, a customer of the other group. All others that
    filed for the same losing retailer in the same area and period are held against them, each
    within itself, so that neither a season, nor a reform, nor who files, nor whose customers they
    are can pass for the leak. Primary: one contrast an exposed retailer, their mean by random
    effects with Hartung and Knapp's error on retailers less one degrees of freedom.

    Parameters
    ----------
    ends
        Who had access until when; the reported views of page 16 by default. The day after the last
        view counts as after; the start of a window is where counting began and plays no part.

    Notes
    -----
    Where the counts tell neither area nor losing retailer, all requests of an exposed retailer are
    compared, and the effect is diluted by those that access could not help: the estimand says so.
    What befalls one retailer alone at its end of access, such as a new clerk, looks like the leak;
    `HomeAway` and `ReasonPlacebo` tell these apart. With retailers that vary a lot from month to
    month, more requests do not make small effects detectable; the check of spread says so.

    A printed table gives changes between its two periods only: exposed against unexposed retailers
    of the first group, by exact permutation.

    Examples
    --------
    >>> import switchstats as ss
    >>> finding = ss.BeforeAfter().run(ss.load_published("egc-083"))
    >>> finding.verdict.outcome.value, round(finding.primary.p_value * 120)
    ('inconclusive', 115)
    """

    study: ClassVar[str] = "before_after"
    grade: ClassVar[Grade] = Grade.BEFORE_AFTER

    def run(self, data: Counts | PublishedTable) -> Finding:
        """Run the study.

        Parameters
        ----------
        data
            Counts by retailer and period, best also by ``area`` and ``losing``; or a printed table.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` where the data do not allow the comparison.
        """
        if isinstance(data, PublishedTable):
            return printed_finding(self, data, self.ends)
        return self.on_counts(data)

    def found(self, cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Finding:
        """Return the finding of counts that were read."""
        arms = build_arms(cells, among=held_against(cells, [end.retailer for end in ends]))
        contrasts = enough(contrasts_of(cells, ends, "before_after", arms=arms))
        judged = judge(contrasts, setting)
        alone, influences = leave_one_out(judged, setting)
        tests, refused = usual_tests(contrasts, setting), unseen(cells)
        try:
            tests += against_unexposed(cells, contrasts, self)
        except CannotRunError as error:
            refused.append(error.item)
        placed = placement(cells, contrasts)
        return finding_of(
            judged,
            setting,
            secondary=[*tests, *([] if placed is None else [placed])],
            checks=(
                compared(judged),
                mix(cells, judged),
                trend(arms, contrasts.ends, judged, self.level),
                spread(judged, detectable(judged.less, self)),
                alone,
            ),
            influences=influences,
            not_answerable=refused,
            path=event_path(arms, contrasts.ends, self.level),
        )


def against_unexposed(
    cells: RequestCells, contrasts: Contrasts, terms: Declaration
) -> Sequence[TestResult]:
    """Return the exact test of exposed against unexposed retailers of the first group.

    The unexposed ones are given the exposed ones' median end of access. Every choice of who was
    exposed is tried.

    Raises
    ------
    NotAnswerableError
        With fewer than two unexposed retailers.
    """
    exposed = {end.retailer for end in (*contrasts.ends, *contrasts.without)}
    others = [name for name in cells.names_of(terms.groups[0]) if name not in exposed]
    dates = sorted(end.end for end in contrasts.ends)
    median = dates[len(dates) // 2]
    placed = [AccessEnd(name, median) for name in others]
    placebo = contrasts_of(cells, placed, "before_after", held_against(cells, others))
    if len(placebo.ends) < _LEAST_UNITS:
        raise refuse("unexposed_change", n=len(placebo.ends))
    found = permutation(
        contrasts.estimates.tolist(),
        placebo.estimates.tolist(),
        alternative="less",
        level=terms.level,
        seed=terms.seed,
    )
    return [replace(found, estimand="exposed_minus_unexposed")]
