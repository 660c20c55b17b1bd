"""Counts without noise: every cell has exactly the errors that its rate asks for."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.studies import AccessEnd
from switchstats.values import Counts, Retailer

AREAS = ("01", "02", "03", "04")
MONTHS = tuple(
    Period(
        date(2022 + (3 + k) // 12, (3 + k) % 12 + 1, 1),
        date(2022 + (4 + k) // 12, (4 + k) % 12 + 1, 1),
    )
    for k in range(8)
)
# access ends on the first of the fifth month, so that no month is partly exposed
END = date(2022, 8, 1)
REQUESTS = 10_000

Rate = Callable[[str, str, str, int], float]


def retailers(first: str = "incumbent", second: str = "entrant") -> list[Retailer]:
    """Four of the first group, each at home in one area, and three of the second."""
    own = [Retailer(f"i{a}", Text(f"甲{a}", f"I{a}"), first, a) for a in AREAS]
    return own + [Retailer(f"e{k}", Text(f"乙{k}", f"E{k}"), second) for k in range(3)]


def made(
    rate: Rate,
    *,
    requests: Callable[[str, str, str, int], int] = lambda *_: REQUESTS,
    groups: tuple[str, str] = ("incumbent", "entrant"),
) -> Counts:
    """Return counts by area and losing retailer with the rate of gaining, losing, area, month."""
    members = retailers(*groups)
    rows = []
    for month, period in enumerate(MONTHS):
        for area in AREAS:
            for gaining in members:
                for losing in members:
                    if gaining is losing:
                        continue
                    cell = (gaining.retailer, losing.retailer, area, month)
                    n = requests(*cell)
                    rows.append(
                        {
                            "retailer": gaining.retailer,
                            "period_start": period.start,
                            "period_end": period.end,
                            "area": area,
                            "losing": losing.retailer,
                            "losing_group": losing.group,
                            "requests": n,
                            "errors": round(n * rate(*cell)),
                        }
                    )
    return Counts.of(pd.DataFrame(rows), members)


def ends(n: int = 4) -> tuple[AccessEnd, ...]:
    """The first `n` retailers of the first group had access until `END`."""
    return tuple(AccessEnd(f"i{area}", END, ("customer_name",)) for area in AREAS[:n])


def exposed(gaining: str, losing: str, area: str, month: int) -> bool:
    """Whether access could have helped: at home, from the second group, before the end."""
    return gaining == f"i{area}" and losing.startswith("e") and month < 4


# the retailers' true effects, unlike so that their mean has an error
EFFECTS = {"i01": -0.010, "i02": -0.020, "i03": -0.030, "i04": -0.020}
