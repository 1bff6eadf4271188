"""A pause comes once, after the last time it was put off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ara_inspector.pause import Pause

if TYPE_CHECKING:
    import pytest


async def test_it_comes_once() -> None:
    came: list[str] = []
    pause = Pause(lambda: came.append("now"))
    pause.put_off(0.01)
    assert came == []
    await asyncio.sleep(0.05)
    assert came == ["now"]
    await asyncio.sleep(0.05)
    assert came == ["now"]


async def test_it_can_be_put_off_and_come_again() -> None:
    came: list[str] = []
    pause = Pause(lambda: came.append("now"))
    pause.put_off(0.01)
    pause.put_off(60)
    await asyncio.sleep(0.05)
    assert came == []
    pause.cancel()
    pause.put_off(0.01)
    await asyncio.sleep(0.05)
    assert came == ["now"]


async def test_what_is_to_come_soon_is_not_put_off_by_asking_again() -> None:
    came: list[str] = []
    pause = Pause(lambda: came.append("now"))
    pause.within(0.03)
    for _ in range(5):
        await asyncio.sleep(0.01)
        pause.within(0.03)
    assert came == ["now"]
    pause.cancel()


async def test_it_can_be_cancelled() -> None:
    came: list[str] = []
    pause = Pause(lambda: came.append("now"))
    pause.cancel()
    pause.put_off(0.01)
    pause.cancel()
    await asyncio.sleep(0.05)
    assert came == []


async def test_however_often_it_is_put_off_there_is_one_timer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    call_at, times = loop.call_at, []

    def counted(when: float, *arguments: Any) -> asyncio.TimerHandle:
        times.append(when)
        return call_at(when, *arguments)

    monkeypatch.setattr(loop, "call_at", counted)
    pause = Pause(lambda: None)
    for _ in range(1_000):
        pause.put_off(60)
    pause.cancel()
    assert len(times) == 1
