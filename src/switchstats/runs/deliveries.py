"""Puts deliveries of counts together: a later one may repeat or revise what an earlier one said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switchstats.errors import InputError
from switchstats.runs.cells import cells_of
from switchstats.values import Account, Counts, Loaded, Provenance, Quarantine

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Delivery", "together"]

_CELL = ["retailer", "period_start", "period_end"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as it was read by itself.

    Parameters
    ----------
    name, sha256
        Of the file.
    loaded
        What the reader made of it.
    """

    name: str
    sha256: str
    loaded: Loaded


def together(deliveries: Sequence[Delivery]) -> Loaded:
    """Return all deliveries as one load, the earliest first.

    Where two say something of the same retailer and period, the later one counts, whole: with all
    its strata. Its row in the account says whether the earlier rows were the same
    (``delivered_again``) or others (``revised``).

    Raises
    ------
    InputError
        When two deliveries tell different strata apart.
    """
    import pandas as pd

    strata = {delivery.loaded.counts.strata for delivery in deliveries}
    if len(strata) > 1:
        told = "; ".join(
            f"{each.name}: {', '.join(each.loaded.counts.strata) or 'none'}" for each in deliveries
        )
        raise InputError(
            f"deliveries tell different strata apart ({told})",
            "leave the column out of all mappings, or study the files apart",
        )
    kept: list[pd.DataFrame] = []
    excluded: dict[str, int] = {}
    counted = read = quarantined = 0
    later: pd.DataFrame | None = None
    for delivery in reversed(deliveries):
        table = delivery.loaded.counts.coded.drop(columns="group")
        superseded, same = _superseded(table, later)
        account = delivery.loaded.account
        lost = min(int(superseded.sum()), account.counted)
        repeated = min(int(same.sum()), lost)
        for reason, n in (("delivered_again", repeated), ("revised", lost - repeated)):
            if n:
                excluded[reason] = excluded.get(reason, 0) + n
        for reason, n in account.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + n
        read += account.read
        counted += account.counted - lost
        quarantined += account.quarantined
        kept.insert(0, table[~superseded])
        later = kept[0] if later is None else pd.concat([kept[0], later])
    first = deliveries[0].loaded
    retailers = {
        each.retailer: each for delivery in deliveries for each in delivery.loaded.counts.retailers
    }
    rejected = [delivery.loaded.quarantine.frame for delivery in deliveries]
    return replace(
        first,
        counts=Counts.of(pd.concat(kept, ignore_index=True), retailers.values()),
        quarantine=Quarantine(pd.concat(rejected, ignore_index=True)),
        account=Account(read=read, counted=counted, quarantined=quarantined, excluded=excluded),
        understood=tuple(each for one in deliveries for each in one.loaded.understood),
        provenance=_provenance(deliveries),
    )


def _superseded(
    table: "pd.DataFrame", later: "pd.DataFrame | None"
) -> "tuple[pd.Series[bool], pd.Series[bool]]":
    """Say of each row whether a later delivery has its retailer and period, and with equal rows."""
    import pandas as pd

    if later is None:
        nothing = pd.Series(data=False, index=table.index)
        return nothing, nothing
    keys = pd.MultiIndex.from_frame(table[_CELL])
    replaced = pd.Series(keys.isin(pd.MultiIndex.from_frame(later[_CELL])), index=table.index)
    before, after = cells_of(table), cells_of(later)
    unchanged = {cell for cell, rows in before.items() if after.get(cell) == rows}
    same = pd.Series([tuple(key) in unchanged for key in keys], index=table.index)
    return replaced, replaced & same


def _provenance(deliveries: Sequence[Delivery]) -> Provenance:
    first = deliveries[0].loaded.provenance
    inputs = dict.fromkeys(file for one in deliveries for file in one.loaded.provenance.inputs)
    return replace(first, inputs=tuple(inputs))
