"""Kaplan-Meier, Aalen-Johansen and restricted means, worked by hand in fractions."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.rates import aalen_johansen, resolution, waiting_days
from switchstats.values import Journeys, Retailer

# A few products of doubles.
TOLERANCE = 1e-14
MONTH = {"period_start": "2023-01-01", "period_end": "2023-02-01"}


def _close(found: object, expected: list[Fraction]) -> None:
    np.testing.assert_allclose(np.asarray(found), [float(each) for each in expected], TOLERANCE)


def test_kaplan_meier_by_hand() -> None:
    # 10 cases. Day 0: one resolved (10 at risk). Day 1: two resolved, one censored (9 at risk).
    # Day 2: three censored (6 at risk). Day 3: one resolved of the 3 left.
    found = aalen_johansen(10, [1, 2, 0, 1], [0] * 4, [0, 1, 3, 0])
    assert found.at_risk.tolist() == [10, 9, 6, 3]
    still = [Fraction(9, 10), Fraction(9, 10) * Fraction(7, 9)]
    still += [still[1], still[1] * Fraction(2, 3)]
    assert still[-1] == Fraction(7, 15)
    _close(found.open, still)
    _close(found.resolved, [1 - each for each in still])
    # days without resolution: those of day 0, 1 and 2
    _close([found.waiting_days], [sum(still[:3], Fraction(0))])


def test_aalen_johansen_by_hand() -> None:
    # 8 cases. Day 0: one withdrawn. Day 1: 7 at risk, two resolved and one withdrawn, one censored.
    # Day 2: 3 at risk, one resolved.
    found = aalen_johansen(8, [0, 2, 1], [1, 1, 0], [0, 1, 0])
    assert found.at_risk.tolist() == [8, 7, 3]
    after_0 = Fraction(7, 8)
    after_1 = after_0 * Fraction(4, 7)
    _close(found.resolved, [Fraction(0), after_0 * Fraction(2, 7), Fraction(1, 4) + after_1 / 3])
    left = Fraction(1, 8)
    _close(found.withdrawn, [left, left + after_0 / 7, left + after_0 / 7])
    _close(found.open, [after_0, after_1, after_1 * Fraction(2, 3)])


def test_without_censoring_it_is_the_plain_share() -> None:
    found = aalen_johansen(20, [3, 0, 5], [1, 2, 0], [0, 0, 0])
    _close(found.resolved, [Fraction(3, 20), Fraction(3, 20), Fraction(8, 20)])
    _close(found.withdrawn, [Fraction(1, 20), Fraction(3, 20), Fraction(3, 20)])


def test_nobody_left_under_observation_is_not_known() -> None:
    # both others are censored on day 1: day 2 knows nothing
    found = aalen_johansen(3, [1, 0, 0], [0, 0, 0], [0, 2, 0])
    _close(found.resolved[:2], [Fraction(1, 3), Fraction(1, 3)])
    assert np.isnan(found.resolved[2])
    # but when all have ended there is nothing left to know
    assert aalen_johansen(2, [2, 0], [0, 0], [0, 0]).resolved.tolist() == [1.0, 1.0]


def test_impossible_numbers() -> None:
    with pytest.raises(UsageError, match="3 cases end, but 2 entered"):
        aalen_johansen(2, [3], [0], [0])
    with pytest.raises(UsageError, match="one length"):
        aalen_johansen(2, [1, 0], [0], [0])


@pytest.fixture
def journeys() -> Journeys:
    rows = [
        # a: 4 followed for 5 days, one resolved on day 2, one on day 4, one withdrawn
        {"retailer": "a", "followed": "yes", "day": 0, "entered": 4, "retried": 3},
        {"retailer": "a", "followed": "yes", "day": 2, "resolved": 1},
        {"retailer": "a", "followed": "yes", "day": 4, "resolved": 1, "withdrawn": 1},
        # b: 1 followed to the end, 1 censored on day 1
        {"retailer": "b", "followed": "yes", "day": 0, "entered": 1},
        {"retailer": "b", "followed": "no", "day": 0, "entered": 1},
        {"retailer": "b", "followed": "no", "day": 1, "censored": 1, "censored_before_retry": 1},
    ]
    retailers = [Retailer("a", Text("甲", "A"), "x"), Retailer("b", Text("乙", "B"), "y")]
    return Journeys.of(pd.DataFrame([each | MONTH for each in rows]), retailers, 5)


def test_waiting_days_of_retailers(journeys: Journeys) -> None:
    # a: (2 + 4 + 5 + 5) / 4; b: only the followed one
    assert waiting_days(journeys).to_dict("records") == [
        {"group": "x", "retailer": "a", "cases": 4, "days": 4.0},
        {"group": "y", "retailer": "b", "cases": 1, "days": 5.0},
    ]
    # up to day 3: (2 + 3 + 3 + 3) / 4
    assert waiting_days(journeys, 3)["days"].tolist() == [2.75, 3.0]


def test_resolution_of_groups(journeys: Journeys) -> None:
    found = resolution(journeys)
    assert set(found) == {"x", "y"}
    _close(found["x"].resolved, [Fraction(n, 4) for n in (0, 0, 1, 1, 2, 2)])
    assert found["y"].at_risk.tolist() == [2, 2, 1, 1, 1, 1]
    # of the followed alone, restricted means of retailers and of their only member agree
    assert found["x"].waiting_days == pytest.approx(4.0, abs=TOLERANCE)
    with pytest.raises(NotAnswerableError, match="no errors"):
        resolution(journeys.where(retailer="nobody"))
