"""Tables of expectations in YAML 1.2.

May live here: reading the notation, and writing it. Of the library only the events are used:
nothing is constructed, and every value knows its line. What the tables have no use for - tags,
aliases, a second document, another version - is refused, so that a text means what it seems to.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from ara_inspector.checking.tables import (
    MOST_DIGITS,
    ExpectationError,
    Notation,
    Place,
    Tables,
)
from ara_inspector.findings import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ruamel.yaml import YAML
    from ruamel.yaml.events import Event

DEEPEST: Final = 16
"""Lists and tables within one another: four are needed."""
VERSION: Final = (1, 2)

# The core schema of YAML 1.2. The library's own patterns take more: `1_000`, `0b1`, dates.
NOTHING: Final = re.compile(r"~|null|Null|NULL|")
TRUTH: Final = re.compile(r"(true|True|TRUE)|false|False|FALSE")
DECIMAL: Final = re.compile(rf"[-+]?[0-9]{{1,{MOST_DIGITS}}}")
BASED: Final = re.compile(r"0o[0-7]{1,20}|0x[0-9a-fA-F]{1,16}")
OTHER_NUMBER: Final = re.compile(
    r"0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
"""What is written without quotes."""


class _Written(Struct, frozen=True, gc=False):
    """A value and where it stands."""

    value: Any
    line: int
    items: tuple[_Written, ...] = ()
    """Of a list."""
    keys: Mapping[str, tuple[int, _Written]] = field(default_factory=dict)
    """Of a table: the lines of its keys, and what stands there."""

    @property
    def lines(self) -> dict[str, int]:
        """The lines of the keys, those of a table below with a dot."""
        found: dict[str, int] = {}
        for name, (line, below) in self.keys.items():
            found[name] = line
            found |= {f"{name}.{key}": line for key, (line, _) in below.keys.items()}
        return found


def yaml_tables(text: str) -> Tables:
    """The tables of a text. Raises `ExpectationError`."""
    written = _Reading(text).document()
    if written.value is None:
        # Nothing but remarks.
        written = _Written({}, written.line)
    if not isinstance(written.value, dict):
        raise _wrong(written.line, "a table is wanted")
    places = {
        name: [Place("", item.line, item.lines) for item in below.items or (below,)]
        for name, (_, below) in written.keys.items()
    }
    return Tables(written.value, Notation.YAML, written.lines, places)


def _wrong(line: int, message: str) -> ExpectationError:
    return ExpectationError(f"line {line}: {message}")


class _Reading:
    """One text on its way from events to values."""

    def __init__(self, text: str) -> None:
        # Only who has such a file needs it.
        from ruamel.yaml import YAML, events  # noqa: PLC0415

        self._kinds = events
        self._events = self._read(YAML(typ="safe", pure=True), text)

    @staticmethod
    def _read(yaml: YAML, text: str) -> Iterator[Event]:
        """The events of the text, each as it is asked for."""
        from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415
        from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

        line = 1
        try:
            for event in yaml.parse(text):
                line = event.end_mark.line + 1
                yield event
        except MarkedYAMLError as error:
            said = ", ".join(filter(None, (error.context, error.problem)))
            mark = error.problem_mark or error.context_mark
            at = f"(at line {mark.line + 1}, column {mark.column + 1})"
            raise ExpectationError(f"it is not YAML: {printable(said)} {at}") from error
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            character = f"the character U+{error.character:04X} may not stand in it"
            raise ExpectationError(f"it is not YAML: {character} (at line {line})") from error
        except Exception as error:
            # It asserts and converts on the way: a strange version, an escape beyond Unicode.
            message = f"it is not YAML: it cannot be read from line {line} on"
            raise ExpectationError(message) from error

    def document(self) -> _Written:
        """The only document."""
        written = _Written(None, 1)
        number = 0
        for event in self._events:
            line = event.start_mark.line + 1
            if isinstance(event, self._kinds.DocumentStartEvent):
                number += 1
                if number > 1:
                    raise _wrong(line, "a second document begins, one is wanted")
                if event.version not in {None, VERSION}:
                    raise _wrong(line, "YAML 1.2 is read, no other version")
            elif isinstance(event, self._kinds.NodeEvent):
                written = self._value(event)
        return written

    def _value(self, event: Event, depth: int = 0) -> _Written:
        """What begins with this event."""
        line = event.start_mark.line + 1
        if isinstance(event, self._kinds.AliasEvent):
            raise _wrong(line, f"*{printable(event.anchor)}: aliases are not read, write it out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _wrong(line, f"{printable(str(tag))}: tags are not read")
        if depth > DEEPEST:
            raise _wrong(line, "it is nested too deeply")
        if isinstance(event, self._kinds.ScalarEvent):
            return _Written(_scalar(event.value, line, plain=event.implicit[0]), line)
        if isinstance(event, self._kinds.SequenceStartEvent):
            items = tuple(self._value(item, depth + 1) for item in self._inside())
            return _Written([item.value for item in items], line, items)
        return self._table(line, depth)

    def _inside(self) -> Iterator[Event]:
        """The first events of what a list or table has, up to its end."""
        ends = (self._kinds.SequenceEndEvent, self._kinds.MappingEndEvent)
        for event in self._events:
            if isinstance(event, ends):
                return
            yield event

    def _table(self, begins: int, depth: int) -> _Written:
        keys: dict[str, tuple[int, _Written]] = {}
        inside = self._inside()
        for event in inside:
            line = event.start_mark.line + 1
            if not isinstance(event, self._kinds.ScalarEvent):
                # An alias or a tag is what is wrong with a key that has one.
                self._value(event, depth + 1)
                raise _wrong(line, "a key is a word, no list and no table")
            self._value(event)
            name = event.value
            if name in keys:
                raise _wrong(line, f"{name!r} is there twice, first on line {keys[name][0]}")
            keys[name] = (line, self._value(next(inside), depth + 1))
        return _Written({name: below.value for name, (_, below) in keys.items()}, begins, (), keys)


def _scalar(text: str, line: int, *, plain: bool) -> Any:
    """What a text stands for; None for what is wanted nowhere, a fraction for instance."""
    if SURROGATE.search(text):
        raise _wrong(line, "half of a character is escaped")
    if not plain:
        return text
    if (truth := TRUTH.fullmatch(text)) is not None:
        return truth[1] is not None
    if DECIMAL.fullmatch(text):
        return int(text)
    if BASED.fullmatch(text):
        return int(text, 0)
    return None if NOTHING.fullmatch(text) or OTHER_NUMBER.fullmatch(text) else text


def yaml_text(value: Mapping[str, Any]) -> str:
    """Tables, and lists of tables, as text; keys may have a dot."""
    lines = []
    for name, tables in value.items():
        lines.append(f"{name}:")
        if isinstance(tables, list):
            for table in tables:
                first, *more = _lines(table)
                lines += [f"  - {first}", *(f"    {line}" for line in more)]
        else:
            lines += [f"  {line}" for line in _lines(tables)]
    return "".join(f"{line}\n" for line in lines)


def _lines(table: Mapping[str, str | int | list[str]]) -> list[str]:
    lines = []
    above = ""
    for name, value in table.items():
        over, _, key = name.rpartition(".")
        if over and over != above:
            lines.append(f"{over}:")
        above = over
        lines.append(f"{'  ' if over else ''}{key}: {_written(value)}")
    return lines


def _written(value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    if not isinstance(value, str):
        return str(value)
    if PLAIN.fullmatch(value) and _scalar(value, 0, plain=True) == value:
        return value
    # A JSON string of printable characters is a YAML string as it stands.
    return json.dumps(printable(value), ensure_ascii=False)
