"""What a file of expectations says, as tables that know where they stand.

May live here: the notations a file may be written in, what a reader of one hands on, and how a
place is named when something is wrong there. Reading a notation is the work of `toml_tables` and
`yaml_tables`, understanding the tables that of `expectation_file`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})
MOST_DIGITS: Final = 19
"""Digits a number may have: those of 64 bits, more than anything that is counted."""


class ExpectationError(ValueError):
    """A file that cannot be used; the message says where and why."""


class Notation(StrEnum):
    """What a file is written in."""

    TOML = "TOML"
    YAML = "YAML"

    def several(self, name: str) -> str:
        """How a list of tables is asked for."""
        return f"write {f'[[{name}]]' if self is Notation.TOML else 'a list'}, a table for each"

    def one(self, name: str) -> str:
        """How a table there is one of is called."""
        return f"[{name}]" if self is Notation.TOML else name

    def one_of(self, name: str, number: int) -> str:
        """How a table of several is called."""
        return f"[[{name}]] {number}" if self is Notation.TOML else f"{name} {number}"

    def below(self, name: str, key: str, value: str) -> str:
        """How a key of a table below a table is written."""
        if self is Notation.TOML:
            return f'{name}.{key} = "{value}"'
        return f'{name}: {{{key}: "{value}"}}'


def notation_of(path: str | PurePath) -> Notation:
    """The notation that a file's name stands for."""
    is_yaml = PurePath(path).suffix.lower() in YAML_SUFFIXES
    return Notation.YAML if is_yaml else Notation.TOML


class Place(Struct, frozen=True, gc=False):
    """A table, to say where something is wrong."""

    text: str
    """As it is called: `[[registrations]] 2`."""
    line: int | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    """The lines of its keys."""
    notation: Notation = Notation.TOML

    def error(self, message: str, key: str = "") -> ExpectationError:
        """What is wrong with the table, or with what stands under a key of it."""
        line = self.lines.get(key, self.line)
        where = f"{self.text} {key}".strip()
        told = [where] if where else []
        told = told if line is None else [f"line {line}", *told]
        return ExpectationError(": ".join([*told, message]))


class Tables(Struct, frozen=True, gc=False):
    """What a file says, and where."""

    value: Mapping[str, Any]
    notation: Notation
    lines: Mapping[str, int]
    """The lines of the names at the top."""
    places: Mapping[str, Sequence[Place]]
    """Where the tables of each name stand, as far as a line begins each of them."""

    @property
    def top(self) -> Place:
        """The file as a table: its name is told by whoever has it."""
        return Place("", None, self.lines, self.notation)

    def error(self, message: str, name: str) -> ExpectationError:
        """What is wrong with what stands under a name at the top."""
        return Place(name, self.lines.get(name)).error(message)

    def each_of(self, name: str, number: int) -> list[Place]:
        """The places of a list of so many tables."""
        found = self.places.get(name, ())
        if len(found) != number:
            # Written inline: no line begins a table.
            found = [Place("", self.lines.get(name))] * number
        return [self._called(self.notation.one_of(name, n), at) for n, at in enumerate(found, 1)]

    def the(self, name: str) -> Place:
        """The place of a table there is one of."""
        found = self.places.get(name) or [Place("", self.lines.get(name))]
        return self._called(self.notation.one(name), found[0])

    def _called(self, text: str, at: Place) -> Place:
        return Place(text, at.line, at.lines, self.notation)
