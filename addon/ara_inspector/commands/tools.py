"""`ara-inspector dump|web|console`: a mitmproxy tool with the inspector loaded.

May live here: how the tools are started. The inspector goes in with -s, before the user's own
arguments: an addon added to a running master would come after the one that reads `-r` files
and see a recording only once it is over.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from mitmproxy.tools import cmdline
from mitmproxy.tools import main as mitmproxy_main

from ara_inspector.addon import AttributionInspector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mitmproxy.master import Master
    from mitmproxy.options import Options

SCRIPT = Path(__file__).parents[1] / "script.py"


COMMANDS: Final = "--commands"
"""Asks a tool to list its commands and end: before it has loaded any script."""


def run_tool(tool: str, words: Sequence[str]) -> int:
    """Run mitmdump, mitmweb or mitmproxy with `words`; return the exit status."""
    # mitmproxy's argument parser names the program by sys.argv.
    sys.argv = [f"ara-inspector {tool}", *words]
    if COMMANDS in words:
        return _list_commands(tool, words)
    start = {
        "dump": mitmproxy_main.mitmdump,
        "web": mitmproxy_main.mitmweb,
        "console": mitmproxy_main.mitmproxy,
    }[tool]
    return start(["-s", str(SCRIPT), *words]) or 0


def _list_commands(tool: str, words: Sequence[str]) -> int:
    """The same with the inspector as an addon that is there from the start."""
    module, name, parser = {
        "dump": ("dump", "DumpMaster", cmdline.mitmdump),
        "web": ("web.master", "WebMaster", cmdline.mitmweb),
        "console": ("console.master", "ConsoleMaster", cmdline.mitmproxy),
    }[tool]
    tool_master = getattr(importlib.import_module(f"mitmproxy.tools.{module}"), name)

    def with_inspector(options: Options) -> Master:
        master: Master = tool_master(options)
        master.addons.register(AttributionInspector())
        return master

    mitmproxy_main.run(cast("type[Master]", with_inspector), parser, words)
    return 0
