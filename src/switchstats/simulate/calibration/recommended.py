"""The test that `recommend` names for each data set, so that the advice itself is tried."""

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from switchstats.inference.groups import TwoGroups
from switchstats.inference.recommend import choose, facts_of, overlap

if TYPE_CHECKING:
    from switchstats.inference.recommendation import Choice
    from switchstats.simulate.calibration.draws import DataSets

__all__ = ["ADVICE", "Advice", "advice_for", "usual"]

# The primary choice, and that for the request-weighted difference.
ADVICE = ("recommended_primary", "recommended_requests")

# Name of a method a data set, None where no test is called sound.
Advice = dict[str, list[str | None]]


def advice_for(data: "DataSets") -> Advice:
    """Return which method is recommended for each data set."""
    found: Advice = {name: [] for name in ADVICE}
    n, k = int(np.count_nonzero(data.first)), data.first.size
    names = tuple(map(str, range(k)))
    strata = ("losing",) if data.losing else ()
    for errors, requests, cells in zip(
        data.errors, data.requests, data.requests_by_stratum, strict=True
    ):
        two = TwoGroups(errors, requests, (n, k - n), names)
        facts = facts_of(two, strata=strata)
        if data.losing:
            mixes = (cells[:, side].sum(axis=1) for side in (data.first, ~data.first))
            facts = replace(facts, losing_overlap=overlap(*mixes))
        choices = choose(facts)
        weighted = [each for each in choices if each.estimand == "request_weighted_difference"]
        for name, chosen in zip(ADVICE, (choices, weighted), strict=True):
            found[name].append(_method(chosen[0]) if chosen and chosen[0].holds else None)
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
