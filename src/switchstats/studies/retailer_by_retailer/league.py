"""The league of all retailers: shrunken rates and ranks, each with its interval, and the funnel."""

from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference import funnel_limits, rate_prediction
from switchstats.rates.cells import cell_sums
from switchstats.studies.declaration import Declaration
from switchstats.values import Counts, Interval, Standing

if TYPE_CHECKING:
    from switchstats.inference.samples import Floats

__all__ = ["league_of"]

_DRAWS = 4_000
_LEVELS = (0.95, 0.998)


def league_of(counts: Counts, terms: Declaration) -> tuple[Standing, ...]:
    """Return where each retailer of both groups stands, the lowest mean rank first.

    Each rate is drawn towards the mean of its own group by how little its requests say, with the
    uncertainty of that group's spread averaged in. Ranks are those of joint draws of all true
    rates. Funnel limits lie around the pooled rate and allow for overdispersion.

    Parameters
    ----------
    counts
        Requests and errors.
    terms
        Groups, level and seed.

    Returns
    -------
    tuple of Standing
        Empty when a group has fewer than three retailers, or all requests of it ended alike.
    """
    sums = cell_sums(counts, ())
    rng = np.random.default_rng(terms.seed)
    drawn: list[Floats] = []
    parts: list[tuple[str, int, int, float, float, float]] = []
    for group in terms.groups:
        own = sums[sums["group"] == group]
        errors, requests = (own[name].to_numpy(np.int64) for name in ("errors", "requests"))
        try:
            prediction = rate_prediction(errors, requests)
        except NotAnswerableError:
            return ()
        shrunk = prediction.shrunk(terms.level)
        drawn.append(prediction.draw(_DRAWS, rng))
        parts += zip(
            own["retailer"].astype(str),
            errors.tolist(),
            requests.tolist(),
            *(part.tolist() for part in shrunk),
            strict=True,
        )
    ranks = 1.0 + np.argsort(np.argsort(np.concatenate(drawn, axis=1), axis=1), axis=1)
    tails = [(1 - terms.level) / 2, (1 + terms.level) / 2]
    low, high = np.quantile(ranks, tails, axis=0, method="inverted_cdf")
    funnel = funnel_limits(counts, overdispersion="additive", levels=_LEVELS, groups=terms.groups)
    in_funnel = {row.retailer: row for row in funnel.retailers}
    known = {one.retailer: one for one in counts.retailers}
    standings = [
        Standing(
            retailer=known[name],
            requests=requests,
            errors=errors,
            rate=errors / requests,
            shrunk=mean,
            shrunk_interval=Interval(least, most, "credible", terms.level),
            rank=float(ranks[:, place].mean()),
            rank_interval=Interval(float(low[place]), float(high[place]), "credible", terms.level),
            limits=(in_funnel[name].limits[0], in_funnel[name].limits[1]),
            outside=(in_funnel[name].flagged[0], in_funnel[name].flagged[1]),
        )
        for place, (name, errors, requests, mean, least, most) in enumerate(parts)
    ]
    return tuple(sorted(standings, key=lambda one: (one.rank, one.retailer.retailer)))
