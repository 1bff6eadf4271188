"""Scenarios of registration: which response registers what, for whom, and which does not."""

from __future__ import annotations

from recording.answers import (
    Answer,
    nothing,
    page,
    pixel,
    redirect,
    script,
    source,
    trigger,
)
from recording.scenario import Click, Outcome, Run, Scenario, Visit

NEWS = "www.news.example"
SHOP = "https://shop.example"


def _news(html: str) -> dict[str, Answer]:
    return {f"{NEWS}/": page(html)}


IMAGE_AND_SCRIPT_SOURCES = Scenario(
    "image_and_script_sources",
    "attributionsrc on images and scripts: empty (the src request is eligible) and with URLs"
    " (one background request for each, and the src request as well)",
    (Visit(f"https://{NEWS}/"),),
    _news(
        '<img attributionsrc src="https://a.adtech.example/impression">'
        '<script attributionsrc src="https://b.measure.example/tag.js"></script>'
        '<img attributionsrc="https://c.network.example/one https://d.verify.example/two"'
        ' src="https://e.cdn.example/banner.gif">'
        '<script attributionsrc="https://f.insight.example/three"'
        ' src="https://e.cdn.example/plain.js"></script>'
    )
    | {
        "a.adtech.example/impression": pixel(
            source(source_event_id="11", destination=SHOP, priority="5")
        ),
        "b.measure.example/tag.js": script(
            "void 0", source(source_event_id="12", destination=SHOP, expiry="604800")
        ),
        "c.network.example/one": nothing(source(source_event_id="13", destination=SHOP)),
        "d.verify.example/two": nothing(
            source(source_event_id="14", destination=[SHOP, "https://other-shop.example"])
        ),
        "e.cdn.example/banner.gif": pixel(source(source_event_id="15", destination=SHOP)),
        "e.cdn.example/plain.js": script("void 0"),
        "f.insight.example/three": nothing(source(source_event_id="16", destination=SHOP)),
    },
    Outcome(sources=6),
)

CLICK_WITH_BACKGROUND_REQUESTS = Scenario(
    "click_with_background_requests",
    'a attributionsrc="u1 u2": one click, two background requests, and the navigation itself'
    " through a redirector; one page without attributionsrc clicked before",
    (
        Visit(f"https://{NEWS}/plain"),
        Click("a"),
        Visit(f"https://{NEWS}/"),
        Click("a"),
    ),
    _news(
        '<a href="https://click.adtech.example/go"'
        ' attributionsrc="https://measure.example/click https://verify.example/click">Shoes</a>'
    )
    | {
        f"{NEWS}/plain": page('<a href="https://click.adtech.example/go">No attributionsrc</a>'),
        "click.adtech.example/go": redirect(
            f"{SHOP}/landing", source(source_event_id="21", destination=SHOP)
        ),
        "measure.example/click": nothing(source(source_event_id="22", destination=SHOP)),
        "verify.example/click": nothing(source(source_event_id="23", destination=SHOP)),
        "shop.example/landing": page("<h1>Shoes</h1>"),
    },
    Outcome(sources=3),
)

WINDOW_OPEN = Scenario(
    "window_open",
    "window.open with attributionsrc, from a click and then without user activation",
    (Visit(f"https://{NEWS}/"), Click("button"), Run("setTimeout(open_the_shop, 0)")),
    _news(
        "<button>Open the shop</button><script>"
        "const background = encodeURIComponent('https://measure.example/click');"
        "function open_the_shop() {"
        f"  window.open('{SHOP}/landing', '_blank', 'attributionsrc=' + background);"
        "}"
        "document.querySelector('button').onclick = open_the_shop;"
        "</script>"
    )
    | {
        "measure.example/click": nothing(source(source_event_id="31", destination=SHOP)),
        "shop.example/landing": page("<h1>Shoes</h1>"),
    },
    Outcome(sources=1, issues=1),
)

_CHAIN = {
    "one.adtech.example/hop": redirect(
        "https://two.measure.example/hop", source(source_event_id="41", destination=SHOP)
    ),
    "three.network.example/hop": pixel(
        source(source_event_id="43", destination="https://other-shop.example")
    ),
}
_CHAIN_PAGE = _news('<img attributionsrc src="https://one.adtech.example/hop">')

CHAIN_OF_THREE_REPORTERS = Scenario(
    "chain_of_three_reporters",
    "one image, two redirects, three reporters; the third names another destination",
    (Visit(f"https://{NEWS}/"),),
    _CHAIN_PAGE
    | _CHAIN
    | {
        "two.measure.example/hop": redirect(
            "https://three.network.example/hop", source(source_event_id="42", destination=SHOP)
        ),
    },
    Outcome(sources=3),
)

CHAIN_WITH_INVALID_MIDDLE = Scenario(
    "chain_with_invalid_middle",
    "the same chain, its second reporter's destination is no suitable site",
    (Visit(f"https://{NEWS}/"),),
    _CHAIN_PAGE
    | _CHAIN
    | {
        "two.measure.example/hop": redirect(
            "https://three.network.example/hop",
            source(source_event_id="42", destination="shop.example"),
        ),
    },
    Outcome(sources=2, issues=1),
)

ELIGIBILITY = Scenario(
    "eligibility",
    "triggers need no eligibility on subresources and never register on navigations; sources"
    " need it; a request eligible for one kind ignores the other",
    (Visit(f"https://{NEWS}/"), Visit(f"{SHOP}/thanks")),
    _news(
        '<img src="https://a.adtech.example/no-attributionsrc">'
        '<img attributionsrc src="https://b.measure.example/impression">'
    )
    | {
        "a.adtech.example/no-attributionsrc": pixel(source(source_event_id="51", destination=SHOP)),
        "b.measure.example/impression": pixel(source(source_event_id="52", destination=SHOP)),
        "shop.example/thanks": page(
            '<img src="https://b.measure.example/plain-image">'
            '<img attributionsrc src="https://b.measure.example/eligible-image">'
            "<script>"
            "fetch('https://b.measure.example/fetch-for-sources', {mode: 'no-cors',"
            " attributionReporting: {eventSourceEligible: true, triggerEligible: false}});"
            "fetch('https://b.measure.example/fetch-for-triggers', {mode: 'no-cors',"
            " attributionReporting: {eventSourceEligible: false, triggerEligible: true}});"
            "</script>",
            trigger(event_trigger_data=[{"trigger_data": "0"}]),
        ),
        "b.measure.example/plain-image": pixel(trigger(event_trigger_data=[{"trigger_data": "1"}])),
        "b.measure.example/eligible-image": pixel(
            trigger(event_trigger_data=[{"trigger_data": "0"}])
        ),
        "b.measure.example/fetch-for-sources": nothing(
            trigger(event_trigger_data=[{"trigger_data": "1"}])
        ),
        "b.measure.example/fetch-for-triggers": nothing(
            source(source_event_id="53", destination="https://other-shop.example")
        ),
    },
    Outcome(sources=1, triggers=2, reports=1, issues=3),
)

HEADER_TWICE = Scenario(
    "header_twice",
    "Register-Source on two lines, Register-Trigger on two lines: joined, both are no JSON",
    (Visit(f"https://{NEWS}/"),),
    _news(
        '<img attributionsrc src="https://a.adtech.example/two-sources">'
        '<img attributionsrc src="https://b.measure.example/two-triggers">'
    )
    | {
        "a.adtech.example/two-sources": pixel(
            source(source_event_id="61", destination=SHOP),
            source(source_event_id="62", destination=SHOP),
        ),
        "b.measure.example/two-triggers": pixel(
            trigger(event_trigger_data=[{"trigger_data": "1"}]),
            trigger(event_trigger_data=[{"trigger_data": "2"}]),
        ),
    },
    Outcome(issues=2),
)

BOTH_HEADERS = Scenario(
    "both_headers",
    "Register-Source and Register-Trigger on one response: where both are eligible neither"
    " registers, where one is eligible that one does",
    (Visit(f"https://{NEWS}/"),),
    _news(
        '<img attributionsrc src="https://a.adtech.example/both">'
        '<img src="https://b.measure.example/trigger-only">'
        "<script>"
        "fetch('https://c.network.example/source-only', {mode: 'no-cors',"
        " attributionReporting: {eventSourceEligible: true, triggerEligible: false}});"
        "</script>"
    )
    | {
        place: pixel(
            source(source_event_id=event_id, destination=SHOP),
            trigger(event_trigger_data=[{"trigger_data": "1"}]),
        )
        for place, event_id in (
            ("a.adtech.example/both", "71"),
            ("b.measure.example/trigger-only", "72"),
            ("c.network.example/source-only", "73"),
        )
    },
    Outcome(sources=1, triggers=1, issues=3),
)

IFRAME_AD = Scenario(
    "iframe_ad",
    "an ad in a cross-site iframe, with an impression and a click that leaves by the top window:"
    " the source site is the page's, though every Referer names the frame",
    (Visit(f"https://{NEWS}/"), Click("iframe")),
    _news(
        '<h1>News</h1><iframe width=300 height=250 src="https://ads.server.example/slot"></iframe>'
    )
    | {
        "ads.server.example/slot": page(
            "<style>*{margin:0}a{display:block;height:100vh}</style>"
            '<img width=1 height=1 attributionsrc src="https://a.adtech.example/impression">'
            '<a target=_top attributionsrc href="https://a.adtech.example/click">Shoes</a>'
        ),
        "a.adtech.example/impression": pixel(
            source(source_event_id="81", destination=SHOP, debug_reporting=True)
        ),
        "a.adtech.example/click": redirect(
            f"{SHOP}/landing",
            source(source_event_id="82", destination=SHOP, debug_reporting=True),
        ),
        "shop.example/landing": page("<h1>Shoes</h1>"),
    },
    Outcome(sources=2, reports=2),
)

NO_ARA_TRAFFIC = Scenario(
    "no_ara_traffic",
    "a browser with the API on a site that does not use it",
    (Visit(f"https://{NEWS}/"),),
    _news('<img src="https://cdn.example/hero.gif"><script src="/app.js"></script>')
    | {
        "cdn.example/hero.gif": pixel(),
        f"{NEWS}/app.js": script("fetch('/api/session', {method: 'POST', body: '{}'})"),
        f"{NEWS}/api/session": nothing(),
    },
    Outcome(),
)

REGISTERING = (
    IMAGE_AND_SCRIPT_SOURCES,
    CLICK_WITH_BACKGROUND_REQUESTS,
    WINDOW_OPEN,
    CHAIN_OF_THREE_REPORTERS,
    CHAIN_WITH_INVALID_MIDDLE,
    ELIGIBILITY,
    HEADER_TWICE,
    BOTH_HEADERS,
    IFRAME_AD,
    NO_ARA_TRAFFIC,
)
