"""The arithmetic of privacy told of any source, for those who ask about one header.

May live here: the note that `source_capacity` leaves out where everything is at its default,
so that a session of many sources is not filled with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.records import replace
from ara_inspector.spec.source_capacity import (
    CAPACITY_EXCEEDED,
    PRIVACY,
    TOO_MANY_STATES,
    privacy_note,
)

if TYPE_CHECKING:
    from ara_inspector.spec.effective import Source, SourceType
    from ara_inspector.spec.reading import Reading


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
