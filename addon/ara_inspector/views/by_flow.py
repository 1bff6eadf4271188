"""Which entries a flow has: for views that start from a flow rather than from the timeline.

May live here: the index from flow ids to entry numbers, as bounded as the timeline itself.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from ara_inspector.chains import ActionCard, ChainCard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.timeline import Entry, Timeline

FLOWS_KEPT: Final = 50_000


class EntriesByFlow:
    """Follows the entries as they are told; the oldest flows are forgotten beyond `limit`."""

    def __init__(self, timeline: Timeline, limit: int = FLOWS_KEPT) -> None:
        self._timeline = timeline
        self._limit = limit
        self._numbers: OrderedDict[str, list[int]] = OrderedDict()

    def tell(self, entries: Iterable[Entry]) -> list[str]:
        """Take new and revised entries; return the flows they are about, each once."""
        touched: dict[str, None] = {}
        for entry in entries:
            for flow_id in flows_of(entry):
                numbers = self._numbers.setdefault(flow_id, [])
                if entry.number not in numbers:
                    numbers.append(entry.number)
                touched[flow_id] = None
        while len(self._numbers) > self._limit:
            self._numbers.popitem(last=False)
        return list(touched)

    def of(self, flow_id: str) -> tuple[Entry, ...]:
        """The entries about `flow_id` that the timeline still has, by number."""
        numbers = sorted(self._numbers.get(flow_id, ()))
        return tuple(e for n in numbers if (e := self._timeline.get(n)) is not None)


def flows_of(entry: Entry) -> tuple[str, ...]:
    """The flows an entry is about: one, or for a chain those of its hops."""
    about = entry.about
    if isinstance(about, ChainCard):
        return tuple(hop.flow_id for hop in about.hops)
    if isinstance(about, ActionCard):
        return about.flow_ids
    flow_id = getattr(about, "flow_id", None)
    return (flow_id,) if isinstance(flow_id, str) else ()
