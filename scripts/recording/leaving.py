"""Scenarios of users who leave, or do not: slow answers, links within the page, several tabs."""

from __future__ import annotations

from typing import Final

from recording.answers import (
    SHOP,
    Answer,
    Header,
    numbered_source,
    numbered_trigger,
    page,
    pixel,
    redirect,
)
from recording.markup import background, image, plain
from recording.scenario import Click, Outcome, Scenario, Tabs, Visit

NEWS: Final = "news.example"
LANDING: Final = {"shop.example/": page("<h1>Shoes</h1>")}
ELIGIBLE: Final = "attributionReporting: {eventSourceEligible: true, triggerEligible: true}"
WITHOUT_REFERER: Final[Header] = ("referrer-policy", "no-referrer")
SLOW: Final = 2.2
"""Seconds after which the user has left: a step ends when the browser was quiet for 1.2."""
SOON: Final = 700
"""Milliseconds to another click: more than between the requests of one, less than a pause."""


def _slow(registration: Header) -> Answer:
    return Answer(204, (registration,), after=SLOW)


TAKEN_BACK: Final = Scenario(
    "requests_taken_back",
    "answers that come when the page was left or the fetch aborted register nothing; background"
    " requests, beacons and fetches with keepalive outlive their page, the latter even an abort",
    (Visit(f"https://{NEWS}/"), Visit("https://elsewhere.example/")),
    {
        f"{NEWS}/": page(
            image("r6201.example/image")
            + plain("r6202.example/plain")
            + background("r6203.example/background")
            + f"<script>const part = {{mode: 'no-cors', {ELIGIBLE}}},"
            " aborting = new AbortController();"
            "fetch('https://r6204.example/fetch', part).catch(() => 0);"
            "fetch('https://r6205.example/keepalive', {...part, keepalive: true}).catch(() => 0);"
            "part.signal = aborting.signal;"
            "fetch('https://r6206.example/aborted', part).catch(() => 0);"
            "fetch('https://r6208.example/aborted', {...part, keepalive: true}).catch(() => 0);"
            "navigator.sendBeacon('https://r6207.example/beacon');"
            "setTimeout(() => aborting.abort(), 300)</script>"
        ),
        "r6201.example/image": _slow(numbered_source(6201)),
        "r6202.example/plain": _slow(numbered_trigger(6202)),
        "r6203.example/background": _slow(numbered_source(6203)),
        "r6204.example/fetch": _slow(numbered_source(6204)),
        "r6205.example/keepalive": _slow(numbered_source(6205)),
        "r6206.example/aborted": _slow(numbered_source(6206)),
        "r6207.example/beacon": _slow(numbered_trigger(6207)),
        "r6208.example/aborted": _slow(numbered_source(6208)),
        "elsewhere.example/": page("<h1>Elsewhere</h1>"),
    },
    Outcome(sources=3, triggers=1),
)


def _telling(number: int) -> Header:
    """A source that reports its success, the only sign of a navigation no proxy sees."""
    return numbered_source(number, debug_reporting=True)


CLICKS_THAT_STAY: Final = Scenario(
    "clicks_that_stay",
    "a link within the page, which registers nothing, soon followed by one that leads away; links"
    " that open other programs, whose background requests do register",
    (
        Visit("https://news-a.example/"),
        Click("a"),
        Visit("https://news-b.example/"),
        Click("a"),
        Visit("https://news-c.example/"),
        Click("a"),
        Visit("https://elsewhere.example/"),
    ),
    {
        "news-a.example/": page(
            '<a attributionsrc="https://r6301.example/" href="#top">Top</a> '
            '<a id=away attributionsrc="https://r6302.example/" href="https://r6303.example/">'
            "Shoes</a>"
            "<script>document.querySelector('a').onclick = () => setTimeout(() => away.click(),"
            f" {SOON})</script>"
        ),
        "r6301.example/": pixel(numbered_source(6301)),
        "r6302.example/": pixel(numbered_source(6302)),
        "r6303.example/": redirect(f"{SHOP}/", numbered_source(6303)),
        "news-b.example/": page(
            '<a attributionsrc="https://r6304.example/" href="mailto:a@b.example">Write</a>'
        ),
        "r6304.example/": redirect("https://r6305.example/", _telling(6304)),
        "r6305.example/": pixel(_telling(6305)),
        "news-c.example/": page(
            '<a attributionsrc="https://r6306.example/" href="tel:123">Call</a>'
        ),
        "r6306.example/": pixel(_telling(6306)),
        "elsewhere.example/": page("<h1>Elsewhere</h1>"),
    }
    | LANDING,
    Outcome(sources=5, reports=3),
)

TABS: Final = ("news-a.example/1", "news-b.example/2", "news-c.example/3")

PAGES_SIDE_BY_SIDE: Final = Scenario(
    "pages_side_by_side",
    "three tabs opened at once, whose pages send no Referer: the markup tells which of them asks,"
    " also where they share a redirect",
    (Tabs(tuple(f"https://{place}" for place in TABS)),),
    {
        place: page(
            image(f"r{number}1.example/source?page={number}&amp;kind=view")
            + plain(f"r{number}2.example/trigger")
            + background(f"r6400.example/shared?{number}"),
            WITHOUT_REFERER,
        )
        for number, place in enumerate(TABS, 640)
    }
    | {f"r{number}1.example/source": pixel(numbered_source(number)) for number in range(640, 643)}
    | {f"r{number}2.example/trigger": pixel(numbered_trigger(number)) for number in range(640, 643)}
    | {
        f"r6400.example/shared?{number}": redirect(
            "https://r6430.example/", numbered_source(number + 10)
        )
        for number in range(640, 643)
    }
    | {"r6430.example/": pixel(numbered_source(6430))},
    Outcome(sources=9, triggers=3),
)

LEAVING = (TAKEN_BACK, CLICKS_THAT_STAY, PAGES_SIDE_BY_SIDE)
