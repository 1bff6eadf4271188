"""What reports prove stands on the entries they prove it of, and is counted in the summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ara_inspector.findings import Verdict
from ara_inspector.registrations import Registration
from ara_inspector.reports import Report
from ara_inspector.reports.bodies import AggregatableReport
from ara_inspector.reports.decryption import SUITE
from ara_inspector.reports.links import ProofOutcome
from ara_inspector.session import Session
from exchanges import watched
from report_posts import aggregatable, encoded, payload, post, shared_info

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry

HEADER = '{"destination": "https://shop.example", "source_event_id": "5", "debug_reporting": true}'
PAGE = "page https://pub.example/\n\n"
AD = f"ad https://ads.example/x\n< Attribution-Reporting-Register-Source: {HEADER}\n\n"
IMAGE = AD.replace("ad ", "image ", 1)


def verbose(name: str, **extra: str) -> str:
    body = {
        "attribution_destination": "https://shop.example",
        "source_event_id": "5",
        "source_site": "https://pub.example",
    }
    data = json.dumps([{"type": name, "body": body | extra}])
    return f"report https://ads.example/.well-known/attribution-reporting/debug/verbose\n= {data}\n"


def registered(session: Session) -> Registration:
    return next(e.about for e in session.timeline if isinstance(e.about, Registration))


def test_a_confirmed_verdict_is_marked_and_counted() -> None:
    session = watched(PAGE + AD + verbose("source-success"))
    about = registered(session)
    assert about.proof is not None
    assert about.proof.outcome is ProofOutcome.CONFIRMED
    assert session.summary().proofs == {"confirmed": 2, "attribution confirmed": 1}


def test_a_contradicted_verdict_is_marked_and_counted() -> None:
    session = watched(PAGE + IMAGE + verbose("source-success"))
    about = registered(session)
    assert about.verdict is Verdict.IGNORED
    assert about.proof is not None
    assert about.proof.outcome is ProofOutcome.CONTRADICTED
    assert session.summary().proofs == {"confirmed": 1, "contradicted": 1}


def test_a_limit_stays_whatever_is_confirmed_later() -> None:
    limit = verbose("source-storage-limit", limit="4096")
    session = watched(f"{PAGE}{AD}{limit}\n{verbose('source-success')}")
    about = registered(session)
    assert about.proof is not None
    assert about.proof.outcome is ProofOutcome.LIMIT
    assert about.proof.proven == "source-storage-limit"
    assert session.summary().proofs["limit reached"] == 1


def test_without_reports_nothing_is_proven() -> None:
    session = watched(PAGE + AD)
    assert registered(session).proof is None
    assert session.summary().proofs == {}


def test_payloads_are_opened_with_the_keys_given() -> None:
    key = bytes(range(32))
    public = X25519PrivateKey.from_private_bytes(key).public_key()
    info = b"aggregation_service" + shared_info().encode()
    sealed = encoded(SUITE.encrypt(payload((1, 2, 3)), public, info))
    body = aggregatable(aggregation_service_payloads=[{"key_id": "k", "payload": sealed}])
    session = Session(keys={"k": key})
    entries: tuple[Entry, ...] = session.recorded(post("report-aggregate-attribution", body))
    (report,) = (entry.about for entry in entries if isinstance(entry.about, Report))
    assert isinstance(report.body, AggregatableReport)
    assert report.body.histogram is not None
    assert report.body.histogram.contributions[0].bucket == 1
