from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ara_inspector.views.layout import (
    INLINE_COLUMNS,
    Layout,
    Span,
    columns,
    lay_out_field,
    lay_out_json,
    pretty_json,
)


def json_layout(text: str) -> Layout:
    layout = lay_out_json(text)
    assert layout is not None
    return layout


def marked(layout: Layout, *path: str | int) -> str:
    span = layout.locate(path)
    return layout.lines[span.line][span.start : span.end]


def test_objects_take_a_line_a_member_and_plain_lists_one_line() -> None:
    layout = json_layout('{"a":1,"b":[1, "x",null],"c":{},"d":[],"e":{"f":[{"g":true}]}}')
    assert layout.lines == [
        "{",
        '  "a": 1,',
        '  "b": [1, "x", null],',
        '  "c": {},',
        '  "d": [],',
        '  "e": {',
        '    "f": [',
        "      {",
        '        "g": true',
        "      }",
        "    ]",
        "  }",
        "}",
    ]


def test_spans_cover_values_and_stand_for_containers() -> None:
    layout = json_layout('{"a":1,"b":[10, "x"],"c":{},"e":{"f":[{"g":true}]}}')
    assert marked(layout) == "{"
    assert marked(layout, "a") == "1"
    assert marked(layout, "b") == '[10, "x"]'
    assert marked(layout, "b", 0) == "10"
    assert marked(layout, "b", 1) == '"x"'
    assert marked(layout, "c") == "{}"
    assert marked(layout, "e") == '"e": {'
    assert marked(layout, "e", "f", 0, "g") == "true"


def test_what_is_missing_is_found_at_what_is_around_it() -> None:
    layout = json_layout('{"e":{"f":1}}')
    assert marked(layout, "e", "missing", 3) == '"e": {'
    assert marked(layout, "missing") == "{"


def test_literals_stay_as_they_are_written() -> None:
    text = '{"a": 1E2, "b": 18446744073709551616, "c": "\\u0041\\n"}'
    assert [line.strip(", ") for line in json_layout(text).lines[1:-1]] == [
        '"a": 1E2',
        '"b": 18446744073709551616',
        '"c": "\\u0041\\n"',
    ]


def test_keys_are_found_decoded_and_the_last_of_equal_ones_counts() -> None:
    layout = json_layout('{"\\u0061": 1, "a": 22, "b\\"": 3}')
    assert marked(layout, "a") == "22"
    assert marked(layout, 'b"') == "3"


def test_a_long_list_takes_a_line_an_entry() -> None:
    fits = ["x" * (INLINE_COLUMNS - 4)]
    assert len(json_layout(json.dumps(fits)).lines) == 1
    assert len(json_layout(json.dumps([fits[0] + "y"])).lines) == 3


def test_a_value_alone_and_a_byte_order_mark() -> None:
    assert json_layout('\ufeff "x"').lines == ['"x"']
    assert json_layout("\ufeff[1]").locate((0,)) == Span(0, 1, 2)


def test_wide_and_invisible_characters_count_as_they_show() -> None:
    layout = json_layout('{"日本": "e\u0301", "b": "\u202e", "c": 1}')
    assert layout.spans["日本",] == Span(1, 10, 13)
    assert marked(layout, "b") == '"\\u202e"'
    assert columns("日本e\u0301") == 5


@pytest.mark.parametrize("text", ["", "{", '{"a":}', "[1,]", "nul", "[" * 100_000])
def test_what_is_not_json_has_no_layout(text: str) -> None:
    assert lay_out_json(text) is None


@pytest.mark.parametrize("text", ["[" * 200 + "]" * 200, '{"a":' * 500 + "1" + "}" * 500])
def test_what_is_nested_too_deep_has_no_layout(text: str) -> None:
    assert lay_out_json(text) is None
    assert pretty_json(text) == text


def test_pretty_json() -> None:
    assert pretty_json('{"a":[1,2]}') == '{\n  "a": [1, 2]\n}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
)


@pytest.mark.parametrize("character", ["\x7f", "\u202e", "\U000e0001", "\ud800"])
def test_what_is_not_printable_is_escaped_as_json(character: str) -> None:
    value = {f"k{character}": [character, {"x": character}]}
    layout = json_layout(json.dumps(value, ensure_ascii=False))
    assert all(line.isprintable() for line in layout.lines)
    assert json.loads("\n".join(layout.lines)) == value


@given(JSON, st.booleans())
def test_the_layout_says_what_the_text_says(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    layout = json_layout(text)
    assert all(line.isprintable() for line in layout.lines)
    if all(ord(c) < 128 for c in text):
        assert json.loads("\n".join(layout.lines)) == value
    assert () in layout.spans


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), 'k=ios;a, x="a,b;(c";q=(1 2)  ,\t"s\\"," ; p=1, (1 "," 2);z'),
        ((0,), "k=ios;a"),
        (("k",), "k=ios;a"),
        (("k", "a"), "a"),
        ((1,), 'x="a,b;(c";q=(1 2)'),
        (("x", "q"), "q=(1 2)"),
        ((2,), '"s\\"," ; p=1'),
        ((2, "p"), "p=1"),
        ((3,), '(1 "," 2);z'),
        ((3, "z"), "z"),
    ],
)
def test_members_and_parameters_of_a_field(path: tuple[str | int, ...], text: str) -> None:
    field = 'k=ios;a, x="a,b;(c";q=(1 2)  ,\t"s\\"," ; p=1, (1 "," 2);z'
    layout = lay_out_field(field)
    span = layout.locate(path)
    shown = field.replace("\t", "\\x09")
    assert layout.lines == [shown]
    assert shown[span.start : span.end] == text.replace("\t", "\\x09")


@given(st.text(alphabet='ab"\\(),;= \té\x00', max_size=30))
def test_any_field_has_a_layout(text: str) -> None:
    layout = lay_out_field(text)
    assert layout.locate((0, "x")).end <= columns(layout.lines[0])
    assert layout.locate(("nothing",)) == layout.spans.get(("nothing",), layout.spans[()])
