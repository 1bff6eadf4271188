"""What commands and addon know of the terminal.

May live here: whether standard output (or another stream) is one, how wide it is, and whether it
is to be coloured.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from ara_inspector.views.style import Style

if TYPE_CHECKING:
    from typing import TextIO


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether somebody reads `stream`, or else standard output, at a terminal."""
    return (stream or sys.stdout).isatty()


def columns(stream: TextIO | None = None, *, to_a_file: bool = False) -> int | None:
    """The columns a table may take: what COLUMNS says, or the terminal's; None where neither is.

    A file or a pipe has no edge: nothing that goes there is cut unless somebody asks for it.
    """
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    with contextlib.suppress(OSError):
        if not to_a_file:
            return os.get_terminal_size((stream or sys.stdout).fileno()).columns or None
    return None


def style(stream: TextIO | None = None) -> Style:
    """Colour on a terminal only, and never against https://no-color.org ."""
    return Style.COLOUR if is_terminal(stream) and not os.environ.get("NO_COLOR") else Style.PLAIN
