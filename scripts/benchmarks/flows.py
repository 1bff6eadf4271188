"""Section `flows`: a recording read by the real mitmdump, with and without the addon."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mitmproxy.io import FlowWriter

from benchmarks.mitmdump import VARIANTS, Spent, command, compared, run_in_turns
from benchmarks.traffic import exchanges, flow_of

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTS: Final = (100, 20_000)
"""The first tells what starting takes."""
ROUNDS: Final = 6


def flows() -> Iterator[str]:
    """Seconds for 20,000 flows, 5 % of them with headers of the API."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in COUNTS:
            capture = folder / f"{count}.flows"
            with capture.open("wb") as file:
                writer = FlowWriter(file)
                for exchange in exchanges(count):
                    writer.add(flow_of(exchange))
            commands = {
                variant: command("-n", "-r", str(capture), *addon, state=folder)
                for variant, addon in VARIANTS.items()
            }
            if count == COUNTS[0]:
                # Compiles the modules.
                run_in_turns(commands, folder)
            rounds: dict[str, list[Spent]] = {variant: [] for variant in VARIANTS}
            for _ in range(ROUNDS):
                for variant, spent in run_in_turns(commands, folder).items():
                    rounds[variant].append(spent)
            yield f"mitmdump -nr, {count:,} flows: {compared(rounds)}"
