"""Did incumbents get fewer switching errors? Retailer-level statistics for abolition requests.

What is here, in the order in which it is used:

- read: `load_published`, `read_published`, `read_published_text`, `read_counts`, `read_requests`,
  `read_journeys`, `write_quarantine`
- choose: `recommend`, `estimand_sensitivity`
- study: `PublishedOnly`, `GroupComparison`, `RetailerByRetailer`, `BeforeAfter`, `HomeAway`,
  `ReasonPlacebo`, `DoseResponse`, `Attrition`, `Sensitivity`, `Dossier`; `AccessEnd`, `access_ends`
- keep: `write_results`, `run_study`, `load_run`, `history`, `diff_runs`, `anonymise`
- look further: `facts`, `values`, `periods`, `labels`, `rates`, `inference`, `bounds`, `simulate`,
  `figures`

Names are loaded when they are first used, so that importing the package costs next to nothing.

Examples
--------
>>> import switchstats as ss
>>> table = ss.load_published("egc-083")
>>> ss.PublishedOnly(margin=0.02).run(table).verdict.outcome.value
'inconclusive'
"""

from importlib import import_module
from typing import TYPE_CHECKING

from switchstats.version import __version__

if TYPE_CHECKING:
    from switchstats import (
        bounds,
        facts,
        figures,
        inference,
        labels,
        periods,
        rates,
        simulate,
        values,
    )
    from switchstats.engines import estimand_sensitivity, read_journeys, read_requests
    from switchstats.inference import recommend
    from switchstats.readers import (
        load_published,
        read_counts,
        read_published,
        read_published_text,
        write_quarantine,
    )
    from switchstats.runs import (
        anonymise,
        diff_runs,
        history,
        load_run,
        run_study,
        write_results,
    )
    from switchstats.studies import (
        AccessEnd,
        Attrition,
        BeforeAfter,
        DoseResponse,
        Dossier,
        GroupComparison,
        HomeAway,
        PublishedOnly,
        ReasonPlacebo,
        RetailerByRetailer,
        Sensitivity,
        access_ends,
    )

__all__ = [
    "AccessEnd",
    "Attrition",
    "BeforeAfter",
    "DoseResponse",
    "Dossier",
    "GroupComparison",
    "HomeAway",
    "PublishedOnly",
    "ReasonPlacebo",
    "RetailerByRetailer",
    "Sensitivity",
    "__version__",
    "access_ends",
    "anonymise",
    "bounds",
    "diff_runs",
    "estimand_sensitivity",
    "facts",
    "figures",
    "history",
    "inference",
    "labels",
    "load_published",
    "load_run",
    "periods",
    "rates",
    "read_counts",
    "read_journeys",
    "read_published",
    "read_published_text",
    "read_requests",
    "recommend",
    "run_study",
    "simulate",
    "values",
    "write_quarantine",
    "write_results",
]

_HOMES = {
    "AccessEnd": "switchstats.studies",
    "Attrition": "switchstats.studies",
    "BeforeAfter": "switchstats.studies",
    "DoseResponse": "switchstats.studies",
    "Dossier": "switchstats.studies",
    "GroupComparison": "switchstats.studies",
    "HomeAway": "switchstats.studies",
    "PublishedOnly": "switchstats.studies",
    "ReasonPlacebo": "switchstats.studies",
    "RetailerByRetailer": "switchstats.studies",
    "Sensitivity": "switchstats.studies",
    "access_ends": "switchstats.studies",
    "anonymise": "switchstats.runs",
    "diff_runs": "switchstats.runs",
    "estimand_sensitivity": "switchstats.engines",
    "history": "switchstats.runs",
    "load_published": "switchstats.readers",
    "load_run": "switchstats.runs",
    "read_counts": "switchstats.readers",
    "read_journeys": "switchstats.engines",
    "read_published": "switchstats.readers",
    "read_published_text": "switchstats.readers",
    "read_requests": "switchstats.engines",
    "recommend": "switchstats.inference",
    "run_study": "switchstats.runs",
    "write_quarantine": "switchstats.readers",
    "write_results": "switchstats.runs",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in __all__:
        return import_module(f"switchstats.{name}")
    raise AttributeError(f"module 'switchstats' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
