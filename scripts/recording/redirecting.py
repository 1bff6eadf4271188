"""Scenarios of redirects that Chrome refuses or never follows, and whether the hop registers.

Each answer has a reporting host and a number of its own, so that the truth tells which of them
registered: the number of the place, and for background requests and triggers 100 and 200 more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recording.answers import (
    NO_ANSWER,
    Answer,
    Header,
    numbered_source,
    numbered_trigger,
    page,
    redirect,
)
from recording.scenario import Click, Outcome, Scenario, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NEWS = "news.example"
NEXT = "https://next.example/"
NO_URLS = (
    "https://",
    "http://[",
    "https://exa%mple/",
    "https://h.example:99999/",
    "//",
    "foo://a b/",
)
UNSAFE = (
    *("data:image/gif;base64,R0lGODlhAQABAAAAACw=", "about:blank", "blob:https://next.example/x"),
    *("file:///etc/hostname", "filesystem:https://next.example/t/x", "chrome://version/"),
    *("chrome-untrusted://x/", "devtools://devtools/x", "view-source:https://next.example/"),
    "chrome-error://chromewebdata/",
)
NOT_FOLLOWED = ("javascript:1", "ftp://f.example/x", "mailto:a@b.example", "intent://x#Intent;end")
NOT_FOLLOWED_EITHER = ("ws://w.example/", "tel:123", "foo:")
FOLLOWED = (
    "https://me:secret@next.example/",
    "//next two.example/",
    "https://next.example/?\u00e9",
)


def _located(*locations: str, status: int = 302) -> Callable[[Header, int], Answer]:
    """Answers with these Locations, whose next hop is a host of the answer's number."""

    def answer(header: Header, number: int) -> Answer:
        # Else it would be a guess whose next hop a request to a common one is.
        lines = (url.replace("next", f"next-{number}") for url in locations)
        headers = tuple(("location", line) for line in lines)
        return Answer(status, (*headers, ("cache-control", "no-store"), header))

    return answer


LEADING_NOWHERE = tuple(
    _located(url) for url in (*NO_URLS, *UNSAFE, *NOT_FOLLOWED, *NOT_FOLLOWED_EITHER)
)
ANSWERS = (
    *LEADING_NOWHERE,
    *(_located(url) for url in FOLLOWED),
    *(_located(), _located(""), _located(" ")),
    *(_located(NEXT, NEXT), _located(NEXT, f"{NEXT}other"), _located("", NEXT)),
    _located(NEXT, f"{NEXT}other", status=200),
)


def _kind(
    first: int,
    header: Callable[[int], Header],
    answers: tuple[Callable[[Header, int], Answer], ...] = ANSWERS,
) -> dict[str, Answer]:
    return {
        f"r{number}.example/": answer(header(number), number)
        for number, answer in enumerate(answers, first)
    }


def _markup(element: str, places: Iterable[str]) -> str:
    return "".join(element.format(f"https://{place}") for place in places)


ELEMENTS = _kind(5000, numbered_source)
BACKGROUND = _kind(5100, numbered_source)
TRIGGERS = _kind(5200, numbered_trigger, LEADING_NOWHERE)

REDIRECTS_NOWHERE = Scenario(
    "redirects_nowhere",
    "redirects of images and background requests to no URL and to schemes that are not followed",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            _markup('<img attributionsrc src="{}">', ELEMENTS)
            + _markup('<img attributionsrc="{}">', BACKGROUND)
            + _markup('<img src="{}">', TRIGGERS)
        )
    }
    | ELEMENTS
    | BACKGROUND
    | TRIGGERS,
    Outcome(sources=29, triggers=7),
)

CLICKED = (*NO_URLS[:2], *UNSAFE, "javascript:1", "mailto:a@b.example")
CLICKED_ON = ("https://me:secret@next.example/", "")


SHOES = "<h1>Shoes</h1>"


def _of_clicks(
    name: str, note: str, numbers: range, answers: dict[str, Answer], outcome: Outcome
) -> Scenario:
    """Clicks on links to the reporting hosts of these numbers, each on a page of its own."""
    link = '<a attributionsrc href="https://r{}.example/">Shoes</a>'
    pages = {f"news-{number}.example/": page(link.format(number)) for number in numbers}
    steps = (step for place in pages for step in (Visit(f"https://{place}"), Click("a")))
    return Scenario(name, note, tuple(steps), pages | answers, outcome)


LED_TO = dict(enumerate((*CLICKED, *CLICKED_ON), 5300))
CLICKS_NOWHERE = _of_clicks(
    "clicks_nowhere",
    "the same of links; where the redirect leads to another program, Chrome reads it twice",
    range(5300, 5300 + len(LED_TO)),
    {"next.example/": page(SHOES)}
    | {f"r{n}.example/": redirect(location, numbered_source(n)) for n, location in LED_TO.items()},
    Outcome(sources=4),
)

# What the second hop of a click answers; the first one's number is that of the second and 100.
ENDINGS: tuple[Callable[[Header, int], Answer], ...] = (
    *(_located(url) for url in (*NOT_FOLLOWED[1:], *NOT_FOLLOWED_EITHER)),
    *(_located("https://next.example:6000/"), _located(NEXT)),
    *(_located(url) for url in ("javascript:1", *UNSAFE[-2:])),
    *(_located(url) for url in ("https://", UNSAFE[0], "about:blank")),
    _located(NEXT, f"{NEXT}other"),
    *(lambda header, _, status=status: Answer(status, (header,)) for status in (407, 304)),
    *(lambda header, _, status=status: Answer(status, (header,)) for status in (500, 204)),
)


def _of_two_hops(number: int, ending: Callable[[Header, int], Answer]) -> dict[str, Answer]:
    return {
        f"r{number}.example/": redirect(
            f"https://s{number}.example/", numbered_source(number + 100)
        ),
        f"s{number}.example/": ending(numbered_source(number), number),
        f"next-{number}.example/": NO_ANSWER,
    }


CLICKS_READ_TWICE = _of_clicks(
    "clicks_read_twice",
    "clicks of two hops that come to nothing: Chrome reads the answer it got last once more, for"
    " the hop before the one it was to go to",
    range(5400, 5400 + len(ENDINGS)),
    {
        place: answer
        for number, ending in enumerate(ENDINGS, 5400)
        for place, answer in _of_two_hops(number, ending).items()
    },
    Outcome(sources=46),
)

CLICK_REDIRECT_LIMIT = _of_clicks(
    "click_redirect_limit",
    "20 redirects of a click: Chrome follows 19 and reads the last of these twice",
    range(5600, 5601),
    {
        f"r{number}.example/": redirect(f"https://r{number + 1}.example/", numbered_source(number))
        for number in range(5600, 5620)
    },
    Outcome(sources=20),
)

HINT = "Sec-CH-UA-Full-Version-List"


def _hints(critical: str = HINT, accepted: str = HINT) -> tuple[Header, Header]:
    """Headers that ask for one client hint and call one critical."""
    return ("accept-ch", accepted), ("critical-ch", critical)


CLICKS_STARTED_ANEW = _of_clicks(
    "clicks_started_anew",
    "answers of clicks that call client hints critical: Chrome starts anew with them from the"
    " first hop, which registers once more",
    range(5700, 5708),
    {
        "next.example/": page(SHOES),
        "next.example/new": page(SHOES, *_hints()),
        "r5700.example/": page(SHOES, *_hints(), numbered_source(5700)),
        "r5701.example/": redirect(NEXT, *_hints(), numbered_source(5701)),
        "r5702.example/": redirect("https://s5702.example/", numbered_source(5802)),
        "s5702.example/": page(SHOES, *_hints(), numbered_source(5702)),
        "r5703.example/": redirect("https://s5703.example/", numbered_source(5803)),
        "s5703.example/": redirect(NEXT, *_hints(), numbered_source(5703)),
        "r5704.example/": redirect(f"{NEXT}new", numbered_source(5704)),
        # These do not make it start anew.
        "r5705.example/": page(SHOES, *_hints("Sec-CH-UA-Model"), numbered_source(5705)),
        "r5706.example/": page(SHOES, *_hints("Width", "Width"), numbered_source(5706)),
        "r5707.example/": page(SHOES, *_hints("Sec-CH-UA", "Sec-CH-UA"), numbered_source(5707)),
    },
    Outcome(sources=13),
)

REDIRECTING = (
    REDIRECTS_NOWHERE,
    CLICKS_NOWHERE,
    CLICKS_READ_TWICE,
    CLICK_REDIRECT_LIMIT,
    CLICKS_STARTED_ANEW,
)
