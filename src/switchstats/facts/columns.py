"""Which columns each file of facts has, and of what kind they are."""

from typing import Literal

__all__ = ["PROVENANCE", "TABLES", "Kind", "columns"]

Kind = Literal["text", "text?", "int", "int?", "flag", "flag?", "date", "date?"]

# Every file ends with these: a fact without its page is not a fact here.
PROVENANCE: dict[str, Kind] = {"source": "text", "page": "int", "used": "flag", "note": "text?"}

TABLES: dict[str, dict[str, Kind]] = {
    "sources": {
        "title_ja": "text",
        "title_en": "text",
        "publisher_ja": "text",
        "publisher_en": "text",
        "date": "date?",
        "url": "text?",
    },
    "retailers": {
        "retailer": "text",
        "name_ja": "text",
        "name_en": "text",
        "group": "text",
        "area": "text?",
        "grid_ja": "text?",
        "grid_en": "text?",
        "grid_page": "int?",
    },
    "aliases": {"retailer": "text", "alias": "text"},
    "areas": {"area": "text", "name_ja": "text", "name_en": "text"},
    "leak_types": {
        "leak_type": "text",
        "name_ja": "text",
        "name_en": "text",
        "description_ja": "text",
        "description_en": "text",
        "cited_source": "text?",
    },
    "leak_attributions": {"area": "text", "leak_type": "text", "basis": "text"},
    "leak_fields": {
        "field": "text",
        "name_ja": "text",
        "name_en": "text",
        "class": "text",
        "footnote": "int?",
        "footnote_ja": "text?",
        "footnote_en": "text?",
        "class_page": "int",
    },
    "leaked_fields": {"field": "text", "area": "text", "leaked": "flag"},
    "required_fields": {
        "field": "text",
        "name_ja": "text",
        "name_en": "text",
        "readable_through": "text?",
        "cited_source": "text?",
    },
    "error_rules": {
        "rule": "text",
        "description_ja": "text",
        "description_en": "text",
        "cited_source": "text?",
    },
    "viewings": {
        "area": "text",
        "basis": "text",
        "viewed": "flag?",
        "first_day": "date?",
        "first_day_precision": "text?",
        "last_day": "date?",
        "length_ja": "text?",
        "viewers": "int?",
        "viewers_at_least": "flag?",
        "contracts_viewed": "int?",
        "contracts_viewer_unknown": "int?",
        "counted": "text",
        "cited_source": "text?",
    },
    "separation": {
        "area": "text",
        "separation": "text",
        "physical_mark": "flag",
        "description_ja": "text",
        "description_en": "text",
    },
    "safeguards": {
        "area": "text",
        "topic": "text",
        "leak_type": "text",
        "finding": "flag",
        "mark": "text?",
        "description_ja": "text",
        "description_en": "text",
        "state_ja": "text?",
        "state_en": "text?",
    },
    "safeguard_figures": {
        "area": "text",
        "topic": "text",
        "figure": "text",
        "value": "int",
        "unit": "text",
        "description_ja": "text",
        "description_en": "text",
    },
    "control_notes": {"area": "text", "reason": "text", "text_ja": "text", "text_en": "text"},
    "events": {
        "area": "text?",
        "kind": "text",
        "first_day": "date?",
        "last_day": "date?",
        "text_ja": "text",
        "text_en": "text",
        "cited_source": "text?",
    },
}


def columns(table: str) -> dict[str, Kind]:
    """Return the columns of one file, in order, those of its provenance last.

    Examples
    --------
    >>> list(columns("areas"))
    ['area', 'name_ja', 'name_en', 'source', 'page', 'used', 'note']
    """
    return TABLES[table] | PROVENANCE
