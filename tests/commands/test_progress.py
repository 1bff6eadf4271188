from __future__ import annotations

import io
import sys

import pytest

from ara_inspector.commands.progress import CLEAR, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("ara_inspector.commands.progress.time.monotonic", lambda: now[0])
    return now


def test_a_bar_for_a_capture_that_takes_long(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress("some/where/long\x1b.flows") as bar:
        bar.tell(0.1)
        clock[0] += 1
        bar.tell(0.5)
        bar.tell(0.6)
        clock[0] += 1
        bar.tell(1.2)
    drawn = terminal.getvalue().split(CLEAR)
    assert drawn[0] == ""
    assert drawn[1] == f"long\\x1b.flows [{'#' * 15}{'.' * 15}]  50%"
    assert drawn[2].startswith(f"long\\x1b.flows [{'#' * 30}]")
    assert drawn[3] == ""


def test_nothing_for_one_that_is_read_at_once(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress("x") as bar:
        clock[0] += 0.1
        bar.tell(1.0)
    assert terminal.getvalue() == ""


def test_nothing_where_nobody_watches(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress("x") as bar:
        clock[0] += 10
        bar.tell(0.5)
    assert stream.getvalue() == ""
