"""Every report a real Chrome sent in the recordings is read, with nothing to find against it.

What may be found is what the scenario is about: an answer that refuses or redirects, a null
report, a payload whose key nobody gave.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ara_inspector.flows import read_capture
from ara_inspector.reports import VERBOSE_TYPES, Report, ReportKind, read_report
from ara_inspector.reports.bodies import AggregatableReport, VerboseReport
from ara_inspector.reports.endpoints import REPORT_PATHS
from report_posts import post

SHARED = Path(__file__).parents[3] / "shared"
BODIES = SHARED / "chrome" / "reports"
CAPTURES = sorted((SHARED / "chrome").glob("*.flows")) + sorted(
    (SHARED / "attribution" / "stories").glob("*.flows")
)
pytestmark = pytest.mark.skipif(not CAPTURES, reason="Chrome's recordings are not here")

# Scenario, code: how often.
EXPECTED = {
    ("pubkey_404", "RPT023"): 2,
    ("report_redirect", "RPT021"): 1,
}


def codes(report: Report | None) -> list[str]:
    assert report is not None
    return [finding.rule.code for finding in report.findings]


def test_all_report_requests_of_the_recordings_are_read() -> None:
    kinds: Counter[ReportKind] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for capture in CAPTURES:
        for exchange in read_capture(capture):
            report = read_report(exchange)
            if report is not None:
                kinds[report.kind] += 1
                found.update((capture.stem, code) for code in codes(report))
    print(  # noqa: T201 - the score
        f"{kinds.total()} report and key requests in {len(CAPTURES)} recordings read, "
        f"{found.total() - sum(EXPECTED.values())} findings against us: {dict(kinds)}"
    )
    assert dict(found) == EXPECTED
    assert set(kinds) == set(ReportKind) - {ReportKind.UNKNOWN}


@pytest.mark.parametrize("kind", [name for name in REPORT_PATHS if name != "debug/verbose"])
def test_all_collected_bodies_are_read(kind: str) -> None:
    entries: list[dict[str, Any]] = json.loads(
        (BODIES / f"{kind.replace('/', '_')}.json").read_text()
    )
    for entry in entries:
        report = read_report(post(kind, entry["raw"].encode()))
        assert report is not None
        assert codes(report) == []
        if isinstance(report.body, AggregatableReport):
            check_payload(report.body, entry)
    print(f"{kind}: {len(entries)} bodies")  # noqa: T201 - the score


def check_payload(body: AggregatableReport, entry: dict[str, Any]) -> None:
    """The recorder's own decryption of the payload is what the cleartext says."""
    info = body.shared_info
    assert info is not None
    assert info.report_id == entry["shared_info"]["report_id"]
    decrypted = [
        (int(item["bucket"], 16), item["value"], item["id"])
        for item in entry["decrypted"]["data"]
        if item["value"]
    ]
    if body.histogram is not None:
        assert decrypted == [
            (item.bucket, item.value, item.filtering_id) for item in body.histogram.contributions
        ]
        assert body.histogram.padding == len(entry["decrypted"]["data"]) - len(decrypted)


def test_all_27_verbose_types_chrome_sent_are_read() -> None:
    collected = json.loads((BODIES / "verbose_by_type.json").read_text())
    for name, entry in collected.items():
        report = read_report(post("debug/verbose", entry["raw"].encode()))
        assert report is not None
        assert codes(report) == []
        assert isinstance(report.body, VerboseReport)
        assert name in {datum.type for datum in report.body.data}
        assert VERBOSE_TYPES[name].reported
    print(f"{len(collected)} verbose types read")  # noqa: T201 - the score
    assert len(collected) == 27


def test_cleartext_payloads_of_the_recordings_have_20_contributions() -> None:
    sizes = set()
    for capture in CAPTURES:
        for exchange in read_capture(capture):
            report = read_report(exchange)
            if report is not None and isinstance(report.body, AggregatableReport):
                histogram = report.body.histogram
                if histogram is not None:
                    sizes.add(len(histogram.contributions) + histogram.padding)
    assert sizes == {20}
