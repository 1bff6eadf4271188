"""Timing: the one way the sections measure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

ROUND_SECONDS: Final = 0.02
ROUNDS: Final = 7


def microseconds(work: Callable[[], object]) -> float:
    """What one call of `work` takes: the best round, so that other processes do not count."""
    calls = 1
    while (taken := _seconds(work, calls)) < ROUND_SECONDS:
        calls = max(calls + 1, int(calls * ROUND_SECONDS / max(taken, ROUND_SECONDS / 100)))
    best = min(taken, *(_seconds(work, calls) for _ in range(ROUNDS)))
    return best / calls * 1e6


def _seconds(work: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return time.perf_counter() - start
