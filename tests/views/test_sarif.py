"""SARIF 2.1.0, held against the part of the standard's schema that is used."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.checking.gate import Gate
from ara_inspector.views.sarif import sarif_text
from exchanges import watched

TRAFFIC = """
page https://news.example/

ad https://a.example/bad
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":{}}

ad https://a.example/clamped
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}
"""


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    """An object with these members only, as every object of the standard's schema is."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": {name.removesuffix("_"): value for name, value in properties.items()},
    }


TEXT = {"type": "string"}
MESSAGE = closed(["text"], text=TEXT)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
ARTIFACT = closed([], uri={"type": "string", "pattern": r"^[!#-;=?-\[\]_a-z~%]*$"})
LOCATION = closed(
    [],
    physicalLocation=closed([], artifactLocation=ARTIFACT),
    logicalLocations={
        "type": "array",
        "uniqueItems": True,
        "items": closed([], name=TEXT, fullyQualifiedName=TEXT, decoratedName=TEXT),
    },
)
RESULT = closed(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
    properties={"type": "object"},
)
RULE = closed(
    ["id"],
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    help=MESSAGE,
    helpUri={"type": "string", "format": "uri"},
    defaultConfiguration=closed([], level=LEVEL),
)
RUN = closed(
    ["tool"],
    tool=closed(
        ["driver"],
        driver=closed(
            ["name"],
            name=TEXT,
            semanticVersion=TEXT,
            rules={"type": "array", "uniqueItems": True, "items": RULE},
        ),
    ),
    artifacts={"type": "array", "items": closed([], location=ARTIFACT)},
    invocations={
        "type": "array",
        "items": closed(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications={
                "type": "array",
                "items": closed(["message"], level=LEVEL, message=MESSAGE),
            },
        ),
    },
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
LOG = {
    **closed(["version", "runs"], version={"const": "2.1.0"}, runs={"type": "array", "items": RUN}),
}
LOG["properties"]["$schema"] = {"type": "string", "format": "uri"}


def sarif(gate: Gate | None = None) -> dict[str, Any]:
    told = [("recordings/one two.flows", watched(TRAFFIC), ("it is damaged \x1b",))]
    known = gate.is_known if gate is not None else None
    log: dict[str, Any] = json.loads(sarif_text(told, fingerprint, known))
    jsonschema.validate(log, LOG)
    return log


def test_each_finding_is_a_result_with_its_rule() -> None:
    run = sarif()["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert {result["level"] for result in run["results"]} == {"error", "warning"}


def test_a_result_tells_where() -> None:
    run = sarif()["runs"][0]
    located = [result["locations"][0] for result in run["results"]]
    assert {each["physicalLocation"]["artifactLocation"]["uri"] for each in located} == {
        "recordings/one%20two.flows"
    }
    names = [each["logicalLocations"][0]["fullyQualifiedName"] for each in located]
    assert any(name.endswith("Attribution-Reporting-Register-Source > expiry") for name in names)


def test_remarks_are_notifications() -> None:
    told = sarif()["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert told == [{"level": "warning", "message": {"text": "it is damaged \\x1b"}}]


def test_a_baseline_tells_new_from_unchanged() -> None:
    entries = list(watched(TRAFFIC).timeline)
    names = {fingerprint(entry, finding) for entry in entries for finding in entry.findings}
    known = min(names)
    results = sarif(Gate(known=frozenset({known})))["runs"][0]["results"]
    assert {result["baselineState"] for result in results} == {"new", "unchanged"}
    assert all("baselineState" not in each for each in sarif()["runs"][0]["results"])
