"""Whatever is on the wire, a session tells it and goes on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ara_inspector.exchange import Exchange
from ara_inspector.findings import Verdict
from ara_inspector.registrations import Registration
from ara_inspector.session import Limits, Session

NAMES = [
    b"Attribution-Reporting-Register-Source",
    b"attribution-reporting-register-trigger",
    b"Attribution-Reporting-Register-OS-Source",
    b"Attribution-Reporting-Info",
    b"Attribution-Reporting-Redirect",
    b"Attribution-Reporting-\xff",
    b"Location",
    b"Permissions-Policy",
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
events = st.sampled_from(["requested", "headers", "complete", "failed", "recorded"])
SMALL = Limits(
    entries=8, flows=4, known=4, chains=2, chain_seconds=5, pages=3, reporters=2, browsers=2
)


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
