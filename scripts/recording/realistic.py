"""One realistic session: what `scripts/inspect` shows, in a browser with the API and without.

A reader of the Gazette sees ads of three ad-techs - Bright bought the ad, Orbit verifies that it
was seen, Cinder runs the network -, clicks one, and buys shoes.

- The banner sits in an iframe; its impression is one chain with three reporters, its click two
  background requests and a navigation through a redirector that registers nothing.
- Orbit's other ad writes its source event id as a number: Chrome drops the registration.
- Cinder asks for 90 days of expiry and gets 30.
- Bright's and Orbit's conversions are attributed to the click. Cinder converts from another
  origin than it sold from, and matches nothing.
"""

from __future__ import annotations

from recording.answers import (
    data,
    nothing,
    page,
    pixel,
    redirect,
    script,
    source,
    style,
    tell_me_about_header_errors,
    trigger,
)
from recording.scenario import Browser, Click, Outcome, Scenario, Visit

SHOP = "https://runfast.example"

_NEWS = {
    "www.gazette.example/": page(
        "<title>The Gazette</title><link rel=stylesheet href=/main.css>"
        "<h1>The Gazette</h1>"
        '<iframe id=banner width=728 height=90 src="https://serve.bright.example/slot?id=banner">'
        "</iframe>"
        "<img src=https://static.gazette.example/harbour.gif width=400 height=200>"
        '<iframe width=300 height=250 src="https://serve.orbit.example/slot?id=side"></iframe>'
        '<script attributionsrc src="https://px.cinder.example/tag.js?c=12"></script>'
        "<script src=/app.js></script>"
    ),
    "www.gazette.example/main.css": style("body{font:16px serif}"),
    "www.gazette.example/app.js": script(
        "fetch('/api/consent', {method: 'POST', body: '{\"ads\":true}'});"
        "new Image().src = 'https://stats.counter.example/hit?page=front';"
    ),
    "www.gazette.example/api/consent": nothing(),
    "static.gazette.example/harbour.gif": pixel(),
    "stats.counter.example/hit": pixel(),
    "serve.bright.example/slot": page(
        "<style>*{margin:0}a{display:block;height:100vh}</style>"
        "<a target=_top href='https://track.bright.example/click?c=77' attributionsrc='"
        "https://v.orbit.example/click?c=77 https://px.cinder.example/click?c=77'>Run fast</a>"
        "<img attributionsrc src='https://track.bright.example/view?c=77' width=1 height=1>"
    ),
    "serve.orbit.example/slot": page(
        "<a href='https://teapots.example/'>Teapots</a>"
        "<img attributionsrc src='https://v.orbit.example/view?c=91' width=1 height=1>"
    ),
}

_IMPRESSIONS = {
    "track.bright.example/view": redirect(
        "https://v.orbit.example/view?c=77",
        source(
            source_event_id="7701",
            destination=SHOP,
            expiry="1209600",
            filter_data={"campaign": ["77"], "creative": ["banner-a"]},
            aggregation_keys={"campaign": "0x77"},
            debug_key="770101",
            debug_reporting=True,
        ),
    ),
    "v.orbit.example/view?c=77": redirect(
        "https://px.cinder.example/view?c=77",
        source(source_event_id="5501", destination=SHOP, priority="10"),
    ),
    "px.cinder.example/view": pixel(
        source(source_event_id="3301", destination=SHOP, debug_reporting=True)
    ),
    "v.orbit.example/view?c=91": pixel(
        source(source_event_id=9102, destination="https://teapots.example", expiry="604800"),
        tell_me_about_header_errors(),
    ),
    "px.cinder.example/tag.js": script(
        "void 0",
        source(
            source_event_id="3312",
            destination="https://garden.example",
            expiry="7776000",
            debug_reporting=True,
        ),
    ),
}

_CLICK = {
    "v.orbit.example/click": nothing(
        source(source_event_id="5502", destination=SHOP, priority="100")
    ),
    "px.cinder.example/click": nothing(
        source(source_event_id="3302", destination=SHOP, priority="100", debug_reporting=True)
    ),
    "track.bright.example/click": redirect(
        "https://go.relay.example/r?to=runfast&c=77",
        source(
            source_event_id="7702",
            destination=[SHOP, "https://runfast-outlet.example"],
            expiry="2592000",
            priority="100",
            event_report_window="604800",
            filter_data={"campaign": ["77"], "creative": ["banner-a"]},
            aggregation_keys={"campaign": "0x77", "value": "0x7700"},
            debug_key="770201",
            debug_reporting=True,
        ),
    ),
    "go.relay.example/r": redirect("https://www.runfast.example/trail?utm_source=gazette"),
}

_SHOP = {
    "www.runfast.example/trail": page(
        "<title>Trail shoes</title><link rel=stylesheet href=/shop.css>"
        "<h1>Trail shoes</h1><img src=/img/trail.gif><button>Add to basket</button>"
        "<script src=/shop.js></script>"
    ),
    "www.runfast.example/shop.css": style("body{font:16px sans-serif}"),
    "www.runfast.example/img/trail.gif": pixel(),
    "www.runfast.example/shop.js": script(
        "new Image().src = 'https://stats.counter.example/hit?page=trail';"
        "fetch('/api/stock?sku=trail-42');"
        "document.querySelector('button').onclick = async () => {"
        "  await fetch('/api/basket', {method: 'POST', body: '{\"sku\":\"trail-42\"}'});"
        "  new Image().src = 'https://track.bright.example/event?type=basket';"
        "};"
    ),
    "www.runfast.example/api/stock": data({"left": 3}),
    "www.runfast.example/api/basket": data({"items": 1}),
    "www.runfast.example/thanks": page(
        "<title>Thank you</title><link rel=stylesheet href=/shop.css><h1>Thank you</h1>"
        "<img src='https://track.bright.example/conversion?order=1042&value=129' width=1 height=1>"
        "<script src='https://tags.cinder.example/runfast.js'></script>"
        "<script>navigator.sendBeacon('https://stats.counter.example/hit?page=thanks')</script>"
    ),
}

_CONVERSIONS = {
    "track.bright.example/event": pixel(
        trigger(
            event_trigger_data=[{"trigger_data": "1", "filters": {"campaign": ["77"]}}],
            debug_key="4201",
        )
    ),
    "track.bright.example/conversion": redirect(
        "https://v.orbit.example/conversion?order=1042",
        trigger(
            event_trigger_data=[{"trigger_data": "3", "priority": "100"}],
            aggregatable_trigger_data=[
                {"key_piece": "0x100", "source_keys": ["campaign"]},
                {"key_piece": "0x200", "source_keys": ["value"]},
            ],
            aggregatable_values={"campaign": 8192, "value": 12900},
            debug_key="4202",
            debug_reporting=True,
        ),
    ),
    "v.orbit.example/conversion": pixel(
        trigger(event_trigger_data=[{"trigger_data": "2", "deduplication_key": "1042"}])
    ),
    "tags.cinder.example/runfast.js": script(
        "new Image().src = 'https://pixel.cinder.example/conversion?order=1042';"
    ),
    "pixel.cinder.example/conversion": pixel(
        trigger(event_trigger_data=[{"trigger_data": "1"}], debug_reporting=True)
    ),
}

_STEPS = (
    Visit("https://www.gazette.example/"),
    Click("#banner"),
    Click("button"),
    Visit("https://www.runfast.example/thanks?order=1042"),
)
_ANSWERS = _NEWS | _IMPRESSIONS | _CLICK | _SHOP | _CONVERSIONS

REALISTIC_SESSION = Scenario(
    "realistic_session",
    "three ad-techs, a news site and a shop: impressions in a chain of three reporters, a click"
    " with background requests, conversions; one broken header, one conversion from the wrong"
    " origin; unrelated traffic between",
    _STEPS,
    _ANSWERS,
    Outcome(sources=7, triggers=4, reports=14, issues=1),
)

NO_ARA_BROWSER = Scenario(
    "no_ara_browser",
    "the same session in a Chromium from which the API has been removed: the pages still ask for"
    " it and the servers still send their headers, nothing registers",
    _STEPS,
    _ANSWERS,
    Outcome(),
    Browser.WITHOUT_ARA,
)

REALISTIC = (REALISTIC_SESSION, NO_ARA_BROWSER)
