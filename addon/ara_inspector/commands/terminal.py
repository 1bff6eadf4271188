"""What the commands know of the terminal.

May live here: whether standard output is one, and whether it is to be coloured.
"""

from __future__ import annotations

import os
import sys

from ara_inspector.views.style import Style


def is_terminal() -> bool:
    """Whether somebody reads standard output at a terminal."""
    return sys.stdout.isatty()


def style() -> Style:
    """Colour on a terminal only, and never against https://no-color.org ."""
    return Style.COLOUR if is_terminal() and not os.environ.get("NO_COLOR") else Style.PLAIN
