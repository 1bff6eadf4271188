"""The hooks: what they hand on, live and from a recording, and that nothing of ours gets out."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy import exceptions, http
from mitmproxy.test import taddons, tflow, tutils

from ara_inspector.addon import AttributionInspector
from ara_inspector.backlog import SOON
from ara_inspector.chains import ChainCard
from ara_inspector.timeline import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

ELIGIBLE = {
    "attribution-reporting-eligible": "event-source, trigger",
    "attribution-reporting-support": "web",
    "sec-fetch-mode": "no-cors",
    "sec-fetch-dest": "image",
    "referer": "https://news.example/",
}
SOURCE = {"attribution-reporting-register-source": '{"destination":"https://shop.example"}'}


@pytest.fixture
def inspector() -> AttributionInspector:
    return AttributionInspector()


@pytest.fixture
def master(inspector: AttributionInspector) -> Iterator[taddons.context]:
    with taddons.context(inspector) as context:
        yield context


def impression(*, live: bool, started: float = 1000.0) -> http.HTTPFlow:
    request = tutils.treq(
        host="r.example", scheme=b"https", port=443, timestamp_start=started,
        headers=http.Headers([(k.encode(), v.encode()) for k, v in ELIGIBLE.items()]),
    )  # fmt: skip
    response = tutils.tresp(
        timestamp_start=started + 1, timestamp_end=started + 2,
        headers=http.Headers([(k.encode(), v.encode()) for k, v in SOURCE.items()]),
    )  # fmt: skip
    flow = tflow.tflow(req=request, resp=response)
    flow.live = live
    return flow


def play(inspector: AttributionInspector, flow: http.HTTPFlow) -> None:
    """The order in which mitmproxy calls: a recording's flow has its answer from the start."""
    response, flow.response = flow.response, None if flow.live else flow.response
    inspector.requestheaders(flow)
    flow.response = response
    if response is not None:
        inspector.responseheaders(flow)
    if flow.error:
        inspector.error(flow)
    else:
        inspector.response(flow)


def kinds(inspector: AttributionInspector) -> list[EntryKind]:
    return [entry.kind for entry in inspector.session.timeline]


async def test_a_live_registration_is_told_with_its_headers(
    inspector: AttributionInspector, master: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    del master
    caplog.set_level(logging.INFO)
    flow = impression(live=True)
    inspector.requestheaders(flow)
    inspector.responseheaders(flow)
    assert not caplog.messages  # The flow was not held up.
    await asyncio.sleep(2 * SOON)
    assert sum("source (event)" in message for message in caplog.messages) == 1
    assert EntryKind.REGISTRATION in kinds(inspector)
    told = len(inspector.session.timeline)
    inspector.response(flow)
    assert len(inspector.session.timeline) == told


async def test_the_answer_to_a_replayed_request_is_judged_anew(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    flow = impression(live=True)
    play(inspector, flow)
    assert inspector.session.summary().verdicts == {"registered": 1}
    assert flow.response is not None
    flow.response.headers["attribution-reporting-register-source"] = "{}"
    flow.is_replay = "request"
    play(inspector, flow)
    assert inspector.session.summary().verdicts == {"registered": 1, "rejected": 1}
    assert "rejected" in flow.comment
    assert "registered" not in flow.comment


async def test_a_live_failure_is_told(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    flow = impression(live=True)
    flow.response = None
    flow.error = tflow.terr("connection reset")
    play(inspector, flow)
    assert inspector.session.summary().exchanges == 1


async def test_a_flow_that_is_killed_failed(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    first, second = impression(live=True), impression(live=True, started=1001.5)
    assert first.response is not None
    first.response.status_code = 302
    first.response.headers["location"] = "/path"
    second.request.path, second.response = "/path", None
    play(inspector, first)
    inspector.requestheaders(second)
    second.kill()
    assert not second.live
    inspector.error(second)
    found = [entry.about for entry in inspector.session.timeline]
    (card,) = (about for about in found if isinstance(about, ChainCard))
    assert card.ended == "failed at hop 2: Connection killed."


async def test_a_recording_is_gone_through_in_request_order(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    later, earlier = impression(live=False, started=2000.0), impression(live=False, started=1000.0)
    for flow in (later, earlier, later):
        play(inspector, flow)
    assert not kinds(inspector)
    await asyncio.sleep(0.3)
    times = [e.time for e in inspector.session.timeline if e.kind is EntryKind.REGISTRATION]
    assert len(times) == 2
    assert times == sorted(t for t in times if t is not None)


async def test_what_is_held_back_comes_before_the_table(
    inspector: AttributionInspector, master: taddons.context, capsys: pytest.CaptureFixture[str]
) -> None:
    del master
    play(inspector, impression(live=False))
    inspector.done()
    assert "https://r.example" in capsys.readouterr().out
    assert EntryKind.REGISTRATION in kinds(inspector)


async def test_flows_without_interest_are_only_counted(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    for live in (True, False):
        flow = tflow.tflow(resp=True)
        flow.live = live
        play(inspector, flow)
    assert inspector.session.summary().exchanges == 2
    assert not kinds(inspector)


def test_a_script_has_hooks_once_they_are_wanted(
    master: taddons.context, inspector: AttributionInspector
) -> None:
    script: dict[str, object] = {"__name__": "attribution_reporting"}
    inspector.become(script)
    of_recordings = {"load", "configure", "running", "done", "requestheaders"}
    assert set(script) == {"__name__", "name"} | of_recordings
    inspector.requestheaders(impression(live=False))
    assert set(script) == {"__name__", "name"} | of_recordings
    inspector.requestheaders(impression(live=True))
    of_live_flows = {"responseheaders", "response", "error"}
    assert set(script) == {"__name__", "name"} | of_recordings | of_live_flows
    assert script["response"] == inspector.response
    master.configure(inspector, ara_sink=["https://ads.example"])
    assert script["request"] == inspector.request


def test_a_script_that_is_loaded_anew_lets_the_old_one_go() -> None:
    program = """
import gc, weakref
from ara_inspector.addon import AttributionInspector
inspector = AttributionInspector()
script = {}
inspector.become(script)
old = weakref.ref(inspector)
script.clear()
del inspector
gc.collect()
assert old() is None
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stderr == b""


def test_a_script_keeps_its_session_until_python_ends() -> None:
    program = """
import atexit
from ara_inspector.addon import AttributionInspector
inspector = AttributionInspector()
session = inspector.session
# What is registered last is called first.
atexit.register(lambda: print(inspector.session is session))
inspector.become({})
atexit.register(lambda: print(inspector.session is session))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False"]


def test_the_table_can_be_left_out(
    inspector: AttributionInspector, master: taddons.context, capsys: pytest.CaptureFixture[str]
) -> None:
    master.configure(inspector, ara_table=False)
    inspector.done()
    assert capsys.readouterr().out == ""


async def test_a_failure_of_ours_is_reported_once_and_traffic_goes_on(
    inspector: AttributionInspector,
    master: taddons.context,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    del master

    def broken(_exchange: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(inspector.session, "headers", broken)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            inspector.responseheaders(impression(live=True))
        assert inspector.session.summary().exchanges == 0
    failures = [r for r in caplog.records if "ara-inspector failed" in r.getMessage()]
    assert len(failures) == 1
    assert failures[0].levelno == logging.WARNING


@pytest.mark.parametrize("hook", ["requestheaders", "responseheaders", "response", "error"])
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.usefixtures("master")
async def test_no_hook_lets_a_failure_through(
    inspector: AttributionInspector,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    hook: str,
    live: bool,
) -> None:
    flow = impression(live=live)
    inspector.responseheaders(flow)

    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    for name in ("_note", "_replayed"):
        monkeypatch.setattr(inspector, name, broken)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            getattr(inspector, hook)(flow)
    told = [r.getMessage() for r in caplog.records if "ara-inspector failed" in r.getMessage()]
    assert len(told) == (live or hook == "requestheaders")
    assert all(f"failed in {hook};" in each for each in told)


async def test_a_recorded_flow_that_stands_there_again_with_its_answer_counts_once(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    del master
    whole, plain = impression(live=False), tflow.tflow(resp=True)
    plain.live = False
    early, early_plain = whole.copy(), plain.copy()
    early.id, early_plain.id = whole.id, plain.id
    early.response = early_plain.response = None
    for flow in (early, early_plain, whole, plain, whole, plain):
        inspector.requestheaders(flow)
    inspector.done()
    assert kinds(inspector).count(EntryKind.REGISTRATION) == 1
    assert inspector.session.summary().exchanges == 2


async def test_what_is_remembered_of_flows_under_way_is_bounded(
    inspector: AttributionInspector, master: taddons.context, monkeypatch: pytest.MonkeyPatch
) -> None:
    del master
    monkeypatch.setattr("ara_inspector.addon.UNDER_WAY", 2)
    flows = [impression(live=True) for _ in range(9)]
    for flow in flows:
        inspector.responseheaders(flow)
    for flow in flows:
        inspector.response(flow)
    assert kinds(inspector).count(EntryKind.REGISTRATION) == 9


async def test_live_lines_go_to_the_log_outside_mitmdump_and_can_be_silenced(
    inspector: AttributionInspector, master: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        play(inspector, impression(live=True))
        assert EntryKind.REGISTRATION in kinds(inspector)
        told = [r for r in caplog.records if "source (event)" in r.getMessage()]
        assert len(told) == 1
        master.configure(inspector, ara_live=False)
        play(inspector, impression(live=True))
        assert kinds(inspector).count(EntryKind.REGISTRATION) == 2
    assert len([r for r in caplog.records if "source (event)" in r.getMessage()]) == 1


KEYS = Path(__file__).parents[1] / "fixtures" / "keys" / "aggregation-service.test-key.json"


def test_keys_are_read_when_the_option_is_set(
    inspector: AttributionInspector, master: taddons.context
) -> None:
    master.configure(inspector, ara_keys=str(KEYS))
    assert list(inspector.session.keys) == ["ara-inspector-test-key"]


@pytest.mark.parametrize("content", [None, b"no json", b"\xff", b"{}"])
def test_a_key_file_that_cannot_be_used_is_refused_with_its_reason(
    inspector: AttributionInspector,
    master: taddons.context,
    tmp_path: Path,
    content: bytes | None,
) -> None:
    place = tmp_path / "keys.json"
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(exceptions.OptionsError, match=f"ara_keys: {place}: "):
        master.configure(inspector, ara_keys=str(place))


def test_the_sink_is_loaded_with_the_inspector(inspector: AttributionInspector) -> None:
    assert "attribution-sink" in {companion.name for companion in inspector.companions}


async def test_what_waits_is_attributed_once_the_traffic_pauses(
    inspector: AttributionInspector,
    master: taddons.context,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    del master
    monkeypatch.setattr("ara_inspector.addon.PAUSE", 0.01)
    caplog.set_level(logging.INFO)
    inspector.running()
    source, trigger = impression(live=True), impression(live=True, started=1001.0)
    assert trigger.response is not None
    trigger.response.headers = http.Headers(
        [(b"attribution-reporting-register-trigger", b'{"event_trigger_data":[{}]}')]
    )
    for flow in (source, trigger):
        play(inspector, flow)
    assert not any(entry.fate for entry in inspector.session.timeline)
    await asyncio.sleep(0.1)
    fates = [entry.fate for entry in inspector.session.timeline if entry.fate is not None]
    assert len(fates) == 2
    lines = [" ".join(message.split()[1:]) for message in caplog.messages]
    assert [line for line in lines if line.startswith("attribution ")] == [
        "attribution no matching sources ATT021"
    ]
    inspector.done()
