"""Whether Chrome stores a source it could parse: the limits on what it can tell.

May live here: applying the arithmetic of `privacy` to a source, and the findings about it.
https://wicg.github.io/attribution-reporting-api/#process-an-attribution-source checks these
limits when the source is stored, so the effective value is there although it is refused.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.spec.constants import (
    DEFAULT_EARLY_REPORT_WINDOWS,
    DEFAULT_EVENT_LEVEL_REPORTS,
    DEFAULT_TRIGGER_DATA,
)
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.privacy import (
    channel_capacity,
    count_trigger_states,
    highest_fitting_epsilon,
    randomized_response_pick_rate,
    reported_rate,
    scopes_channel_capacity,
)
from ara_inspector.spec.vendor import (
    MAX_EVENT_LEVEL_CHANNEL_CAPACITY,
    MAX_EVENT_LEVEL_SCOPES_CHANNEL_CAPACITY,
    MAX_SETTABLE_EVENT_LEVEL_EPSILON,
    MAX_TRIGGER_STATE_CARDINALITY,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Finding
    from ara_inspector.spec.effective import AttributionScopes, Source
    from ara_inspector.spec.values import Reader

TOO_MANY_STATES = Rule(
    "SRC014",
    "too-many-output-states",
    Severity.ERROR,
    "{states} output states exceed the maximum of {maximum}: Chrome does not store the source",
    "max-trigger-state-cardinality",
)
CAPACITY_EXCEEDED = Rule(
    "SRC015",
    "channel-capacity-exceeded",
    Severity.ERROR,
    "{states} output states carry {bits} bits, {maximum} is the limit for {source_type} sources:"
    " Chrome does not store the source (an event_level_epsilon up to {epsilon} would fit)",
    "max-event-level-channel-capacity-per-source",
)
EVENT_STATES_EXCEEDED = Rule(
    "SRC016",
    "max-event-states-exceeded",
    Severity.ERROR,
    "{states} output states exceed the max_event_states of {maximum}:"
    " Chrome does not store the source",
    "process-an-attribution-source",
)
SCOPES_CAPACITY_EXCEEDED = Rule(
    "SRC017",
    "scopes-channel-capacity-exceeded",
    Severity.ERROR,
    "the attribution scopes carry {bits} bits, {maximum} is the limit for {source_type} sources:"
    " Chrome does not store the source",
    "max-event-level-attribution-scopes-channel-capacity-per-source",
)
PRIVACY = Rule(
    "SRC018",
    "event-level-privacy",
    Severity.NOTE,
    "{states} output states, {bits} of {maximum} bits, randomized trigger rate {rate}",
    "compute-the-channel-capacity-of-a-source",
)

CACHED_SHAPES: Final = 1024
_EPSILON_STEPS: Final = 1000
_DEFAULT_SHAPES: Final = {
    source_type: (
        len(DEFAULT_TRIGGER_DATA[source_type]),
        len(DEFAULT_EARLY_REPORT_WINDOWS[source_type]) + 1,
        DEFAULT_EVENT_LEVEL_REPORTS[source_type],
        MAX_SETTABLE_EVENT_LEVEL_EPSILON,
    )
    for source_type in SourceType
}
"""What a source has that says nothing about its event-level reports."""


class Capacity(NamedTuple):
    """What the event-level reports of a source can tell."""

    states: int
    bits: float
    rate: float
    """The randomized trigger rate; reports round it (`privacy.reported_rate`)."""


def capacity_of(source: Source) -> Capacity:
    """The output states of `source` with the capacity and the rate that follow from them."""
    return _capacity(*_shape(source))


def _shape(source: Source) -> tuple[int, int, int, float]:
    return (
        len(source.trigger_data),
        len(source.event_report_windows.end_times),
        source.max_event_level_reports,
        source.event_level_epsilon,
    )


@lru_cache(CACHED_SHAPES)
def _capacity(trigger_data: int, windows: int, max_reports: int, epsilon: float) -> Capacity:
    states = count_trigger_states(
        trigger_data=trigger_data, windows=windows, max_reports=max_reports
    )
    return Capacity(
        states,
        channel_capacity(states, epsilon),
        randomized_response_pick_rate(states, epsilon),
    )


def privacy_note(source: Source, source_type: SourceType) -> Finding:
    """Output states, channel capacity and randomized trigger rate of `source`."""
    states, bits, rate = capacity_of(source)
    return PRIVACY.at(
        states=states,
        bits=round(bits, 2),
        maximum=MAX_EVENT_LEVEL_CHANNEL_CAPACITY[source_type],
        rate=reported_rate(rate),
    )


def judge_capacity(reader: Reader, source: Source, source_type: SourceType) -> None:
    """Report the limits `source` exceeds, or what it makes of them.

    https://wicg.github.io/attribution-reporting-api/#process-an-attribution-source
    """
    shape = _shape(source)
    states, bits, _ = _capacity(*shape)
    limit = MAX_EVENT_LEVEL_CHANNEL_CAPACITY[source_type]
    if states > MAX_TRIGGER_STATE_CARDINALITY:
        reader.report(TOO_MANY_STATES, (), states=states, maximum=MAX_TRIGGER_STATE_CARDINALITY)
    if bits > limit:
        fitting = highest_fitting_epsilon(
            states, capacity=limit, highest=source.event_level_epsilon
        )
        reader.report(
            CAPACITY_EXCEEDED,
            (),
            states=states,
            bits=_rounded_up(bits),
            maximum=limit,
            source_type=Words(source_type.value),
            epsilon=math.floor(fitting * _EPSILON_STEPS) / _EPSILON_STEPS,
        )
    elif states <= MAX_TRIGGER_STATE_CARDINALITY and shape != _DEFAULT_SHAPES[source_type]:
        reader.findings.append(privacy_note(source, source_type))
    if source.attribution_scopes is not None:
        _judge_scopes(reader, source.attribution_scopes, source_type, states)


def _judge_scopes(
    reader: Reader, scopes: AttributionScopes, source_type: SourceType, states: int
) -> None:
    if source_type is SourceType.EVENT and states > scopes.max_event_states:
        reader.report(EVENT_STATES_EXCEEDED, (), states=states, maximum=scopes.max_event_states)
    bits = scopes_channel_capacity(
        states, scope_limit=scopes.limit, max_event_states=scopes.max_event_states
    )
    limit = MAX_EVENT_LEVEL_SCOPES_CHANNEL_CAPACITY[source_type]
    if bits > limit:
        reader.report(
            SCOPES_CAPACITY_EXCEEDED,
            (),
            bits=_rounded_up(bits),
            maximum=limit,
            source_type=Words(source_type.value),
        )


def _rounded_up(bits: float) -> float:
    # Rounding to the nearest could show a value that seems to be within the limit.
    return math.ceil(bits * 100) / 100
