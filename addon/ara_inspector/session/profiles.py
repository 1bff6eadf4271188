"""One browser's attribution: its storage, its ledger, and the mode it is in.

May live here: running a registration through the engine and putting the outcome into the values
of `fates`. When that happens, and what reports change afterwards, is decided in `attributing`.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import TYPE_CHECKING

from ara_inspector.attribution.effects import RemovalReason
from ara_inspector.attribution.fates import Fate, SourceFate, TriggerFate
from ara_inspector.attribution.ledger import Ledger
from ara_inspector.attribution.outcome_findings import source_findings, trigger_findings
from ara_inspector.attribution.registered import SourceRegistration, TriggerRegistration
from ara_inspector.attribution.sources import odometer
from ara_inspector.attribution.storage import AttributionStorage
from ara_inspector.attribution.storing import process_attribution_source
from ara_inspector.attribution.triggering import trigger_attribution
from ara_inspector.records import replace
from ara_inspector.session.edges import at_an_edge, widened
from ara_inspector.spec.effective import Source, SourceType, Trigger
from ara_inspector.spec.urls import site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.attribution.registered import Noise
    from ara_inspector.attribution.sources import Odometer
    from ara_inspector.attribution.storage import Cleared
    from ara_inspector.attribution.storing import SourceOutcome
    from ara_inspector.attribution.triggering import TriggerOutcome
    from ara_inspector.browser import Identity
    from ara_inspector.registrations import Registration
    from ara_inspector.session.limits import Limits
    from ara_inspector.spec.vendor import AttributionLimits

UNKNOWN_PAGE = Fate(ground="nothing tells the page, and so no destination to look sources up by")
UNKNOWN_ORIGIN = Fate(ground="the request has no origin a report could go to")


class Profile:
    """What one browser has stored, as far as the capture shows it."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.storage = AttributionStorage()
        # What is settled is told by the timeline's own entries.
        self.ledger = Ledger(limit=limits.expected, history=0)
        self._now = 0

    @property
    def local_testing(self) -> bool:
        """Whether the browser was seen to be in local testing mode."""
        return self.storage.local_testing

    def begin_local_testing(self) -> None:
        """From now on it is taken to be in local testing mode."""
        self.storage.begin_local_testing()
        self.ledger.timed = False

    def enter(self, number: int, about: Registration, moment: int, noise: Noise | None) -> Fate:
        """Let the browser process the registration of entry `number`, and say what it does."""
        # The engine's time runs one way; an answer that is told late is taken as just come.
        self._now = max(self._now, moment)
        where, effective = about.reporting_origin, about.effective
        if where is None:
            return UNKNOWN_ORIGIN
        if isinstance(effective, Source):
            page = about.context_site.value or f"an unknown page (#{number})"
            return self._enter_source(
                SourceRegistration(
                    id=str(number),
                    time=self._now,
                    source_type=about.source_type or SourceType.EVENT,
                    source_origin=about.context_site.origin or page,
                    source_site=page,
                    reporting_origin=where,
                    reporting_site=site(where) or where,
                    source=effective,
                    noise=noise,
                )
            )
        if about.context_site.value is None or not isinstance(effective, Trigger):
            return UNKNOWN_PAGE
        return self._enter_trigger(
            TriggerRegistration(
                id=str(number),
                time=self._now,
                attribution_destination=about.context_site.value,
                reporting_origin=where,
                reporting_site=site(where) or where,
                trigger=effective,
            )
        )

    def _enter_source(self, registration: SourceRegistration) -> SourceFate:
        outcome = process_attribution_source(self.storage, registration)
        self._expect(outcome)
        return SourceFate(
            ground="",
            result=outcome.result,
            checks=outcome.checks,
            debug_types=(outcome.debug_type,),
            odometer=_left(outcome, self.storage.limits),
            findings=tuple(source_findings(outcome)),
            reports=outcome.reports,
            removals=outcome.removals,
            possibilities=outcome.possibilities,
        )

    def _enter_trigger(self, registration: TriggerRegistration) -> TriggerFate:
        outcome = trigger_attribution(self.storage, registration)
        source, moment = outcome.source, registration.time
        if source is not None:
            reports = tuple(widened(report, source, moment) for report in outcome.reports)
            outcome = replace(outcome, reports=reports)
        self._expect(outcome)
        return TriggerFate(
            ground="",
            event_level=outcome.event_level,
            aggregatable=outcome.aggregatable,
            trace=outcome.trace,
            debug_types=outcome.debug_types,
            source=int(outcome.source.id) if outcome.source is not None else None,
            odometer=outcome.odometer,
            at_an_edge=source is not None and at_an_edge(source, moment),
            findings=tuple(trigger_findings(outcome)),
            reports=outcome.reports,
            removals=outcome.removals,
            possibilities=outcome.possibilities,
        )

    def _expect(self, outcome: SourceOutcome | TriggerOutcome) -> None:
        self.ledger.expect(outcome, delay=self.storage.aggregatable_delay)

    def discard(self, number: int, reporting_origin: str, destination: str) -> None:
        """Forget the source of entry `number`, if it is one: the browser refused it."""
        refused = RemovalReason.REFUSED_BY_BROWSER
        for stored in self.storage.matching(reporting_origin, destination):
            if stored.id == str(number):
                self.storage.remove(stored, refused, cause_id=stored.id, now=self._now)

    def clear(self, reporting_origin: str, moment: int) -> Cleared:
        """Delete an origin's sources and pending reports."""
        self._now = max(self._now, moment)
        cleared = self.storage.clear(reporting_origin, self._now)
        self.ledger.withdraw(cleared.withdrawn)
        return cleared

    def drop_oldest(self, count: int) -> None:
        """Keep `count` sources less, the oldest ones."""
        for stored in tuple(islice(self.storage.sources(), count)):
            self.storage.remove(stored, RemovalReason.NOT_KEPT, cause_id=stored.id, now=self._now)
            # Else a record of each would stay until it expires: weeks, in the traffic's time.
            self.storage.rate_limits.deactivate(stored, {stored.number})


def _left(outcome: SourceOutcome, limits: AttributionLimits) -> Odometer | None:
    return None if outcome.stored is None else odometer(outcome.stored, limits)


class Profiles:
    """The profiles of a session, one for each browser that can be told apart."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._profiles: OrderedDict[Identity, Profile] = OrderedDict()
        self.dropped = 0
        """Sources that are no longer kept, those of profiles no longer kept among them."""

    def of(self, identity: Identity) -> Profile:
        """The profile of a browser."""
        profile = self._profiles.get(identity)
        if profile is None:
            profile = self._profiles[identity] = Profile(identity.text, self._limits)
            if len(self._profiles) > self._limits.browsers:
                _, oldest = self._profiles.popitem(last=False)
                self.dropped += len(oldest.storage)
        self._profiles.move_to_end(identity)
        return profile

    def that_sent(self, identity: Identity) -> Profile:
        """The profile a report is of: some captures do not say who sent it."""
        if identity not in self._profiles and self._profiles:
            identity = next(reversed(self._profiles))
        return self.of(identity)

    def make_room(self, profile: Profile) -> None:
        """Keep the number of sources within bounds; the profile that grew gives way."""
        over = sum(len(each.storage) for each in self._profiles.values()) - self._limits.sources
        if over > 0:
            self.dropped += min(over, len(profile.storage))
            profile.drop_oldest(over)

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._profiles.values())
