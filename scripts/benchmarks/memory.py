"""Sections `memory` and `memory-mitmdump`: whether memory stays flat over much traffic."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mitmproxy.io import FlowWriter

from ara_inspector.session import Session
from benchmarks.mitmdump import VARIANTS, command, environment, own_megabytes
from benchmarks.traffic import exchanges, flow_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXCHANGES: Final = 1_000_000
FLOWS: Final = 200_000
STEPS: Final = 10


def memory() -> Iterator[str]:
    """Megabytes a session takes while a million exchanges go through it."""
    session = Session()
    start = time.process_time()
    for number, exchange in enumerate(exchanges(EXCHANGES), 1):
        session.recorded(exchange)
        if number % (EXCHANGES // STEPS) == 0:
            yield (
                f"{number:>9,} exchanges: {own_megabytes():.0f} MB, "
                f"{len(session.timeline):,} entries, {time.process_time() - start:.0f} s CPU"
            )
    dropped = ", ".join(f"{count:,} {what}" for what, count in session.summary().dropped.items())
    yield f"dropped: {dropped}"


def memory_mitmdump() -> Iterator[str]:
    """Megabytes mitmdump takes while it reads 200,000 flows, with and without the addon."""
    with tempfile.TemporaryDirectory() as name:
        for variant, addon in VARIANTS.items():
            seen = ", ".join(f"{size:.0f}" for size in _fed(addon, Path(name)))
            yield f"{variant} the addon, MB at each tenth of {FLOWS:,} flows: {seen}"


def _fed(addon: Sequence[str], state: Path) -> Iterator[float]:
    """Memory of mitmdump each time another tenth of the flows has been written to it."""
    process = subprocess.Popen(
        command("-q", "-n", "-r", "-", *addon, state=state),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment(state),
    )
    if process.stdin is None:
        raise ValueError("no pipe to mitmdump")
    try:
        # The pipe holds some thirty flows: what is written has been read but for those.
        with process.stdin as pipe:
            writer = FlowWriter(pipe)
            for number, exchange in enumerate(exchanges(FLOWS), 1):
                writer.add(flow_of(exchange))
                if number % (FLOWS // STEPS) == 0:
                    yield own_megabytes(process.pid)
    finally:
        process.wait()
