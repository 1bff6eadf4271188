"""`ara-inspector dump|web|console`: a mitmproxy tool with the inspector loaded.

May live here: how the tools are started, and which options they know. The inspector goes in
with -s, before the user's own arguments: an addon added to a running master would come after the
one that reads `-r` files and see a recording only once it is over.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from mitmproxy.options import Options
from mitmproxy.tools import cmdline
from mitmproxy.tools import main as mitmproxy_main
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.addon import AttributionInspector
from ara_inspector.starting import no_such_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mitmproxy.master import Master

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


def unknown_options(names: Iterable[str]) -> Iterator[str]:
    """A line for each of the names that is no option of mitmdump with the inspector in it.

    mitmdump itself waits in silence for an addon that knows an option, or ends while it starts.
    """
    names = list(names)
    known = asyncio.run(_known_options()) if names else frozenset[str]()
    for name in names:
        if name not in known:
            yield no_such_option(name, known)


async def _known_options() -> frozenset[str]:
    """The names of all options, from a mitmdump that is not run."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    master = DumpMaster(Options(), with_termlog=False)
    master.addons.register(AttributionInspector())
    # It listens to the log until it has run, and nobody can answer it here.
    root.handlers[:] = handlers
    return frozenset(master.options.keys())


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
