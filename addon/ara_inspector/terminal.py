"""What commands and addon know of the terminal.

May live here: whether standard output is one, how wide it is, and whether it is to be coloured.
"""

from __future__ import annotations

import os
import shutil
import sys

from ara_inspector.views.style import Style


def is_terminal() -> bool:
    """Whether somebody reads standard output at a terminal."""
    return sys.stdout.isatty()


def columns(*, to_a_file: bool = False) -> int | None:
    """The columns a table may take: the terminal's, or what COLUMNS says; None where neither is.

    A file or a pipe has no edge: nothing that goes there is cut unless somebody asks for it.
    """
    if to_a_file:
        told = os.environ.get("COLUMNS", "")
        return int(told) if told.isdecimal() and int(told) else None
    return shutil.get_terminal_size((0, 24)).columns or None


def style() -> Style:
    """Colour on a terminal only, and never against https://no-color.org ."""
    return Style.COLOUR if is_terminal() and not os.environ.get("NO_COLOR") else Style.PLAIN
