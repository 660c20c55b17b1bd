"""Simulated rows as pandas frames."""

from collections.abc import Callable

import pandas as pd
import pytest

from switchstats.simulate import World, simulate_requests

Rows = Callable[[World, int, int], pd.DataFrame]


@pytest.fixture(scope="session")
def rows() -> Rows:
    """Return the rows of a world, dates as dates."""

    def simulated(world: World, n_requests: int, seed: int) -> pd.DataFrame:
        batches = [batch.to_pandas() for batch in simulate_requests(world, n_requests, seed)]
        frame = pd.concat(batches, ignore_index=True)
        for name in ("submitted", "resolved"):
            frame[name] = pd.to_datetime(frame[name])
        return frame

    return simulated


@pytest.fixture(scope="session")
def usual(rows: Rows) -> pd.DataFrame:
    """400,000 rows of the default world."""
    return rows(World(), 400_000, 11)


@pytest.fixture(scope="session")
def even(rows: Rows) -> pd.DataFrame:
    """400,000 rows of a world in which every request has the same error probability."""
    return rows(World(retailer_sd_pp=0, shock_sd_pp=0), 400_000, 12)
