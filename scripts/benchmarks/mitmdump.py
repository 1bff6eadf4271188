"""Running the real mitmdump, with and without the addon, and what that takes."""

from __future__ import annotations

import os
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


def run(words: Sequence[str], state: Path) -> Spent:
    """Run to the end; its output is not of interest."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environment(state))
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return Spent(wall, used.ru_utime + used.ru_stime)


def in_turn(number: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The variants for round `number`; who goes first changes, for machines tire."""
    variants = list(VARIANTS.items())
    yield from variants if number % 2 else reversed(variants)


def compared(rounds: Mapping[str, Sequence[Spent]]) -> str:
    """Medians of both variants, and how many times the one without the addon the other takes.

    The ratio is that of each round, for what else a machine does changes from minute to minute:
    the median, and of the processor's time the least, the most and that of the best rounds, which
    other machines on the same hardware disturbed least.
    """
    without, with_addon = (rounds[name] for name in VARIANTS)
    wall = [b.wall / a.wall for a, b in zip(without, with_addon, strict=True)]
    cpu = [b.cpu / a.cpu for a, b in zip(without, with_addon, strict=True)]
    best = min(each.cpu for each in with_addon) / min(each.cpu for each in without)
    return (
        f"without {_median(without)}, with {_median(with_addon)}: x {statistics.median(wall):.3f} "
        f"(CPU x {statistics.median(cpu):.3f}, from {min(cpu):.3f} to {max(cpu):.3f}, "
        f"best rounds x {best:.3f})"
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
