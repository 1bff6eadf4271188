"""Finding the source a trigger is attributed to, and the sources that lose to it.

May live here: the search among stored sources, scopes of triggers, and the near misses told
where nothing was found.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.attribution.filters import seconds
from ara_inspector.attribution.storage import ANY
from ara_inspector.attribution.trace import Candidate, Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.attribution.registered import TriggerRegistration
    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.storage import AttributionStorage

CANDIDATES: Final = 32
"""How many candidates are told; a page may have 4,096."""
NEAR_MISSES: Final = 8
"""How many near misses of each kind are told."""


class Match(Struct, frozen=True, gc=False):
    """https://wicg.github.io/attribution-reporting-api/#find-matching-sources .

    `losers` are all other sources of the reporting origin and destination, whatever their
    scopes; they are deleted if the winner's filter data matches.
    """

    winner: StoredSource | None
    losers: tuple[StoredSource, ...]
    candidates: tuple[Candidate, ...]
    """The newest, the winner among them in any case; `untold` are left out."""
    untold: int = 0


def scopes_match(source: StoredSource, registration: TriggerRegistration) -> bool:
    """Check if an attribution source and attribution trigger have matching attribution scopes.

    https://wicg.github.io/attribution-reporting-api/#check-if-an-attribution-source-and-attribution-trigger-have-matching-attribution-scopes
    """
    wanted = registration.trigger.attribution_scopes
    if not wanted:
        return True
    return source.scopes is not None and not set(wanted).isdisjoint(source.scopes.values)


def rank(source: StoredSource) -> tuple[int, int, int]:
    """Orders sources: the greatest is attributed to.

    https://wicg.github.io/attribution-reporting-api/#attribution-source-is-higher-priority-than
    At the same priority and the same microsecond Chrome takes the one registered later, the
    specification the earlier.
    """
    return source.source.priority, source.time, source.number


def find_matching_sources(storage: AttributionStorage, registration: TriggerRegistration) -> Match:
    """https://wicg.github.io/attribution-reporting-api/#find-matching-sources ."""
    sources = storage.matching(registration.reporting_origin, registration.attribution_destination)
    eligible = [source for source in sources if scopes_match(source, registration)]
    winner = max(eligible, key=rank, default=None)
    losers = tuple(source for source in sources if source is not winner)
    told = sources[-CANDIDATES:]
    if winner is not None and winner not in told:
        told[0] = winner
    candidates = tuple(_candidate(source, winner, registration) for source in reversed(told))
    untold = len(sources) - len(told)
    return Match(winner, losers if winner is not None else (), candidates, untold)


def _candidate(
    source: StoredSource, winner: StoredSource | None, registration: TriggerRegistration
) -> Candidate:
    checks = [
        Check(
            "expiry",
            Verdict.PASSED,
            seconds(registration.time - source.time),
            source.source.expiry,
            source.id,
        )
    ]
    wanted = registration.trigger.attribution_scopes
    has = source.scopes.values if source.scopes is not None else None
    if wanted:
        verdict = Verdict.PASSED if scopes_match(source, registration) else Verdict.FAILED
        checks.append(Check("attribution-scopes", verdict, has, wanted, source.id))
        if verdict is Verdict.FAILED:
            return Candidate(source.id, tuple(checks))
    # Where a source matches there is a winner, if only itself.
    chosen = source is winner
    name, given, best = _compared(source, winner or source, registration.time)
    checks.append(Check(name, Verdict.PASSED if chosen else Verdict.FAILED, given, best, source.id))
    return Candidate(source.id, tuple(checks), chosen)


def _compared(
    source: StoredSource, winner: StoredSource, moment: int
) -> tuple[str, int | float | str, int | float | str]:
    """What decides between two sources: the priority, else which is newer."""
    if winner.source.priority == source.source.priority:
        return "source-age", seconds(moment - source.time), seconds(moment - winner.time)
    return "source-priority", str(source.source.priority), str(winner.source.priority)


def near_misses(
    storage: AttributionStorage, registration: TriggerRegistration
) -> tuple[Candidate, ...]:
    """Sources the browser did not look at, with the one thing that keeps each out."""
    origin, destination = registration.reporting_origin, registration.attribution_destination
    return tuple(
        chain(
            islice(_gone(storage, origin, destination), NEAR_MISSES),
            islice(_other_destinations(storage, origin, destination), NEAR_MISSES),
            islice(_other_reporting_origins(storage, origin, destination), NEAR_MISSES),
        )
    )


def _gone(storage: AttributionStorage, origin: str, destination: str) -> Iterator[Candidate]:
    for gone in reversed(storage.gone(origin, destination)):
        removal = gone.removal
        wanted = {"reason": removal.reason.value, "cause": removal.cause_id, "time": removal.time}
        check = Check("still-stored", Verdict.FAILED, None, wanted, gone.source.id)
        yield Candidate(gone.source.id, (check,))


def _other_destinations(
    storage: AttributionStorage, origin: str, destination: str
) -> Iterator[Candidate]:
    for source in storage.newest(origin, ANY):
        if destination not in source.destinations:
            check = Check(
                "destination", Verdict.FAILED, source.destinations, destination, source.id
            )
            yield Candidate(source.id, (check,))


def _other_reporting_origins(
    storage: AttributionStorage, origin: str, destination: str
) -> Iterator[Candidate]:
    for source in storage.newest(ANY, destination):
        own = source.registration.reporting_origin
        if own != origin:
            check = Check("reporting-origin", Verdict.FAILED, own, origin, source.id)
            yield Candidate(source.id, (check,))
