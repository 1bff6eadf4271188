"""Scenarios of chains that begin on the page's own origin: CORS, and what Referer becomes."""

from __future__ import annotations

from typing import Final

from recording.answers import (
    ALLOW_ALL,
    SHOP,
    Header,
    nothing,
    numbered_source,
    numbered_trigger,
    page,
    pixel,
    redirect,
    script,
)
from recording.markup import plain
from recording.scenario import Click, Outcome, Scenario, Visit

NEWS: Final = "news.example"
ALLOW_X: Final[Header] = ("access-control-allow-headers", "x-a")
ELIGIBLE: Final = "attributionReporting: {eventSourceEligible: true, triggerEligible: true}"


def _fetch(url: str, options: str = "") -> str:
    """A script that fetches in CORS mode; both kinds of `url` may register."""
    return f"<script>fetch('{url}', {{{options}{ELIGIBLE}}}).catch(() => 0)</script>"


CORS_REDIRECTS: Final = Scenario(
    "cors_redirects",
    "CORS requests that Chrome makes anew, with another Eligible, where a redirect leaves the"
    " page's origin, changes the method or needs a preflight; and some that it does not",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            _fetch("/fetch-one")
            + _fetch("/fetch-two")
            + "<script>const request = new XMLHttpRequest(); request.open('GET', '/xhr');"
            " request.setAttributionReporting({eventSourceEligible: true, triggerEligible: true});"
            " request.send()</script>"
            '<img crossorigin attributionsrc src="/image">'
            '<script crossorigin attributionsrc src="/script"></script>'
            + _fetch("https://r6031.example/posted", "method: 'POST', body: 'x', ")
            + _fetch("https://r6041.example/preflighted", "headers: {'x-a': 'b'}, ")
            + _fetch("https://r6051.example/redirected")
        ),
        # Two of them lead to one URL.
        f"{NEWS}/fetch-one": redirect("https://r6001.example/", numbered_source(6001)),
        f"{NEWS}/fetch-two": redirect("https://r6001.example/", numbered_source(6002)),
        "r6001.example/": redirect("https://r6003.example/", numbered_trigger(6001), ALLOW_ALL),
        "r6003.example/": pixel(numbered_source(6003), ALLOW_ALL),
        f"{NEWS}/xhr": redirect(f"https://{NEWS}/xhr-again", numbered_source(6010)),
        f"{NEWS}/xhr-again": redirect("https://r6011.example/", numbered_trigger(6010)),
        "r6011.example/": pixel(numbered_source(6011), ALLOW_ALL),
        f"{NEWS}/image": redirect("https://r6021.example/", numbered_source(6020)),
        "r6021.example/": pixel(numbered_trigger(6021), ALLOW_ALL),
        f"{NEWS}/script": redirect("https://r6022.example/", numbered_source(6022)),
        "r6022.example/": script("0", numbered_trigger(6022), ALLOW_ALL),
        "r6031.example/posted": redirect(
            "https://r6032.example/", numbered_source(6031), ALLOW_ALL
        ),
        "r6032.example/": pixel(numbered_trigger(6032), ALLOW_ALL),
        "OPTIONS r6041.example/preflighted": nothing(ALLOW_ALL, ALLOW_X),
        "r6041.example/preflighted": redirect(
            "https://r6042.example/", numbered_source(6041), ALLOW_ALL
        ),
        "OPTIONS r6042.example/": nothing(ALLOW_ALL, ALLOW_X),
        "r6042.example/": pixel(numbered_source(6042), ALLOW_ALL),
        "r6051.example/redirected": redirect(
            "https://r6052.example/", numbered_source(6051), ALLOW_ALL
        ),
        "r6052.example/": pixel(numbered_trigger(6052), ALLOW_ALL),
    },
    Outcome(sources=12, triggers=7),
)

REFERRER_OF_A_CHAIN: Final = Scenario(
    "referrer_of_a_chain",
    "chains that begin on the page's own origin: Referer is the page's URL there, its origin at"
    " the hops after, even at one that comes back",
    (Visit(f"https://{NEWS}/articles/1"), Click("a")),
    {
        f"{NEWS}/articles/1": page(
            '<img attributionsrc src="/count/image">'
            '<img attributionsrc="/count/background">'
            + plain(f"{NEWS}/count/plain")
            + f"<script>fetch('/count/fetch', {{mode: 'no-cors', {ELIGIBLE}}})</script>"
            '<a attributionsrc href="/count/click">Shoes</a>'
        ),
        f"{NEWS}/count/image": redirect("https://r6101.example/", numbered_source(6101)),
        "r6101.example/": redirect(f"https://{NEWS}/count/back", numbered_source(6102)),
        f"{NEWS}/count/back": pixel(numbered_source(6103)),
        f"{NEWS}/count/background": redirect("https://r6104.example/", numbered_source(6104)),
        "r6104.example/": pixel(numbered_trigger(6105)),
        f"{NEWS}/count/plain": redirect("https://r6106.example/", numbered_trigger(6106)),
        "r6106.example/": pixel(numbered_trigger(6107)),
        f"{NEWS}/count/fetch": redirect("https://r6108.example/", numbered_source(6108)),
        "r6108.example/": pixel(numbered_trigger(6109)),
        f"{NEWS}/count/click": redirect("https://r6110.example/", numbered_source(6110)),
        "r6110.example/": redirect(f"{SHOP}/", numbered_source(6111)),
        "shop.example/": page("<h1>Shoes</h1>"),
    },
    Outcome(sources=7, triggers=4),
)

FETCHING = (CORS_REDIRECTS, REFERRER_OF_A_CHAIN)
