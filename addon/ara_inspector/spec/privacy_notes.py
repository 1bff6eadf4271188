"""The arithmetic of privacy told of any source, for those who ask about one header.

May live here: the note that `source_capacity` leaves out where everything is at its default,
so that a session of many sources is not filled with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.records import replace
from ara_inspector.spec.privacy import (
    channel_capacity,
    count_trigger_states,
    randomized_response_pick_rate,
)
from ara_inspector.spec.source_capacity import CAPACITY_EXCEEDED, PRIVACY, TOO_MANY_STATES
from ara_inspector.spec.vendor import MAX_EVENT_LEVEL_CHANNEL_CAPACITY

if TYPE_CHECKING:
    from ara_inspector.findings import Finding
    from ara_inspector.spec.effective import Source, SourceType
    from ara_inspector.spec.reading import Reading

RATE_DIGITS: Final = 7
"""As Chrome writes `randomized_trigger_rate` into reports."""


def with_privacy_note(reading: Reading[Source], source_type: SourceType) -> Reading[Source]:
    """`reading` with the numbers of its source among its findings, unless they are there."""
    told = {finding.rule.code for finding in reading.findings}
    if reading.value is None or told & {
        rule.code for rule in (PRIVACY, CAPACITY_EXCEEDED, TOO_MANY_STATES)
    }:
        return reading
    # It is about the whole value, which comes first in the document.
    findings = (privacy_note(reading.value, source_type), *reading.findings)
    return replace(reading, findings=findings)


def privacy_note(source: Source, source_type: SourceType) -> Finding:
    """Output states, channel capacity and randomized trigger rate of `source`."""
    states = count_trigger_states(
        trigger_data=len(source.trigger_data),
        windows=len(source.event_report_windows.end_times),
        max_reports=source.max_event_level_reports,
    )
    epsilon = source.event_level_epsilon
    return PRIVACY.at(
        states=states,
        bits=round(channel_capacity(states, epsilon), 2),
        maximum=MAX_EVENT_LEVEL_CHANNEL_CAPACITY[source_type],
        rate=round(randomized_response_pick_rate(states, epsilon), RATE_DIGITS),
    )
