"""Says which engine holds a source: files go to DuckDB, frames stay where they are."""

from switchstats.engines.duckdb import DuckDB
from switchstats.engines.frames import Frames
from switchstats.engines.protocol import Engine
from switchstats.engines.spark import Spark
from switchstats.errors import UsageError
from switchstats.inputs.paths import is_path

__all__ = ["choose_engine"]

_BY_NAME = {"duckdb": DuckDB, "frames": Frames, "spark": Spark}


def choose_engine(source: object, engine: str | Engine | None) -> tuple[Engine, bool]:
    """Return the engine, and whether it was made here and so is to be closed.

    Raises
    ------
    UsageError
        For an unknown name, or one that cannot hold the source.

    Examples
    --------
    >>> choose_engine("requests.csv", None)[0].name
    'duckdb'
    """
    if engine is not None and not isinstance(engine, str):
        return engine, False
    natural = _natural(source)
    name = engine or natural
    if name not in _BY_NAME:
        raise UsageError(f"unknown engine {name!r}; there are {', '.join(_BY_NAME)}")
    fits = name == natural or (is_path(source) and name == "spark")
    if not fits:
        raise UsageError(
            f"the engine {name!r} does not hold this source; leave `engine` out, and {natural} does"
        )
    return _BY_NAME[name](), True


def _natural(source: object) -> str:
    if is_path(source):
        return "duckdb"
    home = type(source).__module__.partition(".")[0].lstrip("_")
    if home == "pyspark":
        return "spark"
    return "duckdb" if home in ("duckdb", "pyarrow") else "frames"
