"""Old entries in little room: a session may run for days, and seldom looks far back.

May live here: packing entries, a block at a time, and unpacking them where they are asked for.
A packed entry takes a twentieth of the memory and some 20 microseconds; nothing of it is lost.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from zstandard import (
    DICT_TYPE_RAWCONTENT,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ara_inspector.timeline import Entry

BLOCK: Final = 64
"""Entries packed together: they have much in common, and are soon unpacked."""
OPEN: Final = 8
"""Blocks kept unpacked: what is revised is mostly what has been asked for just before."""
LEVEL: Final = 3
"""zstd's; a higher one takes three times as long for a tenth less."""


class Archive:
    """Entries by number, in blocks; all of a block come at once, in order and without a gap."""

    def __init__(self) -> None:
        self._packed: OrderedDict[int, bytes] = OrderedDict()
        self._open: OrderedDict[int, list[Entry]] = OrderedDict()
        self._revised: set[int] = set()
        self._packer = _Packer()

    def add(self, entries: Sequence[Entry]) -> None:
        """Take in the next `BLOCK` entries."""
        self._packed[_block(entries[0].number)] = self._packer.pack(entries)

    def get(self, number: int) -> Entry | None:
        """Entry `number`, None if it is not here."""
        entries = self._unpacked(_block(number))
        return entries[(number - 1) % BLOCK] if entries else None

    def put(self, entry: Entry) -> None:
        """Put an entry in the place of the one with its number, which must be here."""
        block = _block(entry.number)
        self._unpacked(block)[(entry.number - 1) % BLOCK] = entry
        self._revised.add(block)

    def drop_oldest(self) -> None:
        """Forget the oldest block."""
        block, _ = self._packed.popitem(last=False)
        self._open.pop(block, None)
        self._revised.discard(block)

    def blocks(self) -> Iterator[Sequence[Entry]]:
        """Every block as it stands now, oldest first, unpacked one at a time."""
        now = [self._open.get(block) or packed for block, packed in self._packed.items()]
        return (
            self._packer.unpack(each) if isinstance(each, bytes) else tuple(each) for each in now
        )

    def _unpacked(self, block: int) -> list[Entry]:
        entries = self._open.get(block)
        if entries is not None:
            self._open.move_to_end(block)
            return entries
        if block not in self._packed:
            return []
        entries = self._open[block] = self._packer.unpack(self._packed[block])
        if len(self._open) > OPEN:
            closed, content = self._open.popitem(last=False)
            if closed in self._revised:
                self._revised.remove(closed)
                self._packed[closed] = self._packer.pack(content)
        return entries


class _Packer:
    """Packs blocks by what they have in common with the first one: half as large."""

    def __init__(self) -> None:
        self._first = b""

    def pack(self, entries: Sequence[Entry]) -> bytes:
        text = pickle.dumps(list(entries), pickle.HIGHEST_PROTOCOL)
        self._first = self._first or text
        # A copy takes the room it needs; what the library gives has room for the text unpacked.
        return bytes(memoryview(self._compressor.compress(text)))

    def unpack(self, packed: bytes) -> list[Entry]:
        # Our own bytes, never anybody else's.
        return cast("list[Entry]", pickle.loads(self._decompressor.decompress(packed)))  # noqa: S301

    @cached_property
    def _common(self) -> ZstdCompressionDict:
        return ZstdCompressionDict(self._first, dict_type=DICT_TYPE_RAWCONTENT)

    @cached_property
    def _compressor(self) -> ZstdCompressor:
        # Untold, it takes room for blocks of any size.
        size = len(self._first)
        how = ZstdCompressionParameters.from_level(LEVEL, source_size=size, dict_size=size)
        return ZstdCompressor(compression_params=how, dict_data=self._common)

    @cached_property
    def _decompressor(self) -> ZstdDecompressor:
        return ZstdDecompressor(dict_data=self._common)


def _block(number: int) -> int:
    return (number - 1) // BLOCK
