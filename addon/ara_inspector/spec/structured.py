"""Structured fields (RFC 9651) as findings: text in, members with their parameters out.

May live here: the two shapes the API's headers use (dictionary, list), wrapped so that every
failure is a located finding and no input raises. What the members mean is in `eligible`,
`support`, `info` and `os_registration`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import http_sf

from ara_inspector.findings import Finding, Rule, Severity

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
DATE_NOT_LAST: Final = re.compile(r"@-?[0-9]+(?!\Z)(?![0-9])")


def read_dictionary(text: str) -> tuple[Mapping[str, Member], list[Finding]] | Finding:
    """The members in the order their keys first appear, with notes; or why there are none."""
    repeated: dict[str, None] = {}

    def note(key: str, where: str) -> None:
        if where == "dictionary":
            repeated[key] = None

    try:
        members = http_sf.parse(_bytes(text), tltype="dictionary", on_duplicate_key=note)
    except http_sf.StructuredFieldError as error:
        return _syntax(error, text)
    date = _misplaced_date(text)
    if date is not None:
        return FIELD_SYNTAX.at(problem=DATE_PROBLEM, position=date)
    notes = [KEY_REPEATED.at((key,), key=key) for key in repeated]
    pairs = cast("Mapping[str, tuple[Bare, Mapping[str, Bare]]]", members)
    return {key: Member(*member) for key, member in pairs.items()}, notes


def read_list(text: str) -> list[Member] | Finding:
    """The members in order, or why there are none."""
    try:
        members = http_sf.parse(_bytes(text), tltype="list")
    except http_sf.StructuredFieldError as error:
        return _syntax(error, text)
    date = _misplaced_date(text)
    if date is not None:
        return FIELD_SYNTAX.at(problem=DATE_PROBLEM, position=date)
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
    return FIELD_SYNTAX.at(problem=str(error.args[0]), position=position)


DATE_PROBLEM: Final = "A date is followed by something"


def _misplaced_date(text: str) -> int | None:
    """Where a date stands that is not the last thing in the value, None without one.

    RFC 8941, which the specification builds on, has no dates, RFC 9651 has; the reference
    validator takes one at the very end only. We do as it does: no header of the API uses one.
    """
    if "@" not in text:
        return None
    blanked = STRINGS.sub(lambda match: "_" * len(match[0]), text)
    found = DATE_NOT_LAST.search(blanked)
    return None if found is None else found.start()
