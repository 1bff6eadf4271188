"""Tables of expectations in TOML.

May live here: reading the notation, and writing it. `tomllib` does not tell where a value stands,
so the lines of tables and keys are looked up in the text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.checking.tables import (
    MOST_DIGITS,
    ExpectationError,
    Notation,
    Place,
    Tables,
)
from ara_inspector.findings import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER: Final = re.compile(r"\s*(?:\[\[\s*([a-z]+)\s*\]\]|\[\s*([a-z]+)\s*\])\s*(?:#.*)?")
"""A line that begins a table."""
ASSIGNMENT: Final = re.compile(
    r"""\s*["']?([A-Za-z_]+)["']?\s*(?:\.\s*["']?([A-Za-z_]+)["']?\s*)?="""
)
DIGITS: Final = re.compile(rf"\d[\d_]{{{MOST_DIGITS},}}")
"""More than a number may have: Python refuses some thousand of them in an error of its own."""
BRACKET: Final = re.compile(r"[\[\]{}]")
DEEP: Final = 100
"""Brackets within one another, where too many of them are looked for; four are needed."""


def toml_tables(text: str) -> Tables:
    """The tables of a text. Raises `ExpectationError`."""
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExpectationError(f"it is not TOML: {printable(str(error))}") from error
    except RecursionError as error:
        raise ExpectationError(f"line {_deep(text)}: it is nested too deeply") from error
    except ValueError as error:
        found = DIGITS.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise ExpectationError(f"line {line}: a number has too many digits") from error
    places, lines = _places(text)
    return Tables(value, Notation.TOML, lines, places)


def _deep(text: str) -> int:
    """The line on which brackets are nested deeply."""
    brackets = list(BRACKET.finditer(text))
    depths = accumulate(1 if each[0] in "[{" else -1 for each in brackets)
    places = (each.start() for each, depth in zip(brackets, depths, strict=True) if depth > DEEP)
    return text.count("\n", 0, next(places, 0)) + 1


def _places(text: str) -> tuple[Mapping[str, list[Place]], dict[str, int]]:
    """Where the tables of each name begin, and their keys; and the names at the top."""
    places: defaultdict[str, list[Place]] = defaultdict(list)
    top: dict[str, int] = {}
    lines = top
    # No other character ends a line of TOML, whatever `splitlines` says.
    for number, line in enumerate(text.split("\n"), 1):
        header = HEADER.fullmatch(line)
        if header is not None:
            lines = {}
            name = header[1] or header[2]
            places[name].append(Place("", number, lines))
            top.setdefault(name, number)
        elif (key := ASSIGNMENT.match(line)) is not None:
            lines.setdefault(key[1], number)
            if key[2]:
                lines.setdefault(f"{key[1]}.{key[2]}", number)
    return places, top


def toml_text(value: Mapping[str, Any]) -> str:
    """Tables, and lists of tables, as text; keys may have a dot."""
    parts = []
    for name, tables in value.items():
        if isinstance(tables, list):
            parts += [_table(f"[[{name}]]", table) for table in tables]
        else:
            parts.append(_table(f"[{name}]", tables))
    return "\n".join(parts)


def _table(title: str, values: Mapping[str, str | int | list[str]]) -> str:
    return "\n".join([title, *(f"{name} = {_value(value)}" for name, value in values.items()), ""])


def _value(value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    # A JSON string of printable characters is a TOML string as it stands.
    return (
        json.dumps(printable(value), ensure_ascii=False) if isinstance(value, str) else str(value)
    )
