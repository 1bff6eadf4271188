"""A report's links prove or contradict what the timeline said, and say so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ara_inspector.findings import Verdict
from ara_inspector.registrations import Kind
from ara_inspector.reports import read_report
from ara_inspector.reports.links import (
    Explanation,
    Known,
    Proof,
    ProofOutcome,
    Proven,
    Role,
    explain,
)
from known_registrations import PUBLISHER, SHOP, registration, report, source, trigger
from report_posts import aggregatable, event_level, key_fetch, post, shared_info

SOURCE_BODY = {
    "attribution_destination": SHOP,
    "source_event_id": "123",
    "source_site": PUBLISHER,
}
END = 1000 + 30 * 86_400


def verbose(name: str, body: dict[str, Any], *known: Known) -> Explanation:
    return explain(report("debug/verbose", [{"type": name, "body": body}]), known)


def codes(explanation: Explanation) -> list[str]:
    return [finding.rule.code for finding in explanation.findings]


def outcomes(explanation: Explanation) -> list[tuple[int, Proven, ProofOutcome]]:
    return [(proof.entry, proof.about, proof.outcome) for proof in explanation.proofs]


def test_success_confirms_verdict_and_site() -> None:
    found = verbose("source-success", SOURCE_BODY, source(1, time=2000.0))
    assert codes(found) == []
    ground = f"a source-success report with the {found.links[0].ground}"
    assert found.proofs == (
        Proof(1, Proven.CONTEXT_SITE, ProofOutcome.CONFIRMED, PUBLISHER, PUBLISHER, ground),
        Proof(1, Proven.VERDICT, ProofOutcome.CONFIRMED, "registered", "registered", ground),
    )


def test_what_was_not_known_is_settled() -> None:
    unsure = source(1, time=2000.0, site=None, verdict=Verdict.UNKNOWN)
    found = verbose("source-success", SOURCE_BODY, unsure)
    assert [(p.outcome, p.concluded, p.proven) for p in found.proofs] == [
        (ProofOutcome.CONFIRMED, None, PUBLISHER),
        (ProofOutcome.CONFIRMED, None, "registered"),
    ]


def test_contradictions_are_found() -> None:
    wrong = source(1, time=2000.0, site="https://other.example", verdict=Verdict.IGNORED)
    found = verbose("source-success", SOURCE_BODY, wrong)
    assert codes(found) == ["RPT044", "RPT042"]
    assert found.findings[0].params == {
        "entry": 1,
        "proven": PUBLISHER,
        "inferred": "https://other.example",
    }
    assert found.findings[1].params == {"type": "source-success", "entry": 1, "verdict": "ignored"}
    assert {proof.outcome for proof in found.proofs} == {ProofOutcome.CONTRADICTED}


def test_a_limit_is_no_contradiction() -> None:
    body = SOURCE_BODY | {"limit": "1"}
    found = verbose("source-reporting-origin-per-site-limit", body, source(1, time=2000.0))
    assert codes(found) == ["RPT043"]
    assert outcomes(found)[1] == (1, Proven.VERDICT, ProofOutcome.LIMIT)
    assert found.proofs[1].proven == "source-reporting-origin-per-site-limit"


def test_a_limit_of_the_header_itself_is_a_verdict() -> None:
    body = SOURCE_BODY | {"limit": "4"}
    refused = source(1, time=2000.0, verdict=Verdict.REJECTED)
    found = verbose("source-max-event-states-limit", body, refused)
    assert codes(found) == []
    accepted = source(1, time=2000.0)
    assert codes(verbose("source-max-event-states-limit", body, accepted)) == ["RPT042"]


def test_a_triggers_report_confirms_the_trigger_whatever_became_of_it() -> None:
    found = verbose("trigger-event-deduplicated", SOURCE_BODY, source(1), trigger(2))
    assert {(link.entry, link.role) for link in found.links} == {
        (2, Role.CAUSE),
        (1, Role.SOURCE),
    }
    assert outcomes(found) == [
        (2, Proven.CONTEXT_SITE, ProofOutcome.CONFIRMED),
        (2, Proven.VERDICT, ProofOutcome.CONFIRMED),
        (1, Proven.CONTEXT_SITE, ProofOutcome.CONFIRMED),
    ]


def test_a_report_inside_proves_no_site() -> None:
    found = verbose("trigger-event-low-priority", event_level(), source(1), trigger(2))
    assert outcomes(found) == [(2, Proven.VERDICT, ProofOutcome.CONFIRMED)]


def test_two_data_of_one_trigger_are_told_once() -> None:
    data = [
        {"type": "trigger-event-deduplicated", "body": SOURCE_BODY},
        {"type": "trigger-aggregate-deduplicated", "body": SOURCE_BODY},
    ]
    both = trigger(2, {"aggregatable_values": {"k": 1}})
    found = explain(report("debug/verbose", data), [source(1), both])
    assert len(found.links) == 2


def test_a_header_error_is_explained_by_our_own_finding() -> None:
    broken = Known.of(1, registration(Kind.SOURCE, "{", site=PUBLISHER, time=2000.0))
    body = {
        "context_site": PUBLISHER,
        "header": "Attribution-Reporting-Register-Source",
        "value": "{",
    }
    found = verbose("header-parsing-error", body, broken)
    assert codes(found) == ["RPT045"]
    assert found.findings[0].params["code"] == "JSN001"
    assert {proof.outcome for proof in found.proofs} == {ProofOutcome.CONFIRMED}
    body["value"] = json.dumps({"destination": SHOP})
    fine = Known.of(1, registration(Kind.SOURCE, body["value"], site=PUBLISHER))
    assert codes(verbose("header-parsing-error", body, fine)) == ["RPT042"]
    trigger_site = Known.of(1, registration(Kind.TRIGGER, "{", site=PUBLISHER, time=2000.0))
    body |= {"header": "Attribution-Reporting-Register-Trigger", "value": "{"}
    assert (1, Proven.CONTEXT_SITE, ProofOutcome.CONFIRMED) in outcomes(
        verbose("header-parsing-error", body, trigger_site)
    )


@pytest.mark.parametrize("name", ["source-success", "trigger-no-matching-source", "new"])
def test_a_verbose_report_nothing_explains_is_found(name: str) -> None:
    body = SOURCE_BODY if name == "source-success" else {"attribution_destination": SHOP}
    found = verbose(name, body)
    assert codes(found) == ["RPT040"]
    assert found.findings[0].params == {"kind": name}


def test_a_new_type_proves_the_site_only() -> None:
    found = verbose("source-new", SOURCE_BODY, source(1, time=2000.0))
    assert outcomes(found) == [(1, Proven.CONTEXT_SITE, ProofOutcome.CONFIRMED)]


def test_an_attribution_report_proves_a_certain_source() -> None:
    body = event_level(scheduled_report_time=str(END))
    made = report("report-event-attribution", body, time=END)
    found = explain(made, [source(1), trigger(2)])
    assert codes(found) == []
    assert outcomes(found) == [(1, Proven.VERDICT, ProofOutcome.CONFIRMED)]
    source_link = next(link for link in found.links if link.entry == 1)
    assert found.proofs[0].ground == f"an event-level report with the {source_link.ground}"
    assert codes(explain(made, [source(1)])) == ["RPT041"]
    assert codes(explain(made, [])) == ["RPT040"]
    refused = source(1, verdict=Verdict.REJECTED)
    found = explain(made, [refused, trigger(2)])
    assert outcomes(found) == [(1, Proven.VERDICT, ProofOutcome.CONTRADICTED)]
    assert codes(found) == ["RPT042"]
    assert found.findings[0].params["type"] == "event-level"


def test_an_aggregatable_report_is_linked_and_proves_nothing_it_does_not_say() -> None:
    info = shared_info(scheduled_report_time="2000")
    values = {"aggregatable_values": {"k": 1}}
    keys = {"aggregation_keys": {"k": "0x1"}}
    made = report("report-aggregate-attribution", aggregatable(shared_info=info))
    found = explain(made, [source(1, keys), trigger(2, values)])
    assert len(found.links) == 2
    assert (found.proofs, codes(found)) == ((), [])
    assert codes(explain(made, [])) == ["RPT040"]


def test_an_aggregatable_debug_report_is_also_made_of_what_was_refused() -> None:
    info = shared_info(api="attribution-reporting-debug", scheduled_report_time="2000")
    data = [{"types": ["unspecified"], "key_piece": "0x1", "value": 1}]
    config = {"budget": 10, "key_piece": "0x1", "debug_data": data}
    refused = source(
        1, {"aggregatable_debug_reporting": config}, time=2000.0, verdict=Verdict.REJECTED
    )
    made = report("debug/report-aggregate-debug", aggregatable(shared_info=info))
    found = explain(made, [refused])
    assert [link.role for link in found.links] == [Role.CAUSE]
    assert (found.proofs, codes(found)) == ((), [])


def test_what_could_not_be_read_is_not_explained() -> None:
    for exchange in (post("debug/verbose", b"{"), key_fetch(b"{}")):
        unread = read_report(exchange)
        assert unread is not None
        assert explain(unread, [source(1)]) == Explanation()
