"""Section `live`: requests through the real mitmdump on this machine, with and without the addon.

A small server and the clients share one process and the loopback; nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.mitmdump import VARIANTS, Spent, command, compared, environment, in_turn
from benchmarks.traffic import VISIT, exchanges

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from ara_inspector.exchange import Exchange

HOST: Final = "127.0.0.1"
CLIENTS: Final = 8
REQUESTS: Final = 4_000
TURN: Final = 200
"""Requests that one mitmdump gets before the other gets the same."""
WARM_UP: Final = 200
ROUNDS: Final = 10
START_UP: Final = 30.0
"""Seconds mitmdump has to begin listening."""
LONGEST: Final = 120.0
"""Seconds a round may take before it is given up."""

type _Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def live() -> Iterator[str]:
    """Seconds for 4,000 requests of 8 clients that keep their connections."""
    rounds: dict[str, list[Spent]] = {variant: [] for variant in VARIANTS}
    with tempfile.TemporaryDirectory() as name:
        for number in range(ROUNDS):
            for variant, spent in asyncio.run(_round(number, Path(name))).items():
                rounds[variant].append(spent)
    yield f"{REQUESTS:,} requests, {CLIENTS} clients: {compared(rounds)}"
    for variant, taken in rounds.items():
        best = max(REQUESTS / one.wall for one in taken)
        yield f"best round {variant}: {best:.0f} requests/s"


async def _round(number: int, state: Path) -> dict[str, Spent]:
    """What both variants spend on the same requests, given to one and the other by turns.

    What else a machine does changes from minute to minute: so it is the same for both.
    """
    answers = [_answer(exchange) for exchange in exchanges(VISIT)]
    server = await asyncio.start_server(lambda r, w: _serve(r, w, answers), HOST, 0)
    async with server, contextlib.AsyncExitStack() as stack:
        served: int = server.sockets[0].getsockname()[1]
        asked = [_request(number, one, served) for number, one in enumerate(exchanges(VISIT))]
        proxies = {
            variant: await stack.enter_async_context(_proxy(addon, state))
            for variant, addon in in_turn(number)
        }
        clock = dict.fromkeys(proxies, 0.0)
        async with asyncio.timeout(LONGEST):
            for proxy in proxies.values():
                await _ask(proxy.connections, asked, range(WARM_UP))
            used = {variant: -_cpu(proxy.pid) for variant, proxy in proxies.items()}
            for first in range(0, REQUESTS, TURN):
                for variant, proxy in proxies.items():
                    start = time.perf_counter()
                    await _ask(proxy.connections, asked, range(first, first + TURN))
                    clock[variant] += time.perf_counter() - start
        return {
            variant: Spent(clock[variant], used[variant] + _cpu(proxy.pid))
            for variant, proxy in proxies.items()
        }


class _Proxy(NamedTuple):
    """A mitmdump that is listening, and the connections the clients have to it."""

    pid: int
    connections: list[_Connection]


@contextlib.asynccontextmanager
async def _proxy(addon: Sequence[str], state: Path) -> AsyncIterator[_Proxy]:
    port = _free_port()
    words = command("-q", "--listen-host", HOST, "--listen-port", str(port), *addon, state=state)
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.DEVNULL, env=environment(state)
    )
    connections: list[_Connection] = []
    try:
        await _listening(port)
        connections += [await asyncio.open_connection(HOST, port) for _ in range(CLIENTS)]
        yield _Proxy(process.pid, connections)
    finally:
        for _, writer in connections:
            writer.close()
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()


def _request(number: int, exchange: Exchange, port: int) -> bytes:
    """A request as a proxy gets it; the answer wanted is in its path."""
    lines = b"".join(
        b"%s: %s\r\n" % line for line in exchange.request_lines if line[0] != b"content-type"
    )
    path = exchange.url.split("/", 3)[3]
    url = f"http://{HOST}:{port}/{path}"
    body = exchange.request_body or b""
    head = f"{exchange.method} {url} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAnswer: {number}\r\n"
    return b"%s%sContent-Length: %d\r\n\r\n%s" % (head.encode(), lines, len(body), body)


def _answer(exchange: Exchange) -> bytes:
    lines = b"".join(b"%s: %s\r\n" % line for line in exchange.response_lines)
    body = exchange.response_body or b""
    head = f"HTTP/1.1 {exchange.status} .\r\n".encode()
    return b"%s%sContent-Length: %d\r\n\r\n%s" % (head, lines, len(body), body)


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Sequence[bytes]
) -> None:
    try:
        while head := await _head(reader):
            await reader.readexactly(_number(head, b"content-length: "))
            writer.write(answers[_number(head, b"answer: ")])
            await writer.drain()
    finally:
        writer.close()


async def _ask(
    connections: Sequence[_Connection], asked: Sequence[bytes], numbers: Sequence[int]
) -> None:
    """These requests, shared among the clients."""
    await asyncio.gather(
        *(_client(connection, [asked[n % VISIT] for n in numbers[first::CLIENTS]])
          for first, connection in enumerate(connections))
    )  # fmt: skip


async def _client(connection: _Connection, requests: Sequence[bytes]) -> None:
    reader, writer = connection
    for request in requests:
        writer.write(request)
        head = await _head(reader)
        await reader.readexactly(_number(head, b"content-length: "))


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).lower()
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _number(head: bytes, name: bytes) -> int:
    return int(head.split(b"\r\n" + name, 1)[1].split(b"\r\n", 1)[0])


async def _listening(port: int) -> None:
    async with asyncio.timeout(START_UP):
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
