"""What the studies of ended access share: who had it until when, and how a run goes."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.few_units import few_units
from switchstats.labels import text
from switchstats.studies.contrast.cells import UNKNOWN, RequestCells, read_cells
from switchstats.studies.contrast.contrasts import Contrasts
from switchstats.studies.contrast.exposure import AccessEnd, ends_in
from switchstats.studies.declaration import Declaration
from switchstats.studies.refusal import refuse
from switchstats.studies.setting import Setting, refusal
from switchstats.values import Counts, Finding, Grade, TestResult, Unanswerable

__all__ = ["AccessStudy", "enough", "estimand_of", "unseen", "usual_tests"]

_LEAST_UNITS = 2
_MOST_FLIPPED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessStudy(Declaration):
    """A study of what access to others' records did, one contrast an exposed retailer.

    Parameters
    ----------
    ends
        Who had access until when; the reported views of page 16 by default. The day after the last
        view counts as after; the start of a window is where counting began and plays no part.
    """

    study: ClassVar[str]
    grade: ClassVar[Grade]

    ends: tuple[AccessEnd, ...] | None = None

    def on_counts(self, counts: Counts) -> Finding:
        """Return the finding, not answerable where the counts do not allow the comparison."""
        setting = self.setting(counts)
        try:
            cells = read_cells(counts, self.groups, study=self.study)
            ends = ends_in(counts, self.ends, self.groups[0], study=self.study)
            return self.found(cells, ends, replace(setting, estimand=estimand_of(cells)))
        except NotAnswerableError as error:
            return refusal(setting, error)

    @abstractmethod
    def found(self, cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Finding:
        """Return the finding of counts that were read."""

    def setting(self, counts: Counts) -> Setting:
        """Return what the study asks."""
        ends = None if self.ends is None else [end.to_dict() for end in self.ends]
        return Setting.of(
            self,
            self.study,
            estimand="access_effect_all",
            grade=self.grade,
            counts=counts,
            config={"ends": ends},
        )


def estimand_of(cells: RequestCells) -> str:
    """Return the estimand's key: which requests can be told to be exposed."""
    at_home = "area" in cells.strata
    if at_home and not (cells.kind == UNKNOWN).all():
        return "access_effect_eligible"
    return "access_effect_home" if at_home else "access_effect_all"


def unseen(cells: RequestCells) -> list[Unanswerable]:
    """Return what these counts cannot tell for lack of a column, with the column that would."""
    told = "area" in cells.strata and not (cells.kind == UNKNOWN).all()
    names = [*([] if told else ["leak_contrast"])]
    names += [] if "reason" in cells.strata else ["by_reason"]
    return [refuse(name).item for name in names]


def enough(contrasts: Contrasts) -> Contrasts:
    """Return contrasts of at least two retailers.

    Raises
    ------
    NotAnswerableError
        When there are fewer.
    """
    if len(contrasts.ends) < _LEAST_UNITS:
        raise refuse("end_of_access", n=len(contrasts.ends))
    return contrasts


def _weighted(test: TestResult) -> TestResult:
    """Name the weights, by which alone these tests differ."""
    return replace(test, variant=text(f"weighting.{test.weighting}"))


def usual_tests(contrasts: Contrasts, setting: Setting) -> list[TestResult]:
    """Return the primary test two-sided, and the mean by other weights and by sign flips."""
    errors = np.sqrt(contrasts.variances)
    requests = np.array([sum(both) for both in contrasts.requests])
    test = partial(
        few_units,
        contrasts.estimates,
        level=setting.terms.level,
        estimand=setting.estimand,
        n_controls=contrasts.n_controls,
    )
    tests = [
        test(errors, common=contrasts.common),
        _weighted(test(method="t", alternative="less")),
        _weighted(test(method="t", weights=requests, alternative="less")),
    ]
    if contrasts.estimates.size <= _MOST_FLIPPED:
        tests.append(test(errors, method="sign_flips", alternative="less"))
    return tests
