"""Scenarios of Clear-Site-Data: what its origin has registered before is deleted, or is not.

Each case has a reporting host and a number of its own, so that the truth tells which of the
triggers still found their source.
"""

from __future__ import annotations

from recording.answers import (
    Answer,
    Header,
    numbered_source,
    numbered_trigger,
    page,
    pixel,
    redirect,
)
from recording.markup import image, plain
from recording.scenario import Outcome, Scenario, Visit

NEWS = "news.example/"
SHOP = "shop.example/"
ELSEWHERE = "elsewhere.example/"
FIRST, LAST = 5800, 5813
HOSTS = [f"r{number}.example" for number in range(FIRST, LAST)]


def _clearing(what: str = '"storage"') -> Header:
    return ("clear-site-data", what)


def _images(path: str) -> str:
    return "".join(image(f"{host}/{path}") for host in HOSTS)


FETCH = "<script>fetch('https://r{}.example/clear', {{mode: 'no-cors'{}}})</script>"

CLEARED: dict[str, Answer] = {
    # 5800 clears nothing, nor do 5805 (without credentials), 5807 (a frame of another site),
    # 5809, 5810 (wrong names) and 5812 (another origin of the site).
    "r5801.example/clear": page("", _clearing()),
    "r5802.example/clear": page("", _clearing('"cache", "*"')),
    "r5803.example/clear": pixel(_clearing()),
    "r5804.example/clear": redirect(f"https://{ELSEWHERE}", _clearing()),
    "r5805.example/clear": pixel(_clearing()),
    "r5806.example/clear": pixel(_clearing()),
    "r5807.example/clear": page("", _clearing()),
    "r5808.example/clear": page("", _clearing()),
    "r5808.example/frame": page('<iframe src="/clear"></iframe>'),
    "r5809.example/clear": page("", _clearing('"Storage"')),
    "r5810.example/clear": page("", _clearing('storage, "cookies"')),
    "a.r5812.example/clear": page("", _clearing()),
}

CLEAR_SITE_DATA = Scenario(
    "clear_site_data",
    "Clear-Site-Data in pages, frames, images, fetches, redirects and a trigger's own answer:"
    " which sources a conversion still finds",
    (
        Visit(f"https://{NEWS}"),
        *(Visit(f"https://r{number}.example/clear") for number in (5801, 5802, 5804, 5809, 5810)),
        Visit("https://r5808.example/frame"),
        Visit("https://a.r5812.example/clear"),
        Visit(f"https://{ELSEWHERE}"),
        Visit(f"https://{SHOP}"),
    ),
    CLEARED
    | {f"{host}/view": pixel(numbered_source(n)) for n, host in enumerate(HOSTS, FIRST)}
    | {f"{host}/buy": pixel(numbered_trigger(n)) for n, host in enumerate(HOSTS, FIRST)}
    | {
        "r5811.example/buy": pixel(_clearing(), numbered_trigger(5811)),
        NEWS: page(_images("view")),
        SHOP: page(_images("buy")),
        ELSEWHERE: page(
            plain("r5803.example/clear")
            + '<iframe src="https://r5807.example/clear"></iframe>'
            + FETCH.format(5805, "")
            + FETCH.format(5806, ", credentials: 'include'")
        ),
    },
    Outcome(sources=13, triggers=13, reports=6),
)

CLEARING = (CLEAR_SITE_DATA,)
