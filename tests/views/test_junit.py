"""JUnit XML, held against the form Jenkins takes (its schema junit-10, as a table)."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.session import Session
from ara_inspector.views.expectation import Judged
from ara_inspector.views.junit import Suite, junit_text
from exchanges import watched

TRAFFIC = """
page https://news.example/

ad https://a.example/bad
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example",

ad https://a.example/clamped
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}

ad https://b.example/good
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}
"""

ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "disabled", "errors"},
    "testsuite": {
        "name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp",
        "hostname", "id", "package", "file", "log", "url", "version", "group",
    },
    "testcase": {"name", "assertions", "time", "classname", "status", "class", "file", "line"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "system-out": set(),
    "system-err": set(),
}  # fmt: skip
REQUIRED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase", "system-err", "system-out"},
    "testcase": {"failure", "error", "system-out", "system-err"},
}
NUMBERS = {"tests", "failures", "errors", "skipped", "time"}


def parsed(text: str) -> ET.Element:
    root = ET.fromstring(text)  # noqa: S314 - our own output
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib)
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        for name in NUMBERS & set(element.attrib):
            assert float(element.attrib[name]) >= 0
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
    return root


def junit(fail_on: FailOn = FailOn.ERROR, judged: tuple[Judged, ...] = ()) -> ET.Element:
    told = [Suite("one.flows", watched(TRAFFIC), ("it lacks much \x1b",))]
    return parsed(junit_text(told, Gate(fail_on).fails, judged))


def test_damage_is_a_case_that_could_not_be_run() -> None:
    told = [
        Suite("one.flows", watched(TRAFFIC), ("it breaks off \x1b",), "it breaks off \x1b"),
        Suite("two.flows", Session(), (), "it is empty"),
    ]
    root = parsed(junit_text(told, Gate(FailOn.NEVER).fails))
    assert (root.attrib["errors"], root.attrib["failures"]) == ("2", "0")
    errors = root.findall("testsuite/testcase/error")
    assert [error.attrib["message"] for error in errors] == ["it breaks off \\x1b", "it is empty"]
    assert [len(suite.findall("testcase")) for suite in root][1] == 1


def test_what_fails_is_a_failure_the_rest_is_output() -> None:
    root = junit()
    assert root.attrib["failures"] == "1"
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert "https://a.example/bad" in (failure.text or "")
    outputs = [each.text or "" for each in root.iter("system-out")]
    assert any(text.startswith("warning: ") for text in outputs)


def test_fail_on_decides() -> None:
    assert junit(FailOn.WARNING).attrib["failures"] == "2"
    assert junit(FailOn.NEVER).attrib["failures"] == "0"


def test_a_case_is_named_so_that_it_is_found_again() -> None:
    cases = junit().findall("testsuite/testcase")
    named = {case.attrib["classname"]: case.attrib["name"] for case in cases}
    assert named["https://b.example"].endswith("source (event) news.example? > shop.example")


def test_what_is_wrong_with_the_capture_is_told_escaped() -> None:
    error = junit().find("testsuite/system-err")
    assert error is not None
    assert error.text == "it lacks much \\x1b"


def test_each_expectation_is_a_case_of_a_suite_of_its_own() -> None:
    unmet = Judged('"click\x1b": 1 expected: kind = source', 3, "1 expected\n  - kind = \x00source")
    met = Judged("none of ATT expected", 9)
    likely = Judged("2 reports expected", 5, likely={"a guess\x1b": ("#1", "#2")})
    root = junit(judged=(unmet, met, likely))
    suite = root.findall("testsuite")[1]
    assert suite.attrib["name"] == "expectations"
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("3", "1")
    assert root.attrib["failures"] == "2"
    failed, passed, guessed = suite.findall("testcase")
    assert failed.attrib["name"] == '"click\\x1b": 1 expected: kind = source'
    failure = failed.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "1 expected"
    assert failure.text == "1 expected\n  - kind = \\x00source"
    assert (passed.attrib["name"], list(passed)) == ("none of ATT expected", [])
    assert guessed.findtext("system-out") == "only likely: #1, #2 (a guess\\x1b)"


def test_a_check_without_expectations_has_no_such_suite() -> None:
    assert len(junit().findall("testsuite")) == 1
