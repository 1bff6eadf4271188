"""Running the real mitmdump, with and without the addon, and what that takes."""

from __future__ import annotations

import math
import os
import select
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MITMDUMP: Final = Path(sys.executable).with_name("mitmdump")
ADDON: Final = Path(__file__).parents[2] / "addon" / "attribution_reporting.py"
VARIANTS: Final[dict[str, tuple[str, ...]]] = {
    "without": (),
    "with": ("-s", str(ADDON)),
}
"""Further arguments, without and with the addon."""
TURN: Final = 0.25
"""Seconds for which one of several processes runs before it is the next one's turn."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the clock and of the processor."""

    wall: float
    cpu: float


def command(*arguments: str, state: Path) -> list[str]:
    """The command line; `state` keeps mitmproxy's certificates out of the user's own."""
    return [str(MITMDUMP), "--set", f"confdir={state}", *arguments]


def environment(state: Path) -> dict[str, str]:
    """As a user has it: with compiled modules, which are kept in `state`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PYTHONPYCACHEPREFIX": str(state / "compiled")}


def run_in_turns(commands: Mapping[str, Sequence[str]], state: Path) -> dict[str, Spent]:
    """Run all of them to the end, by turns of `TURN` seconds; their output is not of interest.

    What else a machine does changes from minute to minute: so it is the same for all of them. On
    the clock are a process's own turns.
    """
    processes = {
        name: subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environment(state))
        for name, words in commands.items()
    }
    spent: dict[str, Spent] = {}
    clock = dict.fromkeys(processes, 0.0)
    try:
        for process in processes.values():
            process.send_signal(signal.SIGSTOP)
        while len(spent) < len(processes):
            for name in processes.keys() - spent.keys():
                process = processes[name]
                start = time.perf_counter()
                ended = _turn(process)
                clock[name] += time.perf_counter() - start
                if ended:
                    spent[name] = Spent(clock[name], _ended(process))
    finally:
        for process in processes.values():
            if process.returncode is None:
                process.kill()
                process.wait()
    return spent


def _turn(process: subprocess.Popen[bytes]) -> bool:
    """Let it run for a turn; whether it has come to its end."""
    handle = os.pidfd_open(process.pid)
    try:
        process.send_signal(signal.SIGCONT)
        ended, _, _ = select.select([handle], [], [], TURN)
    finally:
        os.close(handle)
    if not ended:
        process.send_signal(signal.SIGSTOP)
    return bool(ended)


def _ended(process: subprocess.Popen[bytes]) -> float:
    """The seconds of the processor it took; raises `CalledProcessError` where it failed."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return used.ru_utime + used.ru_stime


def in_turn(number: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The variants for round `number`; who goes first changes, for machines tire."""
    variants = list(VARIANTS.items())
    yield from variants if number % 2 else reversed(variants)


def compared(rounds: Mapping[str, Sequence[Spent]]) -> str:
    """Medians of both variants, and how many times the one without the addon the other takes.

    The ratio is that of each round: the median, and of the processor's time the mean with its
    standard error, the least, the most and that of the best rounds, which other machines on the
    same hardware disturbed least.
    """
    without, with_addon = (rounds[name] for name in VARIANTS)
    wall = [b.wall / a.wall for a, b in zip(without, with_addon, strict=True)]
    cpu = [b.cpu / a.cpu for a, b in zip(without, with_addon, strict=True)]
    error = statistics.stdev(cpu) / math.sqrt(len(cpu))
    best = min(each.cpu for each in with_addon) / min(each.cpu for each in without)
    return (
        f"without {_median(without)}, with {_median(with_addon)}: x {statistics.median(wall):.3f} "
        f"(CPU x {statistics.fmean(cpu):.3f} +- {error:.3f}, from {min(cpu):.3f} to "
        f"{max(cpu):.3f}, best rounds x {best:.3f})"
    )


def _median(taken: Sequence[Spent]) -> str:
    wall, cpu = (statistics.median(each) for each in zip(*map(astuple, taken), strict=True))
    return f"{wall:.2f} s ({cpu:.2f} s CPU)"


def own_megabytes(pid: int | str = "self") -> float:
    """Megabytes of memory a process has for itself.

    Without the pages of program files, which come and go as the kernel likes.
    """
    _, _, rest = Path(f"/proc/{pid}/status").read_text("ascii").partition("RssAnon:")
    return int(rest.split()[0]) * 1024 / 1e6
