"""A session's HAR tells what its flow file tells, less only what a HAR lacks.

Every recording is written as HAR by mitmproxy's own exporter and read back both ways: by
`read_capture`, as `check` does, and by mitmproxy itself, as the addon gets it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.flows import exchange_of, in_request_order, read_capture
from ara_inspector.har import HAR_LACKS
from ara_inspector.interest import Interest
from ara_inspector.records import field_names
from ara_inspector.registrations import Registration
from ara_inspector.session import Session
from chrome_account import PATHS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ara_inspector.exchange import Exchange

MAY_DIFFER = {
    "flow_id": "a HAR has no flow ids; mitmproxy draws new ones, ours count the entries",
    "time": "the answer's headers have no time of their own: mitmproxy takes the request's, we "
    "take the end of the exchange",
}
"""Fields of a registration that are not held against each other, and why."""
MASKED = {
    r"har-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "the ids of other flows, as above",
    r"\(#\d+\)": "the numbers of the reports that prove something: several of one millisecond may "
    "come in another order",
    r"best of \d+": "a report is put to the registration nearest in time; how many others are "
    "near enough depends on the times",
}
"""Parts of grounds and findings that are not held against each other, and why."""
TAKEN_BACK = "that the browser took the request back before the answer came"
NOT_COMPARED = {
    "https://r1327.example/": "the body begins with a byte order mark, which mitmproxy's HAR drops",
    "https://s5407.example/": "why the next hop got no answer: without that it is not known "
    "that the browser got none, and reads this one again",
    "https://r6201.example/image": TAKEN_BACK,
    "https://r6202.example/plain": TAKEN_BACK,
    "https://r6204.example/fetch": TAKEN_BACK,
    "https://r6206.example/aborted": TAKEN_BACK,
}
"""Responses that a HAR tells otherwise, and why."""
every_recording = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def watched(exchanges: Iterable[Exchange]) -> Session:
    session = Session()
    for exchange in in_request_order(exchanges):
        session.recorded(exchange)
    session.finish()
    return session


def as_the_addon_gets_it(path: Path) -> Iterable[Exchange]:
    interest = Interest()
    with path.open("rb") as file:
        for flow in FlowReader(file).stream():
            if isinstance(flow, HTTPFlow) and interest.in_flow(flow):
                yield exchange_of(flow)


def told(session: Session) -> list[dict[str, str]]:
    compared = [name for name in field_names(Registration) if name not in MAY_DIFFER]
    return [
        {name: masked(getattr(entry.about, name)) for name in compared}
        for entry in session.timeline
        if isinstance(entry.about, Registration) and entry.about.url not in NOT_COMPARED
    ]


def masked(value: object) -> str:
    return re.sub("|".join(MASKED), "...", repr(value))


def kinds(session: Session) -> list[str]:
    return [entry.kind for entry in session.timeline]


def write_har(path: Path, archive: Path) -> None:
    with path.open("rb") as file:
        flows = list(FlowReader(file).stream())
    archive.write_text(json.dumps(SaveHar().make_har(flows)), "utf-8")


@every_recording
def test_the_har_of_a_session_tells_the_same(path: Path, tmp_path: Path) -> None:
    archive = tmp_path / "session.har"
    write_har(path, archive)
    of_flows = watched(read_capture(path))
    of_har = watched(read_capture(archive))
    assert told(of_har) == told(of_flows)
    assert kinds(of_har) == kinds(of_flows)
    assert told(watched(as_the_addon_gets_it(archive))) == told(of_flows)


def test_what_a_har_lacks_is_said(tmp_path: Path) -> None:
    if not PATHS:
        pytest.skip("no recordings here")
    archive = tmp_path / "session.har"
    write_har(PATHS[0], archive)
    said = inspect_capture(archive)
    assert set(said.lacks) == HAR_LACKS
    assert len([remark for remark in said.remarks if "the capture has" in remark]) == len(HAR_LACKS)
    assert not inspect_capture(PATHS[0]).remarks
