"""Which entries a flow has: for views that start from a flow rather than from the timeline.

May live here: the index from flow ids to entry numbers, as bounded as the timeline itself.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from ara_inspector.chains import ActionCard, ChainCard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ara_inspector.timeline import Entry, Timeline

FLOWS_KEPT: Final = 50_000
SEEN_THROUGH: Final = 1_000
"""Flows after which it is first looked whether all of them are still there."""


def _any_flow(_flow_id: str) -> bool:
    return True


class EntriesByFlow:
    """Follows the entries as they are told; the oldest flows are forgotten beyond `limit`.

    `is_there` says whether anybody may still ask about a flow: beside mitmdump they soon go.
    """

    def __init__(
        self,
        timeline: Timeline,
        limit: int = FLOWS_KEPT,
        is_there: Callable[[str], bool] = _any_flow,
    ) -> None:
        self._timeline = timeline
        self._limit = limit
        self._is_there = is_there
        self._numbers: OrderedDict[str, list[int]] = OrderedDict()
        self._enough = SEEN_THROUGH

    def tell(self, entries: Iterable[Entry]) -> list[str]:
        """Take new and revised entries; return the flows they are about that are there, once."""
        touched: dict[str, None] = {}
        for entry in entries:
            for flow_id in flows_of(entry):
                if not self._is_there(flow_id):
                    continue
                numbers = self._numbers.setdefault(flow_id, [])
                if entry.number not in numbers:
                    numbers.append(entry.number)
                touched[flow_id] = None
        while len(self._numbers) > self._limit:
            self._numbers.popitem(last=False)
        if len(self._numbers) > self._enough:
            self._forget_the_gone()
        return list(touched)

    def _forget_the_gone(self) -> None:
        there = ((id_, numbers) for id_, numbers in self._numbers.items() if self._is_there(id_))
        self._numbers = OrderedDict(there)
        # Seldom enough that looking costs next to nothing where all of them stay.
        self._enough = max(SEEN_THROUGH, 2 * len(self._numbers))

    def forget(self, flow_id: str) -> None:
        """What was told of a flow so far is no longer about what it holds."""
        self._numbers.pop(flow_id, None)

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
