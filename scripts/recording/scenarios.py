"""All scenarios by name."""

from __future__ import annotations

from recording.asking import ASKING
from recording.blocking import BLOCKING
from recording.clearing import CLEARING
from recording.documents import DOCUMENTS
from recording.fetching import FETCHING
from recording.frames import FRAMES
from recording.heeding import HEEDING
from recording.leaving import LEAVING
from recording.policies import POLICIES
from recording.realistic import REALISTIC
from recording.redirecting import REDIRECTING
from recording.registering import REGISTERING
from recording.reporting import REPORTING

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        *(*REGISTERING, *ASKING, *HEEDING, *FRAMES, *POLICIES, *BLOCKING),
        *(*CLEARING, *DOCUMENTS, *REDIRECTING, *REPORTING, *REALISTIC),
        *(*FETCHING, *LEAVING),
    )
}
