"""What is permuted: retailers with outcomes and weights, by stratum where strata are named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import Data, Ints, read_two_groups
from switchstats.inference.permuted.differences import StratifiedDifference
from switchstats.inference.samples import Floats, Rates, read_samples
from switchstats.inference.strata import read_strata
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.values import Counts
from switchstats.values.result import Weighting

__all__ = [
    "TEST",
    "PermutedRetailers",
    "StrataOf",
    "estimand_of",
    "read_retailers",
    "refuse_rates",
]

TEST = "permutation test"
StrataOf: TypeAlias = str | Sequence[str] | Mapping[str, str]

_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class PermutedRetailers:
    """Retailers of both groups, the difference to be permuted and among whom.

    Parameters
    ----------
    difference
        Outcomes and weights by retailer and stratum.
    blocks
        Each retailer's stratum, when retailers are exchanged within strata only.
    weighting
        What the weights are.
    estimand
        Catalogue key below ``estimand.``.
    n_effective
        As in `TestResult`.
    period
        What the counts span, when they say.
    notes
        What was left out, and how strata were used.
    """

    difference: StratifiedDifference
    blocks: NDArray[np.int64] | None
    weighting: Weighting
    estimand: str
    n_effective: float
    period: Period | None = None
    notes: tuple[Text, ...] = ()

    @property
    def n_by_group(self) -> tuple[int, int]:
        """Retailers in the first and in the second group."""
        first, there = self.difference.first, self.difference.weight.any(axis=1)
        return int((first & there).sum()), int((~first & there).sum())


def read_retailers(
    data: Sequence[Data | Rates],
    *,
    weighting: Weighting,
    strata: StrataOf | None,
    groups: tuple[str, str],
    period: Period | None,
    least: int,
) -> PermutedRetailers:
    """Return what is permuted.

    Parameters
    ----------
    data
        Counts, ``(e1, n1, e0, n0)``, or two lists of rates, which allow equal weights only.
    weighting
        ``"equal"``: each retailer's rate once (in each stratum); ``"requests"``: each request once.
    strata
        ``None``: none. Of counts: names of their strata or ``"period"``, or the stratum of each
        retailer by its identifier. Else: a label for each retailer, the first group's first. Where
        every retailer is in one stratum, retailers are exchanged within strata only.
    groups, period, least
        As in `read_two_groups`.
    """
    terms = _Terms(weighting, groups, period, least)
    if strata is not None and isinstance(data[0], Counts) and not isinstance(strata, Mapping):
        return _by_names(data[0], (strata,) if isinstance(strata, str) else tuple(strata), terms)
    if len(data) == _TWO:
        read = _from_rates(data, terms)
    else:
        read = _from_requests(cast("Sequence[Data]", data), terms)
    if strata is None:
        return _permuted(read, np.zeros(read.outcome.size, dtype=np.int64), None, terms)
    labels = _labels_of(read, strata)
    stratum = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return _permuted(read, stratum, stratum, terms)


def refuse_rates(data: Sequence[object]) -> None:
    """Refuse two lists of rates, which cannot be weighted by requests."""
    if len(data) == _TWO:
        raise NotAnswerableError(
            "request-weighted permutation test",
            "rates do not say how many requests they rest on",
            "errors and requests of each retailer",
        )


@dataclass(frozen=True, slots=True)
class _Terms:
    weighting: Weighting
    groups: tuple[str, str]
    period: Period | None
    least: int


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """One outcome and weight a retailer.

    `place` is where the user gave it, the first group's first; `names` are identifiers of counts.
    """

    outcome: Floats
    weight: Floats
    first: NDArray[np.bool_]
    place: NDArray[np.int64]
    n_given: int
    names: tuple[str, ...] | None
    n_effective: float
    period: Period | None = None
    notes: tuple[Text, ...] = ()


def _from_rates(data: Sequence[Data | Rates], terms: _Terms) -> _Read:
    if terms.weighting == "requests":
        refuse_rates(data)
    first, second = (cast("Rates", part) for part in data)
    samples = read_samples(first, second, rounding="half_up", test=TEST, least=terms.least)
    if samples.printed:
        raise UsageError(
            "the range over rounding is known for the plain difference of printed rates only: give "
            "numbers, such as rate.value, for a studentised or stratified permutation test"
        )
    k = samples.n_units
    return _Read(
        np.concatenate([samples.first.value, samples.second.value]),
        np.ones(k),
        np.arange(k) < samples.first.n,
        np.arange(k),
        k,
        None,
        float(k),
    )


def _from_requests(data: Sequence[Data], terms: _Terms) -> _Read:
    two = read_two_groups(
        data, test=TEST, groups=terms.groups, period=terms.period, least=terms.least
    )
    equal = terms.weighting == "equal"
    counts = len(data) == 1
    place = np.arange(two.n_units) if counts else np.array([int(name) for name in two.retailers])
    n_given = two.n_units if counts else np.size(cast("ArrayLike", data[1]))
    if not counts:
        place[two.n_by_group[0] :] += n_given
        n_given += np.size(cast("ArrayLike", data[3]))
    return _Read(
        two.rates if equal else two.errors.astype(float),
        np.ones(two.n_units) if equal else two.requests.astype(float),
        two.first,
        place,
        n_given,
        two.retailers if counts else None,
        float(two.n_units) if equal else two.n_effective,
        two.period,
        two.notes,
    )


def _labels_of(read: _Read, strata: StrataOf) -> NDArray[np.str_]:
    if isinstance(strata, Mapping):
        if read.names is None:
            raise UsageError("a stratum by identifier needs counts: give one label a retailer")
        missing = [name for name in read.names if name not in strata]
        if missing:
            raise UsageError(f"the retailer {missing[0]} has no stratum")
        return np.array([str(strata[name]) for name in read.names])
    labels = [strata] if isinstance(strata, str) else [str(label) for label in strata]
    if len(labels) != read.n_given:
        raise UsageError(
            f"{len(labels)} strata for {read.n_given} retailers: give one label for each, the "
            "first group's first"
        )
    return np.array(labels)[read.place]


def _permuted(
    read: _Read, stratum: NDArray[np.int64], blocks: NDArray[np.int64] | None, terms: _Terms
) -> PermutedRetailers:
    shape = read.outcome.size, int(stratum.max()) + 1
    outcome, weight = np.zeros(shape), np.zeros(shape)
    outcome[np.arange(shape[0]), stratum] = read.outcome
    weight[np.arange(shape[0]), stratum] = read.weight
    return PermutedRetailers(
        StratifiedDifference(outcome, weight, read.first),
        blocks,
        terms.weighting,
        estimand_of(terms.weighting, stratified=blocks is not None),
        read.n_effective,
        read.period,
        (*read.notes, *(() if blocks is None else (text("inference.within_strata"),))),
    )


def _by_names(counts: Counts, names: tuple[str, ...], terms: _Terms) -> PermutedRetailers:
    cells = read_strata((counts,), test=TEST, by=names, groups=terms.groups, period=terms.period)
    two = read_two_groups(
        (counts,), test=TEST, groups=terms.groups, period=terms.period, least=terms.least
    )
    who, retailer = np.unique(
        np.stack([cells.group, cast("Ints", cells.retailer)]), axis=1, return_inverse=True
    )
    shape = who.shape[1], cells.n_strata
    outcome, weight = np.zeros(shape), np.zeros(shape)
    equal = terms.weighting == "equal"
    outcome[retailer, cells.stratum] = cells.errors / cells.requests if equal else cells.errors
    weight[retailer, cells.stratum] = 1.0 if equal else cells.requests
    single = bool(((weight > 0).sum(axis=1) == 1).all())
    note = "inference.within_strata" if single else "inference.across_strata"
    return PermutedRetailers(
        StratifiedDifference(outcome, weight, who[0] == 0),
        np.argmax(weight, axis=1).astype(np.int64) if single else None,
        terms.weighting,
        estimand_of(terms.weighting, stratified=True),
        float(who.shape[1]) if equal else two.n_effective,
        two.period,
        (*two.notes, text(note)),
    )


def estimand_of(weighting: Weighting, *, stratified: bool) -> str:
    """Return the catalogue key of what is permuted, below ``estimand.``."""
    plain = "request_weighted_difference" if weighting == "requests" else "equal_weight_difference"
    return f"{plain}_within_strata" if stratified else plain
