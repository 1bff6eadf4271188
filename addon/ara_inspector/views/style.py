"""Colour for terminals: which words stand out, and what a terminal can show at all."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

RESET: Final = "\x1b[0m"
DIM: Final = "\x1b[2m"
BOLD: Final = "\x1b[1m"
RED: Final = "\x1b[31m"
GREEN: Final = "\x1b[32m"
YELLOW: Final = "\x1b[33m"
COLOURS: Final = re.compile("\x1b\\[[0-9;]*m")
"""All of these: they take no columns."""

VERDICT_COLOURS: Final[Mapping[Verdict, str]] = {
    Verdict.REGISTERED: GREEN,
    Verdict.REJECTED: RED,
    Verdict.IGNORED: YELLOW,
    Verdict.UNKNOWN: DIM,
}
SEVERITY_COLOURS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: RED,
    Severity.WARNING: YELLOW,
    Severity.NOTE: DIM,
}


def encodable(text: str, encoding: str | None) -> str:
    """`text` with what `encoding` cannot write escaped: an old terminal is no reason to fail."""
    name = encoding or "utf-8"
    return text.encode(name, "backslashreplace").decode(name)


class Style(Enum):
    """Whether the text goes to a terminal that shows colour."""

    PLAIN = "plain"
    COLOUR = "colour"

    def paint(self, text: str, colour: str) -> str:
        """`text` in `colour`, or as it is. The text must be escaped already."""
        return f"{colour}{text}{RESET}" if self is Style.COLOUR and text and colour else text

    def bold(self, text: str) -> str:
        """A heading."""
        return self.paint(text, BOLD)

    def dim(self, text: str) -> str:
        """Something secondary."""
        return self.paint(text, DIM)

    def verdict(self, text: str, verdict: Verdict | None) -> str:
        """A verdict's word."""
        return self.paint(text, VERDICT_COLOURS[verdict]) if verdict else text

    def severity(self, text: str, severity: Severity | None) -> str:
        """A finding's code."""
        return self.paint(text, SEVERITY_COLOURS[severity]) if severity else text
