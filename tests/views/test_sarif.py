"""SARIF 2.1.0, held against the part of the standard's schema that is used, and of GitHub's."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.checking.gate import Gate
from ara_inspector.rules import catalogue
from ara_inspector.views.sarif import Failed, rule_of, sarif_text
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


# What is required here GitHub's code scanning requires; the standard's own schema asks for less.
TEXT = {"type": "string", "minLength": 1}
DESCRIPTION = closed(["text"], text={**TEXT, "maxLength": 1_024})
MESSAGE = closed(["text"], text=TEXT)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
COUNT = {"type": "integer", "minimum": 0}
LINE = {"type": "integer", "minimum": 1}
ARTIFACT = closed(
    ["uri"],
    uri={"type": "string", "pattern": r"^[!#-;=?-\[\]_a-z~%]+$"},
    index=COUNT,
)
REGION = closed(
    ["startLine", "startColumn", "endLine", "endColumn"],
    startLine=LINE,
    startColumn=LINE,
    endLine=LINE,
    endColumn=LINE,
)
WHOLE_FILE = closed(
    ["physicalLocation"],
    physicalLocation=closed(["artifactLocation"], artifactLocation=ARTIFACT),
)
LOCATION = closed(
    ["physicalLocation"],
    physicalLocation=closed(
        ["artifactLocation", "region"], artifactLocation=ARTIFACT, region=REGION
    ),
    logicalLocations={
        "type": "array",
        "uniqueItems": True,
        "items": closed([], name=TEXT, fullyQualifiedName=TEXT, decoratedName=TEXT),
    },
)
RESULT = closed(
    ["ruleId", "message", "locations", "partialFingerprints"],
    ruleId=TEXT,
    ruleIndex=COUNT,
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION, "minItems": 1, "maxItems": 1},
    partialFingerprints={
        "type": "object",
        "additionalProperties": TEXT,
        "required": ["primaryLocationLineHash"],
        "properties": {"primaryLocationLineHash": {"pattern": "^[0-9a-f]+:[1-9][0-9]*$"}},
    },
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
    properties={"type": "object"},
)
RULE = closed(
    ["id", "shortDescription", "fullDescription", "help"],
    id=TEXT,
    name={**TEXT, "maxLength": 255},
    shortDescription=DESCRIPTION,
    fullDescription=DESCRIPTION,
    help=closed(["text"], text=TEXT, markdown=TEXT),
    helpUri={"type": "string", "format": "uri"},
    defaultConfiguration=closed([], level=LEVEL),
    properties={
        "type": "object",
        "required": ["tags", "problem.severity"],
        "properties": {
            "tags": {"type": "array", "items": TEXT, "uniqueItems": True, "maxItems": 10},
            "problem.severity": {"enum": ["error", "warning", "recommendation"]},
        },
    },
)
RUN = closed(
    ["tool", "results"],
    tool=closed(
        ["driver"],
        driver=closed(
            ["name", "rules"],
            name=TEXT,
            semanticVersion=TEXT,
            rules={"type": "array", "uniqueItems": True, "items": RULE},
        ),
    ),
    artifacts={"type": "array", "items": closed([], location=ARTIFACT), "uniqueItems": True},
    invocations={
        "type": "array",
        "items": closed(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications={
                "type": "array",
                "items": closed(
                    ["message"],
                    level=LEVEL,
                    message=MESSAGE,
                    locations={"type": "array", "items": WHOLE_FILE},
                ),
            },
        ),
    },
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    ["$schema", "version", "runs"],
    version={"const": "2.1.0"},
    # Two runs of one tool and category are refused.
    runs={"type": "array", "items": RUN, "minItems": 1, "maxItems": 1},
)
LOG["properties"]["$schema"] = {"type": "string", "format": "uri"}
NAME = "recordings/one two.flows"


def sarif(
    *names: str,
    text: str = TRAFFIC,
    gate: Gate | None = None,
    failed: tuple[Failed, ...] = (),
    damages: tuple[str, ...] = (),
) -> dict[str, Any]:
    told = [(name, watched(text), ("it is damaged \x1b",)) for name in names or (NAME,)]
    known = gate.is_known if gate is not None else None
    log: dict[str, Any] = json.loads(sarif_text(told, fingerprint, known, failed, damages=damages))
    jsonschema.validate(log, LOG)
    run: dict[str, Any] = log["runs"][0]
    return run


def uris(run: dict[str, Any]) -> list[str]:
    return [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
    ]


def hashes(run: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]


def test_each_finding_is_a_result_with_its_rule() -> None:
    run = sarif()
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert {result["level"] for result in run["results"]} == {"error", "warning"}


def test_a_result_tells_where() -> None:
    run = sarif()
    located = [result["locations"][0] for result in run["results"]]
    assert set(uris(run)) == {"recordings/one%20two.flows"}
    names = [each["logicalLocations"][0]["fullyQualifiedName"] for each in located]
    assert any(name.endswith("Attribution-Reporting-Register-Source > expiry") for name in names)
    # A page that shows nothing of that has the message.
    (clamped,) = (result for result in run["results"] if result["ruleId"] == "SRC004")
    first, second = clamped["message"]["text"].split(". ")
    assert first == "1 second is outside 86400 to 2592000 (1 to 30 days): Chrome keeps 86400"
    assert second == "Entry 3, source (event) of https://a.example, at expiry."


def test_what_is_only_likely_says_so() -> None:
    shop = "\npage https://shop.example/\n\nad https://a.example/c\n"
    run = sarif(text=shop + '< Attribution-Reporting-Register-Trigger: {"event_trigger_data":[{}]}')
    (text,) = (r["message"]["text"] for r in run["results"] if r["ruleId"] == "ATT021")
    assert text.endswith(" This is likely: the sources seen in this capture, an inferred page.")


def test_several_captures_are_one_run() -> None:
    run = sarif("a.flows", "b.flows")
    assert run["artifacts"] == [
        {"location": {"uri": "a.flows", "index": 0}},
        {"location": {"uri": "b.flows", "index": 1}},
    ]
    assert set(uris(run)) == {"a.flows", "b.flows"}
    notified = run["invocations"][0]["toolExecutionNotifications"]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"] for each in notified]
    assert [place["index"] for place in places] == [0, 1]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("./a.flows", "a.flows"),
        ("../a.flows", "../a.flows"),
        ("at 12:30.flows", "at%2012%3A30.flows"),
        ("/tmp/a b.flows", "file:///tmp/a%20b.flows"),  # noqa: S108 - nothing is there
        ("caf\u00e9\udcff.flows", "caf%C3%A9%FF.flows"),
    ],
)
def test_paths_as_uris(name: str, uri: str) -> None:
    assert set(uris(sarif(name))) == {uri}


def test_results_are_told_apart_and_known_again() -> None:
    bad = TRAFFIC.split("\n\n")[1]
    run = sarif(text=f"{TRAFFIC}\n\n{bad}")
    assert len(set(hashes(run))) == len(run["results"])
    alike = [mark for mark in hashes(run) if mark.endswith(":2")]
    assert alike
    # Another recording of the same, with one exchange more before it: its numbers differ.
    again = sarif(text=f"page https://news.example/\n\nimage https://a.example/x\n{TRAFFIC}")
    assert hashes(again) == hashes(sarif())


def test_remarks_are_notifications() -> None:
    (told,) = sarif()["invocations"][0]["toolExecutionNotifications"]
    assert (told["level"], told["message"]) == ("warning", {"text": "it is damaged \\x1b"})


def test_a_run_over_half_a_capture_is_no_success() -> None:
    assert sarif()["invocations"][0]["executionSuccessful"] is True
    (invocation,) = sarif(damages=("it is damaged \x1b",))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [told["level"] for told in invocation["toolExecutionNotifications"]] == ["error"]


def test_a_baseline_tells_new_from_unchanged() -> None:
    entries = list(watched(TRAFFIC).timeline)
    names = {fingerprint(entry, finding) for entry in entries for finding in entry.findings}
    gate = Gate(known=frozenset({min(names)}))
    results = sarif(gate=gate)["results"]
    assert {result["baselineState"] for result in results} == {"new", "unchanged"}
    assert all("baselineState" not in each for each in sarif()["results"])
    failed = (Failed("x", "x", "e.toml", 1),)
    assert sarif(gate=gate, failed=failed)["results"][-1]["baselineState"] == "new"


def test_a_rule_brings_its_page() -> None:
    rules = {rule["id"]: rule for rule in sarif()["tool"]["driver"]["rules"]}
    clamped = rules["SRC004"]
    page = (files("ara_inspector.rules") / "SRC004.md").read_text("utf-8")
    assert clamped["shortDescription"]["text"] == "Expiry clamped"
    assert clamped["fullDescription"]["text"] in " ".join(page.split())
    assert clamped["help"]["markdown"].startswith("## What it says\n")
    assert clamped["help"]["markdown"] in page
    assert clamped["properties"] == {
        "tags": ["attribution-reporting", "SRC"],
        "problem.severity": "warning",
    }


def test_no_rule_has_more_to_say_than_fits() -> None:
    for rule in catalogue():
        jsonschema.validate(rule_of(rule), RULE)


def test_expectations_not_met_stand_where_they_are_written() -> None:
    failed = (
        Failed('"a": 1 expected, 0 found\n  - kind = x', '"a": 1', "tests/e x.toml", 7),
        Failed("b \x1b [here](https://evil.example)", "b", "tests/e x.toml", None),
    )
    run = sarif(failed=failed)
    first, second = run["results"][-2:]
    assert uris(run)[-2:] == ["tests/e%20x.toml"] * 2
    assert first["message"]["text"] == failed[0].text
    # No link, and nothing to act on.
    assert second["message"]["text"] == "b \\x1b [here] (https://evil.example)"
    places = [each["locations"][0]["physicalLocation"]["region"] for each in (first, second)]
    assert [place["startLine"] for place in places] == [7, 1]
    assert {each["level"] for each in (first, second)} == {"error"}
    rules = run["tool"]["driver"]["rules"]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "expectation"
    assert hashes(run)[-2:] == hashes(sarif("other.flows", failed=failed))[-2:]


def test_nothing_found_is_a_run_as_well() -> None:
    # Or what an earlier run found would stay open.
    run = sarif(text="page https://news.example/")
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
