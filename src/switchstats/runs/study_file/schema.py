"""The JSON Schema of a study file, for editors."""

from collections.abc import Mapping

from switchstats.runs.study_file.fields import FIELDS, TABLES, Field, about, about_table

__all__ = ["study_schema"]

_TYPES: dict[str, dict[str, object]] = {
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
    "number": {"type": "number", "minimum": 0},
    "fraction": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
    "whole": {"type": "integer", "minimum": 0},
    "date": {"type": "string", "format": "date"},
    "period": {"type": "string"},
    "file": {"type": "string"},
    "files": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "folder": {"type": "string"},
    "table": {"type": ["object", "string"]},
}


def study_schema() -> dict[str, object]:
    """Return the schema (draft 2020-12) of a study file; `read_study` checks more than it can.

    Examples
    --------
    >>> study_schema()["required"]
    ['studies', 'data']
    """
    top = _properties(FIELDS[""])
    for table in TABLES:
        if table:
            top[table] = _object(FIELDS[table], about_table(table).en)
    required = [name for name, field in FIELDS[""].items() if field.required]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "switchstats study file 1.0",
        "description": about_table("").en,
        "type": "object",
        "additionalProperties": False,
        "required": [*required, "data"],
        "properties": top,
    }


def _object(fields: Mapping[str, Field], what: str) -> dict[str, object]:
    return {
        "type": "object",
        "description": what,
        "additionalProperties": False,
        "required": [name for name, field in fields.items() if field.required],
        "properties": _properties(fields),
    }


def _properties(fields: Mapping[str, Field]) -> dict[str, object]:
    return {name: _property(name, field) for name, field in fields.items()}


def _property(name: str, field: Field) -> dict[str, object]:
    found: dict[str, object] = {**_TYPES[field.kind], "description": about(name).en}
    if field.choices and field.kind == "texts":
        found["items"] = {"type": "string", "enum": list(field.choices)}
    elif field.choices:
        found["enum"] = list(field.choices)
    return found
