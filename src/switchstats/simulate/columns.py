"""Turns drawn requests into the columns of a request file."""

from typing import TYPE_CHECKING, Any

import numpy as np

from switchstats.simulate.access import AREAS
from switchstats.simulate.arrow import RecordBatch, arrow
from switchstats.simulate.block import OUTCOMES, UNANSWERED, Requests
from switchstats.simulate.drawn import Drawn
from switchstats.simulate.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["COLUMNS", "VOLTAGES", "reason_words", "record_batch"]

COLUMNS = (
    "request_id",
    "submitted",
    "gaining",
    "losing",
    "area",
    "supply_point",
    "outcome",
    "reasons",
    "attempt",
    "resolved",
    "voltage",
)
VOLTAGES = ("low", "high")
_ID_DIGITS = 12
_POINT_ZEROS, _POINT_DIGITS = 8, 12
# Multiplying by a number without a factor 2 or 5 permutes the numbers below a power of ten; the
# product of two numbers below 10**12 and 10**7 fits into 64 bits.
_POINT_STRIDE, _POINT_SHIFT = 7_654_321, 271_828_182_845
_ASCII_ZERO = 48


def record_batch(drawn: Drawn, requests: Requests, first_row: int, first_case: int) -> RecordBatch:
    """Return a block of requests under the canonical column names.

    Supply points are made up: the area's two digits, eight zeros, and twelve digits that no two
    cases share. Neither names nor addresses of customers are written.

    Parameters
    ----------
    drawn, requests
        The drawn world and a block of its requests.
    first_row, first_case
        Number of the block's first row and first case in the whole file, from 0.
    """
    pa = arrow()
    start = np.datetime64(drawn.world.period.start, "D")
    rows = first_row + np.arange(1, len(requests.case) + 1)
    unanswered = requests.resolved == UNANSWERED
    arrays = [
        _text(_digits(rows, _ID_DIGITS)),
        pa.array(start + requests.submitted.astype(np.int64), pa.date32()),
        _named(drawn.flows.retailers, requests.gaining),
        _named(drawn.flows.retailers, requests.losing),
        _named(AREAS, requests.area),
        _supply_points(requests.area, first_case + requests.case),
        _named(OUTCOMES, requests.outcome),
        _named(_reason_cells(drawn.world), requests.reasons),
        pa.array(requests.attempt.astype(np.int8)),
        pa.array(start + requests.resolved, pa.date32(), mask=unanswered),
        _named(VOLTAGES, requests.high_voltage.astype(np.int64)),
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(COLUMNS))


def reason_words(world: World) -> tuple[tuple[str, ...], ...]:
    """Return the names of the reasons for every combination of reason bits.

    Examples
    --------
    >>> reason_words(World())[5]
    ('supply_point', 'contract_number')
    """
    names = [name for name, _ in world.reason_shares]
    return tuple(
        tuple(name for bit, name in enumerate(names) if bits >> bit & 1)
        for bits in range(2 ** len(names))
    )


def _reason_cells(world: World) -> tuple[str | None, ...]:
    return tuple("+".join(words) or None for words in reason_words(world))


def _named(names: tuple[str | None, ...], index: "NDArray[np.int64]") -> Any:
    pa = arrow()
    return pa.array(names, pa.string()).take(pa.array(index))


def _supply_points(area: "NDArray[np.int64]", case: "NDArray[np.int64]") -> Any:
    scrambled = (case * _POINT_STRIDE + _POINT_SHIFT) % 10**_POINT_DIGITS
    zeros = np.full((len(case), _POINT_ZEROS), _ASCII_ZERO, dtype=np.uint8)
    return _text(np.hstack([_digits(area + 1, 2), zeros, _digits(scrambled, _POINT_DIGITS)]))


def _digits(numbers: "NDArray[np.int64]", width: int) -> "NDArray[np.uint8]":
    """Return the decimal digits of each number as ASCII, zeros in front."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers[:, None] // powers % 10 + _ASCII_ZERO).astype(np.uint8)


def _text(characters: "NDArray[np.uint8]") -> Any:
    pa = arrow()
    length, width = characters.shape
    offsets = np.arange(0, (length + 1) * width, width, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(characters))]
    return pa.Array.from_buffers(pa.string(), length, buffers)
