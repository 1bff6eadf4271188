"""The mitmproxy addon that answers for the invented hosts; `mitmdump -s` loads this file.

It needs `scripts/` on PYTHONPATH. No request ever leaves the machine: a host that no scenario
knows gets a 404, and what browsers ask on their own account is not recorded.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from mitmproxy import ctx, exceptions, http
from mitmproxy.io import FlowWriter

from recording.answers import NO_ANSWER
from recording.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mitmproxy.addonmanager import Loader

    from recording.answers import Header
    from recording.scenario import Scenario


class InventedHosts:
    """Answers by the scenario that `recording_scenario` names, writes to `recording_flows`."""

    name = "invented-hosts"

    def __init__(self) -> None:
        self._scenario: Scenario | None = None

    def load(self, loader: Loader) -> None:
        """Declare the two options."""
        loader.add_option("recording_scenario", str, "", "The scenario to answer for.")
        loader.add_option("recording_flows", str, "", "The flow file to append to.")

    def configure(self, updated: set[str]) -> None:
        """Find the scenario."""
        if "recording_scenario" in updated:
            name = ctx.options.recording_scenario
            if name not in SCENARIOS:
                raise exceptions.OptionsError(f"No scenario is called {name!r}.")
            self._scenario = SCENARIOS[name]

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer instead of the network."""
        if self._scenario is None:
            raise exceptions.OptionsError("recording_scenario is not set.")
        answer = self._scenario.answer(flow.request.url, flow.request.method)
        if answer.after:
            await asyncio.sleep(answer.after)
        if answer is NO_ANSWER:
            flow.kill()
            return
        flow.response = http.Response.make(answer.status, answer.body, _fields(answer.headers))

    def response(self, flow: http.HTTPFlow) -> None:
        """Keep what belongs to the scenario."""
        self._keep(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """Keep what got no answer as well."""
        self._keep(flow)

    def _keep(self, flow: http.HTTPFlow) -> None:
        path = ctx.options.recording_flows
        if path and self._scenario and self._scenario.records(flow.request.url):
            with Path(path).open("ab") as file:
                FlowWriter(file).add(flow)


def _fields(headers: Iterable[Header]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]


addons = [InventedHosts()]
