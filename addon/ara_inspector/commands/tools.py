"""`ara-inspector dump|web|console`: a mitmproxy tool with the inspector loaded.

May live here: how the tools are started. The inspector goes in with -s, before the user's own
arguments: an addon added to a running master would come after the one that reads `-r` files
and see a recording only once it is over.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mitmproxy.tools import main as mitmproxy_main

if TYPE_CHECKING:
    from collections.abc import Sequence

SCRIPT = Path(__file__).parents[1] / "script.py"


def run_tool(tool: str, words: Sequence[str]) -> int:
    """Run mitmdump, mitmweb or mitmproxy with `words`; return the exit status."""
    start = {
        "dump": mitmproxy_main.mitmdump,
        "web": mitmproxy_main.mitmweb,
        "console": mitmproxy_main.mitmproxy,
    }[tool]
    # mitmproxy's argument parser names the program by sys.argv.
    sys.argv = [f"ara-inspector {tool}", *words]
    return start(["-s", str(SCRIPT), *words]) or 0
