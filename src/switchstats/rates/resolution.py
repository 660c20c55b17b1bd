"""How errors come to an end over the days since, where some could not be followed to the last."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.values import Journeys, Shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

__all__ = ["Incidence", "aalen_johansen", "resolution", "waiting_days"]

Floats = NDArray[np.float64]
_EVENTS = ("resolved", "withdrawn", "censored")


@dataclass(frozen=True, slots=True, eq=False)
class Incidence(Shown):
    """Cumulative incidence by day.

    Parameters
    ----------
    at_risk
        Cases under observation and still open just before each day; shape (days + 1,).
    resolved, withdrawn
        Probability of having been resolved, or withdrawn, by the end of the day. NaN from the first
        day on which nobody is left under observation although some cases are still open.
    """

    at_risk: NDArray[np.int64]
    resolved: Floats
    withdrawn: Floats

    @property
    def open(self) -> Floats:
        """Probability of being still open at the end of the day."""
        return 1 - self.resolved - self.withdrawn

    @property
    def waiting_days(self) -> float:
        """Restricted mean time to resolution: mean days without it, up to the last day.

        A withdrawn case is never resolved and waits to the last day.
        """
        return float(np.sum(1 - self.resolved[:-1]))


def aalen_johansen(
    entered: int, resolved: "ArrayLike", withdrawn: "ArrayLike", censored: "ArrayLike"
) -> Incidence:
    """Return the cumulative incidence of resolution, with withdrawal as the competing end.

    Parameters
    ----------
    entered
        Cases on day 0.
    resolved, withdrawn, censored
        Shape (days + 1,): cases that ended on each day. Of one day, censored ones are at risk.

    Returns
    -------
    Incidence
        The Aalen-Johansen estimate; without withdrawals it is one minus Kaplan and Meier's. To take
        withdrawn cases for censored ones, count them among `censored`.

    Raises
    ------
    UsageError
        When more cases end than entered, or the lengths differ.

    Notes
    -----
    Censoring must say nothing about what would have come: true of the end of the data, doubtful of
    withdrawals, which is why they are an end of their own. Source: O. O. Aalen and S. Johansen,
    Scandinavian Journal of Statistics 5 (1978) 141-150; E. L. Kaplan and P. Meier, Journal of the
    American Statistical Association 53 (1958) 457-481, doi:10.1080/01621459.1958.10501452.

    Examples
    --------
    Four cases: one resolved on day 1, one censored then, one of the other two resolved on day 2.

    >>> aalen_johansen(4, [0, 1, 1], [0, 0, 0], [0, 1, 0]).resolved.tolist()
    [0.0, 0.25, 0.625]
    """
    ends = [
        np.atleast_1d(np.asarray(part, dtype=np.int64)) for part in (resolved, withdrawn, censored)
    ]
    if len({part.shape for part in ends}) > 1 or ends[0].ndim != 1:
        raise UsageError("resolved, withdrawn and censored are lists of one length")
    total = ends[0] + ends[1] + ends[2]
    if total.sum() > entered or any((part < 0).any() for part in ends):
        raise UsageError(f"{int(total.sum())} cases end, but {entered} entered")
    at_risk = entered - np.concatenate([[0], np.cumsum(total)[:-1]])
    some = np.maximum(at_risk, 1)
    still = np.cumprod(1 - (ends[0] + ends[1]) / some)
    before = np.concatenate([[1.0], still[:-1]])
    # nobody is observed any more, but not all have ended
    lost = np.maximum.accumulate((at_risk == 0) & (before > 0))
    parts = [np.where(lost, np.nan, np.cumsum(before * part / some)) for part in ends[:2]]
    return Incidence(at_risk, *parts)


def resolution(journeys: Journeys) -> dict[str, Incidence]:
    """Return the cumulative incidence of resolution in each group, all of its errors together.

    Parameters
    ----------
    journeys
        Cases that could be followed to the last day and others alike.

    Returns
    -------
    dict
        An `Incidence` by group; every error counts once, so that large retailers decide.

    Raises
    ------
    NotAnswerableError
        When there are no cases.

    Examples
    --------
    ``resolution(loaded.journeys)["entrant"].resolved[30]``
    """
    frame = journeys.frame
    if not journeys.entered:
        raise NotAnswerableError("resolution over time", "there are no errors", "errors")
    days = np.arange(journeys.days + 1)
    found: dict[str, Incidence] = {}
    for group, rows in frame.groupby("group", sort=False):
        by_day = rows.groupby("day")[list(_EVENTS)].sum().reindex(days, fill_value=0)
        ends = (by_day[name].to_numpy(np.int64) for name in _EVENTS)
        found[str(group)] = aalen_johansen(int(rows["entered"].sum()), *ends)
    return found


def waiting_days(journeys: Journeys, within: int | None = None) -> "pd.DataFrame":
    """Return each retailer's mean days without resolution, among cases followed to the last day.

    Parameters
    ----------
    journeys
        Errors and what became of them.
    within
        Days beyond it do not count; the last day by default.

    Returns
    -------
    pandas.DataFrame
        Columns ``group``, ``retailer``, ``cases`` and ``days``: the restricted mean time to
        resolution; a case that is not resolved by then, withdrawn or not, has waited all days.
    """
    last = journeys.days if within is None else within
    frame = journeys.where(followed="yes").frame
    early = frame["resolved"].where(frame["day"] < last, 0)
    frame = frame.assign(saved=early * (last - frame["day"]))
    sums = frame.groupby(["group", "retailer"], as_index=False)[["entered", "saved"]].sum()
    sums = sums[sums["entered"] > 0].reset_index(drop=True)
    sums["days"] = last - sums["saved"] / sums["entered"]
    return sums.rename(columns={"entered": "cases"})[["group", "retailer", "cases", "days"]]
