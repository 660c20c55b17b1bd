"""The study of single retailers against the other group."""

from dataclasses import dataclass, replace
from typing import ClassVar

from switchstats.errors import NotAnswerableError
from switchstats.inference import recommend
from switchstats.inference.question import Direction
from switchstats.periods import Period
from switchstats.rates import summarise_counts
from switchstats.studies.decide import Conclusion
from switchstats.studies.declaration import Declaration
from switchstats.studies.retailer_by_retailer.checks import reference_influences, single_checks
from switchstats.studies.retailer_by_retailer.league import league_of
from switchstats.studies.retailer_by_retailer.reference import Compared, compare
from switchstats.studies.setting import Setting, refusal, verdict_of
from switchstats.studies.span import check_span, inside
from switchstats.values import (
    Counts,
    Finding,
    Grade,
    Interval,
    TestResult,
    Unanswerable,
)

__all__ = ["RetailerByRetailer"]

_REFUSED = ("leak_contrast", "by_area", "before_after", "by_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetailerByRetailer(Declaration):
    """Compares each retailer of the first group with the other group's retailers in its area.

    Estimates by how much each retailer's rate differs from the one that it would have as one of the
    other group in its area. The reference is the distribution of these retailers' true rates, with
    its uncertainty (`switchstats.inference.rate_prediction`): a retailer with many requests differs
    from any mean by more than sampling, as all do. Primary, named beforehand: whether any retailer
    stands out as lower, the smallest p-value adjusted by Holm for the number of retailers.

    Parameters
    ----------
    period
        Only counts inside it; all by default.

    Notes
    -----
    Requests in the retailer's own area (that of the registry) against those of the other group
    there; where the counts tell no areas, or the registry none for the group, all against all, and
    the estimand says so. The bounds: the upper one is that of the foremost retailer at a level
    adjusted for the number of retailers; the lower one is the lowest of all retailers, above which
    none has its advantage. Since one retailer tells nothing of what its rate would be otherwise,
    bounds are as wide as the other group is diverse. Neither periods nor losing retailers are held
    the same. `Finding.league` has every retailer's rate drawn towards its group's (empirical
    Bayes), with credible intervals of rate and rank; `Finding.effects` each comparison.

    Examples
    --------
    >>> from switchstats.simulate import World, simulate_counts
    >>> counts = simulate_counts(World(n_retailers=40), 20_000, 1, strata=("area",))
    >>> finding = RetailerByRetailer().run(counts)
    >>> len(finding.effects), len(finding.league), finding.verdict.estimand
    (10, 40, 'retailer_shift_in_area')
    """

    study: ClassVar[str] = "retailer_by_retailer"

    period: Period | None = None

    def run(self, counts: Counts) -> Finding:
        """Run the study.

        Parameters
        ----------
        counts
            By retailer and period, best also by ``area``.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` where no retailer has a reference of three.

        Raises
        ------
        UsageError
            When there are no counts inside the period.
        """
        setting = self._setting(inside(counts, self.period))
        try:
            check_span(setting.counts, self.groups)
            return self._found(setting, compare(setting.counts, self))
        except NotAnswerableError as error:
            return refusal(setting, error)

    def _found(self, setting: Setting, compared: Compared) -> Finding:
        estimand = "retailer_shift_in_area" if compared.in_area else "retailer_shift"
        setting = replace(setting, estimand=estimand)
        less, greater = (_test(compared, setting, side) for side in ("less", "greater"))
        league = league_of(setting.counts, self)
        influences = reference_influences(compared)
        checks = single_checks(compared, self, league)
        rates = summarise_counts(setting.counts, self.groups, self.level)
        place = compared.foremost
        return Finding(
            study=self.study,
            question=setting.question,
            rates=replace(rates, influences=influences),
            primary=less,
            secondary=(greater,),
            checks=checks,
            not_answerable=self._refused(setting.counts),
            verdict=verdict_of(
                setting,
                less,
                Conclusion(float(compared.lower.min()), float(compared.upper[place]), self.margin),
                checks,
                detectable=_detectable(compared, self),
                influences=influences,
                retailer=compared.effects[place].retailer,
            ),
            provenance=self.provenance(
                self.study, setting.config, seed=self.seed if league else None
            ),
            effects=compared.effects,
            league=league,
            language=self.language,
        )

    def _refused(self, counts: Counts) -> tuple[Unanswerable, ...]:
        advice = recommend(counts, groups=self.groups, level=self.level)
        return tuple(item for item in advice.not_computable if item.name in _REFUSED)

    def _setting(self, counts: Counts) -> Setting:
        return Setting.of(
            self,
            self.study,
            estimand="retailer_shift",
            grade=Grade.CROSS_SECTION,
            counts=counts,
            config={"period": None if self.period is None else self.period.to_dict()},
        )


def _test(compared: Compared, setting: Setting, side: Direction) -> TestResult:
    """Return the foremost retailer's adjusted test, or (greater) that all are higher."""
    place = compared.foremost
    effect, reference = compared.effects[place], compared.references[place]
    level, less = setting.terms.level, side == "less"
    return TestResult(
        method="prediction",
        estimand=setting.estimand,
        weighting="precision",
        estimate=effect.estimate,
        null=0.0,
        alternative=side,
        p_value=(effect.p_adjusted or 0.0) if less else float(compared.greater.max()),
        interval=(
            Interval(None, float(compared.upper[place]), "confidence", level)
            if less
            else Interval(float(compared.lower.min()), None, "confidence", level)
        ),
        n_units=len(compared.effects) + compared.n_second,
        n_by_group=(len(compared.effects), compared.n_second),
        n_effective=reference.prediction.n_effective,
        period=setting.period,
        quantities={
            "p_unadjusted": effect.p_value or 0.0,
            "reference_mean": reference.prediction.mean,
            "reference_retailer_sd": reference.prediction.retailer_sd,
            "reference_retailers": float(len(reference.retailers)),
        },
    )


def _detectable(compared: Compared, terms: Declaration) -> float | None:
    """Return the true shift at which the foremost retailer's adjusted test has the power."""
    place = compared.foremost
    alpha = round(1 - terms.level, 15) / len(compared.effects)
    prediction = compared.references[place].prediction
    requests = compared.effects[place].requests[0]
    shift = prediction.rate_at(terms.power, requests) - prediction.rate_at(alpha, requests)
    return shift if shift > 0 else None
