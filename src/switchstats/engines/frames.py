"""The engine for rows that are already in memory: pandas and Polars, each by its own means."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.canonical import canonical_frame
from switchstats.engines.protocol import LINE, FileRead, Opened, Place, Understand
from switchstats.engines.supply_points import marked_whole
from switchstats.errors import UsageError
from switchstats.inputs.frames import with_index

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Frames"]


class Frames:
    """Request rows in a pandas or Polars frame.

    Examples
    --------
    >>> import pandas as pd
    >>> from switchstats.engines.columns import Mapped, Understanding
    >>> rows = pd.DataFrame({"申込日": ["R5.1.6"], "新小売": ["北海道電力"], "結果": ["成立"]})
    >>> Frames().open(rows, Understanding(Mapped())).files[0].rows
    1
    """

    name = "frames"

    def __init__(self) -> None:
        self._backend: Any = "pandas"

    def open(self, source: object, understand: Understand, encoding: str | None = None) -> Opened:  # noqa: ARG002 - frames hold text
        """Take a frame; it is neither copied to disk nor changed."""
        import narwhals as nw

        try:
            given: Any = nw.from_native(cast("Any", source))
        except TypeError:
            raise UsageError(f"not a frame that is understood: {type(source)}") from None
        self._backend = given.implementation.value
        if isinstance(given, nw.LazyFrame):
            given = given.collect()
        given = _with_blanks_as_text(with_index(given))
        columns = understand([str(name) for name in given.columns], "frame")
        frame = cast("nw.LazyFrame[Any]", given.with_row_index(LINE).lazy())
        return Opened(
            canonical_frame(frame, columns, "frame"),
            (FileRead("frame", columns, len(given)),),
            places=lambda _file, line: Place("frame", None, int(cast("int", line)) + 1),
            find=lambda place: (None, (place.line or 0) - 1) if place.file == "frame" else None,
        )

    def table(self, columns: Mapping[str, Sequence[int | str | None]]) -> "nw.LazyFrame[Any]":
        """Return a small table of the frame's own library."""
        import narwhals as nw

        return nw.from_dict(dict(columns), backend=self._backend).lazy()

    def hashed(self, frame: "nw.LazyFrame[Any]", column: str, key: bytes) -> "nw.LazyFrame[Any]":
        """Replace a column by the keyed blake2b of its values."""
        rows = frame.collect()
        values = rows[column].to_list()
        hashes = [
            None
            if not isinstance(value, str)
            else hashlib.blake2b(value.encode(), key=key, digest_size=16).hexdigest()
            for value in values
        ]
        import narwhals as nw

        replaced = rows.with_columns(
            nw.new_series(column, hashes, nw.String, backend=self._backend)
        )
        return replaced.lazy()

    def marked_whole(
        self, frame: "nw.LazyFrame[Any]", column: str, mark: str
    ) -> "nw.LazyFrame[Any]":
        """Mark whole supply-point numbers by their pattern."""
        return marked_whole(frame, column, mark)

    def close(self) -> None:
        """Nothing is held."""


def _with_blanks_as_text(frame: "nw.DataFrame[Any]") -> "nw.DataFrame[Any]":
    """Return columns of numbers that are all missing, as pandas reads blank ones, as text."""
    import narwhals as nw

    blank = [
        name
        for name, kind in frame.schema.items()
        if kind.is_numeric() and frame[name].null_count() == len(frame)
    ]
    return frame.with_columns(nw.lit(None, nw.String()).alias(name) for name in blank)
