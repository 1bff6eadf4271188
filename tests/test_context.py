"""From a request to its top-level page."""

from __future__ import annotations

import pytest

from ara_inspector.context import Pages
from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import ContextSite, Registration, read_request
from ara_inspector.session import Session
from exchanges import exchanges, registrations

TRIGGER = "\n< Attribution-Reporting-Register-Trigger: {}"
NEWS = "page https://www.news.example/\n\n"
SLOT = "frame https://slot.ads.example/\n\n"


def context(text: str) -> ContextSite:
    return registrations(text + TRIGGER)[-1].context_site


@pytest.mark.parametrize(
    ("name", "text", "site", "words"),
    [
        ("a pixel", f"{NEWS}image https://r.example/", "https://news.example", "top-level page"),
        (
            "iframe_cross_origin",
            f"{NEWS}{SLOT}image https://r.example/",
            "https://news.example",
            "a frame in the page https://www.news.example",
        ),
        (
            "a frame in a frame",
            f"{NEWS}{SLOT}frame https://inner.example/\n\nimage https://r.example/",
            "https://news.example",
            "a frame in the page https://www.news.example",
        ),
        (
            "iframe_nested_same_as_top",
            f"{NEWS}{SLOT}frame https://www.news.example/f\n\nimage https://r.example/",
            "https://news.example",
            "a frame in",
        ),
        (
            "a frame that came from nowhere",
            "frame https://slot.ads.example/\n> Referer:\n\nimage https://r.example/",
            "https://ads.example",
            "a frame of an unknown page",
        ),
        (
            "iframe_sandbox: a frame without Referer belongs to the page loaded last",
            f"{NEWS}frame https://slot.ads.example/\n> Referer:\n\nimage https://r.example/",
            "https://news.example",
            "a frame in",
        ),
        (
            "nav_in_iframe_self: the frame went on by itself",
            f"{NEWS}{SLOT}frame https://next.example/\n\nimage https://r.example/",
            "https://news.example",
            "a frame in",
        ),
        (
            "same_origin_full_referer",
            "page https://www.news.example/a?b\n\nimage https://www.news.example/i",
            "https://news.example",
            "top-level page",
        ),
        (
            "no_referrer_page",
            f"{NEWS}image https://r.example/\n> Referer:",
            "https://news.example",
            "no Referer; the page loaded last",
        ),
        (
            "a request to the page's own origin, without Referer",
            (
                "page https://a.example/\n\npage https://b.example/\n\n"
                "image https://a.example/i\n> Referer:\n> Sec-Fetch-Site: same-origin"
            ),
            "https://a.example",
            "Sec-Fetch-Site",
        ),
        (
            "CORS without Referer",
            (
                f"{NEWS}page https://b.example/\n\ncors https://r.example/\n> Referer:\n"
                "> Origin: https://www.news.example\n< Access-Control-Allow-Origin: *"
            ),
            "https://news.example",
            "Origin: https://www.news.example",
        ),
        (
            "a page that was not recorded",
            "image https://r.example/\n> Referer: https://unseen.example/",
            "https://unseen.example",
            "not seen loading",
        ),
        (
            "pagehide_keepalive_fetch: after the next page was asked for",
            (
                f"{NEWS}page https://shop.example/\n\n"
                "fetch https://r.example/\n> Referer: https://www.news.example/"
            ),
            "https://news.example",
            "top-level page",
        ),
        (
            "of two pages of one origin the one the Referer names",
            (
                "page https://a.example/one\n< Permissions-Policy: x=()\n\n"
                "page https://a.example/two\n\n"
                "image https://r.example/\n> Referer: https://a.example/one"
            ),
            "https://a.example",
            "top-level page",
        ),
    ],
)
def test_site(name: str, text: str, site: str, words: str) -> None:
    found = context(text)
    assert found.value == site, name
    assert found.certainty is Certainty.LIKELY
    assert words in found.ground


@pytest.mark.parametrize(
    "text",
    [
        "image https://r.example/",
        "image https://r.example/\n> Referer: about:blank",
        "page https://r.example/",
    ],
)
def test_nothing_tells_the_page(text: str) -> None:
    found = context(text)
    assert found.value is None
    assert found.certainty is Certainty.UNKNOWN


def test_iframe_click_top_goes_back_to_the_page_around_the_frame() -> None:
    (about,) = registrations(
        f"{NEWS}{SLOT}click https://r.example/c\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )
    assert about.context_site.value == "https://news.example"


def test_along_a_chain_the_page_stays_although_the_referer_is_lost() -> None:
    found = registrations(
        f"{NEWS}click https://one.example/\n< 302\n< Location: http://two.example/\n\n"
        "click http://two.example/\n> Referer:\n< 302\n< Location: https://three.example/\n\n"
        "page https://else.example/\n\n"
        "click https://three.example/\n> Referer:\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )
    assert found[-1].hop == 3
    assert found[-1].context_site.value == "https://news.example"


@pytest.mark.parametrize(
    "answer",
    [
        "< 204",
        "< 407",
        "< 302\n< Location: /elsewhere",
        "< Content-Disposition: Attachment; filename=a",
        "! no answer",
    ],
)
def test_what_is_no_page(answer: str) -> None:
    found = context(
        f"{NEWS}link https://a.example/\n{answer}\n\nimage https://r.example/\n> Referer:"
    )
    assert found.value == "https://news.example"


def test_a_page_shown_inline_is_one() -> None:
    text = "link https://a.example/\n< Content-Disposition: inline\n\nimage https://r.example/"
    assert context(NEWS + text + "\n> Referer:").value == "https://a.example"


def pages_after(text: str, limit: int) -> Pages:
    pages = Pages(limit)
    for exchange in exchanges(text):
        pages.add(exchange, read_request(exchange))
    return pages


def test_the_oldest_pages_are_dropped() -> None:
    pages = pages_after("\n\n".join(f"page https://p{n % 3}.example/{n}" for n in range(10)), 4)
    assert (len(pages), pages.dropped) == (4, 6)


def test_of_a_long_url_only_the_origin_is_kept() -> None:
    long = f"https://a.example/{'x' * 3_000}"
    pages = pages_after(f"page {long}", 4)
    (exchange,) = exchanges(f"image https://r.example/\n> Referer: {long}")
    assert pages.facts(exchange, read_request(exchange)).site.value == "https://a.example"


def test_a_url_without_origin_is_no_page() -> None:
    assert len(pages_after("page nonsense", 4)) == 0


def test_a_page_that_came_later_made_no_request_before() -> None:
    pages = pages_after("page https://a.example/\n@ 10", 4)
    (exchange,) = exchanges("image https://r.example/\n> Referer: https://a.example/\n@ 5")
    assert not pages.facts(exchange, read_request(exchange)).seen


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("page https://www.news.example/story?id=1#top", "https://www.news.example/story"),
        (f"{NEWS}{SLOT.rstrip()}", "https://www.news.example/"),
        ("page https://www.news.example/a\n\npage https://www.news.example/b",
         "https://www.news.example/b"),
        ("", None),
    ],
)  # fmt: skip
def test_the_page_is_the_one_seen_loading(text: str, page: str | None) -> None:
    assert context(f"{text}\n\nimage https://r.example/").page == page


STRICT = "< Cross-Origin-Embedder-Policy: require-corp"


@pytest.mark.parametrize(
    ("text", "embedder"),
    [
        (f"page https://a.example/x\n{STRICT}", "https://a.example/x"),
        (f"page http://a.example/\n{STRICT}", None),
        (f"page https://a.example/\n{STRICT}\n{STRICT}", None),
        ("page https://a.example/\n< Cross-Origin-Embedder-Policy-Report-Only: require-corp", None),
        (f"{NEWS}frame https://a.example/\n{STRICT}", "https://a.example/"),
        (f"page https://a.example/\n{STRICT}\n\nframe https://b.example/", None),
    ],
)
def test_the_document_that_asks_for_a_policy_of_answers(text: str, embedder: str | None) -> None:
    page, image = f"{text}\n\n", "image https://r.example/"
    *_, exchange = exchanges(f"{page}{image}")
    facts = pages_after(text, 4).facts(exchange, read_request(exchange))
    assert facts.embedder == embedder


def test_a_report_that_proves_the_site_leaves_the_page() -> None:
    told = registrations(f"""
{NEWS}ad https://r.example/
< Attribution-Reporting-Register-Source: {{"destination":"https://shop.example",\
"source_event_id":"7","debug_reporting":true}}

report https://r.example/.well-known/attribution-reporting/debug/verbose
= [{{"type":"source-success","body":{{"source_site":"https://news.example",\
"source_event_id":"7","attribution_destination":"https://shop.example"}}}}]
""")
    (about,) = told
    assert about.context_site.certainty is Certainty.CERTAIN
    assert about.context_site.page == "https://www.news.example/"


@pytest.mark.parametrize(
    ("policy", "request_line", "registers"),
    [
        ("sandbox", "> Referer:", False),
        ("img-src *, sandbox allow-scripts", "> Referer:", False),
        ("sandbox allow-scripts allow-same-origin", "> Referer:", True),
        ("img-src *", "> Referer:", True),
        # From another page, as its Referer tells.
        ("sandbox", "> Referer: https://other.example/", True),
    ],
)
def test_a_sandboxed_page_registers_nothing(
    policy: str, request_line: str, *, registers: bool
) -> None:
    (about,) = registrations(
        "page https://other.example/\n\n"
        f"page https://pub.example/\n< Content-Security-Policy: {policy}\n\n"
        f"ad https://ads.example/\n{request_line}\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )
    assert about.verdict is (Verdict.REGISTERED if registers else Verdict.IGNORED)
    assert registers or about.certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    ("after", "site"), [(0.02, "https://news.example"), (0.06, "https://shop.example")]
)
def test_a_page_asks_for_nothing_before_its_answer_comes(after: float, site: str) -> None:
    """A background request may start after the navigation of its click, still on the old page."""
    about = registrations(
        "page https://news.example/\n\n"
        "click https://shop.example/\n> Referer:\n@ 1\n\n"
        f"click-background https://ads.example/\n> Referer:\n@ {1 + after}\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )[-1]
    assert about.context_site.value == site


@pytest.mark.parametrize(
    ("opened", "between", "asked", "certain"),
    [
        # As `a` with target=_blank in a sandboxed frame opens it.
        ("> Referer:\n> Sec-Fetch-Site: cross-site", "", "> Referer:", False),
        ("> Referer:\n> Sec-Fetch-Site: none", "", "> Referer:", True),
        ("> Referer: https://news.example/\n> Sec-Fetch-Site: cross-site", "", "> Referer:", True),
        ("> Referer:\n> Sec-Fetch-Site: cross-site", "", "> Referer: https://pub.example/", True),
        # A frame of the page names it: the page has an origin.
        (
            "> Referer:\n> Sec-Fetch-Site: cross-site",
            "frame https://frame.example/\n> Referer: https://pub.example/\n\n",
            "> Referer:",
            True,
        ),
    ],
)
def test_a_page_that_nothing_names_may_be_a_popup_of_a_sandboxed_frame(
    opened: str, between: str, asked: str, *, certain: bool
) -> None:
    """In Chromium 138 such popups inherited the sandbox, and nothing on them registered."""
    about = registrations(
        f"link https://pub.example/\n{opened}\n\n{between}"
        f"ad https://ads.example/\n{asked}\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    )[-1]
    assert about.verdict is Verdict.REGISTERED
    assert about.certainty is (Certainty.CERTAIN if certain else Certainty.LIKELY)


def test_what_a_frame_sandboxes_is_its_own() -> None:
    source = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
    frame = "frame https://frame.example/\n< Content-Security-Policy: sandbox"
    ad = f"ad https://ads.example/\n> Referer: https://frame.example/\n{source}"
    (about,) = registrations(f"page https://pub.example/\n\n{frame}\n\n{ad}")
    assert about.verdict is Verdict.REGISTERED
    sandboxed = "page https://pub.example/\n< Content-Security-Policy: sandbox"
    frame = "frame https://frame.example/\n> Referer:"
    (about,) = registrations(f"{sandboxed}\n\n{frame}\n\n{ad}")
    assert about.verdict is Verdict.IGNORED


ANY_TRIGGER = "< Attribution-Reporting-Register-Trigger: {}"
TWO_PAGES = (
    'page https://one.example/x\n= <img src="https://ads.example/i?a=1&amp;b">{more}\n\n'
    "page https://two.example/\n\n"
)
FIRST, SECOND = "https://one.example", "https://two.example"


@pytest.mark.parametrize(
    ("url", "more", "site"),
    [
        ("https://ads.example/i?a=1&b", "", FIRST),
        ("https://ads.example/i", "", SECOND),
        ("https://ads.example/i", "<img src=https://ads.example/i>", FIRST),
        ("https://ads.example/j", "'//ads.example/j2', \"https://ads.example/j\"", FIRST),
        ("https://ads.example/k", "", SECOND),
    ],
)
def test_of_pages_without_referer_one_has_the_url(url: str, more: str, site: str) -> None:
    text = TWO_PAGES.replace("{more}", more)
    (about,) = registrations(f"{text}ad {url}\n> Referer:\n{ANY_TRIGGER}")
    assert about.context_site.value == site
    assert about.context_site.certainty is Certainty.LIKELY
    by_markup = "the URL is in the page" in about.context_site.ground
    assert by_markup is (site == FIRST)


def test_a_url_may_be_the_last_there_is() -> None:
    page, *rest = exchanges(f"{TWO_PAGES}ad https://ads.example/z\n> Referer:\n{ANY_TRIGGER}")
    session = Session()
    for exchange in (replace(page, response_body=b"https://ads.example/z"), *rest):
        session.recorded(exchange)
    session.finish()
    *_, about = (entry.about for entry in session.timeline)
    assert isinstance(about, Registration)
    assert about.context_site.value == FIRST


def test_of_frames_of_one_origin_one_has_the_url() -> None:
    frame = "frame https://frame.example/{0}\n> Referer: https://{1}.example/\n= {2}\n\n"
    text = (
        f"{TWO_PAGES}{frame.format('a', 'one', 'https://ads.example/z')}"
        f"{frame.format('b', 'two', '')}ad https://ads.example/z\n"
        f"> Referer: https://frame.example/\n{ANY_TRIGGER}"
    )
    (about,) = registrations(text)
    assert about.context_site.value == FIRST


def test_a_frame_without_referer_is_of_the_page_that_has_its_url() -> None:
    text = TWO_PAGES.replace("{more}", "<iframe src=https://frame.example/>")
    (about,) = registrations(
        f"{text}frame https://frame.example/\n> Referer:\n\n"
        f"ad https://ads.example/z\n> Referer: https://frame.example/\n{ANY_TRIGGER}"
    )
    assert about.context_site.value == FIRST


def test_markup_is_kept_of_the_newest_pages() -> None:
    frames = "".join(f"frame https://f{number}.example/\n= x\n\n" for number in range(16))
    ad = f"ad https://ads.example/i?a=1&b\n> Referer:\n{ANY_TRIGGER}"
    (about,) = registrations(f"{TWO_PAGES}{frames}{ad}")
    assert about.context_site.value == SECOND
