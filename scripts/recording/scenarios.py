"""All scenarios by name."""

from __future__ import annotations

from recording.realistic import REALISTIC
from recording.registering import REGISTERING
from recording.reporting import REPORTING

SCENARIOS = {scenario.name: scenario for scenario in (*REGISTERING, *REPORTING, *REALISTIC)}
