"""Document order, and what case files cannot show of the JSON reader."""

from __future__ import annotations

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.json_text import in_document_order, parse, type_name

RULE = Rule("TST001", "a-test", Severity.NOTE, "{label}")


def test_findings_stand_where_their_paths_do() -> None:
    root = {"b": {"y": [1, 2], "x": 3}, "a": [{"k": 1}]}
    paths = [
        ("missing",),
        ("a", 0, "k"),
        ("a", 0),
        ("b", "x"),
        ("b", "y", 1),
        ("b", "missing"),
        ("b", "y", 0),
        ("b", "y"),
        ("b",),
        (),
    ]
    findings = [RULE.at(path, label=str(index)) for index, path in enumerate(paths)]
    assert [finding.path for finding in in_document_order(root, findings)] == [
        (),
        ("b",),
        ("b", "y"),
        ("b", "y", 0),
        ("b", "y", 1),
        ("b", "x"),
        ("b", "missing"),
        ("a", 0),
        ("a", 0, "k"),
        ("missing",),
    ]


def test_findings_of_one_place_keep_their_order() -> None:
    findings = [RULE.at(("a",), label=label) for label in ("first", "second")]
    assert list(in_document_order({"a": 1}, findings)) == findings


def test_a_repeated_key_stands_where_it_stood_last() -> None:
    root = parse('{"a": 1, "b": 2, "a": 3}').root
    assert root is not None
    assert list(root.items()) == [("b", 2), ("a", 3)]


def test_integers_beyond_32_bits_are_doubles_to_chrome() -> None:
    assert parse('{"a": 9007199254740993}').root == {"a": 9007199254740992.0}
    assert parse('{"a": -123456789012345}').root == {"a": -123456789012345}


def test_what_is_missing_at_the_end_is_told_by_what_stands_before_it() -> None:
    (finding,) = parse('{"destination": "https://shop.example"').findings
    assert finding.message == (
        'not JSON: a closing bracket is missing at the end at character 38, near "ttps://shop.example\\""'
    )
    (finding,) = parse('{"a" 1}').findings
    assert finding.message == 'not JSON: a colon is missing at character 5, near "1}"'


def test_type_names() -> None:
    values: list[object] = [None, True, 1, 1.5, "", [], {}]
    names = ["null", "boolean", "number", "number", "string", "list", "object"]
    assert [type_name(value) for value in values] == names
