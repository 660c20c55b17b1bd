"""Counts of which nothing is left, such as by a period that they do not reach, are refused."""

import pytest

from switchstats import studies
from switchstats.errors import UsageError
from switchstats.labels import told
from switchstats.periods import parse_period
from switchstats.runs.study_file.fields import STUDIES
from switchstats.simulate import World, simulate_counts


@pytest.mark.parametrize("name", [name for name in STUDIES if name != "PublishedOnly"])
def test_no_counts(name: str) -> None:
    counts = simulate_counts(World(n_retailers=24), 2_000, 1, strata=("area", "losing_group"))
    nothing = counts.during(parse_period("2001-01"))
    with pytest.raises(UsageError, match="no counts inside the period") as caught:
        getattr(studies, name)().run(nothing)
    assert told(caught.value, "ja") == "この分析の期間に件数がない"
