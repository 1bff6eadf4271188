"""How sure a fate is: what it rests on that the wire does not show.

May live here: weighing only, and the rule that tells where the browser says otherwise. The
engine answers for the sources it was given; what was stored before the capture, or comes from
a cache, nobody has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.fates import Agreement, SourceFate, TriggerFate
from ara_inspector.attribution.results import (
    HIDDEN_SOURCE_RESULTS,
    AggregatableResult,
    EventLevelResult,
    SourceResult,
)
from ara_inspector.findings import Certainty, Rule, Severity, Words
from ara_inspector.records import replace
from ara_inspector.reports import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.registrations import Registration

type Answer = SourceFate | TriggerFate

CONTRADICTED = Rule(
    "ATT051",
    "attribution-contradicted",
    Severity.WARNING,
    "the browser reports {types}; from what this capture shows it would be {predicted}",
    "attribution-debug-data-header",
)
BY_HEADER: Final = frozenset(
    {
        SourceResult.EXCEEDS_MAX_CHANNEL_CAPACITY,
        SourceResult.EXCEEDS_MAX_SCOPES_CHANNEL_CAPACITY,
        SourceResult.EXCEEDS_MAX_TRIGGER_STATE_CARDINALITY,
        SourceResult.EXCEEDS_MAX_EVENT_STATES_LIMIT,
    }
)
"""Results the header alone decides."""
MADE: Final = frozenset(
    {
        EventLevelResult.SUCCESS,
        EventLevelResult.SUCCESS_DROPPED_LOWER_PRIORITY,
        AggregatableResult.SUCCESS,
    }
)
"""Results that make a report."""
NOTABLE: Final = 0.001
"""Noise rarer than this goes without saying."""


def is_proven(fate: Answer, copies: frozenset[ReportKind]) -> bool:
    """Whether debug copies show every report of a trigger, and nothing else is left to prove."""
    if not isinstance(fate, TriggerFate):
        return False
    wanted = {
        kind
        for result, kind in (
            (fate.event_level, ReportKind.DEBUG_EVENT_LEVEL),
            (fate.aggregatable, ReportKind.DEBUG_AGGREGATABLE),
        )
        if result in MADE
    }
    unproven = fate.debug_types and fate.told is None
    return bool(wanted) and wanted <= copies and not unproven


def weighed(
    fate: Answer, about: Registration, *, proven: bool, noise: float, doubt: str = ""
) -> Answer:
    """The fate of a registration with its certainty, which its findings share.

    `proven`: see `is_proven`. `noise` is the probability that the browser answers at random for
    the source; 0 where that is ruled out. `doubt` says what has turned out wrong since.
    """
    told = fate.told
    if told is not None and told.agreement is Agreement.CONTRADICTED:
        types = ", ".join(told.types)
        ground = f"the browser reports {types} (#{told.entry})"
        finding = CONTRADICTED.at(types=types, predicted=Words(_in_words(fate)))
        if told.certainty is not Certainty.CERTAIN:
            finding = replace(finding, certainty=told.certainty, ground="the likeliest cause")
        return replace(fate, certainty=told.certainty, ground=ground, findings=(finding,))
    if doubt:
        agrees = told is not None
        certainty, ground = Certainty.LIKELY if agrees else Certainty.UNKNOWN, doubt
    else:
        certainty, ground = _weigh(fate, about, proven=proven, noise=noise)
    softened = ground if certainty is not Certainty.CERTAIN else ""
    findings = tuple(replace(f, certainty=certainty, ground=softened) for f in fate.findings)
    return replace(fate, certainty=certainty, ground=ground, findings=findings)


def _weigh(
    fate: Answer, about: Registration, *, proven: bool, noise: float
) -> tuple[Certainty, str]:
    confirmed = fate.told is not None and fate.told.certainty is Certainty.CERTAIN
    if isinstance(fate, TriggerFate):
        results = {fate.event_level, fate.aggregatable}
        made = results & MADE
        if proven or (confirmed and not made):
            return Certainty.CERTAIN, "the browser's debug reports say so"
    elif confirmed and not fate.stored and fate.result not in HIDDEN_SOURCE_RESULTS:
        return Certainty.CERTAIN, "the browser's debug report says so"
    doubts = list(_doubts(fate, about, noise))
    if not doubts:
        return Certainty.CERTAIN, "the header alone decides"
    if confirmed:
        doubts.append("a debug report agrees")
    elif fate.seen:
        doubts.append("a report like it was seen")
    return Certainty.LIKELY, ", ".join(doubts)


def _doubts(fate: Answer, about: Registration, noise: float) -> Iterator[str]:
    """What the answer rests on besides what is certain, in a few words each."""
    decided = (
        fate.result in BY_HEADER
        if isinstance(fate, SourceFate)
        else fate.event_level is EventLevelResult.NOT_REGISTERED
        and fate.aggregatable is AggregatableResult.NOT_REGISTERED
    )
    if not decided:
        yield "the sources seen in this capture"
        if about.context_site.certainty is not Certainty.CERTAIN:
            yield "an inferred page"
    if about.certainty is not Certainty.CERTAIN:
        yield "an inferred registration"
    if isinstance(fate, TriggerFate) and fate.at_an_edge:
        yield "a moment at the very end of a window"
    if noise >= NOTABLE and isinstance(fate, TriggerFate) and fate.event_level in MADE:
        yield f"noise strikes one such source in {round(1 / noise):,}"


def _in_words(fate: Answer) -> str:
    """The result in Chrome's words."""
    if isinstance(fate, SourceFate):
        return fate.result.value
    return f"event-level {fate.event_level}, aggregatable {fate.aggregatable}"
