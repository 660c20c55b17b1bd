"""One way of asking the question, declared before looking, and the retailers it compares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import TwoGroups, read_two_groups
from switchstats.inference.permuted.differences import StratifiedDifference
from switchstats.inference.permuted.retailers import PermutedRetailers, estimand_of
from switchstats.periods import Period
from switchstats.values import Counts, Shown
from switchstats.values.result import Weighting

__all__ = ["ByEstimand", "Specification", "placed", "read_specifications"]

Wanted: TypeAlias = str | tuple[str, ...]
ByEstimand: TypeAlias = Counts | Mapping[str, Counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification(Shown):
    """One of several defensible ways of comparing the two groups.

    Parameters
    ----------
    name
        What it is called in results.
    period
        Only counts inside it; all by default.
    weighting
        ``"equal"``: each retailer counts once; ``"requests"``: each request once.
    estimand
        Which of several counts, such as ``"first_attempt"``; ``None`` when there is one only.
    where
        Only counts whose strata have these values: ``{"losing_group": "entrant"}``.
    controls
        Identifiers of the second group's retailers to compare with; ``None``: all.
    without
        Identifiers of retailers to leave out.

    Examples
    --------
    >>> from dataclasses import replace
    >>> primary = Specification(name="primary")
    >>> replace(primary, name="each request once", weighting="requests").weighting
    'requests'
    """

    name: str
    period: Period | None = None
    weighting: Weighting = "equal"
    estimand: str | None = None
    where: Mapping[str, str | Sequence[str]] = field(
        default_factory=dict[str, "str | Sequence[str]"]
    )
    controls: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "name": self.name,
            "period": None if self.period is None else self.period.to_dict(),
            "weighting": self.weighting,
            "estimand": self.estimand,
            "where": {
                key: value if isinstance(value, str) else list(value)
                for key, value in self.where.items()
            },
            "controls": None if self.controls is None else list(self.controls),
            "without": list(self.without),
        }


def read_specifications(
    counts: ByEstimand,
    specifications: Sequence[Specification],
    *,
    groups: tuple[str, str],
    least: int,
) -> list[PermutedRetailers]:
    """Return the same retailers for every specification; without weight where it lacks them.

    Raises
    ------
    UsageError
        When names repeat, or a specification names an unknown estimand, retailer or column.
    NotAnswerableError
        When a specification leaves a group with fewer than `least` retailers.
    """
    names = [one.name for one in specifications]
    if not names or len(set(names)) < len(names):
        raise UsageError("give at least one specification, each with a name of its own")
    read = [_read(counts, one, groups, least) for one in specifications]
    firsts = sorted({name for two in read for name in two.retailers[: two.n_by_group[0]]})
    seconds = sorted({name for two in read for name in two.retailers[two.n_by_group[0] :]})
    place = {name: at for at, name in enumerate([*firsts, *seconds])}
    first = np.arange(len(place)) < len(firsts)
    return [
        placed(two, one.weighting, [place[name] for name in two.retailers], first)
        for two, one in zip(read, specifications, strict=True)
    ]


def _read(counts: ByEstimand, one: Specification, groups: tuple[str, str], least: int) -> TwoGroups:
    inside = _of_estimand(counts, one)
    inside = inside.where(**one.where) if one.where else inside
    test = f"the specification {one.name!r}"
    two = read_two_groups((inside,), test=test, groups=groups, period=one.period)
    known = {retailer.retailer for retailer in inside.retailers}
    unknown = [name for name in (*(one.controls or ()), *one.without) if name not in known]
    if unknown:
        raise UsageError(f"{test} names the unknown retailer {unknown[0]!r}")
    kept = np.array(
        [
            name not in one.without
            and (one.controls is None or place < two.n_by_group[0] or name in one.controls)
            for place, name in enumerate(two.retailers)
        ]
    )
    first = two.first & kept
    sizes = int(first.sum()), int((kept & ~first).sum())
    if min(sizes) < least:
        raise NotAnswerableError(
            test,
            f"it leaves {sizes[0]} against {sizes[1]} retailers",
            f"at least {least} in each group",
        )
    return replace(
        two,
        errors=two.errors[kept],
        requests=two.requests[kept],
        n_by_group=sizes,
        retailers=tuple(name for name, stays in zip(two.retailers, kept, strict=True) if stays),
    )


def _of_estimand(counts: ByEstimand, one: Specification) -> Counts:
    if isinstance(counts, Counts):
        if one.estimand is not None:
            raise UsageError(
                f"the specification {one.name!r} names an estimand: give counts as a mapping "
                "from estimand to counts"
            )
        return counts
    if one.estimand is None or one.estimand not in counts:
        raise UsageError(
            f"the specification {one.name!r} must name one of the estimands {', '.join(counts)}"
        )
    return counts[one.estimand]


def placed(
    two: TwoGroups, weighting: Weighting, places: Sequence[int], first: NDArray[np.bool_]
) -> PermutedRetailers:
    """Return retailers at their places among those of all specifications."""
    equal = weighting == "equal"
    outcome, weight = np.zeros((first.size, 1)), np.zeros((first.size, 1))
    outcome[places, 0] = two.rates if equal else two.errors
    weight[places, 0] = 1.0 if equal else two.requests
    return PermutedRetailers(
        StratifiedDifference(outcome, weight, first),
        None,
        weighting,
        estimand_of(weighting, stratified=False),
        float(two.n_units) if equal else two.n_effective,
        two.period,
        two.notes,
    )
