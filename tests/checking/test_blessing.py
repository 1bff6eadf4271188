"""Expectations written from captures: fulfilled by them, and by the same test recorded again."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from ara_inspector.attribution.fates import ReportStanding, TriggerFate
from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.results import EventLevelResult
from ara_inspector.checking.blessing import blessing
from ara_inspector.checking.expectation_file import read_expectations
from ara_inspector.checking.expectation_schema import expectation_schema
from ara_inspector.checking.inspection import Inspection, inspect_capture
from ara_inspector.checking.tables import Notation
from ara_inspector.records import replace
from ara_inspector.reports import Report
from inspections import (
    BOTH,
    KEYED,
    PUB,
    SHOP,
    TRAFFIC,
    failures,
    inspected,
    source,
    trigger,
    verbose,
)

if TYPE_CHECKING:
    from ara_inspector.checking.expectations import Expectations

ROOT = Path(__file__).parents[2]
FLOWS = ROOT / "fixtures" / "flows"
CAPTURES = [
    *sorted(FLOWS.glob("*.flows")),
    *sorted((ROOT.parent / "shared" / "attribution" / "stories").glob("*.flows")),
]


def blessed(*captures: Inspection) -> dict[str, Any]:
    value = tomllib.loads(blessing(captures))
    jsonschema.validate(value, expectation_schema())
    return value


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_a_blessed_capture_fulfils_what_was_written_from_it(path: Path) -> None:
    capture = inspect_capture(path)
    assert failures(blessing([capture]), capture) == []
    assert blessed(capture)["findings"]["errors"] >= 0
    in_yaml = read_expectations(blessing([capture], Notation.YAML), Notation.YAML)
    assert same(in_yaml) == same(read_expectations(blessing([capture])))


def same(read: Expectations) -> Expectations:
    """Without the lines, which are others in each notation."""
    expected = tuple(replace(each, line=None) for each in read.expected)
    return replace(read, expected=expected, findings_line=None)


def test_the_form_of_what_is_written() -> None:
    value = blessed(inspected(TRAFFIC))
    assert value["registrations"][1]["reporting_origins"] == ["https://b.example"]
    assert value["reports"] == [{"kind": "event-level", "reporting_origin": "https://a.example"}]
    assert value["findings"]["warnings"] > 0


def test_a_blessed_capture_notices_what_is_gone() -> None:
    fewer = inspected(TRAFFIC.replace("Register-Source", "Registered-Source", 1))
    texts = failures(blessing([inspected(TRAFFIC)]), fewer)
    assert texts[0].startswith("at least 1 registration expected, 0 found")


def test_what_becomes_of_registrations_is_written() -> None:
    capture = inspected(PUB + source(KEYED) + SHOP + trigger(BOTH))
    assert blessed(capture)["registrations"] == [
        {
            "kind": "source",
            "source_type": "event",
            "site": "https://pub.example",
            "destination": "https://shop.example",
            "result": "stored",
            "reporting_origins": ["https://r1.example"],
        },
        {
            "kind": "trigger",
            "site": "https://shop.example",
            "event_level": "attributed",
            "aggregatable": "attributed",
            "source": {"site": "https://pub.example", "source_type": "event"},
            "reporting_origins": ["https://r1.example"],
        },
    ]


def test_refusals_are_written_in_chromes_words() -> None:
    capture = inspect_capture(FLOWS / "origins_of_one_site.flows")
    results = {table.get("result") for table in blessed(capture)["registrations"]}
    assert results == {"stored", "reportingOriginsPerSiteLimitReached"}
    (lost,) = blessed(inspected(SHOP + trigger()))["registrations"]
    assert lost["event_level"] == "noMatchingSources"
    assert "source" not in lost
    assert "aggregatable" not in lost


def test_another_result_is_noticed() -> None:
    text = blessing([inspected(PUB + source() + SHOP + trigger())])
    other = inspected(PUB + source(host="r2.example") + SHOP + trigger())
    missing = "\n".join(failures(text, other))
    assert "  - event_level = attributed" in missing
    assert "event_level = noMatchingSources" in missing


def test_reports_still_out_are_expected_and_may_come() -> None:
    story = PUB + source() + SHOP + trigger()
    value = blessed(inspected(story))
    assert value["reports"] == [
        {
            "kind": "event-level",
            "reporting_origin": "https://r1.example",
            "standing": "expected",
        }
    ]
    session = inspect_capture(FLOWS / "realistic_session.flows")
    assert all("standing" not in table for table in blessed(session)["reports"])


def test_a_report_seen_once_is_to_be_seen_again() -> None:
    early, late = inspected(PUB + source() + SHOP + trigger()), inspected(TRAFFIC)
    late = replace(
        late,
        timeline=tuple(
            replace(entry, about=replace(entry.about, reporting_origin="https://r1.example"))
            if isinstance(entry.about, Report)
            else entry
            for entry in late.timeline
        ),
    )
    for order in ([early, late], [late, early]):
        (report,) = blessed(*order)["reports"]
        assert "standing" not in report


def test_noise_is_not_written() -> None:
    debug = ', "debug_reporting": true'
    capture = inspected(PUB + source(debug) + verbose("source-noised") + SHOP + trigger())
    first, second = blessed(capture)["registrations"]
    assert first["result"] == "stored"
    assert not {"event_level", "source"} & second.keys()
    fates = [e.fate for e in capture.timeline if isinstance(e.fate, TriggerFate)]
    assert [fate.event_level for fate in fates] == [EventLevelResult.FALSELY_ATTRIBUTED_SOURCE]


def test_what_the_browser_drew_at_random_is_not_written() -> None:
    capture = inspect_capture(FLOWS / "reports_aggregatable.flows")
    chance = ReportStanding(standing=Standing.BY_CHANCE)
    entries = tuple(
        replace(entry, standing=chance) if entry.standing else entry for entry in capture.timeline
    )
    assert blessed(capture)["reports"]
    assert "reports" not in blessed(replace(capture, timeline=entries))


def test_what_a_file_cannot_say_is_left_out() -> None:
    capture = inspected(PUB + source() + verbose("source-success"))
    odd = tuple(
        replace(entry, about=replace(entry.about, reporting_origin="https://r1.example\x1b/"))
        if isinstance(entry.about, Report)
        else entry
        for entry in capture.timeline
    )
    assert "reports" in blessed(capture)
    assert "reports" not in blessed(replace(capture, timeline=odd))


def test_that_attribution_went_well_is_kept_where_other_things_did_not() -> None:
    assert "none_of" not in blessed(inspected(PUB + source()))["findings"]
    clamped = blessed(inspected(PUB + source(', "expiry": "1"')))["findings"]
    assert (clamped["none_of"], clamped["warnings"]) == (["ATT"], 1)
    assert "none_of" not in blessed(inspected(SHOP + trigger()))["findings"]
