"""Opens Arrow when it is first needed; its library carries no types, so its values are `Any`."""

from importlib import import_module
from typing import Any

__all__ = ["RecordBatch", "arrow"]

RecordBatch = Any


def arrow(part: str = "") -> Any:
    """Return the library, or one of its parts such as ``"parquet"``.

    Examples
    --------
    >>> arrow().array([1, 2]).to_pylist()
    [1, 2]
    """
    return import_module(f"pyarrow.{part}" if part else "pyarrow")
