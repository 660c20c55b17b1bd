"""The stratified score test: what it compares, takes and refuses."""

import pytest

from switchstats.errors import UsageError
from switchstats.inference import cmh, mantel_haenszel, stratified_miettinen_nurminen
from switchstats.inference.two_by_two import miettinen_nurminen

TRIAL = [21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70]
TOLERANCE = 1e-9


@pytest.mark.parametrize("null", [0.0, -0.1, 0.25])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_one_stratum_is_the_test_of_two_rates(null, alternative):
    asked = {"null": null, "alternative": alternative}
    ours = stratified_miettinen_nurminen([56], [70], [48], [80], **asked)
    theirs = miettinen_nurminen(56, 70, 48, 80, **asked)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=TOLERANCE)
    for end in ("low", "high"):
        limit = getattr(theirs.interval, end)
        expected = None if limit is None else pytest.approx(limit, rel=TOLERANCE)
        assert getattr(ours.interval, end) == expected


def test_at_no_difference_it_is_the_cmh_test():
    ours = stratified_miettinen_nurminen(*TRIAL)
    assert ours.statistic**2 == pytest.approx(
        cmh(*TRIAL, continuity=False).statistic, rel=TOLERANCE
    )
    assert ours.estimate == mantel_haenszel(*TRIAL).estimate
    assert (ours.units, ours.cautions[0].code) == ("requests", "requests_as_units")


def test_no_errors_and_only_errors_have_an_interval():
    none = stratified_miettinen_nurminen([0, 0], [10, 20], [0, 0], [5, 6])
    assert (none.estimate, none.p_value) == (0.0, 1.0)
    assert -1 < none.interval.low < 0 < none.interval.high < 1
    every = stratified_miettinen_nurminen([10, 20], [10, 20], [0, 0], [5, 6])
    assert (every.estimate, every.interval.high) == (1.0, 1.0)
    impossible = stratified_miettinen_nurminen([10, 20], [10, 20], [0, 0], [5, 6], null=-1.0)
    assert (impossible.statistic, impossible.p_value) == (None, 0.0)


def test_the_score_test_refuses_retailers_and_wrong_nulls():
    with pytest.raises(UsageError, match="no form with retailers as units"):
        stratified_miettinen_nurminen(*TRIAL, units="retailers")
    with pytest.raises(UsageError, match="from -1 to 1"):
        stratified_miettinen_nurminen(*TRIAL, null=1.5)
