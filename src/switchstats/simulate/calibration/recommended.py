"""The test that `recommend` names for each data set, so that the advice itself is tried."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from switchstats.inference.groups import TwoGroups
from switchstats.inference.recommend import choose, facts_of

if TYPE_CHECKING:
    from switchstats.inference.recommendation import Choice
    from switchstats.simulate.calibration.draws import DataSets

__all__ = ["ADVICE", "Advice", "advice_for", "usual"]

# The primary choice, and that for the request-weighted difference.
ADVICE = ("recommended_primary", "recommended_requests")

# Name of a method a data set, None where no test is called sound.
Advice = dict[str, list[str | None]]


def advice_for(data: "DataSets", most: int) -> Advice:
    """Return which method is recommended for each of the first data sets."""
    found: Advice = {name: [] for name in ADVICE}
    for errors, requests in zip(
        data.errors[: max(most, 0)], data.requests[: max(most, 0)], strict=True
    ):
        n = int(np.count_nonzero(data.first))
        names = tuple(map(str, range(errors.size)))
        choices = choose(facts_of(TwoGroups(errors, requests, (n, errors.size - n), names)))
        weighted = [each for each in choices if each.estimand == "request_weighted_difference"]
        for name, some in zip(ADVICE, (choices, weighted), strict=True):
            found[name].append(_method(some[0]) if some and some[0].holds else None)
    return found


def usual(advice: Advice) -> set[str]:
    """Return the methods that are recommended for more than half of the data sets."""
    return {
        method
        for names in advice.values()
        for method, count in Counter(names).items()
        if method is not None and 2 * count > len(names) > 0
    }


def _method(choice: "Choice") -> str:
    """Return the name among `METHODS` of a chosen test."""
    parts = [choice.test]
    if choice.test == "cluster_robust":
        parts += [str(choice.options["df"]), str(choice.options["weighting"])]
    return "_".join(parts)
