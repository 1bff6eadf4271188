"""Which registrations can stand behind a report at all: by identity, sites, keys and time.

May live here: the single comparisons, each answering with what it found in common. Weighing
them is the work of the module for each kind of report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Verdict
from ara_inspector.spec.effective import TriggerDataMatching
from ara_inspector.spec.privacy import reported_rate
from ara_inspector.spec.source_capacity import capacity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.reports.links.values import Known
    from ara_inspector.spec.effective import Source, Trigger

PROMPT_SECONDS: Final = 5.0
"""A report that is sent at once follows its registration within this; 20 to 100 ms are usual."""
CLOCK_SECONDS: Final = 0.5
"""How much later than a report its registration may seem to be: HARs round their times."""
SCHEDULE_SECONDS: Final = 5.0
"""How far the browser's moment of registration may be from the answer's on the wire."""
MAX_DELAY: Final = 600
"""Seconds at most that an aggregatable report is put off at random."""
MAX_OTHERS: Final = 5
"""Other candidates that a link names."""


def before(known: Sequence[Known], time: float | None) -> list[Known]:
    """Those registered before `time`, a little clock trouble allowed, the last first."""
    if time is None:
        return list(reversed(known))
    latest = time + CLOCK_SECONDS
    return [each for each in reversed(known) if each.moment <= latest]


def site_agrees(known: Known, sites: Sequence[str]) -> bool | None:
    """Whether its context site is one of `sites`; None where it is not known."""
    return None if known.site is None else known.site in sites


def is_told(known: Known) -> bool:
    """Whether its verdict lets a report come of it."""
    return known.verdict in {Verdict.REGISTERED, Verdict.UNKNOWN}


def is_prompt(known: Known, time: float | None) -> bool:
    """Whether a report at `time` follows it at once."""
    return time is not None and abs(time - known.moment) <= PROMPT_SECONDS


def trigger_rate(source: Source) -> float:
    """The randomized trigger rate Chrome would report for a source."""
    return reported_rate(capacity_of(source).rate)


def reported_data(source: Source, trigger: Trigger) -> set[int]:
    """The trigger data an event-level report of this pair could carry, filters aside."""
    if not source.trigger_data:
        return set()
    given = {datum.trigger_data for datum in trigger.event_trigger_data}
    if source.trigger_data_matching is TriggerDataMatching.EXACT:
        return given & set(source.trigger_data)
    return {value % len(source.trigger_data) for value in given}
