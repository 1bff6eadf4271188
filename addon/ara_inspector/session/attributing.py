"""The stage that attributes: each registration's fate, and where each report stands.

May live here: when a registration enters its browser's simulation, and what reports change
about fates told before. The simulation is in `profiles`, how sure a fate is in `certainty`.

A registration waits a moment: its verbose debug report may prove its page, and answers do not
come in the order of requests. What turns out wrong later is said, not computed anew.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from ara_inspector.attribution.effects import PossibilityKind
from ara_inspector.attribution.fates import (
    Agreement,
    Awaited,
    Balance,
    Fate,
    ReportStanding,
    SourceFate,
    Told,
    TriggerFate,
    registrations_of,
)
from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.registered import SECOND, Noise
from ara_inspector.attribution.results import SOURCE_DEBUG_TYPES, SourceResult
from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.reports import ReportKind
from ara_inspector.reports.bodies import VerboseReport
from ara_inspector.reports.links import Role
from ara_inspector.reports.verbose_types import ATTRIBUTION_KINDS, kinds_refused
from ara_inspector.session.certainty import is_proven, weighed
from ara_inspector.session.clearing import Clearing
from ara_inspector.session.local_testing import gives_away
from ara_inspector.session.profiles import Profiles
from ara_inspector.session.waiting import Waiting
from ara_inspector.spec.effective import Source
from ara_inspector.spec.sharing import shared
from ara_inspector.timeline import EntryKind, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.browser import Identity
    from ara_inspector.reports import Report
    from ara_inspector.reports.links import Explanation
    from ara_inspector.session.certainty import Answer
    from ara_inspector.session.ledger import Ledger
    from ara_inspector.session.limits import Limits
    from ara_inspector.session.profiles import Profile

ATTRIBUTION: Final = ("source-", "trigger-")
"""How the debug types begin that tell the fate of a registration."""
NO_COPIES: Final[frozenset[ReportKind]] = frozenset()
DEBUG_COPIES: Final = frozenset({ReportKind.DEBUG_EVENT_LEVEL, ReportKind.DEBUG_AGGREGATABLE})
NOISED: Final = SOURCE_DEBUG_TYPES[SourceResult.SUCCESS_NOISED]
KEPT_BY_BROWSER: Final = frozenset({SOURCE_DEBUG_TYPES[SourceResult.SUCCESS], NOISED})
REPORT_DELAY: Final = SECOND
"""Reports are taken this much later than they come: HARs date answers by their last byte."""


class Entered(NamedTuple):
    """What of a registration is asked for once it has entered the simulation."""

    site: str | None
    reporting_origin: str
    destination: str
    """Of a source one of its attribution destinations."""


class Known(Struct):
    """What the stage knows of one registration."""

    identity: Identity
    entered: Entered | None = None
    """What entered the simulation; None while it waits."""
    told: Told | None = None
    """What a verbose debug report said of it, before it is held against the fate."""
    doubt: str = ""
    """What has turned out wrong since it entered."""
    copies: frozenset[ReportKind] = NO_COPIES
    """Debug copies of its reports that were seen."""


class Arrival(Struct, frozen=True, gc=False):
    """A report waiting for its turn."""

    entry: int
    report: Report
    cause: int | None
    """The registration it is about, where it is a verbose debug report."""
    identity: Identity


class Attributing:
    """Takes registrations and reports as they are told, and tells fates and standings."""

    def __init__(self, limits: Limits, timeline: Ledger) -> None:
        self._timeline = timeline
        self._limit = limits.known
        self._profiles = Profiles(limits)
        self._waiting: Waiting[int | Arrival | Clearing] = Waiting(limits.waiting)
        self._known: dict[int, Known] = {}
        self._standings: Counter[Standing] = Counter()
        self._agreements: Counter[Agreement] = Counter()
        self.local_testing = ""
        """A sentence that tells of the mode, once a browser was seen to be in it."""

    # -- what is told to the stage

    def registered(self, number: int, about: Registration, identity: Identity) -> None:
        """Entry `number` was told, or told again in another way."""
        if number in self._known:
            self.revised(number, about)
        elif is_processed(about) and not about.kind.is_os:
            self._known[number] = Known(identity)
            self._waiting.add(self._waiting.moment(about.time), number)
            if len(self._known) > self._limit:
                del self._known[next(iter(self._known))]

    def revised(self, number: int, about: Registration) -> None:
        """Entry `number` was told again in another way."""
        known = self._known.get(number)
        if known is not None and known.entered is not None:
            self._reconsider(number, about, known)

    def reported(
        self, entry: int, report: Report, explanation: Explanation, identity: Identity
    ) -> None:
        """Entry `entry` tells a report."""
        types = attribution_types(report)
        if report.kind in {ReportKind.PUBLIC_KEYS, ReportKind.UNKNOWN} or types == ():
            return
        profile = self._profiles.that_sent(identity)
        if not profile.local_testing:
            self._look_for_local_testing(profile, report, explanation)
        cause = next((link for link in explanation.links if link.role is Role.CAUSE), None)
        known = self._known.get(cause.entry) if cause is not None else None
        if cause is not None and known is not None and types:
            # Which way it agrees is seen when its turn comes.
            known.told = Told(Agreement.CONFIRMED, types, cause.certainty, report.flow_id, entry)
        arrival = Arrival(entry, report, cause.entry if cause and types else None, identity)
        self._waiting.add(self._waiting.moment(report.time) + REPORT_DELAY, arrival)

    def cleared(self, clearing: Clearing) -> None:
        """An answer has Chrome delete what its origin has registered."""
        self._waiting.add(self._waiting.moment(clearing.time), clearing)

    def _look_for_local_testing(
        self, profile: Profile, report: Report, explanation: Explanation
    ) -> None:
        found = gives_away(report, explanation, self._timeline.registration, profile.name)
        if found is not None:
            profile.begin_local_testing()
            self._forget_noise(profile)
            note = Note(report.flow_id, report.time, report.url, None, (found,))
            entry = self._timeline.add(EntryKind.NOTE, note, report.time)
            self.local_testing = (
                f"{profile.name} seems to be in local testing mode: no delays, no noise "
                f"(#{entry.number})."
            )

    def _forget_noise(self, profile: Profile) -> None:
        """Answers told before the mode was seen spoke of noise, which there never was."""
        for number, known in tuple(self._known.items()):
            answered = self._answered(number)
            if answered is None or self._profiles.of(known.identity) is not profile:
                continue
            about, fate = answered
            self._tell(number, about, fate.without_noise(), known)

    def pass_time(self, time: float | None) -> None:
        """The traffic has come to `time`: what has waited long enough has its turn."""
        self._waiting.saw(time)
        for moment, thing in self._waiting.due():
            self._take(moment, thing)

    @property
    def is_waiting(self) -> bool:
        """Whether something waits for its turn."""
        return bool(self._waiting)

    def settle(self) -> None:
        """Nothing more is to be waited for."""
        for moment, thing in self._waiting.drain():
            self._take(moment, thing)

    # -- what is asked

    def balance(self, *, whole: bool) -> Balance:
        """The ledgers of all browsers as of now; unless `whole` only counted."""
        now = self._waiting.now
        counts = self._standings.copy()
        for profile in self._profiles:
            counts.update(profile.ledger.counts(now))
        return Balance(
            counts={standing.value: counts[standing] for standing in Standing if counts[standing]},
            awaited=tuple(self._awaited(now)) if whole else (),
        )

    def _awaited(self, now: int) -> Iterator[Awaited]:
        for profile in self._profiles:
            for standing, report in profile.ledger.waiting(now):
                yield Awaited(
                    standing=standing, registrations=registrations_of(report), report=report
                )

    @property
    def agreements(self) -> dict[str, int]:
        """How often the browser's debug reports agreed with a fate, and how often not."""
        return {f"attribution {each}": count for each, count in self._agreements.items() if count}

    @property
    def dropped(self) -> dict[str, int]:
        """What was given up to keep the simulation bounded."""
        return {
            "simulated sources": self._profiles.dropped,
            "expected reports": sum(profile.ledger.dropped for profile in self._profiles),
        }

    # -- turns

    def _take(self, moment: int, thing: int | Arrival | Clearing) -> None:
        if isinstance(thing, Arrival):
            self._arrive(thing)
        elif isinstance(thing, Clearing):
            self._clear(thing, moment)
        else:
            self._enter(thing, moment)

    def _clear(self, clearing: Clearing, moment: int) -> None:
        profile, where = self._profiles.of(clearing.identity), clearing.reporting_origin
        note = clearing.note(profile.clear(where, moment))
        if note is not None:
            self._timeline.add(EntryKind.NOTE, note, note.time, where)

    def _enter(self, number: int, moment: int) -> None:
        about = self._timeline.registration(number)
        known = self._known.get(number)
        if about is None or known is None:
            return
        if not is_processed(about):
            del self._known[number]
            return
        effective = about.effective
        destination = effective.destination[0] if isinstance(effective, Source) else ""
        # Thousands of them say the same.
        known.entered = shared(
            Entered(about.context_site.value, about.reporting_origin or "", destination)
        )
        profile = self._profiles.of(known.identity)
        noised = known.told is not None and known.told.types == (NOISED,)
        fate = profile.enter(number, about, moment, Noise() if noised else None)
        self._profiles.make_room(profile)
        self._timeline.settle(number, fate=self._weighed(fate, about, known))

    def _weighed(self, fate: Fate, about: Registration, known: Known) -> Fate:
        if not isinstance(fate, SourceFate | TriggerFate):
            return fate
        testing = self._profiles.of(known.identity).local_testing
        return weighed(
            fate,
            about,
            proven=is_proven(fate, known.copies),
            noise=0.0 if testing else self._noise(fate),
            doubt=known.doubt,
        )

    def _noise(self, fate: Answer) -> float:
        """The probability that the browser answers at random for the source of a trigger."""
        if not isinstance(fate, TriggerFate) or fate.source is None:
            return 0.0
        source, known = self._answered(fate.source), self._known.get(fate.source)
        told = known.told if known is not None else None
        if source is None or (told is not None and told.certainty is Certainty.CERTAIN):
            return 0.0
        kinds = (p.probability for p in source[1].possibilities if p.kind is PossibilityKind.NOISE)
        return next(kinds, 0.0)

    def _arrive(self, arrival: Arrival) -> None:
        profile = self._profiles.that_sent(arrival.identity)
        line = profile.ledger.see(arrival.report)
        self._standings[line.standing] += 1
        expected = line.expected
        standing = ReportStanding(
            standing=line.standing,
            registrations=registrations_of(expected) if expected is not None else (),
            possibility=line.possibility,
        )
        self._timeline.settle(arrival.entry, standing=standing)
        if expected is not None:
            self._seen(arrival, int(expected.trigger_id or expected.source_id or 0))
        elif arrival.cause is not None:
            self._hold_against(arrival.cause, arrival)

    def _seen(self, arrival: Arrival, number: int) -> None:
        """A report that was expected of entry `number` has come."""
        known, answered = self._known.get(number), self._answered(number)
        if known is None or answered is None:
            return
        about, fate = answered
        if arrival.report.kind in DEBUG_COPIES:
            known.copies |= {arrival.report.kind}
        told = fate.told
        types = attribution_types(arrival.report)
        if types:
            told = Told(
                Agreement.CONFIRMED,
                types,
                Certainty.CERTAIN,
                arrival.report.flow_id,
                arrival.entry,
            )
            self._agreements[told.agreement] += 1
        fate = replace(fate, seen=(*fate.seen, arrival.entry), told=told)
        self._tell(number, about, fate, known)

    def _hold_against(self, number: int, arrival: Arrival) -> None:
        """A verbose debug report nobody expected is about entry `number`."""
        known, answered = self._known.get(number), self._answered(number)
        if known is None or known.told is None or answered is None:
            return
        about, fate = answered
        agrees = set(fate.debug_types) == set(known.told.types)
        agreement = Agreement.CONFIRMED if agrees else Agreement.CONTRADICTED
        self._agreements[agreement] += 1
        told = replace(known.told, agreement=agreement)
        if not agrees:
            self._correct(number, fate, told, known)
        fate = replace(fate, told=told, seen=(*fate.seen, arrival.entry))
        self._tell(number, about, fate, known)

    def _correct(self, number: int, fate: Answer, told: Told, known: Known) -> None:
        """What the browser refused, against expectation, it does not keep and not report."""
        profile = self._profiles.of(known.identity)
        refused = {ReportKind.VERBOSE}
        if isinstance(fate, TriggerFate):
            # A type that names no level may mean either.
            for name in told.types:
                refused.update(kinds_refused(name) or ATTRIBUTION_KINDS)
        elif KEPT_BY_BROWSER.isdisjoint(told.types) and known.entered is not None:
            refused |= set(ReportKind)
            profile.discard(number, known.entered.reporting_origin, known.entered.destination)
        profile.ledger.withdraw(r.number for r in fate.reports if r.kind in refused)

    def _reconsider(self, number: int, about: Registration, known: Known) -> None:
        """What entered the simulation is now told in another way."""
        entered, answered = known.entered, self._answered(number)
        if entered is None or answered is None:
            return
        fate = answered[1]
        if not is_processed(about):
            known.doubt = f"entered as registered, but {about.verdict} since: {about.ground}"
            profile = self._profiles.of(known.identity)
            profile.ledger.withdraw(report.number for report in fate.reports)
            profile.discard(number, entered.reporting_origin, entered.destination)
            self._tell(number, about, replace(fate, findings=()), known)
        elif about.context_site.value != entered.site:
            known.doubt = (
                f"answered for {entered.site or 'an unknown page'}, before a report "
                f"proved that it belongs to {about.context_site.value}"
            )
            self._tell(number, about, fate, known)

    def _tell(self, number: int, about: Registration, fate: Answer, known: Known) -> None:
        self._timeline.settle(number, fate=self._weighed(fate, about, known))

    def _answered(self, number: int) -> tuple[Registration, Answer] | None:
        """The registration entry `number` tells and its fate; None if it is gone or has none."""
        entry = self._timeline.timeline.get(number)
        about, fate = (entry.about, entry.fate) if entry is not None else (None, None)
        if isinstance(about, Registration) and isinstance(fate, SourceFate | TriggerFate):
            return about, fate
        return None


def is_processed(about: Registration) -> bool:
    """Whether the browser comes as far as storing or attributing.

    It reads some headers of sources only to refuse them then: they could tell too much.
    """
    refused_when_stored = about.verdict is Verdict.REJECTED and about.effective is not None
    return about.verdict is Verdict.REGISTERED or refused_when_stored


def attribution_types(report: Report) -> tuple[str, ...] | None:
    """The debug types of a verbose report that tell fates; None of any other report."""
    if report.kind is not ReportKind.VERBOSE:
        return None
    data = report.body.data if isinstance(report.body, VerboseReport) else ()
    names = (datum.type or "" for datum in data)
    return tuple(name for name in names if name.startswith(ATTRIBUTION))
