"""Long texts made small enough to stand in a page: gzip in base64, in pieces.

May live here: how texts are cut, packed and numbered. What they say, and which piece holds
what, is the business of who gives them. A piece is unpacked by itself, so a page that shows one
entry of many unpacks no more than a piece; and base64 has no character that means anything to a
browser, so whatever lies in a piece cannot become markup.
"""

from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PIECE: Final = 1 << 20
"""Characters of a piece, about: it is unpacked and read in a moment, and not worth less."""
SHORT: Final = 1_000
"""A text up to this long is no piece of its own."""
LEVEL: Final = 9
"""gzip's hardest; the texts are so much alike that it takes hardly longer than the usual one."""

type Part = str | int
"""Of a long text: itself where it is short, and else the number of a piece."""


class Pack:
    """Texts on numbered lines."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def put(self, text: str) -> int:
        """Pack one text; its number."""
        # Without the time of day in it: what is the same comes out the same.
        packed = gzip.compress(text.encode(), LEVEL, mtime=0)
        self._lines.append(base64.b64encode(packed).decode("ascii"))
        return len(self._lines) - 1

    def part(self, text: str) -> Part:
        """Pack a text that may be short."""
        return self.put(text) if len(text) > SHORT else text

    def cut(self, text: str) -> list[Part]:
        """Pack a text that is cut wherever a piece is full."""
        return [self.part(text[at : at + PIECE]) for at in range(0, len(text), PIECE)]

    def __str__(self) -> str:
        return "\n".join(self._lines)


def batches[T](items: Iterable[tuple[T, str]]) -> Iterator[tuple[list[T], str]]:
    """Things with their texts, gathered for a piece each: the things, the texts with commas."""
    things: list[T] = []
    texts: list[str] = []
    size = 0
    for thing, text in items:
        things.append(thing)
        texts.append(text)
        size += len(text)
        if size >= PIECE:
            yield things, ",".join(texts)
            things, texts, size = [], [], 0
    if things:
        yield things, ",".join(texts)
