"""What captures have to offer to expectations: registrations and reports, key by key.

May live here: from entries, fates and the ledger to the words of an expectation file, and how
sure they are. Nothing is compared here, and nothing is judged that the timeline does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.attribution.fates import STORED as STORED_RESULTS
from ara_inspector.attribution.fates import SourceFate, TriggerFate
from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.told_results import (
    is_contradicted,
    results_of_source,
    results_of_trigger,
)
from ara_inspector.checking.keys import (
    ATTRIBUTED,
    EXPECTED,
    FATE_KEYS,
    NOT_ATTRIBUTED,
    OF_SOURCE,
    REFUSED,
    SEEN,
    STORED,
)
from ara_inspector.findings import Certainty, printable
from ara_inspector.registrations import Kind, Registration
from ara_inspector.reports import Report
from ara_inspector.session.certainty import MADE
from ara_inspector.spec.effective import Source
from ara_inspector.views import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ara_inspector.attribution.fates import Awaited
    from ara_inspector.attribution.results import Result
    from ara_inspector.checking.inspection import Inspection
    from ara_inspector.timeline import Entry

FATES: Final = {
    kind: frozenset(name for name, key in FATE_KEYS.items() if key.kinds and kind in key.kinds)
    for kind in (Kind.SOURCE, Kind.TRIGGER)
}
"""What can be asked of the fate of each kind."""
STANDING: Final = frozenset({"standing"})
UNTOLD: Final = "unknown"


class Value(Struct, frozen=True, gc=False):
    """What was found under one key."""

    words: tuple[str, ...]
    """What a file may say of it, what it says best first."""
    shown: str


class Candidate(Struct, frozen=True, gc=False):
    """Something an expectation may mean."""

    place: str
    """Where it stands: the number of its entry."""
    values: Mapping[str, Value]
    codes: str = ""
    """Of its errors and warnings."""
    doubt: str = ""
    """What makes some of its values only likely."""
    doubtful: frozenset[str] = frozenset()
    """The keys of those values."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """Why there is nothing under a key."""

    def differs_in(self, wanted: Mapping[str, str]) -> list[str]:
        """The keys under which something else was found than is wanted, or nothing."""
        return [
            name
            for name, word in wanted.items()
            if name not in self.values or word not in self.values[name].words
        ]

    def shown(self, name: str) -> str:
        """What was found under a key, for reading."""
        found = self.values.get(name)
        return self.untold.get(name, UNTOLD) if found is None else printable(found.shown)


def candidates(what: str, captures: Sequence[Inspection]) -> list[Candidate]:
    """All "registration"s or "report"s of the captures, in order."""
    made = registrations_in if what == "registration" else reports_in
    return [one for capture in captures for one in made(capture, captures)]


def place_of(capture: Inspection, number: int, captures: Sequence[Inspection]) -> str:
    """How an entry is named: `#7`, after the name of its capture where there are several."""
    return f"#{number}" if len(captures) == 1 else f"{printable(capture.name)} #{number}"


def registrations_in(capture: Inspection, captures: Sequence[Inspection]) -> Iterator[Candidate]:
    """The registrations of one capture."""
    entries = {entry.number: entry for entry in capture.timeline}
    for entry in entries.values():
        about = entry.about
        if not isinstance(about, Registration):
            continue
        values = _told_by_the_wire(about)
        fate = entry.fate
        certainty = Certainty.UNKNOWN if fate is None else fate.certainty
        untold = {}
        if fate is not None and certainty is Certainty.UNKNOWN:
            untold = dict.fromkeys(FATE_KEYS, f"{UNTOLD}, {printable(fate.ground)}")
        elif isinstance(fate, SourceFate | TriggerFate):
            values |= _told_by_fate(fate, entries)
            if isinstance(fate, TriggerFate) and fate.source is None:
                untold = {name: "none" for name in FATE_KEYS if name.startswith(OF_SOURCE)}
        likely = fate is not None and certainty is Certainty.LIKELY
        yield Candidate(
            place=place_of(capture, entry.number, captures),
            values=values,
            codes=words.codes_of(entry.findings),
            doubt=fate.ground if fate is not None and likely else "",
            doubtful=FATES[about.kind] if likely else frozenset(),
            untold=untold,
        )


def _told_by_the_wire(about: Registration) -> dict[str, Value]:
    effective = about.effective
    told: dict[str, tuple[str, ...]] = {
        "kind": (about.kind.value,),
        "source_type": (about.source_type.value,) if about.source_type else (),
        "site": (about.context_site.value,) if about.context_site.value else (),
        "destination": tuple(effective.destination) if isinstance(effective, Source) else (),
        "reporting_origin": (about.reporting_origin,) if about.reporting_origin else (),
        "verdict": (about.verdict.value,),
    }
    return {name: Value(found, ", ".join(found)) for name, found in told.items() if found}


def _told_by_fate(fate: SourceFate | TriggerFate, entries: Mapping[int, Entry]) -> dict[str, Value]:
    if isinstance(fate, SourceFate):
        results = results_of_source(fate)
        return {"result": _source_result(results)} if results else {}
    event_level, aggregatable = results_of_trigger(fate)
    if not event_level:
        return {}
    levels = {"event_level": _level(event_level), "aggregatable": _level(aggregatable)}
    made = not MADE.isdisjoint((*event_level, *aggregatable))
    words_of_both = (word for value in levels.values() for word in value.words)
    alike = dict.fromkeys(word for word in words_of_both if word != NOT_ATTRIBUTED)
    result = Value(
        (*alike, *(() if made else (NOT_ATTRIBUTED,))),
        ", ".join(f"{name.replace('_', '-')} {value.shown}" for name, value in levels.items()),
    )
    return {"result": result, **levels, **_source_of(fate, entries)}


def _source_result(results: tuple[Result, ...]) -> Value:
    chromes = tuple(result.value for result in results)
    stored = STORED_RESULTS.issuperset(results)
    return Value((STORED, *chromes) if stored else (*chromes, REFUSED), ", ".join(chromes))


def _level(results: tuple[Result, ...]) -> Value:
    chromes = tuple(result.value for result in results)
    made = MADE.issuperset(results)
    return Value((ATTRIBUTED, *chromes) if made else (*chromes, NOT_ATTRIBUTED), ", ".join(chromes))


def _source_of(fate: TriggerFate, entries: Mapping[int, Entry]) -> dict[str, Value]:
    """The source it is attributed to, or would be."""
    entry = None if fate.source is None or is_contradicted(fate) else entries.get(fate.source)
    if entry is None or not isinstance(entry.about, Registration):
        return {}
    told = _told_by_the_wire(entry.about)
    return {
        f"{OF_SOURCE}.{name}": Value(told[name].words, f"{told[name].shown} (#{entry.number})")
        for name in ("site", "source_type", "destination")
        if name in told
    }


def reports_in(capture: Inspection, captures: Sequence[Inspection]) -> Iterator[Candidate]:
    """The reports of one capture: those seen, then those the browser still has to send."""
    entries = {entry.number: entry for entry in capture.timeline}
    for entry in entries.values():
        if isinstance(entry.about, Report):
            yield Candidate(
                place=place_of(capture, entry.number, captures),
                values=_seen(entry.about, entry.standing.standing if entry.standing else None),
                codes=words.codes_of(entry.findings),
            )
    for awaited in capture.summary().balance.awaited:
        causes = [entries[number] for number in awaited.registrations if number in entries]
        if causes:
            yield _still_out(awaited, causes, capture, captures)


def _seen(report: Report, standing: Standing | None) -> dict[str, Value]:
    known = () if standing is None else (standing.value,)
    expected = (EXPECTED,) if standing is Standing.SEEN else ()
    return {
        "kind": _plain(report.kind.value),
        "reporting_origin": _plain(report.reporting_origin),
        "delivery": _plain(report.delivery.outcome.value),
        "standing": Value((SEEN, *expected, *known), known[0] if known else SEEN),
    }


def _still_out(
    awaited: Awaited,
    causes: Iterable[Entry],
    capture: Inspection,
    captures: Sequence[Inspection],
) -> Candidate:
    fates = [(entry.number, entry.fate) for entry in causes]
    report, standing = awaited.report, awaited.standing.value
    due = words.moment(report.earliest / SECOND, None)[:19]
    grounds = dict.fromkeys(
        fate.ground
        for _, fate in fates
        if fate is not None and fate.certainty is not Certainty.CERTAIN
    )
    of = " and ".join(place_of(capture, number, captures) for number, _ in fates)
    return Candidate(
        place=f"a report of {of}",
        values={
            "kind": _plain(report.kind.value),
            "reporting_origin": _plain(report.reporting_origin),
            "standing": Value((EXPECTED, standing), f"{standing} (due {due} UTC)"),
        },
        doubt=", ".join(grounds),
        doubtful=STANDING if grounds else frozenset(),
        untold={"delivery": "not seen"},
    )


def _plain(text: str) -> Value:
    return Value((text,), text)
