from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from mitmproxy import contentviews, http
from mitmproxy.contentviews import Metadata, prettify_message
from mitmproxy.contentviews._registry import ContentviewRegistry
from mitmproxy.test import taddons, tflow, tutils
from mitmproxy.tools.web import app
from tornado.routing import PathMatches

import hostile
from ara_inspector.views.by_flow import EntriesByFlow
from ara_inspector.views.contentview import ALONE, NAME, PRIORITY, AttributionContentview
from fake_session import a_session

NOTHING = AttributionContentview(lambda _flow_id: ())


def impression(content: bytes = b"") -> http.HTTPFlow:
    flow = tflow.tflow(
        req=tutils.treq(
            headers=http.Headers(
                (
                    (b"Attribution-Reporting-Eligible", b"trigger;x, event-source"),
                    (b"Sec-Fetch-Mode", b"no-cors"),
                    (b"Sec-Fetch-Dest", b"image"),
                )
            ),
            content=b"",
            host="a.example",
            scheme=b"https",
            port=443,
        ),
        resp=tutils.tresp(
            headers=http.Headers(
                (
                    (b"content-type", b"application/json"),
                    (
                        b"Attribution-Reporting-Register-Source",
                        b'{"destination":"https://shop.example"}',
                    ),
                )
            ),
            content=content,
        ),
    )
    flow.id = "flow-1"
    return flow


def response_of(flow: http.HTTPFlow) -> http.Response:
    assert flow.response is not None
    return flow.response


def shown(
    view: AttributionContentview, flow: http.HTTPFlow, message: http.Message | None = None
) -> str:
    message = message or response_of(flow)
    return view.prettify(message.raw_content or b"", Metadata(flow=flow, http_message=message))


def test_it_chooses_itself_for_any_body_also_none() -> None:
    registry = ContentviewRegistry()
    for name in ("json", "raw"):
        registry.register(contentviews.registry[name])
    registry.register(NOTHING)

    def chosen(message: http.Message, flow: http.HTTPFlow) -> str | None:
        return prettify_message(message, flow, registry=registry).view_name

    with taddons.context():
        for content in (b"", b'{"a": 1}'):
            flow = impression(content)
            assert chosen(response_of(flow), flow) == NAME
            assert chosen(flow.request, flow) == NAME
        plain = tflow.tflow(resp=True)
        assert chosen(response_of(plain), plain) != NAME


def test_it_is_for_reports_and_keys_too() -> None:
    flow = tflow.tflow(resp=True)
    response = response_of(flow)

    def priorities(path: str) -> tuple[float, float]:
        flow.request.path = path
        return (
            NOTHING.render_priority(b"", Metadata(flow=flow, http_message=flow.request)),
            NOTHING.render_priority(b"", Metadata(flow=flow, http_message=response)),
        )

    assert priorities("/.well-known/attribution-reporting/debug/verbose") == (PRIORITY, -1)
    assert priorities("/.well-known/aggregation-service/v1/public-keys") == (-1, PRIORITY)
    assert priorities("/other") == (-1, -1)


def test_it_is_for_nothing_but_http() -> None:
    flow = tflow.ttcpflow()
    assert NOTHING.render_priority(b"", Metadata(flow=flow)) == -1
    with pytest.raises(ValueError, match="HTTP"):
        NOTHING.prettify(b"", Metadata(flow=flow))


def test_the_name_fits_into_mitmwebs_addresses() -> None:
    pattern = next(str(p) for p, h in app.handlers if h is app.FlowContentView)
    address = f"/flows/{tflow.tflow().id}/response/content/{quote(NAME)}.json"
    assert PathMatches(pattern).regex.match(address)


def test_the_timelines_entries_are_told() -> None:
    session = a_session()
    index = EntriesByFlow(session.timeline)
    index.tell(session.timeline)
    text = shown(AttributionContentview(index.of), impression())
    assert "#2  REGISTERED  source (event)  for a.example" in text
    assert "CHAIN c1" in text
    assert ALONE not in text


def test_before_the_timeline_tells_it_is_told_alone() -> None:
    text = shown(NOTHING, impression(b"abc"))
    assert ALONE in text
    assert "SOURCE (EVENT)  for a.example" in text
    assert "Body: 3 bytes" in text
    for guess in (r"#\d", "REGISTERED", "chain  ", "site  "):
        assert not re.search(guess, text), guess


def test_a_request_shows_what_its_headers_mean_and_where_to_look() -> None:
    flow = impression()
    text = shown(NOTHING, flow, flow.request)
    assert "Attribution-Reporting-Eligible: trigger;x, event-source" in text
    assert "means: event-source, trigger" in text
    assert "ELG002" in text
    assert ALONE in text
    assert "What it comes to: see the response." in text
    session = a_session()
    index = EntriesByFlow(session.timeline)
    index.tell(session.timeline)
    text = shown(AttributionContentview(index.of), flow, flow.request)
    assert "#2 registration registered: see the response" in text
    flow.request.headers["attribution-reporting-eligible"] = "((("
    assert "means: invalid" in shown(NOTHING, flow, flow.request)


def test_a_message_without_anything_says_so() -> None:
    flow = tflow.tflow(resp=tutils.tresp(content=b""))
    assert shown(NOTHING, flow) == "Nothing of Attribution Reporting in here."


@pytest.mark.parametrize("number", range(len(hostile.flows())))
def test_hostile_messages_are_shown_escaped(number: int) -> None:
    flow = hostile.flows()[number]
    for message in (flow.request, response_of(flow)):
        text = shown(NOTHING, flow, message)
        assert all(line.isprintable() for line in text.splitlines())


def test_what_chrome_adds_at_random_is_only_a_note() -> None:
    flow = impression()
    flow.request.headers["Attribution-Reporting-Eligible"] = "trigger=1, event-source;a, not-web"
    text = NOTHING.prettify(b"", Metadata(http_message=flow.request, flow=flow))
    assert "WARNING" not in text
    for code in ("ELG001", "ELG002", "ELG003"):
        (line,) = (line for line in text.splitlines() if code in line)
        assert line.startswith("  NOTE ")
        assert "Chrome adds such things at random" in line
