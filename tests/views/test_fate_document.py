from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from ara_inspector.views.document import document, entry_document
from ara_inspector.views.schemas import schema
from exchanges import watched

TRAFFIC = """
page https://pub.example/

ad https://r1.example/i
< Attribution-Reporting-Register-Source: {"destination": "https://shop.example", "source_event_id":
  "5", "aggregation_keys": {"a": "0x1"}, "debug_reporting": true}

report https://r1.example/.well-known/attribution-reporting/debug/verbose
= [{"type": "source-success", "body": {"attribution_destination": "https://shop.example",
= "source_event_id": "5", "source_site": "https://pub.example"}}]

page https://shop.example/

ad https://r1.example/c
< Attribution-Reporting-Register-Trigger: {"event_trigger_data": [{}], "aggregatable_trigger_data":
  [{"key_piece": "0x10", "source_keys": ["a"]}], "aggregatable_values": {"a": 20}}

ad https://r2.example/c
< Attribution-Reporting-Register-Trigger: {"event_trigger_data": [{}]}

report https://r2.example/.well-known/attribution-reporting/report-event-attribution
= {"attribution_destination": "https://shop.example", "source_event_id": "9"}
@ 100
""".replace("\n  ", " ")


def made() -> dict[str, Any]:
    return document(watched(TRAFFIC))


def test_documents_and_entries_with_fates_are_as_the_contract_says() -> None:
    Draft202012Validator(schema("document")).validate(made())
    for entry in watched(TRAFFIC).timeline:
        Draft202012Validator(schema("entry")).validate(entry_document(entry))


def test_each_registration_has_its_answer() -> None:
    assert [(a["kind"], a["comes_to"], a["certainty"]) for a in made()["attribution"]] == [
        ("source", "", "likely"),
        ("trigger", "success (#2)", "likely"),
        ("trigger", "no matching sources", "likely"),
    ]


def test_a_trigger_has_everything_behind_its_answer() -> None:
    fate = made()["registrations"][1]["attribution"]
    assert (fate["event_level"], fate["aggregatable"], fate["source"]) == ("success", "success", 2)
    assert fate["trace"]["candidates"][0]["chosen"]
    assert fate["trace"]["event_level"][-1]["verdict"] == "passed"
    event_level, aggregatable = fate["expected"]
    assert event_level["body"]["source_event_id"] == "5"
    assert event_level["earliest"] == event_level["latest"]
    assert aggregatable["contributions"] == [{"bucket": "0x11", "value": 20, "filtering_id": 0}]
    assert aggregatable["latest"] - aggregatable["earliest"] == 600
    assert aggregatable["body"]["shared_info"]["api"] == "attribution-reporting"
    assert fate["budget"]["aggregatable_budget"] == {"left": 65_516, "of": 65_536}
    assert fate["budget"]["next_fails"] == [
        "no event-level report is left, but in the place of a lower priority"
    ]


def test_its_findings_are_those_of_the_registration() -> None:
    missing = made()["registrations"][2]
    assert [finding["code"] for finding in missing["findings"]] == ["ATT021"]
    assert missing["findings"][0]["ground"].startswith("the sources seen in this capture")


def test_a_source_says_what_the_browser_said_of_it() -> None:
    fate = made()["registrations"][0]["attribution"]
    assert fate["told"]["agreement"] == "confirmed"
    assert fate["seen"] == [3]
    assert fate["result"] == "success"
    (noise,) = fate["possible"]
    assert (noise["kind"], noise["trials"]) == ("noise", 1)
    assert 0 < noise["probability"] < 0.00001


def test_where_the_browser_says_otherwise_its_word_counts() -> None:
    for told, result in (
        ("source-storage-limit", "insufficientSourceCapacity"),
        # Of the reporting site alone, or of all of them as well.
        ("source-destination-rate-limit", None),
    ):
        source = document(watched(TRAFFIC.replace("source-success", told)))["registrations"][0]
        assert source["attribution"]["told"]["agreement"] == "contradicted"
        assert source["attribution"]["result"] == result
        assert source["attribution"]["certainty"] == "certain"


def test_the_ledger_puts_every_report_somewhere() -> None:
    ledger = made()["ledger"]
    assert ledger["counts"] == {
        "expected-and-seen": 1,
        "expected-and-not-yet-due": 2,
        "seen-but-unexplained": 1,
    }
    (seen,) = ledger["seen"]
    assert seen["registrations"] == [2]
    (unexplained,) = ledger["unexplained"]
    assert made()["reports"][-1]["entry"] == unexplained["report"]
    assert made()["reports"][-1]["standing"]["standing"] == "seen-but-unexplained"
    assert {report["kind"] for report in ledger["not_yet_due"]} == {"event-level", "aggregatable"}
    assert ledger["overdue"] == ledger["by_chance"] == []
    assert made()["summary"]["ledger"] == ledger["counts"]
