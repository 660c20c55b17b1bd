"""The study around each retailer's own end of access."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference import permutation
from switchstats.inference.few_units import few_units
from switchstats.labels import group_name, text
from switchstats.studies.before_after.printed import printed_finding
from switchstats.studies.contrast.arms import build_arms
from switchstats.studies.contrast.cells import UNKNOWN, RequestCells, read_cells
from switchstats.studies.contrast.checks import compared, mix, spread, trend
from switchstats.studies.contrast.contrasts import Contrasts, contrasts_of
from switchstats.studies.contrast.exposure import AccessEnd, ends_in
from switchstats.studies.contrast.finding import (
    Judged,
    Setting,
    detectable,
    finding_of,
    judge,
    leave_one_out,
    refusal,
)
from switchstats.studies.contrast.path import event_path
from switchstats.studies.contrast.placement import placement
from switchstats.studies.declaration import Declaration
from switchstats.studies.refusal import refuse
from switchstats.values import Counts, Finding, Grade, PublishedTable, TestResult, Unanswerable

__all__ = ["BeforeAfter", "estimand_of"]

_LEAST_UNITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter(Declaration):
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
    ('inconclusive', 46)
    """

    ends: tuple[AccessEnd, ...] | None = None

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
        setting = self._setting(data)
        try:
            return self._found(data, setting)
        except NotAnswerableError as error:
            return refusal(setting, error)

    def _found(self, counts: Counts, setting: Setting) -> Finding:
        cells = read_cells(counts, self.groups, study=setting.study)
        ends = ends_in(counts, self.ends, self.groups[0], study=setting.study)
        setting = replace(setting, estimand=estimand_of(cells))
        contrasts = contrasts_of(cells, ends, "before_after")
        if len(contrasts.ends) < _LEAST_UNITS:
            raise refuse("end_of_access", n=len(contrasts.ends))
        judged = judge(contrasts, setting)
        arms = build_arms(cells)
        alone, influences = leave_one_out(judged, setting)
        more, refused = self._secondary(cells, judged, setting)
        return finding_of(
            judged,
            setting,
            secondary=more,
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

    def _secondary(
        self, cells: RequestCells, judged: Judged, setting: Setting
    ) -> tuple[list[TestResult], list[Unanswerable]]:
        contrasts = judged.contrasts
        errors = np.sqrt(contrasts.variances)
        kept = {"level": self.level, "estimand": setting.estimand}
        kept["n_controls"] = contrasts.n_controls
        tests = [
            few_units(contrasts.estimates, errors, common=contrasts.common, **kept),
            few_units(contrasts.estimates, method="t", alternative="less", **kept),
            few_units(
                contrasts.estimates,
                method="t",
                alternative="less",
                weights=np.array([sum(both) for both in contrasts.requests]),
                **kept,
            ),
            few_units(contrasts.estimates, errors, method="sign_flips", alternative="less", **kept),
        ]
        refused: list[Unanswerable] = []
        try:
            tests += against_unexposed(cells, contrasts, self)
        except NotAnswerableError as error:
            item = getattr(error, "item", None)
            refused += [] if item is None else [item]
        placed = placement(cells, contrasts)
        return [*tests, *([] if placed is None else [placed])], refused

    def _setting(self, counts: Counts) -> Setting:
        first, second = (group_name(group) for group in self.groups)
        ends = None if self.ends is None else [end.to_dict() for end in self.ends]
        return Setting(
            study="before_after",
            terms=self,
            question=text("study.before_after", first=first, second=second),
            estimand="access_effect_all",
            grade=Grade.BEFORE_AFTER,
            counts=counts,
            config={"ends": ends},
        )


def estimand_of(cells: RequestCells) -> str:
    """Return the estimand's key: which requests can be told to be exposed."""
    at_home = "area" in cells.strata
    if at_home and not (cells.kind == UNKNOWN).all():
        return "access_effect_eligible"
    return "access_effect_home" if at_home else "access_effect_all"


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
    others = [
        cells.retailers[code].retailer
        for code in cells.of_group(terms.groups[0]).tolist()
        if cells.retailers[code].retailer not in exposed
    ]
    dates = sorted(end.end for end in contrasts.ends)
    median = dates[len(dates) // 2]
    placebo = contrasts_of(cells, [AccessEnd(name, median) for name in others], "before_after")
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
