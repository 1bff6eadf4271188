"""What hooks note is gone through together: soon, in order, each flow with all there is of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mitmproxy import http
from mitmproxy.test import tflow

from ara_inspector.backlog import SOON, Backlog
from ara_inspector.exchange import Exchange
from ara_inspector.request_order import BATCH
from ara_inspector.session import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.backlog import Waiting


class Taken:
    """Remembers what it was handed."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.stages: list[Stage] = []

    def __call__(self, due: Sequence[Waiting]) -> None:
        assert due
        for one, stage in due:
            self.ids.append(one.id if isinstance(one, http.HTTPFlow) else one.flow_id)
            self.stages.append(stage)


def a_flow(name: str) -> http.HTTPFlow:
    flow = tflow.tflow()
    flow.id = name
    return flow


def an_exchange(name: str, started: float) -> Exchange:
    return Exchange(
        flow_id=name, method="GET", url="https://a.example/", request_lines=(), started=started
    )


async def test_a_live_flow_is_taken_once_with_its_latest_stage_and_in_its_first_place() -> None:
    taken = Taken()
    backlog = Backlog(taken)
    one, two = a_flow("one"), a_flow("two")
    backlog.note(one, Stage.REQUEST)
    backlog.note(two, Stage.REQUEST)
    backlog.note(one, Stage.HEADERS)
    backlog.note(one, Stage.END)
    assert taken.ids == []
    await asyncio.sleep(2 * SOON)
    assert (taken.ids, taken.stages) == (["one", "two"], [Stage.END, Stage.REQUEST])
    backlog.note(two, Stage.END)
    backlog.go_through()
    assert (taken.ids[2:], taken.stages[2:]) == (["two"], [Stage.END])


async def test_steady_traffic_does_not_put_it_off() -> None:
    taken = Taken()
    backlog = Backlog(taken)
    for number in range(30):
        backlog.note(a_flow(str(number)), Stage.END)
        await asyncio.sleep(SOON / 10)
    assert len(taken.ids) >= 10
    backlog.cancel()


async def test_many_at_once_do_not_wait() -> None:
    taken = Taken()
    backlog = Backlog(taken)
    for number in range(BATCH):
        backlog.note(a_flow(str(number)), Stage.END)
    assert len(taken.ids) == BATCH
    backlog.cancel()


async def test_what_is_live_does_not_wait_for_a_recording_and_leaves_its_order() -> None:
    taken = Taken()
    backlog = Backlog(taken)
    backlog.push(an_exchange("later", 2000.0))
    backlog.note(a_flow("live"), Stage.HEADERS)
    backlog.go_through_live()
    assert taken.ids == ["live"]
    backlog.push(an_exchange("earlier", 1000.0))
    backlog.go_through()
    assert taken.ids == ["live", "earlier", "later"]
    backlog.cancel()


async def test_nothing_comes_after_the_end() -> None:
    taken = Taken()
    backlog = Backlog(taken)
    backlog.note(a_flow("one"), Stage.END)
    backlog.push(an_exchange("two", 1000.0))
    backlog.cancel()
    await asyncio.sleep(2 * SOON)
    assert taken.ids == []
