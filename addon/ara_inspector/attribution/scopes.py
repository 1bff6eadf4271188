"""Attribution scopes of sources: which older sources a new one removes or changes.

May live here: the algorithms around
https://wicg.github.io/attribution-reporting-api/#remove-or-update-sources-for-attribution-scopes .
What scopes do when a trigger looks for its source is in `matching`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.attribution.effects import RemovalReason

if TYPE_CHECKING:
    from ara_inspector.attribution.effects import Effects
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.storage import AttributionStorage
    from ara_inspector.spec.effective import AttributionScopes


class _Newcomer(Struct, frozen=True, gc=False):
    """The source about to be stored, with where its effects go."""

    storage: AttributionStorage
    source: StoredSource
    effects: Effects

    def remove(self, loser: StoredSource, reason: RemovalReason) -> None:
        time = self.source.time
        self.storage.withdraw(loser.number, self.effects, since=time, aggregatable=False)
        removal = self.storage.remove(loser, reason, cause_id=self.source.id, now=time)
        self.effects.removals.append(removal)


def find_sources_with_common_destinations_and_reporting_origin(
    storage: AttributionStorage, source: StoredSource
) -> list[StoredSource]:
    """Find sources with common destinations and reporting origin.

    https://wicg.github.io/attribution-reporting-api/#find-sources-with-common-destinations-and-reporting-origin
    """
    origin = source.registration.reporting_origin
    found = {
        other.number: other
        for destination in source.destinations
        for other in storage.matching(origin, destination)
    }
    return [found[number] for number in sorted(found)]


def remove_or_update_sources_for_attribution_scopes(
    storage: AttributionStorage, source: StoredSource, effects: Effects
) -> None:
    """Remove or update sources for attribution scopes.

    https://wicg.github.io/attribution-reporting-api/#remove-or-update-sources-for-attribution-scopes
    """
    newcomer = _Newcomer(storage, source, effects)
    others = find_sources_with_common_destinations_and_reporting_origin(storage, source)
    if source.scopes is None:
        for other in others:
            other.scopes = None
        return
    for other in others:
        if other.scopes is None:
            newcomer.remove(other, RemovalReason.UNSCOPED)
        elif (
            other.scopes.max_event_states != source.scopes.max_event_states
            or other.scopes.limit < source.scopes.limit
        ):
            newcomer.remove(other, RemovalReason.SCOPES_INCOMPATIBLE)
    for destination in source.destinations:
        _remove_unselected(newcomer, destination, source.scopes)


def _remove_unselected(newcomer: _Newcomer, destination: str, scopes: AttributionScopes) -> None:
    """Remove sources with unselected attribution scopes for destination.

    https://wicg.github.io/attribution-reporting-api/#remove-sources-with-unselected-attribution-scopes-for-destination

    The newest scopes up to the limit stay; a source with any other goes completely.
    """
    origin = newcomer.source.registration.reporting_origin
    records = [
        (other.time, scope, other)
        for other in newcomer.storage.matching(origin, destination)
        if other.scopes is not None
        for scope in other.scopes.values
    ]
    records.sort(key=lambda record: record[:2], reverse=True)
    selected = set(scopes.values)
    losers: dict[int, StoredSource] = {}
    for _, scope, other in records:
        if len(selected) < scopes.limit:
            selected.add(scope)
        elif scope not in selected:
            losers[other.number] = other
    for loser in losers.values():
        newcomer.remove(loser, RemovalReason.SCOPE_NOT_SELECTED)
