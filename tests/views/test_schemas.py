from __future__ import annotations

import json

import jsonschema
import pytest

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, effective_json, read_header
from ara_inspector.views.judgement import judgement
from ara_inspector.views.schemas import PRINTED, schema
from header_cases import Case, cases


@pytest.mark.parametrize("name", PRINTED)
def test_schemas_are_schemas(name: str) -> None:
    made = schema(name)
    jsonschema.Draft202012Validator.check_schema(made)
    assert json.loads(json.dumps(made)) == made


SCOPES = {"limit": 2, "values": ["a"], "max_event_states": 8}
DEBUG = {"key_piece": "0x1", "debug_data": [{"key_piece": "0x2", "value": 3, "types": ["x"]}]}
FILTERS = {"filters": {"k": ["v"], "_lookback_window": 60}, "not_filters": [{"l": []}]}
FULL: dict[HeaderKind, dict[str, object]] = {
    HeaderKind.SOURCE: {
        "destination": ["https://a.example", "https://b.example"],
        "source_event_id": "18446744073709551615",
        "priority": "-9223372036854775808",
        "debug_key": "1",
        "filter_data": {"k": ["v"]},
        "aggregation_keys": {"k": "0xFF"},
        "named_budgets": {"b": 9},
        "attribution_scopes": SCOPES,
        "aggregatable_debug_reporting": DEBUG | {"budget": 10},
    },
    HeaderKind.TRIGGER: {
        "debug_key": "1",
        "trigger_context_id": "id",
        "attribution_scopes": ["a"],
        "event_trigger_data": [{"deduplication_key": "3", "trigger_data": "4", **FILTERS}],
        "aggregatable_trigger_data": [{"key_piece": "0x3", "source_keys": ["k"], **FILTERS}],
        "aggregatable_values": [{"values": {"k": {"value": 1, "filtering_id": "2"}}, **FILTERS}],
        "aggregatable_deduplication_keys": [{"deduplication_key": "5", **FILTERS}],
        "named_budgets": [{"name": "b"}, {}],
        "aggregatable_debug_reporting": DEBUG,
        **FILTERS,
    },
}


@pytest.mark.parametrize("kind", [HeaderKind.SOURCE, HeaderKind.TRIGGER])
def test_effective_values_fit(kind: HeaderKind) -> None:
    source_type = SourceType.NAVIGATION if kind is HeaderKind.SOURCE else None
    texts = [(json.dumps(FULL[kind]), source_type)]
    texts += [(case.table["input"], case.source_type) for case in cases(kind)]
    validator = jsonschema.Draft202012Validator(schema(kind))
    values = [read_header(kind, text, source_type).value for text, source_type in texts]
    assert values[0] is not None
    for value in values:
        if value is not None:
            validator.validate(effective_json(value))
    effective = effective_json(values[0])
    assert set(FULL[kind]) <= set(effective)


@pytest.mark.parametrize("case", cases(HeaderKind.INFO, HeaderKind.OS_SOURCE), ids=str)
def test_judgements_fit(case: Case) -> None:
    validator = jsonschema.Draft202012Validator(schema("validation"))
    validator.validate(judgement("an id", case.read()))
    validator.validate({"id": None, "unusable": "line 1: why"})
    assert not validator.is_valid({"id": None})


@pytest.mark.parametrize(
    ("kind", "field"), [("source", "source_event_id"), ("trigger", "debug_key")]
)
def test_64_bit_integers_are_strings(kind: str, field: str) -> None:
    made = schema(kind)["properties"][field]
    assert "string" in json.dumps(made)
    assert "integer" not in json.dumps(made)
