"""`ara-inspector dump|web|console`: what of them is not mitmproxy's own doing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from mitmproxy.options import Options
from mitmproxy.tools import cmdline
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.commands import tools

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("tool", ["dump", "web", "console"])
def test_the_commands_are_listed(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ara_inspector", tool, "--commands"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nara.timeline *terms -> str[]\n" in done.stdout
    assert "\nreplay.client " in done.stdout


async def test_to_list_them_the_inspector_is_there_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[tuple[Callable[[Options], Any], object, list[str]]] = []
    monkeypatch.setattr("mitmproxy.tools.main.run", lambda *words: started.append(words))
    monkeypatch.setattr(sys, "argv", [])
    tools.run_tool("dump", ["--commands"])
    ((with_inspector, parser, words),) = started
    master = with_inspector(Options())
    assert isinstance(master, DumpMaster)
    assert "ara.timeline" in master.commands.commands
    assert (parser, words) == (cmdline.mitmdump, ["--commands"])
