"""Intervals say what they are."""

import pytest

from switchstats.errors import UsageError
from switchstats.values import Interval


@pytest.mark.parametrize(
    "arguments",
    [
        (1.0, 0.0, "rounding", None),
        (float("nan"), 1.0, "rounding", None),
        (0.0, float("inf"), "confidence", 0.95),
        (0.0, 1.0, "confidence", None),
        (0.0, 1.0, "rounding", 0.95),
        (0.0, 1.0, "confidence", 1.2),
        (0.0, 1.0, "guess", None),
    ],
)
def test_an_interval_that_does_not_say_what_it_is_is_refused(arguments: tuple) -> None:
    with pytest.raises(UsageError):
        Interval(*arguments)


def test_an_unbounded_side_is_none() -> None:
    interval = Interval(None, 0.1, "confidence", 0.95)
    assert interval.contains(-1e9)
    assert not interval.contains(0.2)
    assert interval.width is None
    assert interval.to_dict() == {"low": None, "high": 0.1, "level": 0.95, "kind": "confidence"}
