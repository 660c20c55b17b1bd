"""Whether the effect of access grows with how much of it there was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np

from switchstats import facts
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.few_units import dose_slope
from switchstats.inference.question import Direction
from switchstats.inference.samples import Floats
from switchstats.labels import text
from switchstats.studies.contrast.access_study import AccessStudy
from switchstats.studies.contrast.arms import held_against
from switchstats.studies.contrast.cells import RequestCells
from switchstats.studies.contrast.checks import compared, mix
from switchstats.studies.contrast.contrasts import Contrasts, contrasts_of
from switchstats.studies.contrast.exposure import AccessEnd
from switchstats.studies.contrast.finding import Judged, finding_of
from switchstats.studies.decide import conclude
from switchstats.studies.refusal import refuse
from switchstats.studies.setting import Setting
from switchstats.values import Check, Counts, Finding, Grade, Influence, TestResult

__all__ = ["Dose", "DoseResponse"]

Dose: TypeAlias = Literal[
    "readable_share", "views_per_request", "shared_system", "emergency_rights", "logical_separation"
]

_LEAST_UNITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResponse(AccessStudy):
    """Asks whether retailers with more exposure have a larger effect.

    Estimates the slope of the retailers' contrasts (as in `BeforeAfter`, unexposed retailers of the
    first group included at the exposed ones' median end of access) on their dose, scaled so that
    the exposed retailers' mean dose is 1: the effect at that dose. Tested by permuting who had
    which dose.

    Parameters
    ----------
    ends
        As in `BeforeAfter`.
    dose
        ``"readable_share"``: share of the required fields that could be read (pages 15, 18);
        ``"views_per_request"``: contracts viewed (page 16) over exposed requests before the end;
        ``"shared_system"``, ``"emergency_rights"``: whether the leak was of type A or B;
        ``"logical_separation"``: whether systems were divided by logic alone (page 14). Or a
        mapping from retailer to a number; retailers without one have 0.

    Notes
    -----
    Dose was nobody's draw: a slope can come from whatever makes a company view more. With seven
    exposed retailers of one dose and three of none, as for ``"readable_share"``, it asks no more
    than exposed against unexposed: no p-value is below 1/120.

    Examples
    --------
    >>> from switchstats.simulate import World, simulate_counts
    >>> counts = simulate_counts(World(n_retailers=40), 20_000, 1, strata=("area", "losing"))
    >>> DoseResponse().run(counts).primary.method
    'dose_permutation'
    """

    study: ClassVar[str] = "dose_response"
    grade: ClassVar[Grade] = Grade.BEFORE_AFTER

    dose: Dose | Mapping[str, float] = "readable_share"

    def __post_init__(self) -> None:
        # a frozen, slotted dataclass is made anew: super() without arguments would not find it
        AccessStudy.__post_init__(self)
        if isinstance(self.dose, str) and self.dose not in get_args(Dose):
            raise UsageError(f"dose must be one of {', '.join(get_args(Dose))}, or a mapping")

    def run(self, counts: Counts) -> Finding:
        """Run the study.

        Parameters
        ----------
        counts
            By retailer and period, best also by ``area`` and ``losing``.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` where the counts do not allow the comparison.
        """
        return self.on_counts(counts)

    def found(self, cells: RequestCells, ends: Sequence[AccessEnd], setting: Setting) -> Finding:
        """Return the finding of counts that were read."""
        contrasts = self._all_contrasts(cells, ends)
        if len(contrasts.ends) < _LEAST_UNITS:
            raise refuse("end_of_access", n=len(contrasts.ends))
        config = setting.config | {"dose": self.dose if isinstance(self.dose, str) else "own"}
        setting = replace(setting, estimand="dose_slope", config=config)
        doses = self._doses(self.dose, contrasts)
        less = self._test(contrasts, doses, "less")
        greater = self._test(contrasts, doses, "greater")
        judged = Judged(
            contrasts=contrasts,
            less=less,
            greater=greater,
            conclusion=conclude(less, greater, self.margin),
        )
        return finding_of(
            judged,
            setting,
            secondary=[self._test(contrasts, doses, "two-sided"), *self._others(contrasts)],
            checks=(compared(judged), mix(cells, judged), _distinct(doses)),
            influences=self._influences(contrasts, doses, setting),
        )

    def _all_contrasts(self, cells: RequestCells, ends: Sequence[AccessEnd]) -> Contrasts:
        dates = sorted(end.end for end in ends)
        given = {end.retailer for end in ends}
        others = [
            AccessEnd(name, dates[len(dates) // 2])
            for name in cells.names_of(self.groups[0])
            if name not in given
        ]
        every = (*ends, *others)
        among = held_against(cells, [end.retailer for end in every])
        return contrasts_of(cells, every, "before_after", among)

    def _doses(self, dose: "Dose | Mapping[str, float]", contrasts: Contrasts) -> Floats:
        """Return the doses, the mean of those above 0 being 1."""
        names = [end.retailer for end in contrasts.ends]
        if isinstance(dose, str):
            raw = _from_facts(dose, contrasts)
        else:
            raw = np.array([float(dose.get(name, 0.0)) for name in names])
        if not np.isfinite(raw).all() or (raw < 0).any():
            raise UsageError("doses are finite numbers, 0 or above")
        if not (raw > 0).any():
            raise refuse("dose")
        return raw / raw[raw > 0].mean()

    def _test(self, contrasts: Contrasts, doses: Floats, alternative: Direction) -> TestResult:
        return dose_slope(
            contrasts.estimates,
            np.sqrt(contrasts.variances),
            doses,
            alternative=alternative,
            level=self.level,
            seed=self.seed,
        )

    def _others(self, contrasts: Contrasts) -> list[TestResult]:
        """Return the other doses' slopes, as far as these retailers have them."""
        tests: list[TestResult] = []
        for name in get_args(Dose):
            if name == self.dose or not isinstance(self.dose, str):
                continue
            try:
                test = self._test(contrasts, self._doses(name, contrasts), "less")
            except NotAnswerableError:
                continue
            tests.append(replace(test, estimand=f"dose_slope_{name}"))
        return tests

    def _influences(self, contrasts: Contrasts, doses: Floats, setting: Setting) -> list[Influence]:
        whole = self._test(contrasts, doses, "less").estimate
        found: list[Influence] = []
        for place, end in enumerate(contrasts.ends):
            rest = [at for at in range(len(contrasts.ends)) if at != place]
            try:
                estimate = self._test(contrasts.only(rest), doses[rest], "less").estimate
            except NotAnswerableError:
                continue
            found.append(Influence(setting.retailers[end.retailer], estimate, estimate - whole))
        return found


def _distinct(doses: Floats) -> Check:
    """Say how many doses there are: with one only, this is exposed against unexposed."""
    n = int(np.unique(doses[doses > 0]).size)
    words = text("check.doses_many", n=n) if n > 1 else text("check.doses_one")
    return Check("doses", n > 1, words)


def _from_facts(dose: str, contrasts: Contrasts) -> Floats:
    if dose == "views_per_request":
        viewed = _of_retailers("contracts_viewed")
        return np.array(
            [
                viewed.get(end.retailer, 0.0) / before if before else 0.0
                for end, (before, _) in zip(contrasts.ends, contrasts.requests, strict=True)
            ]
        )
    doses = _of_retailers(dose)
    return np.array([doses.get(end.retailer, 0.0) for end in contrasts.ends])


def _of_retailers(dose: str) -> dict[str, float]:
    """Return what the facts say of every incumbent that reported views."""
    return {retailer: doses[dose] for retailer, doses in _reported().items()}


@cache
def _reported() -> dict[str, dict[str, float]]:
    separation = facts.separation()
    logical = set(separation[separation["separation"] == "logical"]["area"].astype(str))
    attributed = facts.leak_attributions()
    found: dict[str, dict[str, float]] = {}
    for row in facts.exposure().to_dict("records"):
        if row["viewed"] is not True:
            continue
        area = str(row["area"])
        types = set(attributed[attributed["area"] == area]["leak_type"].astype(str))
        found[str(row["retailer"])] = {
            "readable_share": float(row["readable_share"]),
            "contracts_viewed": float(row["contracts_viewed"]),
            "shared_system": float("A" in types),
            "emergency_rights": float("B" in types),
            "logical_separation": float(area in logical),
        }
    return found
