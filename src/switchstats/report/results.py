"""``results.json``: findings as plain data under a documented, versioned schema."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import cast

from switchstats.values import Finding

__all__ = ["SCHEMA_VERSION", "results_json", "results_schema"]

SCHEMA_VERSION = "1.4"


def results_json(findings: Sequence[Finding]) -> str:
    """Return the findings as JSON text, the same bytes for the same findings.

    Numbers have twelve significant digits: what is beyond them differs from one processor, and from
    one number of its threads, to the next.

    Raises
    ------
    ValueError
        When a number is not finite: what is absent is ``null``, never NaN.
    """
    content = {
        "schema": "switchstats/results",
        "schema_version": SCHEMA_VERSION,
        "findings": [_rounded(finding.to_dict()) for finding in findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _rounded(plain: object) -> object:
    if isinstance(plain, float):
        return float(f"{plain:.12g}")
    if isinstance(plain, dict):
        return {key: _rounded(value) for key, value in cast("dict[str, object]", plain).items()}
    if isinstance(plain, list | tuple):
        return [_rounded(each) for each in cast("list[object]", plain)]
    return plain


def results_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) that ``results.json`` obeys.

    Examples
    --------
    >>> results_schema()["title"]
    'switchstats results 1.4'
    """
    text = files("switchstats.report").joinpath("results-1.schema.json").read_text("utf-8")
    return json.loads(text)
