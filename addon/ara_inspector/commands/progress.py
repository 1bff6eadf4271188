"""How far a long capture has been read, on a terminal.

May live here: the bar on standard error. Nothing is drawn where nobody watches, nor for a
capture that is read at once.
"""

from __future__ import annotations

import sys
import time
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Self

from ara_inspector.findings import printable

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE: Final = 0.5
"""Seconds before the bar appears."""
PAUSE: Final = 0.1
"""Seconds between two drawings."""
CELLS: Final = 30
CLEAR: Final = "\r\x1b[2K"


class Progress:
    """A bar while the `with` block runs; gone when it ends."""

    def __init__(self, path: str) -> None:
        self._name = printable(PurePath(path).name)
        self._watched = sys.stderr.isatty()
        self._due = time.monotonic() + PATIENCE
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def tell(self, share: float) -> None:
        """Draw, if it is time to: `share` has been read, 0 to 1."""
        if not self._watched or time.monotonic() < self._due:
            return
        self._due = time.monotonic() + PAUSE
        self._drawn = True
        full = round(min(share, 1.0) * CELLS)
        bar = "#" * full + "." * (CELLS - full)
        sys.stderr.write(f"{CLEAR}{self._name} [{bar}] {share:4.0%}")
        sys.stderr.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
