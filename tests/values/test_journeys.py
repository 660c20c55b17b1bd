"""Journeys: checked on creation, frozen, and turned into counts of what did not happen."""

from typing import Any

import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.values import Account, Journeys, LoadedJourneys, Provenance, Quarantine, Retailer

RETAILERS = [Retailer("a", Text("甲", "A"), "incumbent"), Retailer("b", Text("乙", "B"), "entrant")]
CELL = {"retailer": "a", "period_start": "2023-01-01", "period_end": "2023-02-01"}
DAYS = 10


def row(day: int, followed: str = "yes", **numbers: Any) -> dict[str, Any]:
    return {**CELL, "followed": followed, "day": day, **numbers}


def journeys(*rows: dict[str, Any]) -> Journeys:
    return Journeys.of(pd.DataFrame(list(rows)), RETAILERS, DAYS)


@pytest.fixture
def some() -> Journeys:
    # ten followed: retried 3 on day 2 and 3 on day 4; resolved 2 on day 3, 1 on day 6; 1 withdrawn
    # on day 8; and two more, of which one is resolved and one censored
    return journeys(
        row(0, entered=10),
        row(2, retried=3),
        row(3, resolved=2),
        row(4, retried=3),
        row(6, resolved=1),
        row(8, withdrawn=1),
        row(0, "no", entered=2),
        row(1, "no", retried=1, resolved=1),
        row(5, "no", censored=1, censored_before_retry=1),
        row(0, entered=4, retailer="b"),
    )


@pytest.mark.parametrize(
    ("event", "options", "requests", "errors"),
    [
        # of the ten: three are resolved by day 10, two by day 5
        ("resolved", {}, 10, 7),
        ("resolved", {"within": 5}, 10, 8),
        ("retried", {}, 10, 4),
        ("retried", {"within": 3}, 10, 7),
        # without the one withdrawn on day 8, which on day 7 was still open
        ("resolved", {"withdrawn": False}, 9, 6),
        ("resolved", {"withdrawn": False, "within": 7}, 10, 7),
    ],
)
def test_lacking(
    some: Journeys, event: Any, options: dict[str, Any], requests: int, errors: int
) -> None:
    found = some.where(retailer="a").lacking(event, **options)
    assert (found.requests, found.errors) == (requests, errors)


def test_totals_and_parts(some: Journeys) -> None:
    assert (some.entered, some.followed) == (16, 14)
    assert some.group("entrant").entered == 4
    assert some.where(followed="no").entered == 2
    assert some.frame["group"].unique().tolist() == ["incumbent", "entrant"]
    assert repr(some).startswith("Journeys: 16 errors (14 followed for 10 days), 2 retailers")
    with pytest.raises(NotAnswerableError, match="journeys by area"):
        some.where(area="01")


def test_a_copy_is_handed_out(some: Journeys) -> None:
    copy = some.frame
    copy["entered"] = 0
    assert some.entered == 16
    assert some == some.where()
    assert some != some.group("entrant")
    with pytest.raises(TypeError):
        hash(some)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row(0, entered=1), row(1, entered=1)], "enters on day 0"),
        ([row(0, entered=1), row(1, resolved=1)], "an end before a retry"),
        ([row(0, entered=1, retried=2)], "more first retries than cases"),
        ([row(0, entered=1, retried=1), row(1, resolved=1), row(2, censored=1)], "more ends"),
        ([row(0, entered=1), row(1, censored=1)], "followed case that is censored"),
        ([row(0, "no", entered=1)], "without an end"),
        (
            [row(0, "no", entered=1), row(1, "no", censored=1, censored_before_retry=2)],
            "more censored before a retry",
        ),
        ([row(0, entered=1), row(11, retried=1)], "between 0 and 10"),
        ([row(0, "perhaps", entered=1)], "'yes' or 'no'"),
        ([row(0, entered=-1)], "not be negative"),
        ([row(0, entered=0.5)], "whole numbers"),
        ([row(0, entered=1, retailer="z")], "unknown retailer in journeys: 'z'"),
        ([row(0, entered=1), row(0, entered=1)], "repeat a key"),
        ([row(0, entered=1, losing="x")], "cannot hold the column 'losing'"),
        ([{**CELL, "day": 0, "entered": 1}], "need the column 'followed'"),
        ([row(0, entered=1, area=None)], "key of journeys is missing"),
        ([row(0, entered=1, period_end="2022-01-01")], "end after it starts"),
    ],
)
def test_what_cannot_be(rows: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        journeys(*rows)


@pytest.mark.parametrize(
    ("event", "options", "words"),
    [
        ("given_up", {}, "event must be"),
        ("resolved", {"within": 11}, "days 1 to 10"),
        ("retried", {"withdrawn": False}, "whoever withdrew"),
    ],
)
def test_wrong_questions(some: Journeys, event: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        some.lacking(event, **options)


def test_days_out_of_range() -> None:
    with pytest.raises(UsageError, match="days lies between"):
        Journeys.of(pd.DataFrame([row(0, entered=1)]), RETAILERS, 0)


def test_the_account_and_the_quarantine_agree(some: Journeys) -> None:
    with pytest.raises(UsageError, match="disagree"):
        LoadedJourneys(
            journeys=some,
            quarantine=Quarantine.of([]),
            account=Account(1, 0, 1),
            understood=(),
            provenance=Provenance((), {}, "0", None),
        )
