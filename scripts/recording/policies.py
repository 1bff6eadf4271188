"""Scenarios of policies: CORS, Cross-Origin-Resource-Policy, CSP, and http among https.

None of these leaves an issue: what registers and what does not is all the browser tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recording.answers import (
    ALLOW_ALL,
    SHOP,
    Answer,
    Header,
    numbered_source,
    numbered_trigger,
    page,
    pixel,
    redirect,
    script,
    style,
)
from recording.markup import background, image, plain
from recording.scenario import Click, Outcome, Scenario, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable

NEWS = "news.example"
LANDING = {"shop.example/": page("<h1>Shoes</h1>")}
ALLOW_NEWS: Header = ("access-control-allow-origin", f"https://{NEWS}")


def _fetch(place: str, mode: str, *, credentials: bool = False) -> str:
    with_credentials = ", credentials: 'include'" if credentials else ""
    return (
        f"<script>fetch('https://{place}', {{mode: '{mode}'{with_credentials},"
        " attributionReporting: {eventSourceEligible: true, triggerEligible: true}})"
        ".catch(() => 0)</script>"
    )


def _link(place: str, target: str = "") -> str:
    return f'<a {target} attributionsrc="https://{place}" href="{SHOP}/">Shoes</a>'


def _policy(value: str) -> Header:
    return ("cross-origin-resource-policy", value)


CORP = Scenario(
    "corp",
    "Cross-Origin-Resource-Policy keeps answers from the page: to an image with attributionsrc,"
    " to a plain one, and to the first hop of a redirect, which takes the second along",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            image("r2001.example/same-site")
            + '<img src="https://r2002.example/trigger">'
            + image("r2003.example/hop")
            + image("r2005.example/cross-origin")
        ),
        "r2001.example/same-site": pixel(numbered_source(2001), _policy("same-site")),
        "r2002.example/trigger": pixel(numbered_trigger(2002), _policy("same-origin")),
        "r2003.example/hop": redirect(
            "https://r2004.example/", numbered_source(2003), _policy("same-origin")
        ),
        "r2004.example/": pixel(numbered_source(2004)),
        "r2005.example/cross-origin": pixel(numbered_source(2005), _policy("cross-origin")),
    },
    Outcome(sources=1),
)


def _html(registration: Header) -> Answer:
    return page("<h1>News</h1>", registration)


ANSWERS_THAT_COME_BACK = Scenario(
    "answers_that_come_back",
    "redirects that lead back to the page's origin or site: Cross-Origin-Resource-Policy and"
    " Opaque Response Blocking look where an answer is from, Sec-Fetch-Site where the chain was",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            image("r2701.example/own")
            + plain("r2702.example/own")
            + background("r2703.example/own")
            + _fetch("r2704.example/own", "no-cors")
            + plain("r2705.example/other-port")
            + image("r2706.example/subdomain")
            + background("r2707.example/subdomain")
            + image("r2708.example/html")
            + plain("r2709.example/html-of-a-subdomain")
            + _fetch("r2710.example/elsewhere", "no-cors")
        ),
        "r2701.example/own": redirect(f"https://{NEWS}/1", numbered_source(2701)),
        f"{NEWS}/1": pixel(numbered_trigger(2721), _policy("same-origin")),
        "r2702.example/own": redirect(f"https://{NEWS}/2", numbered_trigger(2702)),
        f"{NEWS}/2": pixel(numbered_trigger(2722), _policy("same-origin")),
        "r2703.example/own": redirect(f"https://{NEWS}/3", numbered_source(2703)),
        f"{NEWS}/3": pixel(numbered_trigger(2723), _policy("same-site")),
        "r2704.example/own": redirect(f"https://{NEWS}/4", numbered_source(2704)),
        f"{NEWS}/4": pixel(numbered_trigger(2724), _policy("same-origin")),
        "r2705.example/other-port": redirect(f"https://{NEWS}:8443/5", numbered_trigger(2705)),
        f"{NEWS}:8443/5": pixel(numbered_trigger(2725), _policy("same-origin")),
        "r2706.example/subdomain": redirect(f"https://media.{NEWS}/6", numbered_source(2706)),
        f"media.{NEWS}/6": pixel(numbered_trigger(2726), _policy("same-origin")),
        "r2707.example/subdomain": redirect(f"https://media.{NEWS}/7", numbered_source(2707)),
        f"media.{NEWS}/7": pixel(numbered_trigger(2727), _policy("same-site")),
        "r2708.example/html": redirect(f"https://{NEWS}/8", numbered_source(2708)),
        f"{NEWS}/8": _html(numbered_trigger(2728)),
        "r2709.example/html-of-a-subdomain": redirect(
            f"https://media.{NEWS}/9", numbered_trigger(2709)
        ),
        f"media.{NEWS}/9": _html(numbered_trigger(2729)),
        "r2710.example/elsewhere": redirect("https://r2730.example/", numbered_source(2710)),
        "r2730.example/": pixel(numbered_trigger(2730), _policy("same-site")),
    },
    Outcome(sources=7, triggers=9),
)


def _sheet(registration: Header, kind: str, options: str, status: int = 200) -> Answer:
    headers = (("content-type", kind), ("x-content-type-options", options), ALLOW_ALL)
    return Answer(status, (*headers, registration), b"p{}")


def _styles(places: Iterable[str]) -> str:
    return "".join(f'<link rel=stylesheet href="https://{place}">' for place in places)


REFUSED_STYLES = {
    "r2801.example/no-css": _sheet(numbered_trigger(2801), "image/gif", "nosniff"),
    "r2802.example/no-css": _sheet(numbered_trigger(2802), "text/javascript", "NoSniff, x"),
    "r2803.example/no-css-not-found": _sheet(numbered_trigger(2803), "image/gif", "nosniff", 404),
    f"{NEWS}/no-css": _sheet(numbered_trigger(2804), "text/plain", "nosniff"),
}
TAKEN_STYLES = {
    "r2805.example/css": _sheet(numbered_trigger(2805), "text/css", "nosniff"),
    "r2806.example/css-not-found": _sheet(numbered_trigger(2806), "text/css", "nosniff", 404),
    "r2807.example/other-options": _sheet(numbered_trigger(2807), "text/javascript", "x, nosniff"),
    "r2808.example/redirect": redirect(
        "https://r2809.example/", numbered_trigger(2808), ("x-content-type-options", "nosniff")
    ),
}

STYLES = Scenario(
    "nosniff_styles",
    "stylesheets that are nosniff and not text/css register nothing, wherever they are from and"
    " with CORS as well; scripts do",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            _styles((*REFUSED_STYLES, *TAKEN_STYLES))
            + '<link rel=stylesheet crossorigin href="https://r2810.example/with-cors">'
            '<link rel=preload as=style href="https://r2811.example/preload">'
            '<script src="https://r2812.example/script"></script>'
        ),
        "r2809.example/": style("p{}", numbered_trigger(2809)),
        "r2810.example/with-cors": _sheet(numbered_trigger(2810), "image/gif", "nosniff"),
        "r2811.example/preload": _sheet(numbered_trigger(2811), "image/gif", "nosniff"),
        "r2812.example/script": _sheet(numbered_trigger(2812), "image/gif", "nosniff"),
    }
    | REFUSED_STYLES
    | TAKEN_STYLES,
    Outcome(triggers=6),
)

CORS = Scenario(
    "cors",
    "fetch in CORS mode: a hop the page may not read registers nothing, earlier hops stay",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            _fetch("r2101.example/first-hop-fails", "cors")
            + _fetch("r2103.example/second-hop-fails", "cors")
            + _fetch("r2105.example/star-with-credentials", "cors", credentials=True)
            + _fetch("r2106.example/the-page-is-named", "cors")
            + "<script>fetch('https://r2107.example/preflighted',"
            " {headers: {'x-a': 'b'}}).catch(() => 0)</script>"
        ),
        "r2101.example/first-hop-fails": redirect("https://r2102.example/", numbered_source(2101)),
        "r2102.example/": pixel(numbered_source(2102), ALLOW_ALL),
        "r2103.example/second-hop-fails": redirect(
            "https://r2104.example/", numbered_source(2103), ALLOW_ALL
        ),
        "r2104.example/": pixel(numbered_source(2104)),
        "r2105.example/star-with-credentials": pixel(numbered_source(2105), ALLOW_ALL),
        "r2106.example/the-page-is-named": pixel(numbered_source(2106), ALLOW_NEWS),
        "r2107.example/preflighted": pixel(
            numbered_trigger(2107), ALLOW_ALL, ("access-control-allow-headers", "x-a")
        ),
    },
    Outcome(sources=2, triggers=1),
)

CSP_REDIRECTS = Scenario(
    "csp_redirects",
    "Content-Security-Policy forbids where a redirect leads: the first hop does not register"
    " either, be it a background request, a fetch or an image",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            background("r2201.example/background")
            + _fetch("r2203.example/fetch", "no-cors")
            + image("r2205.example/image"),
            (
                "content-security-policy",
                (
                    "connect-src https://r2201.example https://r2203.example;"
                    " img-src https://r2205.example"
                ),
            ),
        ),
        "r2201.example/background": redirect("https://r2202.example/", numbered_source(2201)),
        "r2202.example/": pixel(numbered_source(2202)),
        "r2203.example/fetch": redirect("https://r2204.example/", numbered_source(2203)),
        "r2204.example/": pixel(numbered_source(2204)),
        "r2205.example/image": redirect("https://r2206.example/", numbered_source(2205)),
        "r2206.example/": pixel(numbered_source(2206)),
    },
    Outcome(),
)

CSP_CLICK = Scenario(
    "csp_click",
    "the same for the background request of a click: its third hop is forbidden",
    (Visit(f"https://{NEWS}/"), Click("a")),
    {
        f"{NEWS}/": page(
            _link("r2301.example/"),
            ("content-security-policy", "connect-src https://r2301.example https://r2302.example"),
        ),
        "r2301.example/": redirect("https://r2302.example/", numbered_source(2301)),
        "r2302.example/": redirect("https://r2303.example/", numbered_source(2302)),
        "r2303.example/": pixel(numbered_source(2303)),
    }
    | LANDING,
    Outcome(sources=1),
)


def _over_http(first: int, *hops: str) -> dict[str, Answer]:
    """A chain of redirects, each hop with a source, by the schemes of its second and later hops."""
    chain = [
        (
            f"r{number}.example/",
            redirect(f"{scheme}://r{number + 1}.example/", numbered_source(number)),
        )
        for number, scheme in enumerate(hops, first)
    ]
    last = first + len(hops)
    return dict(chain) | {f"r{last}.example/": pixel(numbered_source(last))}


MIXED_CONTENT = Scenario(
    "mixed_content",
    "redirects to http on an https page: the browser blocks them, and the hop before is lost",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            background("r2401.example/")
            + background("r2411.example/")
            + '<script attributionsrc src="https://r2421.example/"></script>'
            + _fetch("r2431.example/", "no-cors")
            + "<script>fetch('https://r2441.example/', {mode: 'no-cors'}).catch(() => 0)</script>"
            + '<link rel=stylesheet href="https://r2451.example/">'
        ),
        "r2421.example/": redirect("http://r2422.example/", numbered_source(2421)),
        "r2422.example/": script("0", numbered_source(2422)),
        "r2441.example/": redirect("http://r2442.example/", numbered_trigger(2441)),
        "r2442.example/": pixel(numbered_trigger(2442)),
        "r2451.example/": redirect("http://r2452.example/", numbered_trigger(2451)),
        "r2452.example/": Answer(200, (("content-type", "text/css"), numbered_trigger(2452))),
    }
    | _over_http(2401, "http", "https")
    | _over_http(2411, "https", "http")
    | _over_http(2431, "https", "http"),
    Outcome(sources=2),
)


def _mixed_click(name: str, note: str, target: str, *hops: str, outcome: Outcome) -> Scenario:
    return Scenario(
        name,
        note,
        (Visit(f"https://{NEWS}/"), Click("a")),
        {f"{NEWS}/": page(_link("r2501.example/", target))} | LANDING | _over_http(2501, *hops),
        outcome,
    )


MIXED_CONTENT_CLICKS = (
    _mixed_click(
        "mixed_content_click_at_once",
        "the first redirect of a click's background request leads to http: all is lost",
        "",
        *("http", "https"),
        outcome=Outcome(),
    ),
    _mixed_click(
        "mixed_content_click_landed",
        "the third redirect leads to http when the page has been replaced: that hop alone is lost",
        "",
        *("https", "https", "http", "https"),
        outcome=Outcome(sources=4, issues=1),
    ),
    _mixed_click(
        "mixed_content_click_blank",
        "the page stays, as the link opens a window: a late redirect to http is blocked as well",
        "target=_blank",
        *("https", "http", "https"),
        outcome=Outcome(sources=1),
    ),
)

INSECURE_PAGES = Scenario(
    "insecure_pages",
    "an http page, and an https frame in one: nothing registers, triggers neither",
    (Visit(f"https://{NEWS}/"), Visit("http://old.example/"), Visit("http://framing.example/")),
    {
        f"{NEWS}/": page(image("r2601.example/")),
        "r2601.example/": pixel(numbered_source(2601)),
        "old.example/": page('<img src="https://r2602.example/"><img src="http://r2603.example/">'),
        "r2602.example/": pixel(numbered_trigger(2602)),
        "r2603.example/": pixel(numbered_trigger(2603)),
        "framing.example/": page('<iframe src="https://frame.example/"></iframe>'),
        "frame.example/": page(image("r2604.example/") + '<img src="https://r2605.example/">'),
        "r2604.example/": pixel(numbered_source(2604)),
        "r2605.example/": pixel(numbered_trigger(2605)),
    },
    Outcome(sources=1, issues=5),
)

POLICIES = (
    CORP,
    ANSWERS_THAT_COME_BACK,
    STYLES,
    CORS,
    CSP_REDIRECTS,
    CSP_CLICK,
    MIXED_CONTENT,
    *MIXED_CONTENT_CLICKS,
    INSECURE_PAGES,
)
