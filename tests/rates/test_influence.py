"""Leave-one-retailer-out of counts and of a printed table, and effective numbers."""

import numpy as np
import pandas as pd
import pytest

import switchstats as ss
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.values import Counts, PublishedTable, Retailer

JANUARY = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
FEBRUARY = {"period_start": "2023-02-01", "period_end": "2023-03-01"}
RETAILERS = [
    Retailer(name, Text(name, name), "incumbent" if name < "n" else "entrant") for name in "abcxyz"
]


def counts(*rows: tuple[str, int, int], month: dict[str, str] = JANUARY) -> Counts:
    names = ("retailer", "requests", "errors")
    return Counts.of(
        pd.DataFrame([dict(zip(names, r, strict=True)) | month for r in rows]), RETAILERS
    )


SOME = (("a", 100, 30), ("b", 300, 30), ("x", 50, 10), ("y", 50, 5), ("z", 0, 0))


def test_a_printed_table_by_hand(committee: PublishedTable) -> None:
    found = ss.rates.influence(committee)
    assert len(found) == 20
    top = ss.rates.most_influential(found)
    assert top is not None
    assert top.retailer.retailer == "hokuriku"
    # by hand: nine incumbents without 30.4 sum to 159.7; entrants' mean is 17.97
    assert 100 * top.estimate == pytest.approx(159.7 / 9 - 17.97)
    late = ss.rates.influence(committee, period=committee.periods[-1].period)
    assert len(late) == 20
    with pytest.raises(NotAnswerableError, match="hides the volumes"):
        ss.rates.influence(committee, weighting="requests")


@pytest.mark.parametrize(
    ("weighting", "expected"),
    [
        # by hand: the other incumbent's rate, less the entrants' mean .15; then the incumbents' .2
        # equally weighted and 60/400 by requests, less the other entrant's rate
        ("equal", {"a": 0.1 - 0.15, "b": 0.3 - 0.15, "x": 0.2 - 0.1, "y": 0.2 - 0.2}),
        ("requests", {"a": 0.1 - 0.15, "b": 0.3 - 0.15, "x": 0.15 - 0.1, "y": 0.15 - 0.2}),
    ],
)
def test_counts_by_hand(weighting: str, expected: dict[str, float]) -> None:
    found = ss.rates.influence(counts(*SOME), weighting=weighting)
    assert {item.retailer.retailer: item.estimate for item in found} == pytest.approx(expected)
    whole = {"equal": 0.05, "requests": 0.0}[weighting]
    assert [item.shift for item in found] == pytest.approx([e - whole for e in expected.values()])


def test_who_is_alone_cannot_be_left_out_and_a_group_without_rates_is_refused() -> None:
    found = ss.rates.influence(counts(("a", 9, 1), ("x", 9, 1), ("y", 9, 3)))
    assert [item.retailer.retailer for item in found] == ["x", "y"]
    assert ss.rates.influence(counts(("a", 9, 1), ("x", 9, 1))) == ()
    assert ss.rates.most_influential(()) is None
    with pytest.raises(NotAnswerableError, match="a group has no rate"):
        ss.rates.influence(counts(("a", 9, 1)))
    with pytest.raises(UsageError, match="weighting must be"):
        ss.rates.influence(counts(*SOME), weighting="volume")


def test_only_the_given_period_counts() -> None:
    frame = pd.concat(
        [counts(*SOME).frame, counts(*SOME[:2], month=FEBRUARY).frame], ignore_index=True
    )
    both = Counts.of(frame.drop(columns="group"), RETAILERS)
    january = both.periods[0]
    assert ss.rates.influence(both, period=january) == ss.rates.influence(counts(*SOME))
    assert ss.rates.effective_units(both, groups=["incumbent"])["incumbent"] == pytest.approx(1.6)


def test_effective_units_by_hand() -> None:
    # shares 1/4 and 3/4: one over 10/16; two equal ones; z filed nothing
    assert ss.rates.effective_units(counts(*SOME)) == pytest.approx(
        {"incumbent": 1.6, "entrant": 2}
    )
    assert ss.rates.effective_units(np.array([10**12, 1])) == pytest.approx(1, abs=1e-11)
    assert ss.rates.effective_units([7]) == 1


def test_effective_units_refuse_what_is_no_volume() -> None:
    with pytest.raises(UsageError, match="at least 0"):
        ss.rates.effective_units([1, -1])
    with pytest.raises(NotAnswerableError, match="filed no requests"):
        ss.rates.effective_units([0, 0])
    with pytest.raises(NotAnswerableError, match="entrant filed no requests"):
        ss.rates.effective_units(counts(("a", 1, 0)), groups=["entrant"])
    assert ss.rates.effective_units(counts(("a", 1, 0))) == {"incumbent": 1}
