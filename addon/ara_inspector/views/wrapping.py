"""Lines that are too long for where they are shown, broken where a reader would break them.

May live here: the breaking, and the joining before it, for views that do not leave it to a
terminal, which breaks in the middle of a word, as mitmproxy's data viewer does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ara_inspector.views.layout import columns
from ara_inspector.views.style import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WORD: Final = re.compile(r"\s*\S+")
PIECE: Final = re.compile(r"[^/?&=,;]*[/?&=,;]+|[^/?&=,;]+")
"""A URL is broken behind what divides it."""
FENCE: Final = "```"
ITEM: Final = ("- ", "* ")
OWN_LINE: Final = ("#", "|", *ITEM)
"""What begins a line of Markdown that goes not on with the one before."""
DEEPER: Final = 2
"""Columns by which what is carried over stands further in."""


def wrapped(lines: Iterable[str], width: int, hang: int | None = None) -> Iterator[str]:
    """The same lines, none wider than `width`; what is carried over begins at column `hang`."""
    for line in lines:
        if seen(line) <= width:
            yield line
        else:
            indent = len(line) - len(line.lstrip()) + DEEPER if hang is None else hang
            yield from _broken(line, width, " " * min(indent, width // 2))


def seen(text: str) -> int:
    """How many columns text takes, be it coloured or not."""
    return columns(COLOURS.sub("", text))


def joined(lines: Iterable[str]) -> Iterator[str]:
    """Markdown with each paragraph on one line; headings, lists, tables and code stay lines."""
    paragraph: list[str] = []
    in_code = False
    for line in lines:
        fence = line.startswith(FENCE)
        if in_code or fence or not line or line.startswith(OWN_LINE):
            if paragraph:
                yield " ".join(paragraph)
                paragraph = []
            in_code ^= fence
            if not in_code and not fence and line.startswith(ITEM):
                paragraph = [line]
            else:
                yield line
        else:
            paragraph.append(line.strip())
    if paragraph:
        yield " ".join(paragraph)


def _broken(line: str, width: int, indent: str) -> list[str]:
    lines = [""]
    for word in WORD.findall(line):
        bare = word.lstrip()
        if seen(lines[-1] + word) <= width:
            lines[-1] += word
        elif seen(indent + bare) <= width:
            lines.append(indent + bare)
        else:
            lines.append(indent)
            for piece in PIECE.findall(bare):
                if columns(lines[-1] + piece) > width:
                    lines.append(indent)
                _cut_into(lines, piece, width, indent)
    return [line for line in lines if line.strip()]


def _cut_into(lines: list[str], piece: str, width: int, indent: str) -> None:
    for character in piece:
        if columns(lines[-1] + character) > width:
            lines.append(indent)
        lines[-1] += character
