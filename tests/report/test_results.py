"""results.json obeys its published schema, for every kind of verdict."""

import json
from pathlib import Path

import jsonschema
import pytest

import switchstats as ss
from switchstats.report import SCHEMA_VERSION, results_json, results_schema
from switchstats.values import Outcome, PublishedTable


def test_the_schema_is_a_schema_and_documents_every_field() -> None:
    schema = results_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert SCHEMA_VERSION in str(schema["title"])


def test_every_kind_of_verdict_obeys_the_schema(make_table, committee: PublishedTable) -> None:
    low, high = ["10.0", "11.0", "12.0", "13.0"] * 2, ["20.0", "21.0", "22.0", "23.0"] * 2
    findings = [
        ss.PublishedOnly(margin=0.02).run(committee),
        ss.PublishedOnly(margin=0.09).run(committee),
        ss.PublishedOnly().run(make_table(low, high)),
        ss.PublishedOnly().run(make_table(["10.0"], high)),
    ]
    assert {finding.verdict.outcome for finding in findings} == set(Outcome)
    findings.append(ss.Dossier().run(committee))
    assert findings[-1].parts
    jsonschema.validate(json.loads(results_json(findings)), results_schema())


def test_an_unknown_field_breaks_the_schema(committee: PublishedTable) -> None:
    content = json.loads(results_json([ss.PublishedOnly().run(committee)]))
    content["findings"][0]["verdict"]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, results_schema())


def test_numbers_are_fractions_and_texts_are_in_both_languages(committee: PublishedTable) -> None:
    finding = json.loads(results_json([ss.PublishedOnly().run(committee)]))["findings"][0]
    primary = finding["tests"][0]
    assert primary["role"] == "primary"
    # 19.01 % minus 17.97 %, by hand
    assert primary["estimate"] == pytest.approx(0.0104)
    assert set(finding["question"]) == {"ja", "en"}


def test_the_documentation_names_every_field() -> None:
    words = (Path(__file__).resolve().parents[2] / "docs" / "results.md").read_text("utf-8")
    definitions = results_schema()["$defs"]
    assert isinstance(definitions, dict)
    fields = {name for part in definitions.values() for name in part.get("properties", ())}
    assert len(fields) > 40
    assert {name for name in fields if f"`{name}`" not in words} == set()
