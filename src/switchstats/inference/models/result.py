"""Puts what a likelihood-ratio test of a model found into the value that every test returns."""

from collections.abc import Mapping, Sequence

from switchstats.inference.models.compare import Compared
from switchstats.inference.models.design import ModelCells
from switchstats.inference.models.remarks import notes
from switchstats.inference.question import Question
from switchstats.values import Caution, TestResult

__all__ = ["ratio_result"]


def ratio_result(
    cells: ModelCells,
    compared: Compared,
    question: Question,
    *,
    method: str,
    estimand: str,
    quantities: Mapping[str, float],
    cautions: Sequence[Caution],
) -> TestResult:
    """Return the result of a test of log-odds by likelihood ratio.

    Parameters
    ----------
    cells, compared, question
        Of what, what was found, and what was asked.
    method, estimand
        Names in the catalogue.
    quantities, cautions
        What the model says besides, and why it may mislead.
    """
    return TestResult(
        method=method,
        estimand=estimand,
        weighting="model",
        scale="log_odds_ratio",
        estimate=compared.estimate,
        null=question.null,
        alternative=question.alternative,
        p_value=compared.p_value,
        interval=compared.interval,
        n_units=cells.n_units,
        n_by_group=cells.n_by_group,
        n_effective=cells.n_effective,
        statistic=compared.ratio,
        df=1.0,
        std_error=compared.std_error,
        period=cells.period,
        quantities=quantities,
        cautions=tuple(cautions),
        notes=notes(cells, compared),
    )
