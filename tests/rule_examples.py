"""What runs the fenced blocks of help pages: the block's kind gives the function.

A stage whose rules need more than one header's value adds its kind to `RUNNERS`: a function
from the block's text to the findings it gives.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ara_inspector.attribution.outcome_findings import source_findings, trigger_findings
from ara_inspector.attribution.scenario import read_scenario, run_scenario
from ara_inspector.attribution.storing import SourceOutcome
from ara_inspector.reports import read_report
from ara_inspector.reports.decryption import read_keys
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, read_header
from exchanges import exchanges
from exchanges import findings as exchange_findings
from header_cases import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ara_inspector.findings import Finding

KEY_FILE = Path(__file__).parents[1] / "fixtures" / "keys" / "aggregation-service.test-key.json"


def in_latin_1(kind: HeaderKind, text: str) -> list[Finding]:
    """A header some server sent in the wrong encoding, as the wire's bytes come to be text."""
    sent = text.encode("latin-1")
    return header_findings(kind, None, sent.decode("utf-8", "surrogateescape"))


def of_200_kb(kind: HeaderKind, text: str) -> list[Finding]:
    """A header too long for a page: its … stands for the rest of 200,000 bytes."""
    return header_findings(kind, None, filled(text, 200_000))


def header_findings(kind: HeaderKind, source_type: SourceType | None, text: str) -> list[Finding]:
    return list(read_header(kind, text, source_type).findings)


def scenario_findings(text: str) -> Iterator[Finding]:
    """What the engine finds about the steps of a scenario, not what their headers say."""
    answers, _ = run_scenario(read_scenario(json.loads(text)))
    for answer in answers:
        if isinstance(answer.outcome, SourceOutcome):
            yield from source_findings(answer.outcome)
        elif answer.outcome is not None:
            yield from trigger_findings(answer.outcome)


def opened_findings(text: str) -> Iterator[Finding]:
    """What is found in reports when the test set-up's private key is given."""
    keys = read_keys(KEY_FILE.read_text("utf-8"))
    for exchange in exchanges(text):
        report = read_report(exchange, keys)
        if report is not None:
            yield from report.findings


RUNNERS: dict[str, Callable[[str], Iterable[Finding]]] = {
    kind: partial(header_findings, kind, None)
    for kind in HeaderKind
    if kind is not HeaderKind.SOURCE
} | {
    f"source {source_type}": partial(header_findings, HeaderKind.SOURCE, source_type)
    for source_type in SourceType
}
RUNNERS["trigger latin-1"] = partial(in_latin_1, HeaderKind.TRIGGER)
RUNNERS["scenario"] = scenario_findings
RUNNERS["exchange"] = exchange_findings
RUNNERS["exchange with key"] = opened_findings
RUNNERS["trigger of 200,000 bytes"] = partial(of_200_kb, HeaderKind.TRIGGER)
