"""What becomes of errors, derived by hand for a few rows each."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

import switchstats as ss
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.values import JOURNEY_EVENTS, LoadedJourneys

Rows = Callable[..., pd.DataFrame]
Table = dict[tuple[str, int], dict[str, int]]

POINT = "01" + "0" * 19
A, B, C, D = (POINT + str(number) for number in range(4))
NG = {"outcome": "error"}


def _read(frame: pd.DataFrame, days: int = 30, **options: object) -> LoadedJourneys:
    loaded = ss.read_journeys(frame, days=days, **{"as_of": date(2023, 3, 31)} | options)
    account = loaded.account
    assert account.read == len(frame)
    assert account.read == account.accepted + account.quarantined
    return loaded


def _table(loaded: LoadedJourneys) -> Table:
    """Return what is not 0, by ``followed`` and day."""
    return {
        (row["followed"], row["day"]): {name: row[name] for name in JOURNEY_EVENTS if row[name]}
        for row in loaded.journeys.frame.to_dict("records")
    }


def test_an_error_filed_again_and_accepted(rows: Rows) -> None:
    # 10 January error, 12 January filed again, answered on the 15th: retry on day 2, end on day 5
    frame = rows(
        {"supply_point": A, **NG, "resolved": "2023-01-11"},
        {"supply_point": A, "submitted": "2023-01-12", "resolved": "2023-01-15"},
    )
    loaded = _read(frame)
    assert _table(loaded) == {
        ("yes", 0): {"entered": 1},
        ("yes", 2): {"retried": 1},
        ("yes", 5): {"resolved": 1},
    }
    assert (loaded.account.counted, dict(loaded.account.excluded)) == (2, {})
    assert loaded.journeys.periods[0].start == date(2023, 1, 1)


def test_without_a_day_of_answer_the_submission_counts(rows: Rows) -> None:
    frame = rows({"supply_point": A, **NG}, {"supply_point": A, "submitted": "2023-01-12"})
    assert _table(_read(frame))[("yes", 2)] == {"retried": 1, "resolved": 1}


def test_a_second_error_is_a_retry_and_no_second_entry(rows: Rows) -> None:
    frame = rows(
        {"supply_point": A, **NG},
        {"supply_point": A, **NG, "submitted": "2023-01-13"},
        {"supply_point": A, "submitted": "2023-01-20"},
    )
    loaded = _read(frame)
    assert loaded.journeys.entered == 1
    assert _table(loaded)[("yes", 3)] == {"retried": 1}
    assert _table(loaded)[("yes", 10)] == {"resolved": 1}


def test_on_the_day_of_the_error_all_other_requests_follow_it(rows: Rows) -> None:
    frame = rows({"supply_point": A}, {"supply_point": A, **NG})
    assert _table(_read(frame)) == {("yes", 0): {"entered": 1, "retried": 1, "resolved": 1}}


def test_never_filed_again_is_open_to_the_last_day(rows: Rows) -> None:
    loaded = _read(rows({"supply_point": A, **NG}))
    assert _table(loaded) == {("yes", 0): {"entered": 1}}
    assert loaded.journeys.lacking("resolved").errors == 1
    assert loaded.journeys.lacking("retried").errors == 1


def test_accepted_after_the_last_day_is_not_resolved_in_time(rows: Rows) -> None:
    # 10 January + 30 days is 9 February
    frame = rows(
        {"supply_point": A, **NG},
        {"supply_point": A, "submitted": "2023-02-09"},
        {"supply_point": B, **NG},
        {"supply_point": B, "submitted": "2023-02-10"},
    )
    loaded = _read(frame)
    assert _table(loaded) == {
        ("yes", 0): {"entered": 2},
        ("yes", 30): {"retried": 1, "resolved": 1},
    }
    assert loaded.account.counted == 4


def test_the_end_of_the_data_censors(rows: Rows) -> None:
    # 20 days to the end: one resolved before, one open and filed again, one open and not
    frame = rows(
        {"supply_point": A, **NG},
        {"supply_point": A, "submitted": "2023-01-18"},
        {"supply_point": B, **NG},
        {"supply_point": B, **NG, "submitted": "2023-01-18"},
        {"supply_point": C, **NG},
    )
    assert _table(_read(frame, as_of=date(2023, 1, 30))) == {
        ("no", 0): {"entered": 3},
        ("no", 8): {"retried": 2, "resolved": 1},
        ("no", 20): {"censored": 2, "censored_before_retry": 1},
    }


def test_a_case_with_exactly_its_days_is_followed(rows: Rows) -> None:
    frame = rows({"supply_point": A, **NG}, {"supply_point": B, **NG, "submitted": "2023-01-11"})
    journeys = _read(frame, as_of=date(2023, 2, 9)).journeys
    assert (journeys.entered, journeys.followed) == (2, 1)


def test_what_is_not_yet_known_at_the_end_of_the_data_does_not_count(rows: Rows) -> None:
    # filed again on 5 February, answered on the 20th; the data end on the 12th
    frame = rows(
        {"supply_point": A, **NG},
        {"supply_point": A, "submitted": "2023-02-05", "resolved": "2023-02-20"},
        {"supply_point": A, "submitted": "2023-02-15"},
    )
    loaded = _read(frame, as_of=date(2023, 2, 12), days=60)
    assert _table(loaded) == {
        ("no", 0): {"entered": 1},
        ("no", 26): {"retried": 1},
        ("no", 33): {"censored": 1},
    }
    assert dict(loaded.account.excluded) == {"after_as_of": 1}


def test_a_case_is_withdrawn_when_its_last_request_is(rows: Rows) -> None:
    gone = {"outcome": "withdrawn"}
    frame = rows(
        # withdrawn on 14 January, answered on the 16th: day 6
        {"supply_point": A, **NG},
        {"supply_point": A, **gone, "submitted": "2023-01-14", "resolved": "2023-01-16"},
        # withdrawn, but filed again and accepted
        {"supply_point": B, **NG},
        {"supply_point": B, **gone, "submitted": "2023-01-14"},
        {"supply_point": B, "submitted": "2023-01-17"},
        # withdrawn, and filed again without an answer: still open
        {"supply_point": C, **NG},
        {"supply_point": C, **gone, "submitted": "2023-01-14"},
        {"supply_point": C, "outcome": "pending", "submitted": "2023-01-17"},
    )
    loaded = _read(frame)
    assert _table(loaded) == {
        ("yes", 0): {"entered": 3},
        ("yes", 4): {"retried": 3},
        ("yes", 6): {"withdrawn": 1},
        ("yes", 7): {"resolved": 1},
    }
    lacking = loaded.journeys.lacking("resolved")
    assert (lacking.requests, lacking.errors) == (3, 2)
    lacking = loaded.journeys.lacking("resolved", withdrawn=False)
    assert (lacking.requests, lacking.errors) == (2, 1)


def test_a_withdrawal_that_is_not_yet_known_leaves_the_case_open(rows: Rows) -> None:
    # withdrawn on the 12th, filed again on the 14th and withdrawn, which is known on 10 February
    gone = {"supply_point": A, "outcome": "withdrawn"}
    frame = rows(
        {"supply_point": A, **NG},
        {**gone, "submitted": "2023-01-12"},
        {**gone, "submitted": "2023-01-14", "resolved": "2023-02-10"},
    )
    assert _table(_read(frame, as_of=date(2023, 1, 30)))[("no", 20)] == {"censored": 1}
    assert _table(_read(frame, days=40))[("yes", 31)] == {"withdrawn": 1}


def test_the_account_tells_what_stands_in_no_case(rows: Rows) -> None:
    frame = rows(
        # an accepted request before the error, perhaps of the customer before
        {"supply_point": A, "submitted": "2022-12-01"},
        {"supply_point": A, **NG},
        # another gaining retailer at the same point, without an error
        {"supply_point": A, "gaining": "新電力B", "submitted": "2023-01-20"},
        {"supply_point": B},
        {"supply_point": "01", **NG},
    )
    loaded = _read(frame)
    assert _table(loaded) == {("yes", 0): {"entered": 1}}
    assert dict(loaded.account.excluded) == {"without_error": 2, "before_error": 1}
    assert loaded.quarantine.by_code() == {"bad_supply_point": 1}


def test_an_accepted_request_filed_before_the_error_does_not_resolve_it(rows: Rows) -> None:
    frame = rows(
        {"supply_point": A, "submitted": "2023-01-08", "resolved": "2023-01-12"},
        {"supply_point": A, **NG},
    )
    assert _table(_read(frame)) == {("yes", 0): {"entered": 1}}


def test_strata_are_those_of_the_first_error(rows: Rows) -> None:
    tokyo = "03" + "0" * 20
    frame = rows(
        {"supply_point": A, **NG, "losing": "新電力A"},
        {"supply_point": A, **NG, "losing": "東北電力", "submitted": "2023-01-11"},
        {"supply_point": tokyo, "area": "03", **NG, "losing": "東京電力EP"},
    )
    loaded = _read(frame, strata=("home", "area", "losing_group"))
    assert loaded.journeys.strata == ("area", "losing_group", "home")
    found = loaded.journeys.frame.query("entered > 0")[["area", "losing_group", "home", "entered"]]
    assert found.to_numpy().tolist() == [["01", "entrant", "yes", 1], ["03", "incumbent", "no", 1]]
    assert loaded.journeys.where(home="yes").entered == 1


def test_a_repeated_request_is_quarantined_and_not_taken_for_a_retry(rows: Rows) -> None:
    frame = rows({"supply_point": A, **NG}, {"supply_point": A, **NG}).assign(request_id="r1")
    loaded = _read(frame)
    assert _table(loaded) == {("yes", 0): {"entered": 1}}
    assert loaded.quarantine.by_code() == {"duplicate": 1}


def test_no_error_at_all(rows: Rows) -> None:
    loaded = _read(rows({"supply_point": A}))
    assert (loaded.journeys.entered, len(loaded.journeys)) == (0, 0)
    assert dict(loaded.account.excluded) == {"without_error": 1}


def test_nothing_personal_is_left(rows: Rows) -> None:
    loaded = _read(rows({"supply_point": A, **NG}))
    assert A not in str(loaded.to_dict()) + loaded.journeys.frame.to_csv()
    assert loaded.to_dict()["journeys"]["entered"] == 1  # type: ignore[index]


def test_without_supply_points_it_is_refused_by_name(rows: Rows) -> None:
    with pytest.raises(NotAnswerableError, match=r"what became of errors.*column supply_point"):
        _read(rows(NG))


@pytest.mark.parametrize(
    ("options", "words"),
    [({"days": 0}, "days must be"), ({"strata": ("reason",)}, "unknown stratum 'reason'")],
)
def test_bad_arguments(rows: Rows, options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        ss.read_journeys(rows({"supply_point": A}), **options)  # type: ignore[arg-type]
