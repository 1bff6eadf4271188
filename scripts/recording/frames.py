"""Scenarios of frames: whose site counts there, which may register, and clicks in them."""

from __future__ import annotations

from recording.answers import (
    ALLOW_ALL,
    SHOP,
    Answer,
    numbered_source,
    numbered_trigger,
    page,
    pixel,
)
from recording.markup import image, plain
from recording.scenario import Click, Outcome, Scenario, Visit

NEWS = "news.example"


def _ads(first: int) -> str:
    """An image for a source and one for a trigger."""
    return image(f"r{first}.example/") + plain(f"r{first + 1}.example/")


def _registering(first: int) -> dict[str, Answer]:
    """What answers these."""
    return {
        f"r{first}.example/": pixel(numbered_source(first)),
        f"r{first + 1}.example/": pixel(numbered_trigger(first + 1)),
    }


FRAMES_OF_A_PAGE = Scenario(
    "frames_of_a_page",
    "frames without an address of their own (srcdoc, sandboxed), and answers to object and embed,"
    " which are navigations and register nothing",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            "<iframe srcdoc=\"<img attributionsrc src='https://r3001.example/'>\"></iframe>"
            "<iframe sandbox='allow-scripts' srcdoc=\"<script>fetch('https://r3002.example/',"
            " {attributionReporting: {eventSourceEligible: true, triggerEligible: false}})"
            '</script>"></iframe>'
            '<object data="https://r3003.example/"></object><embed src="https://r3004.example/">'
        ),
        "r3001.example/": pixel(numbered_source(3001)),
        "r3002.example/": pixel(numbered_source(3002), ALLOW_ALL),
        "r3003.example/": pixel(numbered_source(3003)),
        "r3004.example/": pixel(numbered_trigger(3004)),
    },
    Outcome(sources=2),
)

FRAME_OF_THE_TOP_SITE = Scenario(
    "frame_of_the_top_site",
    "a frame of the page's own site within a frame of another",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page('<iframe src="https://frame.example/"></iframe>'),
        "frame.example/": page(f'<iframe src="https://{NEWS}/inner"></iframe>'),
        f"{NEWS}/inner": page(_ads(3101)),
    }
    | _registering(3101),
    Outcome(sources=1, triggers=1),
)

FRAME_POLICIES = Scenario(
    "frame_policies",
    "Permissions-Policy of a frame forbids the API to the frame; one with (self) to the frames"
    " in it; one of the page that names only the frame's origin forbids it to both",
    (Visit(f"https://{NEWS}/"), Visit("https://naming.example/")),
    {
        f"{NEWS}/": page(
            _ads(3201)
            + '<iframe src="https://forbidding.example/"></iframe>'
            + '<iframe src="https://keeping.example/"></iframe>'
        ),
        "forbidding.example/": page(_ads(3203), ("permissions-policy", "attribution-reporting=()")),
        "keeping.example/": page(
            '<iframe src="https://inner.example/"></iframe>',
            ("permissions-policy", "attribution-reporting=(self)"),
        ),
        "inner.example/": page(_ads(3205)),
        "naming.example/": page(
            '<iframe src="https://named.example/"></iframe>',
            ("permissions-policy", 'attribution-reporting=("https://named.example")'),
        ),
        "named.example/": page(_ads(3207)),
    }
    | _registering(3201)
    | _registering(3203)
    | _registering(3205)
    | _registering(3207),
    Outcome(sources=1, triggers=1, issues=9),
)

FRAME_NOT_ALLOWED = Scenario(
    "frame_not_allowed",
    "the frame's allow attribute keeps the API from a frame of another site",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            _ads(3301)
            + '<iframe src="https://frame.example/" allow="attribution-reporting \'self\'">'
            "</iframe>"
        ),
        "frame.example/": page(_ads(3303)),
    }
    | _registering(3301)
    | _registering(3303),
    Outcome(sources=1, triggers=1, issues=3),
)


def _clicked_in_frame(
    place: str, first: int, target: str, sandbox: str | None = None
) -> dict[str, Answer]:
    """A page with a frame that is all link, with a background request."""
    sandboxed = "" if sandbox is None else f' sandbox="{sandbox}"'
    return {
        place: page(
            f'<iframe src="https://frame.{place}" width=400 height=300{sandboxed}></iframe>'
        ),
        f"frame.{place}": page(
            "<style>*{margin:0}a{display:block;height:100vh}</style>"
            f'<a target={target} attributionsrc="https://r{first}.example/"'
            f' href="https://r{first + 1}.example/">Shoes</a>'
        ),
        f"r{first}.example/": pixel(numbered_source(first)),
        f"r{first + 1}.example/": page("<h1>Shoes</h1>", numbered_source(first + 1)),
    }


FRAME_CLICKS = Scenario(
    "frame_clicks",
    "links in frames with background requests: one that navigates its frame registers nothing,"
    " those to a new window or the top one do",
    (
        Visit("https://news-a.example/"),
        Click("iframe"),
        Visit("https://news-b.example/"),
        Click("iframe"),
        Visit("https://news-c.example/"),
        Click("iframe"),
    ),
    _clicked_in_frame("news-a.example/", 3401, "_self")
    | _clicked_in_frame("news-b.example/", 3403, "_blank")
    | _clicked_in_frame("news-c.example/", 3405, "_top"),
    Outcome(sources=4),
)

FRAME_TRIGGERS = Scenario(
    "frame_triggers",
    "a click, and on its landing page a conversion of the page and one of a frame",
    (Visit(f"https://{NEWS}/"), Click("a")),
    {
        f"{NEWS}/": page('<a attributionsrc href="https://r3501.example/click">Shoes</a>'),
        "r3501.example/click": Answer(302, (("location", f"{SHOP}/"), numbered_source(3501))),
        "shop.example/": page(
            '<img src="https://r3501.example/conversion">'
            '<iframe src="https://frame.example/"></iframe>'
        ),
        "r3501.example/conversion": pixel(numbered_trigger(3502)),
        "frame.example/": page('<img src="https://r3503.example/">'),
        "r3503.example/": pixel(numbered_trigger(3503)),
    },
    Outcome(sources=1, triggers=2, reports=1),
)

SANDBOXED_POPUP = Scenario(
    "sandboxed_popup",
    "a link in a sandboxed frame: its sources count, but the window it opens is sandboxed as well,"
    " and nothing registers there",
    (Visit(f"https://{NEWS}/"), Click("iframe")),
    _clicked_in_frame(f"{NEWS}/", 3601, "_blank", sandbox="allow-scripts allow-popups")
    | {
        "r3602.example/": page(image("r3603.example/"), numbered_source(3602)),
        "r3603.example/": pixel(numbered_source(3603)),
    },
    Outcome(sources=2),
)

FRAMES = (
    FRAMES_OF_A_PAGE,
    FRAME_OF_THE_TOP_SITE,
    FRAME_POLICIES,
    FRAME_NOT_ALLOWED,
    FRAME_CLICKS,
    FRAME_TRIGGERS,
    SANDBOXED_POPUP,
)
