"""Header values laid out for reading, with the place of every part.

May live here: from a header's text to lines and spans (JSON pretty-printed, structured fields
as they are). Which parts are wrong is not known here; `annotated` marks them. Everything in a
line is escaped for a terminal, and spans count terminal columns.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from ara_inspector.findings import printable

if TYPE_CHECKING:
    from ara_inspector.findings import Path

INDENT: Final = "  "
INLINE_COLUMNS: Final = 72
"""A list of plain values stays on one line if it is no longer than this."""
MAX_DEPTH: Final = 200
"""Chrome reads nothing deeper, and the layout recurses."""
WIDE: Final = frozenset({"W", "F"})

TOKEN: Final = re.compile(
    r'(?P<key>"(?:[^"\\]++|\\.)*+")(?=[ \t\n\r]*:)|(?P<word>"(?:[^"\\]++|\\.)*+"|[^\s"{}\[\]:,]+)'
    r"|(?P<open>[{\[])|(?P<close>[}\]])"
)
"""A token of valid JSON; separators and white space are passed over."""


class Span(Struct, frozen=True, gc=False):
    """Where something stands: a line and the columns `start` up to, not including, `end`."""

    line: int
    start: int
    end: int


class Layout(Struct):
    """Lines of text, escaped, and where the value of each path stands in them."""

    lines: list[str] = field(default_factory=list)
    spans: dict[Path, Span] = field(default_factory=dict)

    def locate(self, path: Path) -> Span:
        """The place of `path`, or of the nearest value around it that exists."""
        while path not in self.spans:
            path = path[:-1]
        return self.spans[path]


def columns(text: str) -> int:
    """How many terminal columns escaped text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in WIDE)
        for c in text
    )


def json_escaped(text: str) -> str:
    r"""JSON text with what is not printable as `\uxxxx`: it reads back as the same value."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _json_escape(c) for c in text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


class _Node(Struct):
    """A value as written: a token, or a container's members with their keys."""

    text: str
    """The token, or the opening bracket."""
    members: list[tuple[str | None, _Node]] = field(default_factory=list)


def lay_out_json(text: str) -> Layout | None:
    """The pretty-printed JSON of `text`, every literal as written; None if it is not JSON."""
    text = text.removeprefix("\ufeff")
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    root = _tree(text)
    if root is None:
        return None
    layout = Layout()
    _Printer(layout).value(root, (), "", 0)
    return layout


def pretty_json(text: str) -> str:
    """Valid JSON laid out, as it stands where it is nested too deep to be."""
    layout = lay_out_json(text)
    return printable(text) if layout is None else "\n".join(layout.lines)


def effective_text(effective: dict[str, Any] | str) -> str:
    """An effective value, as `effective_json` gives it, laid out."""
    return effective if isinstance(effective, str) else pretty_json(json.dumps(effective))


def _tree(text: str) -> _Node | None:
    """The values of valid JSON as written; None if they are nested too deep."""
    top = _Node("[")
    open_nodes = [top]
    key: str | None = None
    for match in TOKEN.finditer(text):
        match match.lastgroup:
            case "key":
                key = match[0]
            case "close":
                open_nodes.pop()
            case group:
                node = _Node(match[0])
                open_nodes[-1].members.append((key, node))
                key = None
                if group == "open":
                    open_nodes.append(node)
        if len(open_nodes) > MAX_DEPTH:
            return None
    return top.members[0][1]


class _Printer:
    """Writes a tree into a layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def value(self, node: _Node, path: Path, lead: str, depth: int, tail: str = "") -> None:
        """One value behind `lead` (its key), and `tail` (a comma) after it."""
        margin = INDENT * depth
        lines = self.layout.lines
        if node.text not in {"{", "["}:
            self._line(path, margin + lead, json_escaped(node.text), tail)
            return
        close = "}" if node.text == "{" else "]"
        flat = all(key is None and member.text not in {"{", "["} for key, member in node.members)
        if flat and self._inline(node, path, margin + lead, close + tail):
            return
        # The whole container is too long to mark: its key and bracket stand for it.
        self.layout.spans[path] = Span(len(lines), columns(margin), columns(margin + lead) + 1)
        lines.append(f"{margin}{lead}{node.text}")
        for index, (key, member) in enumerate(node.members):
            inner = (*path, index if key is None else json.loads(key))
            self.value(
                member,
                inner,
                "" if key is None else f"{json_escaped(key)}: ",
                depth + 1,
                "," if index < len(node.members) - 1 else "",
            )
        lines.append(f"{margin}{close}{tail}")

    def _line(self, path: Path, lead: str, text: str, tail: str) -> None:
        start = columns(lead)
        self.layout.spans[path] = Span(len(self.layout.lines), start, start + columns(text))
        self.layout.lines.append(f"{lead}{text}{tail}")

    def _inline(self, node: _Node, path: Path, lead: str, tail: str) -> bool:
        """Write a list of plain values, or an empty object, on one line if it fits."""
        words = [json_escaped(member.text) for _, member in node.members]
        line = f"{lead}{node.text}{', '.join(words)}{tail}"
        if columns(line) > INLINE_COLUMNS and words:
            return False
        number = len(self.layout.lines)
        at = columns(lead)
        end = columns(line) - columns(tail) + 1
        self.layout.spans[path] = Span(number, at, end)
        at += 1
        for index, word in enumerate(words):
            width = columns(word)
            self.layout.spans[*path, index] = Span(number, at, at + width)
            at += width + 2
        self.layout.lines.append(line)
        return True


FIELD_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[(),;]|[^"(),;]+', re.DOTALL)


def lay_out_field(text: str) -> Layout:
    """A structured field on one line; paths are those of its members and their parameters.

    A member is found under its index, its key, and both with the name of a parameter behind.
    """
    layout = Layout([printable(text)])
    layout.spans[()] = Span(0, 0, columns(layout.lines[0]))
    depth = index = 0
    parts: list[tuple[int, int]] = []
    start = at = 0
    pieces = [match[0] for match in FIELD_PIECE.finditer(text)]
    for piece in [*pieces, ","]:
        depth += (piece == "(") - (piece == ")")
        last_comma = piece == "," and at == len(text)
        if (piece in {",", ";"} and depth <= 0) or last_comma:
            parts.append((start, at))
            start = at + 1
        if (piece == "," and depth <= 0) or last_comma:
            _member(layout, text, index, parts)
            parts, depth = [], 0
            index += 1
        at += len(piece)
    return layout


def _member(layout: Layout, text: str, index: int, parts: list[tuple[int, int]]) -> None:
    whole = _span(text, parts[0][0], parts[-1][1])
    key = text[slice(*parts[0])].strip().partition("=")[0]
    for member in (index, key):
        layout.spans[member,] = whole
        for part in parts[1:]:
            name = text[slice(*part)].strip().partition("=")[0]
            layout.spans[member, name] = _span(text, *part)


def _span(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip(" \t"))
    end = max(start, end - (len(inner) - len(inner.rstrip(" \t"))))
    before = columns(printable(text[:start]))
    return Span(0, before, before + columns(printable(text[start:end])))
