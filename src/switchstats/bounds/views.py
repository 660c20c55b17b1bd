"""Parts of a system that must have a point of their own: no printed cell stands for no requests.

In the whole cone a contradiction between the cells of one retailer could hide behind a retailer
without requests, one in a month behind a month without. Seen alone and normalised by its own
requests, which are not 0 since a rate was printed, it cannot.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from switchstats.bounds.rows import rows_within
from switchstats.bounds.system import Form, System
from switchstats.periods import Period

__all__ = ["View", "views"]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Rows about some requests only, which sum to 1.

    Parameters
    ----------
    system
        Rows that speak of nothing else.
    requests
        The requests.
    """

    system: System
    requests: Form


def views(system: System) -> Iterator[View]:
    """Yield the views of a system, the smallest first.

    They are every retailer in every printed period that contains another one, every group in every
    printed period, and the whole.
    """
    printed = dict.fromkeys(origin.period for origin in system.origins if origin.period is not None)
    periods = sorted(printed, key=lambda period: period.n_days)
    for name, _ in system.retailers:
        for period in periods:
            if any(period != other and period.contains(other) for other in periods):
                yield _view(system, period, retailer=name)
    for group in system.groups:
        for period in periods:
            yield _view(system, period, group=group)
    yield View(system, system.requests())


def _view(system: System, period: Period, **whose: str) -> View:
    requests = system.requests(**whose, period=period)
    columns = {*requests, *(column + 1 for column in requests)}
    return View(rows_within(system, columns), requests)
