"""Rules and findings: what can be said about a piece of the wire, and how sure we are.

May live here: the two value types every stage speaks (`Rule`, `Finding`), their scales
(severity, verdict, certainty), and the one function that makes wire text safe to show.
Nothing that knows a header, an exchange or a view. Rules themselves are defined beside the
code that emits them.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.records import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

type Path = tuple[str | int, ...]
"""Where in a decoded header: object keys and list indexes from the root; () is the whole value."""

type Param = str | int | float | bool | None
"""What a finding may carry for its message: plain JSON scalars, as the wire said them.

Words that are ours and not the wire's are `Words`: a message does not quote them.
"""

SPEC_URL: Final = "https://wicg.github.io/attribution-reporting-api/"
SHOWN_CHARACTERS: Final = 80
"""Longest piece of wire text put into a message; the rest is told as a count."""
LATIN_1_MAX: Final = 0xFF
BMP_MAX: Final = 0xFFFF


class Severity(StrEnum):
    """How much a finding changes what the browser does."""

    ERROR = "error"
    """The browser drops or ignores the registration."""
    WARNING = "warning"
    """The browser keeps the registration, but not as written."""
    NOTE = "note"
    """True and worth knowing; nothing is lost."""


class Verdict(StrEnum):
    """What the browser does with a registration."""

    REGISTERED = "registered"
    REJECTED = "rejected"
    """Processed and found invalid."""
    IGNORED = "ignored"
    """Not processed at all."""
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """How far the wire alone carries a statement."""

    CERTAIN = "certain"
    LIKELY = "likely"
    """Inferred; the ground is given beside it."""
    UNKNOWN = "unknown"


class Words(str):
    """Words of ours for a message, which quotes only what the wire says.

    What is made of both is made by `quoting`, never by an f-string: only there is it escaped.
    """

    __slots__ = ()

    @classmethod
    def quoting(cls, template: str, *wire: Param) -> Words:
        """`template`, a pattern of ours, with what the wire says in its `{}`, quoted."""
        return cls(template.format(*map(shown, wire)))

    @classmethod
    def counted(cls, count: int, one: str) -> Words:
        """What `count` things are called, one of which is called `one`."""
        return cls(one if count == 1 else f"{one}s")


class Rule(Struct, frozen=True, gc=False):
    """One thing the inspector can find, defined once beside the code that emits it.

    `code` and `name` are stable for ever. `template` is a `str.format` pattern over the
    finding's parameters. `anchor` is a fragment of the specification (without `#`), empty
    where only Chromium defines the behaviour. `issue` is the DevTools issue type Chrome
    raises for the same thing, where one exists.
    """

    code: str
    name: str
    severity: Severity
    template: str
    anchor: str = ""
    issue: str | None = None

    @property
    def url(self) -> str:
        """The specification's text behind this rule."""
        return f"{SPEC_URL}#{self.anchor}" if self.anchor else SPEC_URL

    def at(self, path: Path = (), **params: Param) -> Finding:
        """A certain finding of this rule at `path`."""
        return Finding(self, path, params)


class Finding(Struct, frozen=True, gc=False):
    """A rule that applies to one place of one value.

    The place may soften the rule's severity: an error inside `debug_key`, `debug_reporting`
    or `aggregatable_debug_reporting` costs only that field.
    `ground` says in a few words what an inferred (`likely`) finding rests on.
    """

    rule: Rule
    path: Path = ()
    params: Mapping[str, Param] = field(default_factory=dict)
    softened: Severity | None = None
    certainty: Certainty = Certainty.CERTAIN
    ground: str = ""

    def inferred(self, ground: str) -> Finding:
        """The same as likely only, for what `ground` says."""
        return replace(self, certainty=Certainty.LIKELY, ground=ground)

    @property
    def place(self) -> str:
        """The path in words, escaped: `filters[0].source_type`; empty for the whole value."""
        words = ""
        for step in self.path:
            if isinstance(step, int):
                words += f"[{step}]"
            else:
                words += f".{printable(step)}" if words else printable(step)
        return words

    @property
    def severity(self) -> Severity:
        """The rule's own severity, or what the place softened it to."""
        return self.softened or self.rule.severity

    @property
    def message(self) -> str:
        """One sentence, wire text escaped and shortened: safe for a terminal as it stands."""
        return self.rule.template.format_map(
            {name: shown(value) for name, value in self.params.items()}
        )


def printable(text: str) -> str:
    r"""`text` with everything a terminal could act on escaped, on one line.

    Control characters, line ends, bidirectional marks, lone surrogates and unassigned code
    points become `\x1b`, `\u202e` and so on; a backslash stays, so this is for reading.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(ord(c)) for c in text)


def _escape(code: int) -> str:
    if code <= LATIN_1_MAX:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= BMP_MAX else f"\\U{code:08x}"


def shown(value: Param, limit: int = SHOWN_CHARACTERS) -> str:
    """`value` as JSON writes it, escaped and cut to `limit` characters, for a message.

    Words of ours stand as they are.
    """
    if isinstance(value, Words):
        return printable(value)
    if isinstance(value, str):
        head = value if len(value) <= limit else value[:limit]
        quoted = printable(json.dumps(head, ensure_ascii=False))
        return quoted if len(value) <= limit else f"{quoted}... ({len(value):,} characters)"
    return json.dumps(value)
