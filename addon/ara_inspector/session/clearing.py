"""Clear-Site-Data on its way to the simulation of the browser that got it.

May live here: what waits for its turn, and what is told of it. Which answers clear something is
found out in `registrations`, what there is to clear in `profiles`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.findings import Rule, Severity
from ara_inspector.registrations import cleared_origin
from ara_inspector.timeline import Note

if TYPE_CHECKING:
    from ara_inspector.attribution.storage import Cleared
    from ara_inspector.browser import Identity
    from ara_inspector.exchange import Exchange
    from ara_inspector.session.flows import Flow

SITE_DATA_CLEARED = Rule(
    "ATT052",
    "site-data-cleared",
    Severity.WARNING,
    "Clear-Site-Data of {origin} deletes its sources ({sources}) and pending reports ({reports})",
)


class Clearing(Struct, frozen=True, gc=False):
    """An answer upon which the browser deletes what an origin has registered."""

    flow_id: str
    time: float | None
    url: str
    reporting_origin: str
    identity: Identity

    def note(self, cleared: Cleared) -> Note | None:
        """That so many sources and pending reports are deleted, if there are any."""
        if not cleared.sources and not cleared.withdrawn:
            return None
        found = SITE_DATA_CLEARED.at(
            origin=self.reporting_origin, sources=cleared.sources, reports=len(cleared.withdrawn)
        )
        found = found.inferred("the sources seen in this capture")
        return Note(self.flow_id, self.time, self.url, self.reporting_origin, (found,))


def clearing_of(flow: Flow, exchange: Exchange) -> Clearing | None:
    """The clearing that the answer of a flow is, None for most."""
    where = cleared_origin(exchange, flow.request)
    if where is None:
        return None
    time, identity = exchange.answered, flow.browser.identity
    return Clearing(exchange.flow_id, time, exchange.url, where, identity)
