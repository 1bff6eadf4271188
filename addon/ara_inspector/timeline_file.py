"""The timeline as JSON lines in a file, written while mitmproxy runs.

May live here: the addon behind `ara_timeline`. A path with a leading `+` is appended to. Each
entry is one line, flushed at once; an entry that is revised is written again, with its revision.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from mitmproxy import ctx, exceptions
from mitmproxy.tools.dump import DumpMaster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    from mitmproxy.addonmanager import Loader

    from ara_inspector.timeline import Entry

logger = logging.getLogger(__name__)


class TimelineFile:
    """Writes what it is told; a disk that is full ends the writing and is told to `spoilt`."""

    name = "attribution-timeline"

    def __init__(self, spoilt: Callable[[], None]) -> None:
        self._spoilt = spoilt
        self._stream: BinaryIO | None = None

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option(
            "ara_timeline",
            str,
            "",
            "Write the timeline to this file, one JSON document a line; +PATH appends.",
        )

    def configure(self, updated: set[str]) -> None:
        """Open the file at once: a path that cannot be written is an error before any traffic."""
        if "ara_timeline" not in updated:
            return
        self.done()
        given: str = ctx.options.ara_timeline
        if given:
            self._stream = _opened(given)

    def tell(self, entries: Iterable[Entry]) -> None:
        """Write new and revised entries."""
        if self._stream is None:
            return
        from ara_inspector.views.document import (  # noqa: PLC0415 - loaded where it is asked for
            entry_document,
            json_line,
        )

        lines = "".join(f"{json_line(entry_document(entry))}\n" for entry in entries)
        try:
            # In one piece and unbuffered: whoever follows the file never reads half a line.
            _write(self._stream, lines.encode("ascii"))
        except OSError as error:
            # It was asked for, so -q does not silence it. An ERROR in the log would stop mitmweb
            # and the console while they start.
            level = logging.ERROR if isinstance(ctx.master, DumpMaster) else logging.WARNING
            logger.log(
                level, "ara_timeline: %s; the timeline is not written any more", error.strerror
            )
            self.done()
            self._spoilt()

    def done(self) -> None:
        """Close the file."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _write(stream: BinaryIO, data: bytes) -> None:
    """All of `data`: a disk that is nearly full takes a part and says so only of the rest."""
    while data:
        data = data[stream.write(data) :]


def _opened(given: str) -> BinaryIO:
    path = Path(given.removeprefix("+")).expanduser()
    mode = "ab" if given.startswith("+") else "wb"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open(mode, buffering=0)  # type: ignore[return-value]  # a raw file is one too
    except OSError as error:
        raise exceptions.OptionsError(
            f"ara_timeline: {path} cannot be written: {error.strerror}"
        ) from error
