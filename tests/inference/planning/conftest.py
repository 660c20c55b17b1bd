"""Counts out of plain numbers."""

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from switchstats.labels import Text
from switchstats.values import Counts, Retailer

CountsMaker = Callable[..., Counts]


@pytest.fixture
def make_counts() -> CountsMaker:
    """Build counts of so many months; all requests fall in the first and last of them."""

    def make(data: Sequence[Sequence[int]], months: int) -> Counts:
        groups = ("incumbent", "entrant")
        rows, retailers = [], []
        for place, group in enumerate(groups):
            cells = zip(data[2 * place], data[2 * place + 1], strict=True)
            for number, (errors, requests) in enumerate(cells):
                name = f"{group}{number}"
                retailers.append(Retailer(name, Text(name, name), group))
                for month, e, n in ((1, errors, requests - 1), (months, 0, 1)):
                    start, end = f"2023-{month:02d}-01", f"2023-{month + 1:02d}-01"
                    rows.append((name, start, end, e, n))
        names = ["retailer", "period_start", "period_end", "errors", "requests"]
        return Counts.of(pd.DataFrame(rows, columns=names), retailers)

    return make
