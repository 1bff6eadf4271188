"""Structured fields (RFC 9651) as findings: text in, members with their parameters out.

May live here: the two shapes the API's headers use (dictionary, list), wrapped so that every
failure is a located finding and no input raises. Of what RFC 9651 added to RFC 8941, dates and
display strings, Chrome 138 reads nothing. What the members mean is in `eligible`,
`support`, `info` and `os_registration`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import http_sf

from ara_inspector.findings import SHOWN_CHARACTERS, Finding, Rule, Severity, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type Bare = object
"""str, Token, bool, int, Decimal, bytes, datetime or DisplayString; a list for an inner list."""


class Member(NamedTuple):
    """One member of a dictionary or list: its value and its parameters."""

    value: Bare
    params: Mapping[str, Bare]


FIELD_SYNTAX: Final = Rule(
    "HDR020",
    "structured-field-syntax",
    Severity.ERROR,
    "not a structured field (RFC 9651): {problem} at character {position}",
)
KEY_REPEATED: Final = Rule(
    "HDR021",
    "structured-key-repeated",
    Severity.NOTE,
    "the key {key} is given more than once: the last one counts",
)

NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
NEW_OR_STRING: Final = re.compile(rf'(?P<date>@)|(?P<display>%")|{STRINGS.pattern}')
DATE_NOT_LAST: Final = re.compile(r"@-?[0-9]+(?!\Z)(?![0-9])")


def read_dictionary(
    text: str, *, like_the_validator: bool = False
) -> tuple[Mapping[str, Member], list[Finding]] | Finding:
    """The members in the order their keys first appear, with notes; or why there are none.

    What the browser reads is read as it does, what it sends like the reference validator.
    """
    repeated: dict[str, None] = {}

    def note(key: str, where: str) -> None:
        if where == "dictionary":
            repeated[key] = None

    try:
        members = http_sf.parse(_bytes(text), tltype="dictionary", on_duplicate_key=note)
    except http_sf.StructuredFieldError as error:
        return _syntax(error, text)
    fault = _misplaced_date(text) if like_the_validator else _newer_type(text)
    if fault is not None:
        return fault
    notes = [KEY_REPEATED.at((key,), key=key) for key in repeated]
    pairs = cast("Mapping[str, tuple[Bare, Mapping[str, Bare]]]", members)
    return {key: Member(*member) for key, member in pairs.items()}, notes


def read_list(text: str) -> list[Member] | Finding:
    """The members in order, or why there are none."""
    try:
        members = http_sf.parse(_bytes(text), tltype="list")
    except http_sf.StructuredFieldError as error:
        return _syntax(error, text)
    fault = _newer_type(text)
    if fault is not None:
        return fault
    items = cast("Iterable[tuple[Bare, Mapping[str, Bare]]]", members)
    return [Member(*member) for member in items]


def _bytes(text: str) -> bytes:
    """One byte a character, so that the parser's positions are ours.

    Nothing beyond ASCII is allowed anywhere; 0xFF is as wrong as the character it stands for.
    """
    if text.isascii():
        return text.encode("ascii")
    return NOT_ASCII.sub("\xff", text).encode("latin-1")


def _syntax(error: http_sf.StructuredFieldError, text: str) -> Finding:
    position = len(text) if error.position is None else error.position
    problem = str(error.args[0])
    # The parser's own words, but a key in them may be of any length.
    short = len(problem) <= SHOWN_CHARACTERS
    return FIELD_SYNTAX.at(problem=Words(problem) if short else problem, position=position)


def _newer_type(text: str) -> Finding | None:
    """The fault of a date or display string anywhere in a valid field, None without one."""
    if "@" not in text and '%"' not in text:
        return None
    for found in NEW_OR_STRING.finditer(text):
        if found.lastgroup is not None:
            problem = Words(f"Chrome knows no {NEWER_TYPES[found.lastgroup]}")
            return FIELD_SYNTAX.at(problem=problem, position=found.start())
    return None


NEWER_TYPES: Final = {"date": "dates", "display": "display strings"}
DATE_PROBLEM: Final = Words("A date is followed by something")


def _misplaced_date(text: str) -> Finding | None:
    """The fault of a date that is not the last thing in the value, None without one.

    RFC 8941, which the specification builds on, has no dates, RFC 9651 has; the reference
    validator takes one at the very end only.
    """
    if "@" not in text:
        return None
    blanked = STRINGS.sub(lambda match: "_" * len(match[0]), text)
    found = DATE_NOT_LAST.search(blanked)
    return None if found is None else FIELD_SYNTAX.at(problem=DATE_PROBLEM, position=found.start())
