"""Keeps what a reader handed over as Parquet and JSON, and takes it up again unchanged."""

import json
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchstats.labels import Text
from switchstats.values import (
    Account,
    Counts,
    InputFile,
    Loaded,
    Provenance,
    Quarantine,
    Retailer,
    Understood,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_counts_of", "restore", "store", "write_counts"]

_TABLE = "counts.parquet"
_REJECTED = "quarantine.parquet"
_REST = "loaded.json"
_RETAILERS = "retailers.json"


def store(loaded: Loaded, folder: Path) -> None:
    """Write counts, quarantine and everything else of a load into an existing folder.

    A quarantine holds no personal field: the reader masked them.
    """
    write_counts(loaded.counts, folder)
    _to_parquet(loaded.quarantine.frame.astype({"line": "Int64"}), folder / _REJECTED)
    rest = {
        "account": loaded.account.to_dict(),
        "understood": [each.to_dict() for each in loaded.understood],
        "inputs": [{"name": each.name, "sha256": each.sha256} for each in loaded.provenance.inputs],
        "config": dict(loaded.provenance.config),
        "version": loaded.provenance.version,
        "seed": loaded.provenance.seed,
    }
    text = json.dumps(rest, ensure_ascii=False, indent=1)
    (folder / _REST).write_text(text, encoding="utf-8")


def restore(folder: Path) -> Loaded:
    """Return what `store` wrote."""
    rest: dict[str, Any] = json.loads((folder / _REST).read_text(encoding="utf-8"))
    account = rest["account"]
    return Loaded(
        counts=read_counts_of(folder),
        quarantine=_quarantine(folder / _REJECTED),
        account=Account(
            read=account["read"],
            counted=account["counted"],
            quarantined=account["quarantined"],
            excluded=account["excluded"],
        ),
        understood=tuple(_understood(each) for each in rest["understood"]),
        provenance=Provenance(
            inputs=tuple(InputFile(**each) for each in rest["inputs"]),
            config=rest["config"],
            version=rest["version"],
            seed=rest["seed"],
        ),
    )


def write_counts(counts: Counts, folder: Path) -> None:
    """Write counts and who their retailers are."""
    _to_parquet(counts.coded.drop(columns="group"), folder / _TABLE)
    text = json.dumps([_plain(each) for each in counts.retailers], ensure_ascii=False, indent=1)
    (folder / _RETAILERS).write_text(text, encoding="utf-8")


def read_counts_of(folder: Path) -> Counts:
    """Return what `write_counts` wrote."""
    import pandas as pd

    listed = json.loads((folder / _RETAILERS).read_text(encoding="utf-8"))
    counts = Counts.of(pd.read_parquet(folder / _TABLE), _retailers(listed))
    pa: Any = import_module("pyarrow")
    pa.default_memory_pool().release_unused()  # it keeps the room that millions of cells took
    return counts


def _to_parquet(frame: "pd.DataFrame", path: Path) -> None:
    frame.to_parquet(path, engine="pyarrow", compression="zstd", index=False)


def _quarantine(path: Path) -> Quarantine:
    import pandas as pd

    table = pd.read_parquet(path)
    whole = table.astype("object").where(table.notna(), None)
    return Quarantine(whole.astype({"line": "Int64"}))


def _understood(plain: Mapping[str, Any]) -> Understood:
    fields: dict[str, Any] = dict(plain)
    fields["ignored"] = tuple(plain["ignored"])
    fields["remarks"] = tuple(Text(**remark) for remark in plain["remarks"])
    return Understood(**fields)


def _plain(retailer: Retailer) -> dict[str, object]:
    return {
        "retailer": retailer.retailer,
        "name": retailer.name.to_dict(),
        "group": retailer.group,
        "area": retailer.area,
    }


def _retailers(listed: Iterable[Mapping[str, Any]]) -> list[Retailer]:
    return [
        Retailer(each["retailer"], Text(**each["name"]), each["group"], each["area"])
        for each in listed
    ]
