"""Every report in Chrome's recordings goes back to the registration Chrome's own account names.

The truth files list what the browser registered, in order, with the result of each. So a link
is right if the registration it points to is, in that list, one whose result makes the browser
send this very report.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.flows import read_capture
from ara_inspector.registrations import Kind, Registration
from ara_inspector.reports import VERBOSE_TYPES, Report, ReportKind
from ara_inspector.reports.bodies import VerboseReport
from ara_inspector.reports.links import ProofOutcome, Role
from ara_inspector.session import Session
from ara_inspector.spec.effective import Source
from ara_inspector.timeline import EntryKind

if TYPE_CHECKING:
    from ara_inspector.reports.links import Explanation
    from ara_inspector.timeline import Entry

SHARED = Path(__file__).parents[4] / "shared"
CAPTURES = sorted((SHARED / "chrome").glob("*.flows"))
STORIES = sorted((SHARED / "attribution" / "stories").glob("*.flows"))
pytestmark = pytest.mark.skipif(not CAPTURES, reason="Chrome's recordings are not here")

NOT_ON_THE_WIRE = {
    "service_worker": 1,  # a source made by the page's own service worker
}
"""Reports that no exchange explains."""
MADE = {"success", "successDroppedLowerPriority"}
"""Chrome's words for a trigger that made a report, the second one in the place of another."""
SAME_MOMENT = 5


def timeline(capture: Path) -> list[Entry]:
    session = Session()
    for exchange in read_capture(capture):
        session.recorded(exchange)
    session.finish()
    return list(session.timeline)


class Truth:
    """Chrome's account of one recording, by the entries of our timeline."""

    def __init__(self, capture: Path, entries: list[Entry]) -> None:
        account = json.loads(capture.with_suffix(".json").read_text())
        told = [e for e in entries if e.kind is EntryKind.REGISTRATION]
        self.registrations = {
            entry.number: entry.about for entry in told if isinstance(entry.about, Registration)
        }
        self.results: dict[int, dict[str, Any]] = {}
        triggers = sorted(self._processed(Kind.TRIGGER), key=lambda each: each[1].time or 0)
        for (number, _), result in zip(triggers, account["triggers"], strict=False):
            self.results[number] = result
        sources = account["sources"]
        for number, registration in self._processed(Kind.SOURCE):
            mine = [result for result in sources if self._is_of(result, registration)]
            if mine:
                self.results[number] = mine[0]
                # A source from the cache is told again; the wire has it once.
                sources.remove(mine[0])

    def _processed(self, kind: Kind) -> list[tuple[int, Registration]]:
        return [
            (number, registration)
            for number, registration in self.registrations.items()
            if registration.kind is kind
            and registration.eligible
            and registration.effective is not None
            and registration.verdict.value in {"registered", "rejected"}
        ]

    @staticmethod
    def _is_of(result: dict[str, Any], registration: Registration) -> bool:
        effective = registration.effective
        return (
            isinstance(effective, Source)
            and result["reporting_origin"] == registration.reporting_origin
            and result["event_id"] == str(effective.source_event_id)
            and result["type"] == registration.source_type
            and set(result["destinations"]) == set(effective.destination)
        )

    def explains(self, report: Report, number: int, role: Role) -> bool:
        """Whether Chrome's result for an entry makes it send such a report."""
        body, registration = report.body, self.registrations[number]
        if registration.effective is None:
            types = {d.type for d in body.data} if isinstance(body, VerboseReport) else set()
            return types == {"header-parsing-error"}
        words = {str(word) for word in self.results[number].values()}
        if role is Role.SOURCE:
            return not words.isdisjoint({"success", "successNoised"})
        if isinstance(body, VerboseReport):
            return all(words & {*results_of(datum.type or "")} for datum in body.data)
        if role is Role.CAUSE or "trigger_context_id" in report.raw:
            # Debug reports and context ids: a report whatever comes of it.
            return True
        level = "event_level" if report.kind.is_event_level else "aggregatable"
        return self.results[number][level] in MADE


def results_of(name: str) -> tuple[str, ...]:
    known = VERBOSE_TYPES[name]
    return (*known.results, *known.masks)


def reports_of(entries: list[Entry]) -> list[tuple[Report, Explanation]]:
    return [
        (entry.about, entry.explanation)
        for entry in entries
        if isinstance(entry.about, Report)
        and entry.explanation is not None
        and entry.about.kind is not ReportKind.PUBLIC_KEYS
    ]


def test_reports_of_the_recordings_go_back_to_what_chrome_registered() -> None:
    linked: Counter[str] = Counter()
    unexplained: Counter[str] = Counter()
    wrong: list[tuple[str, str, Role, int]] = []
    proofs: Counter[str] = Counter()
    for capture in CAPTURES:
        entries = timeline(capture)
        truth = Truth(capture, entries)
        for report, explanation in reports_of(entries):
            proofs.update(proof.outcome.value for proof in explanation.proofs)
            if not explanation.links:
                unexplained[capture.stem] += 1
            for link in explanation.links:
                if truth.explains(report, link.entry, link.role):
                    linked[f"{report.kind} to its {link.role}, {link.certainty}"] += 1
                else:
                    wrong.append((capture.stem, report.raw, link.role, link.entry))
    print(  # noqa: T201 - the score
        f"{linked.total()} links as Chrome's account has them, {len(wrong)} not, "
        f"{unexplained.total()} reports unexplained; proofs: {dict(proofs)}\n{dict(linked)}"
    )
    assert not wrong
    assert dict(unexplained) == NOT_ON_THE_WIRE
    assert proofs[ProofOutcome.CONTRADICTED.value] == 0


def test_reports_of_the_stories_go_back_to_their_steps() -> None:
    linked: Counter[str] = Counter()
    for story in STORIES:
        entries = timeline(story)
        account = json.loads(story.with_suffix(".json").read_text())
        # Step by step, as the story says what was registered when.
        steps = sorted(account["scenario"]["steps"], key=lambda step: step["t"])
        told = sorted(
            (e for e in entries if e.kind is EntryKind.REGISTRATION), key=lambda e: e.time or 0
        )
        step_of = {entry.number: step for step, entry in enumerate(told)}
        assert len(told) == len([step for step in steps if "kind" in step])
        for report, explanation in reports_of(entries):
            roles = {link.role: step_of[link.entry] for link in explanation.links}
            cause = roles.get(Role.CAUSE, roles.get(Role.TRIGGER))
            assert cause is not None, (story.stem, report)
            at_once = {
                sent["step"]
                for sent in account["reports"]
                if sent["kind"] == report.kind
                and "step" in sent
                and abs(account["base_epoch"] + sent["sent_t"] - (report.time or 0)) < SAME_MOMENT
            }
            if at_once:
                assert cause in at_once, (story.stem, report)
                linked["sent at once, to the step named"] += 1
            else:
                level = "event_level" if report.kind.is_event_level else "aggregatable"
                # Null reports are made of triggers that nothing else comes of.
                assert account["results"][cause][level] in {*MADE, "noMatchingSources"}
                linked["sent later, to a step that made one"] += 1
    print(f"{len(STORIES)} stories: {dict(linked)}")  # noqa: T201 - the score
    assert linked
