"""A real mitmdump process with the invented hosts loaded, ended when its block ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from recording.scenario import Scenario

SCRIPTS = Path(__file__).parents[1]
SERVER = Path(__file__).with_name("server.py")
START_UP = 60
LISTENING = re.compile(r"proxy listening at .*?:(\d+)")


@dataclass
class Mitmdump:
    """A running mitmdump: where it listens, and what it has printed so far."""

    process: asyncio.subprocess.Process
    address: str
    lines: list[str] = field(default_factory=list)


class ProxyError(Exception):
    """mitmdump did not start listening, or broke off."""


@asynccontextmanager
async def mitmdump(
    scenario: Scenario,
    state: Path,
    *,
    flows: Path | None = None,
    arguments: Sequence[str] = (),
) -> AsyncIterator[Mitmdump]:
    """Run mitmdump for one scenario on a free port.

    `arguments` come first on its command line, so that an addon given there with `-s` sees each
    flow as it would see one from the network. `state` keeps mitmproxy's own certificates.
    After the block the process has ended and `lines` holds all it printed.
    """
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("mitmdump")),
        *("--listen-host", "127.0.0.1", "--listen-port", "0"),
        *("--set", f"confdir={state}", "--set", "connection_strategy=lazy"),
        *("--set", "upstream_cert=false"),
        *arguments,
        *("-s", str(SERVER)),
        *("--set", f"recording_scenario={scenario.name}"),
        *("--set", f"recording_flows={flows or ''}"),
        env=os.environ | {"PYTHONPATH": str(SCRIPTS), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    lines: list[str] = []
    port: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    reader = asyncio.create_task(_read(process, lines, port))
    try:
        try:
            address = f"127.0.0.1:{await asyncio.wait_for(port, START_UP)}"
        except (TimeoutError, ProxyError) as error:
            raise ProxyError("mitmdump did not start:\n" + "".join(lines)) from error
        yield Mitmdump(process, address, lines)
        if process.returncode is not None:
            await reader
            raise ProxyError("mitmdump broke off:\n" + "".join(lines))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(process.wait(), START_UP)
        except TimeoutError:
            process.kill()
            await process.wait()
        await reader


async def _read(
    process: asyncio.subprocess.Process, lines: list[str], port: asyncio.Future[str]
) -> None:
    stdout = process.stdout
    if stdout is None:
        raise ProxyError("mitmdump has no output.")
    async for raw in stdout:
        line = raw.decode(errors="replace")
        lines.append(line)
        listening = LISTENING.search(line)
        if listening and not port.done():
            port.set_result(listening[1])
    if not port.done():
        port.set_exception(ProxyError("mitmdump ended."))
