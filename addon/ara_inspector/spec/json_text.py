"""JSON as Chrome 138 reads it: what its parser takes, refuses and silently drops.

May live here: the text of a JSON header up to the decoded value, and the order its parts
stand in. No field is known here. Chrome reads with a strict RFC 8259 parser over UTF-8 that
takes a byte order mark, keeps the last of equal keys, and refuses lone surrogates, numbers
beyond a double and 200 levels of nesting. All of it is linear in the length of the text.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NoReturn

from msgspec import Struct

from ara_inspector.findings import Certainty, Finding, Rule, Severity, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.findings import Path

type JsonObject = dict[str, Any]

MAX_DEPTH: Final = 200
"""Nesting that Chrome refuses; one level less is fine."""
EXACT_DIGITS: Final = 15
"""Integers up to this length (sign included) are exact as doubles."""
TOO_LARGE_BYTES: Final = 200_000
"""Size of a header that Chrome was seen to drop; 100,000 bytes are fine."""
BYTES_OF_CHARACTER: Final = 4
"""What UTF-8 needs at most."""
KNOWN_DEPTH: Final = 8
"""Every field of the specification lies above this depth; below is nothing Chrome looks at."""
NEAR_CHARACTERS: Final = 20
"""How much of the text a syntax error quotes."""
BYTE_ORDER_MARK: Final = "\ufeff"

NOT_JSON = Rule(
    "JSN001",
    "not-json",
    Severity.ERROR,
    "not JSON: {problem} at character {position}, near {near}",
    "parse-source-registration-json",
)
TOO_DEEP = Rule(
    "JSN002",
    "nested-too-deep",
    Severity.ERROR,
    "nested {maximum} levels deep or more at character {position}: Chrome gives up there",
)
LONE_SURROGATE = Rule(
    "JSN003",
    "lone-surrogate",
    Severity.ERROR,
    "the escape {escape} at character {position} is half a surrogate pair: Chrome refuses it",
)
NUMBER_OVERFLOW = Rule(
    "JSN004",
    "number-overflow",
    Severity.ERROR,
    "the number {number} does not fit a double: Chrome refuses the whole header",
)
NOT_AN_OBJECT = Rule(
    "JSN005",
    "not-an-object",
    Severity.ERROR,
    "must be a JSON object, but is of type {found}",
    "parse-source-registration-json",
)
DUPLICATE_KEY = Rule(
    "JSN006",
    "duplicate-key",
    Severity.WARNING,
    "the key {key} is given {count} times: only the last one counts",
)
NOT_UTF_8 = Rule(
    "JSN007",
    "not-utf-8",
    Severity.ERROR,
    "holds bytes that are not UTF-8, the first at character {position}",
)
LEADING_BOM = Rule(
    "JSN008",
    "byte-order-mark",
    Severity.NOTE,
    "begins with a byte order mark: Chrome 138 skips it, other parsers refuse it",
)
JOINED_HEADERS = Rule(
    "JSN009",
    "joined-headers",
    Severity.ERROR,
    "a second JSON text follows at character {position}: the header was sent twice and joined",
)
EMPTY_TEXT = Rule(
    "JSN010",
    "empty-header",
    Severity.ERROR,
    "the header has no value",
)
TOO_LARGE = Rule(
    "JSN011",
    "header-too-large",
    Severity.ERROR,
    "{count} bytes are too large for a header: Chrome registers nothing and reports nothing",
)

_TYPE_NAMES: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "list",
    dict: "object",
}

_JSON_SPACE: Final = " \t\n\r"
_SECOND_OBJECT: Final = re.compile(r",[ \t\n\r]*\{")
_BRACKET: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{\]}]', re.DOTALL)
_TRAILING_COMMA: Final = re.compile(r",[ \t\n\r]*[}\]]")
_CONSTANT: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|(NaN|-?Infinity)', re.DOTALL)
_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def type_name(value: object) -> Words:
    """The JSON type of a decoded value."""
    return Words(_TYPE_NAMES[type(value)])


class Document(Struct, frozen=True, gc=False):
    """A decoded header: the object (None where Chrome reads none) and what the text showed."""

    root: JsonObject | None
    findings: tuple[Finding, ...] = ()


class _RepeatedKeyError(ValueError):
    """An object has equal keys: decode again, this time keeping book."""


class _OverflowError(ValueError):
    """A number does not fit a double."""


class _ConstantError(ValueError):
    """NaN or an infinity, which Python would take."""


def _integer(digits: str) -> int | float:
    # Chrome holds what exceeds 32 bits in a double; so the digits beyond its precision are gone.
    return int(digits) if len(digits) <= EXACT_DIGITS else _number(digits)


def _number(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise _OverflowError(literal)
    return number


def _constant(literal: str) -> NoReturn:
    raise _ConstantError(literal)


def _distinct(pairs: list[tuple[str, Any]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedKeyError
    return members


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_distinct,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_constant,
)


class _Bookkeeper:
    """Decodes objects with equal keys: the last one wins and stands where it stood last."""

    def __init__(self) -> None:
        self.repeated: list[tuple[JsonObject, dict[str, int]]] = []

    def decode(self, text: str) -> Any:
        """`text` as a value; `repeated` then holds every object that lost members."""
        decoder = json.JSONDecoder(
            object_pairs_hook=self._last_wins,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
        return decoder.decode(text)

    def _last_wins(self, pairs: list[tuple[str, Any]]) -> JsonObject:
        members: JsonObject = {}
        for key, value in pairs:
            members.pop(key, None)
            members[key] = value
        if len(members) != len(pairs):
            counts = Counter(key for key, _ in pairs)
            repeated = {key: count for key, count in counts.items() if count > 1}
            self.repeated.append((members, repeated))
        return members

    def findings(self, root: object) -> list[Finding]:
        """One finding for each repeated key that is still part of the value."""
        lost = {id(members): repeated for members, repeated in self.repeated}
        found = []
        rest: list[tuple[Path, object]] = [((), root)]
        while rest:
            path, value = rest.pop()
            if len(path) > KNOWN_DEPTH:
                continue
            if isinstance(value, dict):
                for key, count in lost.get(id(value), {}).items():
                    found.append(DUPLICATE_KEY.at((*path, key), key=key, count=count))
                rest.extend(((*path, key), member) for key, member in value.items())
            elif isinstance(value, list):
                rest.extend(((*path, index), item) for index, item in enumerate(value))
        return found


def parse(text: str) -> Document:
    """The object a header's `text` holds, as Chrome decodes it."""
    found: list[Finding] = []
    if text.startswith(BYTE_ORDER_MARK):
        found.append(LEADING_BOM.at())
        # A space in its place keeps the positions in messages true.
        text = f" {text[1:]}"
    refusal = _refusal_before_decoding(text)
    root: Any = None
    if refusal is None:
        try:
            root = _decoded(text, found)
        except ValueError as error:
            refusal = _syntax_finding(text, error)
        else:
            refusal = _refusal_after_decoding(text, root)
    if refusal is not None:
        return Document(None, (*found, refusal))
    return Document(root, tuple(found))


def _decoded(text: str, found: list[Finding]) -> Any:
    try:
        return _DECODER.decode(text)
    except _RepeatedKeyError:
        bookkeeper = _Bookkeeper()
        root = bookkeeper.decode(text)
        found += bookkeeper.findings(root)
        return root


def _refusal_after_decoding(text: str, root: object) -> Finding | None:
    if _SURROGATE_ESCAPE.search(text) is not None:
        for escape in _ESCAPE.finditer(text):
            if escape[1] is not None:
                return LONE_SURROGATE.at(escape=escape[0], position=escape.start())
    return None if type(root) is dict else NOT_AN_OBJECT.at(found=type_name(root))


def _size(text: str) -> int:
    if text.isascii() or len(text) * BYTES_OF_CHARACTER < TOO_LARGE_BYTES:
        return len(text)
    return len(text.encode("utf-8", "surrogatepass"))


def _refusal_before_decoding(text: str) -> Finding | None:
    size = _size(text)
    if size >= TOO_LARGE_BYTES:
        # Where between the two measured sizes the limit lies is not known, nor what sets it.
        measured = "100,000 bytes were seen to register, 200,000 not"
        return Finding(TOO_LARGE, (), {"count": size}, certainty=Certainty.LIKELY, ground=measured)
    if not text.strip(_JSON_SPACE):
        return EMPTY_TEXT.at()
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return NOT_UTF_8.at(position=error.start)
    if text.count("{") + text.count("[") >= MAX_DEPTH:
        depth = 0
        for match in _BRACKET.finditer(text):
            match match[0]:
                case "{" | "[":
                    depth += 1
                case "}" | "]":
                    depth -= 1
            if depth >= MAX_DEPTH:
                return TOO_DEEP.at(maximum=MAX_DEPTH, position=match.start())
    return None


def _syntax_finding(text: str, error: ValueError) -> Finding:
    if isinstance(error, _OverflowError):
        return NUMBER_OVERFLOW.at(number=str(error))
    if isinstance(error, json.JSONDecodeError):
        problem, position = syntax_problem(text, error)
        if error.msg == "Extra data" and _SECOND_OBJECT.match(text, position):
            return JOINED_HEADERS.at(position=position)
    else:
        constant = next(found for found in _CONSTANT.finditer(text) if found[1])
        # One of three words, as Python's reader knows them.
        problem, position = Words(f"{error} is no JSON number"), constant.start()
    near = text[position : position + NEAR_CHARACTERS] or text[-NEAR_CHARACTERS:]
    return NOT_JSON.at(problem=problem, position=position, near=near)


def syntax_problem(text: str, error: json.JSONDecodeError) -> tuple[Words, int]:
    """What is wrong with the syntax, in our words, and at which character."""
    position = error.pos
    problem = Words(_PROBLEMS.get(error.msg, error.msg))
    # Python 3.13 points at a comma too many, older versions at the bracket behind it.
    if text.startswith(("}", "]"), position):
        comma = len(text[:position].rstrip(_JSON_SPACE)) - 1
    else:
        comma = position
    if _TRAILING_COMMA.match(text, comma):
        return Words("a comma before the closing bracket"), comma
    if position >= len(text):
        problem = _CUT_OFF if problem == _PROBLEMS["Expecting ',' delimiter"] else problem
        problem = Words(f"{problem} at the end")
    return problem, position


_PROBLEMS: Final = {
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Extra data": "text after the end of the value",
    "Invalid control character at": "a control character inside a string",
    "Unterminated string starting at": "a string that does not end",
}
"""Python's words for a syntax error, in ours; others stand as they are."""
_CUT_OFF: Final = Words("a closing bracket is missing")
"""What most likely is missing where the text ends and Python expects a comma."""


def in_document_order(root: JsonObject, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """`findings` sorted by where their paths stand in the document.

    A value comes before its parts, and a key that is missing after the parts that are there.
    Findings about one place stay in the order they were made.
    """
    if len(findings) < 2:  # noqa: PLR2004 - nothing to sort
        return tuple(findings)
    places: dict[int, dict[str, int]] = {}

    def position(finding: Finding) -> list[int]:
        value: Any = root
        steps = []
        for part in finding.path:
            if isinstance(part, int):
                steps.append(part)
                value = value[part]
            else:
                order = places.get(id(value))
                if order is None:
                    order = places[id(value)] = {key: index for index, key in enumerate(value)}
                steps.append(order.get(part, len(order)))
                value = value.get(part)
        return steps

    return tuple(sorted(findings, key=position))
