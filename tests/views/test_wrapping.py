from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ara_inspector.views.layout import columns
from ara_inspector.views.wrapping import joined, wrapped


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ("short enough", ["short enough"]),
        ("", [""]),
        ("words are kept as they are", ["words are kept as", "  they are"]),
        ("    further in than before", ["    further in", "      than before"]),
        (
            "at https://a.example/one/two?three=4&five=6",
            ["at", "  https://", "  a.example/one/", "  two?three=4&", "  five=6"],
        ),
        ("  abcdefghijklmnopqrstuvwxyz", ["    abcdefghijklmn", "    opqrstuvwxyz"]),
        ("广告广告广告广告广告", ["  广告广告广告广告", "  广告"]),
    ],
)
def test_a_line_is_broken_where_a_reader_would(line: str, broken: list[str]) -> None:
    assert list(wrapped([line], 18)) == broken


def test_what_is_carried_over_can_stand_under_a_column() -> None:
    assert list(wrapped(["error   #4 the words of it"], 18, hang=11)) == [
        "error   #4 the",
        "         words of",
        "         it",
    ]
    assert list(wrapped(["error #4 the words of it"], 18, hang=9)) == [
        "error #4 the words",
        "         of it",
    ]


def test_paragraphs_of_markdown_are_joined_and_nothing_else() -> None:
    text = """# Title
one
two

## Next
three
- item
  goes on
- item
| a | b |
```code
x
- y

# z
```
last
line"""
    assert list(joined(text.splitlines())) == [
        "# Title", "one two", "", "## Next", "three", "- item goes on", "- item", "| a | b |",
        "```code", "x", "- y", "", "# z", "```", "last line",
    ]  # fmt: skip
    assert list(joined([])) == []
    assert list(joined(["```", "x", "```"])) == ["```", "x", "```"]


@given(st.text(st.characters(categories=["L", "N", "P"], include_characters=" ")), st.integers(8))
def test_nothing_is_lost_and_nothing_is_too_wide(line: str, width: int) -> None:
    lines = list(wrapped([line], width))
    assert all(columns(each) <= width for each in lines)
    assert "".join("".join(lines).split()) == "".join(line.split())
