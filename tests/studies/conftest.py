"""Counts of two groups from plain numbers."""

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import pytest

from switchstats.labels import Text
from switchstats.values import Counts, Retailer

CountsMaker = Callable[..., Counts]
Side = Sequence[tuple[int, int]]


@pytest.fixture(scope="session")
def make_counts() -> CountsMaker:
    """Build counts of one or more months from (errors, requests) a retailer.

    Each month is a pair of lists, the first group's retailers and the second's. Retailers of the
    first group have the areas 01, 02, … as their own.
    """

    def make(*months: tuple[Side, Side], groups: tuple[str, str] = ("incumbent", "entrant")):
        retailers: dict[str, Retailer] = {}
        rows: list[dict[str, object]] = []
        for place, month in enumerate(months):
            start, end = date(2023, 1 + place, 1), date(2023, 2 + place, 1)
            for group, side in zip(groups, month, strict=True):
                for at, (errors, requests) in enumerate(side):
                    name = f"{group}-{at:03}"
                    area = f"{at + 1:02}" if group == groups[0] else None
                    retailers[name] = Retailer(name, Text(name, name), group, area)
                    row = {"retailer": name, "period_start": start, "period_end": end}
                    rows.append(row | {"requests": requests, "errors": errors})
        return Counts.of(pd.DataFrame(rows), retailers.values())

    return make
