"""Request rows to counts: one logic for DuckDB, frames in memory and Spark."""

from switchstats.engines.duckdb import DuckDB
from switchstats.engines.frames import Frames
from switchstats.engines.journeys import read_journeys
from switchstats.engines.protocol import Engine
from switchstats.engines.question import Estimand
from switchstats.engines.requests import read_requests
from switchstats.engines.sensitivity import estimand_sensitivity
from switchstats.engines.spark import Spark

__all__ = [
    "DuckDB",
    "Engine",
    "Estimand",
    "Frames",
    "Spark",
    "estimand_sensitivity",
    "read_journeys",
    "read_requests",
]
