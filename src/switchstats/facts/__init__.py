"""The incident's facts, each with its source and page, and who the retailers are."""

from switchstats.facts.derived import ends_of_access, exposure, windows
from switchstats.facts.registry import Registry, registry, registry_key
from switchstats.facts.registry_file import read_registry
from switchstats.facts.tables import (
    aliases,
    areas,
    control_notes,
    error_rules,
    events,
    leak_attributions,
    leak_fields,
    leak_types,
    leaked_fields,
    required_fields,
    retailers,
    safeguard_figures,
    safeguards,
    separation,
    sources,
    viewings,
)

__all__ = [
    "Registry",
    "aliases",
    "areas",
    "control_notes",
    "ends_of_access",
    "error_rules",
    "events",
    "exposure",
    "leak_attributions",
    "leak_fields",
    "leak_types",
    "leaked_fields",
    "read_registry",
    "registry",
    "registry_key",
    "required_fields",
    "retailers",
    "safeguard_figures",
    "safeguards",
    "separation",
    "sources",
    "viewings",
    "windows",
]
