from __future__ import annotations

import json

from ara_inspector.findings import Finding, Rule, Severity
from ara_inspector.views.annotated import annotated_field, annotated_json, sentence
from ara_inspector.views.style import Style

BROKEN = Rule("SRC901", "broken", Severity.ERROR, "broken")
CLAMPED = Rule("SRC902", "clamped", Severity.WARNING, "clamped")
SYNTAX = Rule("JSN901", "syntax", Severity.ERROR, "stops at {position}")


def lines(text: str) -> list[str]:
    return text.split("\n")


def test_a_marker_and_the_message_stand_under_the_value() -> None:
    text = '{"destination":"shop.example","expiry":10}'
    findings = [CLAMPED.at(("expiry",)), BROKEN.at(("destination",))]
    assert lines(annotated_json(text, findings, Style.PLAIN)) == [
        "{",
        '  "destination": "shop.example",',
        "                 ~~~~~~~~~~~~~^ error SRC901 broken",
        '  "expiry": 10',
        "            ~^ warning SRC902 clamped",
        "}",
    ]


def test_two_findings_on_one_line_from_left_to_right() -> None:
    findings = [BROKEN.at((1,)), CLAMPED.at((0,))]
    assert lines(annotated_json("[1, 2]", findings, Style.PLAIN)) == [
        "[1, 2]",
        " ^ warning SRC902 clamped",
        "    ^ error SRC901 broken",
    ]


def test_markers_and_severities_are_coloured() -> None:
    text = annotated_json("1", [BROKEN.at()], Style.COLOUR)
    assert text == "1\n\x1b[31m^\x1b[0m \x1b[31merror SRC901\x1b[0m broken"


def test_of_a_long_value_only_the_surroundings_are_shown() -> None:
    text = json.dumps({f"k{number}": number for number in range(100)})
    shown = lines(annotated_json(text, [BROKEN.at(("k50",)), CLAMPED.at()], Style.PLAIN))
    assert shown == [
        "{",
        "^ warning SRC902 clamped",
        '  "k0": 0,',
        '  "k1": 1,',
        "...",
        '  "k48": 48,',
        '  "k49": 49,',
        '  "k50": 50,',
        "         ~^ error SRC901 broken",
        '  "k51": 51,',
        '  "k52": 52,',
        "...",
    ]


def test_the_end_of_a_long_value_needs_no_dots() -> None:
    text = json.dumps({f"k{number}": number for number in range(100)})
    assert lines(annotated_json(text, [BROKEN.at(("k99",))], Style.PLAIN))[-1] == "}"


def test_broken_json_is_shown_around_the_place() -> None:
    text = '{"a": "' + "x" * 100 + '",, "b": "' + "y" * 100 + '"}'
    position = text.index(",,") + 1
    first, second = lines(annotated_json(text, [SYNTAX.at(position=position)], Style.PLAIN))
    assert first.startswith("...xxx")
    assert first.endswith("yyy...")
    assert first[second.index("^")] == ","
    assert second.endswith(f"^ error JSN901 stops at {position}")


def test_wire_text_before_the_place_is_escaped_and_the_marker_still_fits() -> None:
    first, second = lines(annotated_json('"\x1b\x01', [SYNTAX.at(position=2)], Style.PLAIN))
    assert first == '"\\x1b\\x01'
    assert second.index("^") == 5


def test_without_any_place_the_message_alone() -> None:
    assert annotated_json("", [BROKEN.at()], Style.PLAIN) == "error SRC901 broken"


def test_fields_stand_on_one_line() -> None:
    findings = [BROKEN.at(("b",)), CLAMPED.at(("a", "q"))]
    assert lines(annotated_field("a;q, b=1", findings, Style.PLAIN)) == [
        "a;q, b=1",
        "  ^ warning SRC902 clamped",
        "     ~~^ error SRC901 broken",
    ]


def test_a_place_in_a_broken_field() -> None:
    assert lines(annotated_field("é, x", [SYNTAX.at(position=3)], Style.PLAIN)) == [
        "é, x",
        "   ^ error JSN901 stops at 3",
    ]


def test_a_long_field_is_not_laid_out() -> None:
    text = "a" * 200
    assert annotated_field(text, [BROKEN.at(("a",))], Style.PLAIN) == "error SRC901 broken"


def test_words() -> None:
    finding = Finding(BROKEN, ("a", 0, "b\x1b"), {}, Severity.WARNING)
    assert sentence(finding, Style.PLAIN) == "warning SRC901 broken"
