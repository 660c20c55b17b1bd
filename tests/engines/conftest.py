"""Small tables of requests that every test of the engines can vary."""

from collections.abc import Callable

import pandas as pd
import pytest

Rows = Callable[..., pd.DataFrame]

PLAIN = {
    "submitted": "2023-01-10",
    "gaining": "北海道電力",
    "losing": "新電力A",
    "area": "01",
    "outcome": "accepted",
}


@pytest.fixture
def rows() -> Rows:
    """Build a frame, each row a dict of what differs from a plain accepted request."""

    def make(*differing: dict[str, object]) -> pd.DataFrame:
        return pd.DataFrame([PLAIN | each for each in differing])

    return make
