"""Derives viewing windows and exposure per incumbent from pages 15, 16 and 18."""

from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.facts.tables import (
    BASES,
    areas,
    leaked_fields,
    required_fields,
    retailers,
    viewings,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ends_of_access", "exposure", "windows"]


def windows(basis: str = "egc") -> "pd.DataFrame":
    """Return the window in which views were reported, one row an area.

    A window is the span that the answers cover, not the span in which views were possible: the
    same areas report longer windows on other bases.

    Parameters
    ----------
    basis
        As in `viewings`.

    Returns
    -------
    pandas.DataFrame
        `area`, `start` and `end` (half-open: `end` is the day after the last day), `precision` of
        the start (``"day"`` or ``"month"``). All but `area` are absent where no window is printed.

    Raises
    ------
    UsageError
        For an unknown basis.

    Examples
    --------
    >>> row = windows().set_index("area").loc["06"]
    >>> row["start"].date().isoformat(), row["end"].date().isoformat()
    ('2022-09-12', '2022-12-13')
    """
    import pandas as pd

    seen = _one(basis)
    found = pd.DataFrame(
        {
            "area": seen["area"],
            "start": seen["first_day"],
            "end": seen["last_day"] + pd.Timedelta(days=1),
            "precision": seen["first_day_precision"],
        }
    )
    return areas()[["area"]].merge(found, on="area", how="left", validate="one_to_one")


def exposure(basis: str = "egc") -> "pd.DataFrame":
    """Derive how exposed each incumbent was, one row an incumbent.

    Who is exposed and who is a control is not decided here. Three incumbents reported no viewing
    on the basis ``"egc"``; `control_notes` says what speaks against each of them. Reasonable
    choices are: everyone who reported no viewing; only those of them without any note that touches
    the question; no incumbent at all, with the entrants as the only comparison; or a contrast
    within retailers, home area against the rest or before against after the window's end.

    Parameters
    ----------
    basis
        As in `viewings`.

    Returns
    -------
    pandas.DataFrame
        `retailer`, `area`; `viewed`, absent where the basis says nothing; `required_readable` of
        `required_total` entries of a request that a leaked item of the area shows, and their ratio
        `readable_share`; `contracts_viewed` in units of `counted`, `viewers` (a lower bound where
        `viewers_at_least`); `window_start`, `window_end` (half-open), `window_precision`.

    Raises
    ------
    UsageError
        For an unknown basis.

    Notes
    -----
    `readable_share` counts kinds of entries, not requests: a customer's items may not have been
    on the screen that leaked, and the losing retailer's contract number never was, so even a share
    of 0.6 does not make a request free of errors. It does not depend on `basis`.

    Examples
    --------
    >>> exposure().set_index("retailer").loc[["kansai", "tepco-ep"], "readable_share"].to_list()
    [0.6, 0.0]
    """
    incumbents = retailers().query("group == 'incumbent'")[["retailer", "area"]]
    printed = ["area", "viewed", "contracts_viewed", "counted", "viewers", "viewers_at_least"]
    spans = windows(basis).rename(
        columns={"start": "window_start", "end": "window_end", "precision": "window_precision"}
    )
    return (
        incumbents.merge(_one(basis)[printed], on="area", how="left", validate="one_to_one")
        .merge(_readable(), on="area", validate="one_to_one")
        .merge(spans, on="area", validate="one_to_one")
    )[
        [
            "retailer",
            "area",
            "viewed",
            "required_readable",
            "required_total",
            "readable_share",
            "contracts_viewed",
            "counted",
            "viewers",
            "viewers_at_least",
            "window_start",
            "window_end",
            "window_precision",
        ]
    ]


def ends_of_access(basis: str = "egc") -> "pd.DataFrame":
    """Derive until when each incumbent with reported views could read what, one row an incumbent.

    A window's start is where counting began, not where access began: it plays no part. The fields
    are the required entries of a request (page 18) that a leaked item of the area (page 15) shows.

    Parameters
    ----------
    basis
        As in `viewings`.

    Returns
    -------
    pandas.DataFrame
        `retailer`, `area`, `end` (a `datetime.date`, the day after the last view, page 16) and
        `fields` (a tuple).

    Raises
    ------
    UsageError
        For an unknown basis.

    Examples
    --------
    >>> row = ends_of_access().set_index("retailer").loc["tohoku"]
    >>> row["end"].isoformat(), row["fields"]
    ('2023-01-07', ('supply_point', 'customer_name', 'address'))
    """
    import pandas as pd

    found = exposure(basis)
    seen = found[found["viewed"].fillna(value=False)].reset_index(drop=True)
    items = leaked_fields()
    items = items[items["leaked"]]
    required = required_fields().dropna(subset=["readable_through"])
    fields = [
        tuple(
            str(name)
            for name in required.loc[
                required["readable_through"].isin(items.loc[items["area"] == area, "field"]),
                "field",
            ]
        )
        for area in seen["area"]
    ]
    ends = [stamp.date() for stamp in seen["window_end"]]
    return pd.DataFrame(
        {"retailer": seen["retailer"], "area": seen["area"], "end": ends, "fields": fields}
    )


def _one(basis: str) -> "pd.DataFrame":
    if basis not in BASES:
        raise UsageError(f"name one basis of the viewings, not {basis!r}: {', '.join(BASES)}")
    return viewings(basis)


def _readable() -> "pd.DataFrame":
    """Count, per area, the required entries that a leaked item shows."""
    required = required_fields()
    items = required["readable_through"].dropna()
    leaked = leaked_fields()
    leaked = leaked[leaked["field"].isin(items)]
    counts = leaked.groupby("area", as_index=False).agg(required_readable=("leaked", "sum"))
    return counts.assign(
        required_readable=counts["required_readable"].astype("Int64"),
        required_total=len(required),
        readable_share=counts["required_readable"] / len(required),
    ).astype({"required_total": "Int64", "readable_share": "float64"})
