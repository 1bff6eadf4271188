"""Whatever is on the wire, a session tells it and goes on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ara_inspector.attribution.fates import TriggerFate
from ara_inspector.exchange import Exchange
from ara_inspector.findings import Verdict
from ara_inspector.registrations import Registration
from ara_inspector.session import Limits, Session
from ara_inspector.views.document import entry_document
from ara_inspector.views.fates import told_in_full

NAMES = [
    b"Attribution-Reporting-Register-Source",
    b"attribution-reporting-register-trigger",
    b"Attribution-Reporting-Register-OS-Source",
    b"Attribution-Reporting-Info",
    b"Attribution-Reporting-Redirect",
    b"Attribution-Reporting-\xff",
    b"Location",
    b"Permissions-Policy",
    b"Feature-Policy",
    b"Content-Type",
    b"Access-Control-Allow-Origin",
    b"",
]
ASKED = [
    b"Attribution-Reporting-Eligible",
    b"Attribution-Reporting-Support",
    b"Sec-Fetch-Mode",
    b"Sec-Fetch-Dest",
    b"Sec-Fetch-Site",
    b"Referer",
    b"Origin",
    b"Accept",
    b"User-Agent",
    b"Sec-CH-UA",
]
WORDS = [
    b'{"destination": "https://shop.example"}',
    b"event-source, trigger",
    b"navigation-source",
    b"navigate",
    b"no-cors",
    b"cors",
    b"empty",
    b"iframe",
    b"document",
    b"text/html",
    b"https://a.example/",
    b"http://b.example/",
    b"/x",
    b"web, os",
    b"attribution-reporting=(self)",
    b"Chrome/138.0",
    b"null",
]
urls = st.sampled_from(
    [
        "https://a.example/",
        "https://a.example/x",
        "http://b.example/",
        "https://sub.a.example:8443/.well-known/attribution-reporting/debug/verbose",
        "https://c.example/.well-known/aggregation-service/v1/public-keys",
        "nonsense",
        "https://[",
        "",
    ]
)


def lines(names: list[bytes]) -> st.SearchStrategy[tuple[tuple[bytes, bytes], ...]]:
    value = st.one_of(st.sampled_from(WORDS), st.binary(max_size=20))
    return st.lists(st.tuples(st.sampled_from(names), value), max_size=6).map(tuple)


times = st.one_of(st.none(), st.floats(0, 500))
exchanges = st.builds(
    Exchange,
    flow_id=st.sampled_from([f"flow-{n}" for n in range(20)]),
    method=st.sampled_from(["GET", "POST", "OPTIONS", "\udcff"]),
    url=urls,
    request_lines=lines(ASKED),
    started=times,
    status=st.one_of(st.none(), st.sampled_from([0, 200, 204, 302, 404, 999])),
    response_lines=lines(NAMES),
    answered=times,
    request_body=st.one_of(st.none(), st.binary(max_size=30)),
    response_body=st.one_of(st.none(), st.binary(max_size=30)),
    error=st.one_of(st.none(), st.text(max_size=5)),
)
events = st.sampled_from(["requested", "headers", "complete", "recorded"])
SMALL = Limits(
    entries=8, flows=4, known=4, chains=2, chain_seconds=5, pages=3, reporters=2, browsers=2,
    waiting=2, sources=2, expected=2,
)  # fmt: skip


@given(st.lists(st.tuples(events, exchanges), max_size=12), st.sampled_from([Limits(), SMALL]))
def test_nothing_on_the_wire_stops_a_session(
    happened: list[tuple[str, Exchange]], limits: Limits
) -> None:
    session = Session(limits)
    for event, exchange in happened:
        told = getattr(session, event)(exchange)
        assert [entry.number for entry in told] == sorted({entry.number for entry in told})
    session.finish()
    assert len(session.timeline) <= limits.entries
    assert session.summary().sentence
    for entry in session.timeline:
        assert all(finding.message for finding in entry.findings)
        if isinstance(entry.about, Registration) and entry.verdict is not Verdict.REGISTERED:
            assert entry.about.findings


@given(st.lists(exchanges, max_size=12))
def test_the_same_exchanges_tell_the_same(happened: list[Exchange]) -> None:
    first, second = Session(), Session()
    for exchange in happened:
        first.recorded(exchange)
        second.recorded(exchange)
    assert list(first.timeline) == list(second.timeline)


HEADERS = st.sampled_from(
    [
        (
            b"Attribution-Reporting-Register-Source",
            (
                b'{"destination":"https://shop.example","debug_reporting":true,"debug_key":"1",'
                b'"aggregation_keys":{"a":"0x1"},"source_event_id":"5"}'
            ),
        ),
        (
            b"Attribution-Reporting-Register-Trigger",
            (
                b'{"event_trigger_data":[{"deduplication_key":"3"}],"debug_reporting":true,"debug_key":'
                b'"2","aggregatable_trigger_data":[{"key_piece":"0x1","source_keys":["a"]}],'
                b'"aggregatable_values":{"a":40000}}'
            ),
        ),
    ]
)
BODIES = [
    (
        b'[{"type":"source-success","body":{"attribution_destination":"https://shop.example",'
        b'"source_event_id":"5","source_debug_key":"1","source_site":"https://pub.example"}}]'
    ),
    (
        b'[{"type":"source-storage-limit","body":{"attribution_destination":"https://shop.example",'
        b'"source_event_id":"5","source_site":"https://pub.example","limit":"4096"}}]'
    ),
    (
        b'[{"type":"trigger-event-deduplicated","body":{"attribution_destination":'
        b'"https://shop.example","trigger_debug_key":"2","source_event_id":"5"}}]'
    ),
    (
        b'[{"type":"trigger-no-matching-source","body":{"attribution_destination":'
        b'"https://shop.example","trigger_debug_key":"2"}}]'
    ),
]
EVENT_LEVEL = (
    b'{"attribution_destination":"https://shop.example","source_event_id":"5","trigger_data":"0",'
    b'"source_type":"event","scheduled_report_time":"100","randomized_trigger_rate":0.0000025}'
)
moments = st.sampled_from([0.0, 1.0, 1.0, 60.0, 3600.0, 90000.0, 2_592_000.0])
registering = st.builds(
    lambda flow, page, header, time: Exchange(
        flow_id=f"flow-{flow}",
        method="GET",
        url="https://ads.example/x",
        request_lines=(
            (b"Attribution-Reporting-Eligible", b"event-source, trigger"),
            (b"Sec-Fetch-Mode", b"no-cors"),
            (b"Sec-Fetch-Dest", b"image"),
            (b"Referer", page),
            (b"User-Agent", b"Chrome/138.0"),
        ),
        started=time,
        status=200,
        response_lines=(header,),
        answered=time,
    ),
    st.integers(0, 9),
    st.sampled_from([b"https://pub.example/", b"https://shop.example/"]),
    HEADERS,
    moments,
)
reporting = st.builds(
    lambda flow, path, body, time: Exchange(
        flow_id=f"report-{flow}",
        method="POST",
        url=f"https://ads.example/.well-known/attribution-reporting/{path}",
        request_lines=((b"Content-Type", b"application/json"), (b"User-Agent", b"Chrome/138.0")),
        started=time,
        status=200,
        response_lines=(),
        answered=time,
        request_body=body,
    ),
    st.integers(0, 9),
    st.sampled_from(["debug/verbose", "report-event-attribution"]),
    st.sampled_from([*BODIES, EVENT_LEVEL]),
    moments,
)


@given(
    st.lists(st.tuples(events, st.one_of(registering, reporting)), max_size=16),
    st.sampled_from([Limits(), SMALL]),
)
def test_attribution_answers_whatever_the_order(
    happened: list[tuple[str, Exchange]], limits: Limits
) -> None:
    session = Session(limits)
    for event, exchange in happened:
        getattr(session, event)(exchange)
    session.finish()
    balance = session.summary().balance
    seen = [entry for entry in session.timeline if entry.standing is not None]
    assert sum(balance.counts.values()) >= len(seen) + len(balance.awaited)
    for entry in session.timeline:
        fate = entry.fate
        if fate is not None:
            assert list(told_in_full(fate))
            assert entry_document(entry)["registration"]["attribution"]["entry"] == entry.number
        if isinstance(fate, TriggerFate) and fate.odometer is not None:
            assert fate.odometer.aggregatable_budget.left >= 0


@given(st.lists(st.one_of(registering, reporting), max_size=12))
def test_attribution_of_the_same_exchanges_is_the_same(happened: list[Exchange]) -> None:
    first, second = Session(), Session()
    for session in (first, second):
        for exchange in happened:
            session.recorded(exchange)
        session.finish()
    assert list(first.timeline) == list(second.timeline)
    assert first.summary() == second.summary()
