"""Breslow and Day's test: what it compares, takes and refuses."""

import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import breslow_day

TRIAL = [21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70]
TOLERANCE = 1e-9


def test_one_odds_ratio_everywhere_has_nothing_to_find():
    # odds ratio (3 / 7) / (1 / 9) in both
    result = breslow_day([3, 30], [10, 100], [1, 10], [10, 100])
    assert result.statistic == pytest.approx(0.0, abs=TOLERANCE)
    assert result.p_value == pytest.approx(1.0)
    assert result.estimate == result.null == pytest.approx(27 / 7)
    assert (result.interval, result.df, result.units) == (None, 1.0, "requests")
    assert result.cautions[0].code == "requests_as_units"


def test_strata_that_cannot_tell_are_not_counted():
    plain = breslow_day(*TRIAL)
    more = breslow_day(*([*part, add] for part, add in zip(TRIAL, (0, 30, 0, 20), strict=True)))
    assert (more.statistic, more.df) == (plain.statistic, plain.df)
    assert set(plain.quantities) == {"breslow_day", "tarone"}
    assert breslow_day(*TRIAL, tarone=False).statistic == plain.quantities["breslow_day"]


def test_homogeneity_is_refused_where_nothing_shows_it(counts_of):
    with pytest.raises(NotAnswerableError, match="fewer than two strata"):
        breslow_day([3], [10], [5], [10])
    with pytest.raises(NotAnswerableError, match="0 or infinite"):
        breslow_day([0, 0], [10, 20], [3, 2], [5, 6])
    with pytest.raises(NotAnswerableError, match="which retailer filed"):
        breslow_day(*TRIAL, units="retailers")
    with pytest.raises(UsageError, match="'retailers' or 'requests'"):
        breslow_day(*TRIAL, units="months")
    # each area has a single incumbent: without it nothing is left to compare
    rows = [
        row
        for area in ("01", "02")
        for row in (
            ("incumbent", f"i{area}", area, 5, 40),
            ("entrant", "e1", area, 6, 30),
            ("entrant", "e2", area, 4 + int(area), 30),
        )
    ]
    with pytest.raises(NotAnswerableError, match="without requests of a group"):
        breslow_day(counts_of(rows), by="area")
