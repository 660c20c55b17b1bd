"""Runs every test over every declared world and counts how often it rejects."""

import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from switchstats.errors import UsageError
from switchstats.simulate.calibration.draws import DataSets, draw_data_sets
from switchstats.simulate.calibration.methods import METHODS, Method
from switchstats.simulate.calibration.recommended import ADVICE, advice_for, usual
from switchstats.simulate.calibration.worlds import WORLDS, GroupWorld
from switchstats.values import Calibration, CalibrationRow
from switchstats.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["calibrate"]

Kind: TypeAlias = Literal["size", "power"]

# Data sets × retailers held at once: some 200 MB of arrays inside the hungriest test.
_CELLS_AT_ONCE = 400_000
_KINDS: tuple[Kind, ...] = ("size", "power")
_TURNED: dict[Kind, Kind] = {"size": "power", "power": "size"}


def calibrate(
    worlds: Sequence[GroupWorld] = WORLDS,
    tests: Sequence[str] | None = None,
    *,
    n: int = 10_000,
    nominal: float = 0.05,
    seed: int = 0,
    kinds: Sequence[Kind] = _KINDS,
    progress: Callable[[str], None] | None = None,
) -> Calibration:
    """Count how often each test rejects in each world, without and with a true difference.

    Parameters
    ----------
    worlds
        The declared ones by default.
    tests
        Names of `METHODS`; all by default.
    n
        Data sets a world and kind; slow tests see the first so many of them that their
        declaration allows.
    nominal
        A test rejects when its two-sided p-value is at most this.
    seed
        The same seed draws the same data sets in a world, whatever else is run.
    kinds
        ``"size"``: without a true difference; ``"power"``: with that of the world. For equivalence
        at the margin of the world's gap it is the other way round, so that it needs both.
    progress
        Called with the name of each world when it is begun.

    Returns
    -------
    Calibration
        A table with Monte Carlo errors. Besides the tests it holds what `inference.recommend`
        names for each data set: ``"recommended_primary"`` and ``"recommended_requests"``, without
        the data sets for which it calls no test sound.

    Raises
    ------
    UsageError
        When an argument is out of its range, or a test is unknown.

    Notes
    -----
    The groups' true error probabilities have the same mean under "size", so that every estimand
    here, weighted by retailer or by request, has a true difference of 0: a test that rejects more
    often than `nominal` is wrong in that world. A probability of rejection near `nominal` in these
    worlds is no proof for others.

    Examples
    --------
    >>> from switchstats.simulate.calibration import world_named
    >>> found = calibrate([world_named("skewed")], ["pooled_z", "welch"], n=400, seed=1)
    >>> [found.too_often(found.row("skewed", test, "size")) for test in ("pooled_z", "welch")]
    [True, False]
    """
    if n < 1 or seed < 0 or not 0 < nominal < 1:
        raise UsageError("n is at least 1, seed at least 0, and nominal between 0 and 1")
    chosen = list(METHODS) if tests is None else list(tests)
    unknown = [name for name in chosen if name not in METHODS]
    if unknown:
        raise UsageError(f"there is no test {unknown[0]!r}; there are {', '.join(METHODS)}")
    rows: list[CalibrationRow] = []
    for world in worlds:
        if progress is not None:
            progress(world.name)
        rows += _world(world, chosen, kinds, n, nominal, seed)
    return Calibration(rows=tuple(rows), nominal=nominal, seed=seed, version=__version__)


def _world(
    world: GroupWorld,
    tests: Sequence[str],
    kinds: Sequence[Kind],
    n: int,
    nominal: float,
    seed: int,
) -> list[CalibrationRow]:
    counted: dict[tuple[str, Kind], NDArray[np.int64]] = {}
    sound: set[str] = set()
    for kind in kinds:
        gap = world.gap_pp / 100 if kind == "power" else 0.0
        stream = np.random.SeedSequence([seed, zlib.crc32(world.name.encode()), len(kind)])
        done = 0
        for block in _blocks(n, sum(world.n_by_group) * max(1, world.n_strata // 4)):
            drawing, resampling = stream.spawn(2)
            data = draw_data_sets(world, block, np.random.default_rng(drawing), gap)
            p_values = {
                test: _p_values(METHODS[test], data, done, resampling)
                for test in tests
                if METHODS[test].suits(data)
            }
            advice = advice_for(data)
            sound |= usual(advice)
            for name, methods in advice.items():
                p_values[name] = _as_advised(methods, p_values)
            for test, values in p_values.items():
                key = (test, _TURNED[kind] if _is_turned(test) else kind)
                counted[key] = counted.get(key, np.zeros(3, np.int64)) + _count(values, nominal)
            done += block
    order: list[tuple[str, Kind]] = [(test, kind) for kind in kinds for test in (*tests, *ADVICE)]
    shown = [(key, counted[key]) for key in order if key in counted]
    return [
        CalibrationRow(
            world=world.name,
            test=test,
            kind=kind,
            gap_pp=world.gap_pp if (kind == "power") != _is_turned(test) else 0.0,
            n=int(total),
            n_undefined=int(undefined),
            rejected=float(rejected / total),
            recommended=test in sound or test in ADVICE,
        )
        for (test, kind), (total, undefined, rejected) in shown
        if total
    ]


def _as_advised(
    methods: "list[str | None]", p_values: "dict[str, NDArray[np.float64]]"
) -> "NDArray[np.float64]":
    """Return each data set's p-value by the method recommended for it, where it was tried."""
    found = [
        p_values[method][place]
        for place, method in enumerate(methods)
        if method is not None and method in p_values and place < p_values[method].size
    ]
    return np.array(found, dtype=np.float64)


def _is_turned(test: str) -> bool:
    return test in METHODS and METHODS[test].turned


def _blocks(n: int, retailers: int) -> list[int]:
    size = max(1, _CELLS_AT_ONCE // retailers)
    return [min(size, n - start) for start in range(0, n, size)]


def _p_values(
    method: Method, data: DataSets, done: int, resampling: np.random.SeedSequence
) -> "NDArray[np.float64]":
    """Return the p-values of the data sets that the method may still see."""
    seen = method.seen(data, done)
    if not len(seen):
        return np.empty(0)
    return method.p_values(seen, int(resampling.generate_state(1)[0]))


def _count(p_values: "NDArray[np.float64]", nominal: float) -> "NDArray[np.int64]":
    """Return how many there are, how many are undefined and how many reject."""
    undefined = np.isnan(p_values)
    return np.array([p_values.size, undefined.sum(), (p_values[~undefined] <= nominal).sum()])
