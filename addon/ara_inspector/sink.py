"""Answering reports in the place of a server that is not there. Changes traffic; off by default.

May live here: the addon behind `ara_sink`, and reading its option. Only POSTs to the report
endpoints of the origins named are answered, and every such answer says where it came from.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx, exceptions, http

from ara_inspector.reports import ReportKind
from ara_inspector.reports.endpoints import endpoint_of
from ara_inspector.reports.report import SINK_HEADER
from ara_inspector.spec.urls import place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mitmproxy.addonmanager import Loader

logger = logging.getLogger(__name__)

SINK_TEXT: Final = "answered by ara-inspector, the server never saw it"
METADATA: Final = "ara_sink"
"""Flows that were answered here have it: `~meta ara_sink` finds them."""


class ReportSink:
    """Answers reports of the origins named in `ara_sink` with 200, nothing else."""

    name = "attribution-sink"

    def __init__(self) -> None:
        self._origins: frozenset[str] = frozenset()

    @property
    def is_asked_for(self) -> bool:
        """Whether any report is to be answered here."""
        return bool(self._origins)

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option(
            "ara_sink",
            Sequence[str],
            [],
            "CHANGES TRAFFIC: answer the Attribution Reporting reports of this origin with 200 "
            "instead of passing them on to its server. May be given more than once.",
        )

    def configure(self, updated: set[str]) -> None:
        """Read the origins, and say aloud that traffic is changed from now on."""
        if "ara_sink" not in updated:
            return
        try:
            self._origins = read_origins(ctx.options.ara_sink)
        except ValueError as error:
            raise exceptions.OptionsError(str(error)) from error
        if self._origins:
            named = ", ".join(sorted(self._origins))
            logger.warning("ara_sink changes traffic: reports to %s never reach a server", named)
            # An option of mitmproxy's own proxy server, so not there without one.
            if getattr(ctx.options, "connection_strategy", "lazy") != "lazy":
                logger.warning(
                    "ara_sink: mitmproxy connects before it asks; for an origin without a server "
                    "add --set connection_strategy=lazy"
                )

    def request(self, flow: http.HTTPFlow) -> None:
        """Answer a live report of an origin named; its body is complete by now."""
        if not self._origins or not flow.live or flow.response is not None:
            return
        if is_for_sink(flow.request.method, flow.request.url, self._origins):
            flow.metadata[METADATA] = True
            flow.response = http.Response.make(
                200, b"", {SINK_HEADER: SINK_TEXT, "content-length": "0"}
            )


def read_origins(values: Iterable[str]) -> frozenset[str]:
    """The origins named in the option; a ValueError that says which one is none."""
    origins = set()
    for value in values:
        found = place(value)
        if found is None or not found.is_bare_origin:
            raise ValueError(f"ara_sink={value}: not an origin such as https://ads.example")
        origins.add(found.origin)
    return frozenset(origins)


def is_for_sink(method: str, url: str, origins: frozenset[str]) -> bool:
    """Whether a request is a report to one of `origins`. Key fetches and all else are not."""
    endpoint = endpoint_of(method, url)
    return (
        endpoint is not None
        and endpoint.kind not in {ReportKind.PUBLIC_KEYS, ReportKind.UNKNOWN}
        and endpoint.origin in origins
    )
