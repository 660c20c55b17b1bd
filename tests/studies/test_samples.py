"""Every study on parts of the bundled samples: a finding or a refusal, whatever is told apart."""

from datetime import date
from itertools import combinations

import pytest

import switchstats as ss
from switchstats.bundled import bundled_path
from switchstats.errors import NotAnswerableError
from switchstats.periods import Period
from switchstats.values import Counts, Outcome

STRATA = ("area", "losing", "losing_group", "reason")
STUDIES = (
    *("GroupComparison", "BeforeAfter", "HomeAway", "DoseResponse", "ReasonPlacebo"),
    *("RetailerByRetailer", "Sensitivity", "Dossier"),
)
SETS = [kept for n in range(len(STRATA) + 1) for kept in combinations(STRATA, n)]


@pytest.fixture(scope="module")
def whole() -> Counts:
    sample = bundled_path("samples", "synthetic-requests.csv")
    return ss.read_requests(sample, strata=STRATA).counts


def found(counts: Counts, study: str) -> str:
    try:
        return getattr(ss, study)(margin=0.02).run(counts).verdict.outcome.value
    except NotAnswerableError as error:
        return str(error)


@pytest.mark.parametrize("kept", SETS, ids="+".join)
def test_whatever_is_told_apart(whole: Counts, kept: tuple[str, ...]) -> None:
    outcome = found(whole.collapse(*kept), "Dossier")
    assert outcome in [one.value for one in Outcome]


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("n_months", [1, 2, 5, 9])
def test_few_months(whole: Counts, study: str, n_months: int) -> None:
    start = date(2022, 12 - n_months // 2, 1)
    after = start.month - 1 + n_months
    part = whole.during(Period(start, date(2022 + after // 12, after % 12 + 1, 1)))
    assert found(part, study)


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("area", ["01", "06", "10"])
def test_one_area(whole: Counts, study: str, area: str) -> None:
    assert found(whole.where(area=area), study)
