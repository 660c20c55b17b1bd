"""The stratified score test: what it compares, takes and refuses."""

import pytest

from switchstats.errors import NotAnswerableError, UsageError
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


def test_retailers_are_the_units_of_counts(counts_of):
    rows = [
        ("incumbent" if place < 4 else "entrant", f"r{place}", area, 9 + 2 * place % 5, 60 + place)
        for place in range(9)
        for area in ("01", "02")
    ]
    counts = counts_of(rows)
    ours = stratified_miettinen_nurminen(counts, by="area")
    near = mantel_haenszel(counts, by="area")
    assert (ours.units, ours.n_by_group, ours.df) == ("retailers", (4, 5), near.df)
    assert ours.estimate == pytest.approx(near.estimate, rel=TOLERANCE)
    # at the estimate itself both standard errors are made of the same jackknife, but for the
    # factors N / (N - 1), which are 551 / 550 here and near
    at_estimate = stratified_miettinen_nurminen(counts, by="area", null=ours.estimate)
    assert at_estimate.std_error == pytest.approx(near.std_error, rel=0.002)
    assert set(ours.quantities) == {"design_effect_first", "design_effect_second"}
    assert stratified_miettinen_nurminen(counts, by="area", units="requests").df is None


def test_the_score_test_refuses_what_it_cannot_do(counts_of):
    with pytest.raises(NotAnswerableError, match="which retailer filed"):
        stratified_miettinen_nurminen(*TRIAL, units="retailers")
    rows = [(g, f"{g}{i}", "01", 0, 20) for g in ("incumbent", "entrant") for i in range(3)]
    with pytest.raises(NotAnswerableError, match="no errors"):
        stratified_miettinen_nurminen(counts_of(rows), by="area")
    with pytest.raises(UsageError, match="from -1 to 1"):
        stratified_miettinen_nurminen(*TRIAL, null=1.5)
