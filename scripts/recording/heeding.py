"""Scenarios of which header counts: web or OS, source or trigger, Info, attribution scopes."""

from __future__ import annotations

from recording import markup
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
from recording.scenario import Click, Outcome, Scenario, Step, Visit

NEWS = "news.example"
LANDING = {"shop.example/": page("<h1>Shoes</h1>")}
OS_SOURCE: Header = ("Attribution-Reporting-Register-OS-Source", '"https://os.example/source"')
OS_TRIGGER: Header = ("Attribution-Reporting-Register-OS-Trigger", '"https://os.example/trigger"')


def _info(value: str) -> Header:
    return ("Attribution-Reporting-Info", value)


def _images(eligible: dict[str, Answer], plain: dict[str, Answer]) -> dict[str, Answer]:
    """A page with an image for each answer, with attributionsrc and without."""
    images = (
        *map(markup.image, eligible),
        *map(markup.plain, plain),
    )
    return {f"{NEWS}/": page("".join(images))} | eligible | plain


def _clicks(count: int) -> tuple[Step, ...]:
    """A click each on `count` pages."""
    pages = (f"https://news-{number}.example/" for number in range(1, count + 1))
    return tuple(step for url in pages for step in (Visit(url), Click("a")))


def _linking(links: tuple[str, ...]) -> dict[str, Answer]:
    """The pages with these links."""
    return {f"news-{number}.example/": page(link) for number, link in enumerate(links, 1)} | LANDING


OS_HEADERS = Scenario(
    "os_headers",
    "web and OS headers together or alone, with and without a preferred platform, in a browser"
    " that has the web only",
    (Visit(f"https://{NEWS}/"),),
    _images(
        {
            "r4001.example/web-source-but-os-preferred": pixel(
                numbered_source(4001), _info("preferred-platform=os")
            ),
            "r4002.example/both-sources-and-os-preferred": pixel(
                numbered_source(4002), OS_SOURCE, _info("preferred-platform=os")
            ),
            "r4003.example/both-triggers-and-web-preferred": pixel(
                numbered_trigger(4003), OS_TRIGGER, _info("preferred-platform=web")
            ),
            "r4004.example/web-source-and-os-trigger": pixel(numbered_source(4004), OS_TRIGGER),
        },
        {
            "r4005.example/web-trigger-but-os-preferred": pixel(
                numbered_trigger(4005), _info("preferred-platform=os")
            ),
            "r4006.example/os-trigger-but-web-preferred": pixel(
                OS_TRIGGER, _info("preferred-platform=web")
            ),
            "r4007.example/both-triggers": pixel(numbered_trigger(4007), OS_TRIGGER),
            "r4008.example/os-source": pixel(OS_SOURCE),
        },
    ),
    Outcome(sources=1, triggers=1, issues=7),
)

INFO_HEADERS = Scenario(
    "info_headers",
    "an Info header that cannot be read, on a source nobody is eligible for, on a trigger, on"
    " both; and one of two lines",
    (Visit(f"https://{NEWS}/"),),
    _images(
        {
            "r4101.example/both": pixel(numbered_source(4101), numbered_trigger(4101), _info("!!")),
            "r4102.example/two-lines": pixel(
                numbered_source(4102),
                _info("report-header-errors"),
                _info("preferred-platform=web"),
            ),
        },
        {
            "r4103.example/source": pixel(numbered_source(4103), _info("!!")),
            "r4104.example/trigger": pixel(numbered_trigger(4104), _info("!!")),
        },
    ),
    Outcome(sources=1, issues=3),
)

ELIGIBLE_FOR_NOTHING = Scenario(
    "eligible_for_nothing",
    "a fetch that is eligible for neither kind gets both headers",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            "<script>fetch('https://r4201.example/', {mode: 'no-cors', attributionReporting:"
            " {eventSourceEligible: false, triggerEligible: false}})</script>"
        ),
        "r4201.example/": pixel(numbered_source(4201), numbered_trigger(4201)),
    },
    Outcome(issues=2),
)

CLICK_HEADERS = Scenario(
    "click_headers",
    "redirects of clicks: an OS source, both kinds, an Info header and a source that cannot be"
    " read",
    _clicks(4),
    _linking(
        tuple(
            f'<a attributionsrc href="https://r{number}.example/">Shoes</a>'
            for number in range(4301, 4305)
        )
    )
    | {
        "r4301.example/": redirect(f"{SHOP}/", OS_SOURCE),
        "r4302.example/": redirect(f"{SHOP}/", numbered_source(4302), numbered_trigger(4302)),
        "r4303.example/": redirect(f"{SHOP}/", numbered_source(4303), _info("!!")),
        "r4304.example/": redirect(f"{SHOP}/", ("Attribution-Reporting-Register-Source", "{")),
    },
    Outcome(sources=1, issues=4),
)


def _scoped(number: int, *values: str, limit: int = 2, states: int = 3) -> Header:
    """A source with attribution scopes."""
    scopes = {"limit": limit, "max_event_states": states, "values": list(values)}
    return numbered_source(number, attribution_scopes=scopes)


def _two_backgrounds(first: int) -> str:
    """A link with two background requests to one reporter."""
    place = f"https://r{first}.example"
    return f'<a attributionsrc="{place}/one {place}/two" href="{SHOP}/">Shoes</a>'


SCOPES_OF_A_CLICK = Scenario(
    "scopes_of_a_click",
    "one click, one reporter, two sources: scopes and none, none and scopes, the same scopes,"
    " and other scopes at the second hop of the navigation",
    _clicks(4),
    _linking(
        (
            *(_two_backgrounds(first) for first in (4401, 4403, 4405)),
            '<a attributionsrc href="https://r4407.example/one">Shoes</a>',
        )
    )
    | {
        "r4401.example/one": pixel(_scoped(4401, "a")),
        "r4401.example/two": pixel(numbered_source(4402)),
        "r4403.example/one": pixel(numbered_source(4403)),
        "r4403.example/two": pixel(_scoped(4404, "b")),
        "r4405.example/one": pixel(_scoped(4405, "a")),
        "r4405.example/two": pixel(_scoped(4406, "a")),
        "r4407.example/one": redirect("https://r4407.example/two", _scoped(4407, "a")),
        "r4407.example/two": redirect(f"{SHOP}/", _scoped(4408, "b")),
    },
    Outcome(sources=5, issues=3),
)

SCOPES_REFUSED = Scenario(
    "scopes_refused",
    "one click, one reporter, two hops: a source that is refused when stored has set its scopes;"
    " the same scopes with another limit are the same",
    _clicks(2),
    _linking(
        (
            '<a attributionsrc href="https://r4501.example/one">Shoes</a>',
            '<a attributionsrc href="https://r4503.example/one">Shoes</a>',
        )
    )
    | {
        "r4501.example/one": redirect(
            "https://r4501.example/two", _scoped(4501, "a", limit=3, states=3000)
        ),
        "r4501.example/two": redirect(f"{SHOP}/", numbered_source(4502)),
        "r4503.example/one": redirect("https://r4503.example/two", _scoped(4503, "a", "b")),
        "r4503.example/two": redirect(f"{SHOP}/", _scoped(4504, "b", "a", limit=3)),
    },
    Outcome(sources=3, issues=1),
)

HEEDING = (
    OS_HEADERS,
    INFO_HEADERS,
    ELIGIBLE_FOR_NOTHING,
    CLICK_HEADERS,
    SCOPES_OF_A_CLICK,
    SCOPES_REFUSED,
)
