"""A session made by hand: every kind of entry, without traffic behind it.

For tests of views. `a_session` has one of each; `many` makes a long one.
"""

from __future__ import annotations

from typing import Any

from ara_inspector.browser import BrowserAccount
from ara_inspector.chains import ActionCard, ChainCard, Hop, Registered, SilentHop
from ara_inspector.context import ContextNews
from ara_inspector.exchange import Exchange
from ara_inspector.findings import Certainty, Finding, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import ContextSite, Kind, Registration, RequestKind
from ara_inspector.registrations.eligibility import SOURCE_NOT_ELIGIBLE
from ara_inspector.reports import read_report
from ara_inspector.reports.links import (
    BucketLink,
    Explanation,
    Link,
    Proof,
    ProofOutcome,
    Proven,
    Role,
)
from ara_inspector.session import Session
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger
from ara_inspector.timeline import EntryKind, Note

ZERO = 1_760_000_000.0
NEWS = ContextSite(
    "https://news.example", Certainty.LIKELY, "the Referer header", "https://www.news.example"
)
SHOP = ContextSite("https://shop.example", Certainty.CERTAIN, "a report says so")
SOURCE = '{"destination":"https://shop.example","source_event_id":"17","expiry":"99999999"}'
TRIGGER = '{"event_trigger_data":[{"trigger_data":"3"}],"aggregatable_values":{"basket":1200}}'
REPORT = (
    b'{"attribution_destination":"https://shop.example","randomized_trigger_rate":0.0024263,'
    b'"report_id":"00000000-0000-4000-8000-000000000001","scheduled_report_time":"1760003600",'
    b'"source_event_id":"17","source_type":"navigation","trigger_data":"3"}'
)


def source(raw: str = SOURCE, **over: Any) -> Registration:
    """An event source, judged by its header; `over` are other fields' values."""
    reading = read_source(raw, SourceType.EVENT)
    about = Registration(
        flow_id="flow-1",
        time=ZERO + 1,
        url="https://a.example/imp?id=1",
        status=302,
        request=RequestKind.ELEMENT,
        kind=Kind.SOURCE,
        source_type=SourceType.EVENT,
        reporting_origin="https://a.example",
        context_site=NEWS,
        eligible=True,
        eligibility=("event-source", "trigger"),
        verdict=Verdict.REGISTERED if reading.ok else Verdict.REJECTED,
        certainty=Certainty.CERTAIN,
        ground="an eligible answer with a valid header",
        chain=1,
        hop=1,
        findings=reading.findings,
        effective=reading.value,
        raw=raw,
    )
    return replace(about, **over)


def trigger(
    flow_id: str = "flow-3", origin: str = "https://a.example", *, raw: str = TRIGGER
) -> Registration:
    reading = read_trigger(raw)
    return Registration(
        flow_id=flow_id,
        time=ZERO + 60,
        url=f"{origin}/conv",
        status=200,
        request=RequestKind.FETCH,
        kind=Kind.TRIGGER,
        source_type=None,
        reporting_origin=origin,
        context_site=SHOP,
        eligible=True,
        eligibility=None,
        verdict=Verdict.REGISTERED,
        certainty=Certainty.LIKELY,
        ground="no Eligible header, which triggers do not need",
        chain=2,
        hop=1,
        findings=reading.findings,
        effective=reading.value,
        raw=raw,
    )


def ignored(flow_id: str = "flow-4", origin: str = "https://b.example") -> Registration:
    findings = (Finding(SOURCE_NOT_ELIGIBLE, (), {"given": "trigger"}),)
    return Registration(
        flow_id=flow_id,
        time=ZERO + 2,
        url=f"{origin}/late",
        status=200,
        request=RequestKind.FETCH,
        kind=Kind.SOURCE,
        source_type=None,
        reporting_origin=origin,
        context_site=ContextSite(None, Certainty.UNKNOWN, "nothing on the wire tells the page"),
        eligible=False,
        eligibility=("trigger",),
        verdict=Verdict.IGNORED,
        certainty=Certainty.CERTAIN,
        ground="not eligible for sources",
        chain=3,
        hop=1,
        findings=findings,
        effective=None,
        raw=SOURCE,
    )


def chain(number: int = 1) -> ChainCard:
    return ChainCard(
        number=number,
        time=ZERO + 1,
        kind=RequestKind.ELEMENT,
        hops=(
            Hop(
                number=1,
                flow_id="flow-1",
                method="GET",
                url="https://a.example/imp?id=flow-1",
                reporting_origin="https://a.example",
                status=302,
                eligibility=("event-source", "trigger"),
                registrations=(Registered("source", Verdict.REGISTERED, 2),),
                milliseconds=12.4,
            ),
            Hop(
                number=2,
                flow_id="flow-2",
                method="GET",
                url="https://b.example/next",
                reporting_origin="https://b.example",
                status=302,
                eligibility=("event-source", "trigger"),
            ),
            Hop(
                number=3,
                flow_id="flow-5",
                method="GET",
                url="https://c.example/last",
                reporting_origin="https://c.example",
                status=200,
                eligibility=("event-source", "trigger"),
                registrations=(Registered("source", Verdict.REJECTED, 5),),
            ),
        ),
        ended="ended with 200 at hop 3",
        totals="3 reporters, 1 registered, 1 rejected, 1 silent; ended at hop 3: 200",
        reporters=3,
        registered=1,
        silent=1,
        action=1,
    )


def silent() -> SilentHop:
    return SilentHop(
        flow_id="flow-2",
        time=ZERO + 1.1,
        url="https://b.example/next",
        status=302,
        request=RequestKind.ELEMENT,
        reporting_origin="https://b.example",
        eligibility=("event-source", "trigger"),
        chain=1,
        hop=2,
    )


def report_exchange() -> Exchange:
    return Exchange(
        flow_id="flow-6",
        method="POST",
        url="https://a.example/.well-known/attribution-reporting/report-event-attribution",
        request_lines=(
            (b"content-type", b"application/json"),
            (b"origin", b"https://a.example"),
        ),
        started=ZERO + 90,
        status=500,
        request_body=REPORT,
    )


def browser() -> BrowserAccount:
    return BrowserAccount(
        name="Chrome",
        version=138,
        works=True,
        certainty=Certainty.CERTAIN,
        ground="it sent Eligible headers",
        sentence="Chrome 138 has the API and uses it",
        support="web",
        eligible_seen=5,
    )


def a_session() -> Session:
    """Entries 1 to 10: browser, source, silent, ignored, rejected, chain, action, ..."""
    session = Session()
    add = session.timeline.add
    add(EntryKind.BROWSER, browser(), ZERO)
    add(EntryKind.REGISTRATION, source(), ZERO + 1, "https://a.example")
    add(EntryKind.SILENT, silent(), ZERO + 1.1, "https://b.example")
    add(EntryKind.REGISTRATION, ignored(), ZERO + 2, "https://b.example")
    broken = source(
        '{"destination": 7, "expriy": "1"}',
        flow_id="flow-5",
        url="https://c.example/last",
        reporting_origin="https://c.example",
        hop=3,
    )
    add(EntryKind.REGISTRATION, broken, ZERO + 1.2, "https://c.example")
    add(EntryKind.CHAIN, chain(), ZERO + 1)
    action = ActionCard(
        number=1,
        time=ZERO,
        navigation="https://shop.example/landing",
        chains=(1,),
        flow_ids=("flow-1",),
        sentence="one click: a navigation and a background request",
    )
    add(EntryKind.ACTION, action, ZERO)
    add(EntryKind.REGISTRATION, trigger(), ZERO + 60, "https://a.example")
    report = read_report(report_exchange())
    assert report is not None
    link = Link(8, Role.TRIGGER, Certainty.LIKELY, "the trigger data", (4,))
    proof = Proof(
        2,
        Proven.CONTEXT_SITE,
        ProofOutcome.CONTRADICTED,
        "https://x.example",
        "https://y.example",
        "a",
    )
    bucket = BucketLink(0x159, 1200, "basket", 2, 0x100, 8, (0x59,))
    explanation = Explanation((link,), (bucket,), (proof,))
    add(EntryKind.REPORT, report, report.time, "https://a.example", explanation)
    news = ContextNews(2, "https://news.example", "https://other.example")
    add(EntryKind.CONTEXT, news, ZERO + 91)
    note = Note(
        "flow-7", None, "https://d.example/", None, (SOURCE_NOT_ELIGIBLE.at(given="nothing"),)
    )
    add(EntryKind.NOTE, note, None)
    return session


def many(number: int) -> Session:
    """`number` registrations of 40 reporting origins on 25 sites."""
    session = Session()
    for index in range(number):
        origin = f"https://ads{index % 40}.example"
        site = ContextSite(f"https://site{index % 25}.example", Certainty.LIKELY, "the Referer")
        raw = SOURCE if index % 7 else '{"destination":"https://shop.example","expiry":true}'
        about = source(
            raw,
            flow_id=f"flow-{index}",
            url=f"{origin}/imp?id={index}",
            reporting_origin=origin,
            chain=index + 1,
            context_site=site,
            time=ZERO + index / 10,
        )
        session.timeline.add(EntryKind.REGISTRATION, about, about.time, origin)
    return session
