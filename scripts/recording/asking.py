"""Scenarios of what asks: workers, modules, fonts and pictures; links of all kinds; loops."""

from __future__ import annotations

from recording.answers import (
    ALLOW_ALL,
    SHOP,
    Answer,
    numbered_source,
    numbered_trigger,
    page,
    pixel,
    redirect,
    script,
)
from recording.scenario import Click, Outcome, Scenario, Visit

NEWS = "news.example"
LANDING = {"shop.example/": page("<h1>Shoes</h1>")}
REDIRECTS = 25


WORKERS = Scenario(
    "workers",
    "nothing registers in workers: not what they fetch, not their own script",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            '<img attributionsrc src="https://r5001.example/">'
            "<script>for (const name of ['plain', 'eligible', 'itself'])"
            " new Worker('/' + name + '.js')</script>"
        ),
        "r5001.example/": pixel(numbered_source(5001)),
        f"{NEWS}/plain.js": script("fetch('https://r5002.example/', {mode: 'no-cors'})"),
        "r5002.example/": pixel(numbered_trigger(5002)),
        f"{NEWS}/eligible.js": script(
            "fetch('https://r5003.example/', {mode: 'no-cors', attributionReporting:"
            " {eventSourceEligible: true, triggerEligible: true}}).catch(() => 0)"
        ),
        "r5003.example/": pixel(numbered_source(5003)),
        f"{NEWS}/itself.js": script("0", numbered_trigger(5004)),
    },
    Outcome(sources=1),
)

ELEMENTS = Scenario(
    "elements",
    "a module script, a font, a picture with attributionsrc on its image; and one source twice",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            '<script type=module attributionsrc src="https://r5101.example/"></script>'
            "<style>@font-face{font-family:f;src:url(https://r5102.example/)}"
            "p{font-family:f}</style><p>News</p>"
            '<picture><source srcset="https://r5103.example/"><img attributionsrc></picture>'
            '<img attributionsrc src="https://r5104.example/one">'
            '<img attributionsrc src="https://r5104.example/two">'
        ),
        "r5101.example/": script("0", numbered_source(5101), ALLOW_ALL),
        "r5102.example/": Answer(
            200, (("content-type", "font/woff2"), numbered_trigger(5102), ALLOW_ALL), b"wOF2"
        ),
        "r5103.example/": pixel(numbered_source(5103)),
        "r5104.example/one": pixel(numbered_source(5104)),
        "r5104.example/two": pixel(numbered_source(5104)),
    },
    Outcome(sources=4, triggers=1),
)

REDIRECT_LIMIT = Scenario(
    "redirect_limit",
    f"{REDIRECTS} redirects: Chrome follows 20, the answer of the 21st request is lost",
    (Visit(f"https://{NEWS}/"),),
    {f"{NEWS}/": page('<img attributionsrc src="https://r5200.example/0">')}
    | {
        f"r5200.example/{hop}": redirect(
            f"https://r5200.example/{hop + 1}", numbered_trigger(5200 + hop)
        )
        for hop in range(REDIRECTS)
    },
    Outcome(triggers=20),
)

CLICK_WITHOUT_A_PAGE = Scenario(
    "click_without_a_page",
    "clicks that lead to no new page: 204 at once, 204 after a redirect, with a background"
    " request, and a download",
    (
        Visit("https://news-a.example/"),
        Click("a"),
        Visit("https://news-b.example/"),
        Click("a"),
        Visit("https://news-c.example/"),
        Click("a"),
        Visit("https://news-d.example/"),
        Click("a"),
    ),
    {
        "news-a.example/": page('<a attributionsrc href="https://r5301.example/">Shoes</a>'),
        "r5301.example/": Answer(204, (numbered_source(5301),)),
        "news-b.example/": page('<a attributionsrc href="https://r5302.example/">Shoes</a>'),
        "r5302.example/": redirect("https://r5303.example/", numbered_source(5302)),
        "r5303.example/": Answer(204, (numbered_source(5303),)),
        "news-c.example/": page(
            '<a attributionsrc="https://r5304.example/" href="https://r5305.example/">Shoes</a>'
        ),
        "r5304.example/": pixel(numbered_source(5304)),
        "r5305.example/": Answer(204, (numbered_source(5305),)),
        "news-d.example/": page(
            '<a attributionsrc="https://r5306.example/" href="https://r5307.example/">Shoes</a>'
        ),
        "r5306.example/": pixel(numbered_source(5306)),
        "r5307.example/": Answer(
            200,
            (
                ("content-type", "application/zip"),
                ("content-disposition", "attachment; filename=shoes.zip"),
                numbered_source(5307),
            ),
            b"x",
        ),
    },
    Outcome(sources=7),
)

CLICK_WITHOUT_REFERRER = Scenario(
    "click_without_referrer",
    "rel=noreferrer, in the same window and in a new one",
    (
        Visit("https://news-a.example/"),
        Click("a"),
        Visit("https://news-b.example/"),
        Click("a"),
    ),
    {
        "news-a.example/": page(
            '<a rel=noreferrer attributionsrc="https://r5401.example/"'
            ' href="https://r5402.example/">Shoes</a>'
        ),
        "r5401.example/": pixel(numbered_source(5401)),
        "r5402.example/": page("<h1>Shoes</h1>", numbered_source(5402)),
        "news-b.example/": page(
            '<a rel="noopener noreferrer" target=_blank attributionsrc="https://r5403.example/"'
            ' href="https://r5404.example/">Shoes</a>'
        ),
        "r5403.example/": pixel(numbered_source(5403)),
        "r5404.example/": page("<h1>Shoes</h1>", numbered_source(5404)),
    },
    Outcome(sources=4),
)

CLICK_THAT_GOES_ON = Scenario(
    "click_that_goes_on",
    "the clicked page refreshes itself to a redirector: only the page itself registers",
    (Visit(f"https://{NEWS}/"), Click("a")),
    {
        f"{NEWS}/": page('<a attributionsrc href="https://r5501.example/">Shoes</a>'),
        "r5501.example/": page(
            '<meta http-equiv=refresh content="0;url=https://r5502.example/">',
            numbered_source(5501),
        ),
        "r5502.example/": redirect(f"{SHOP}/", numbered_source(5502)),
    }
    | LANDING,
    Outcome(sources=1),
)

CLICK_TWICE = Scenario(
    "click_twice",
    "a script clicks a link twice upon one real click; the second has no user activation left",
    (Visit(f"https://{NEWS}/"), Click("button")),
    {
        f"{NEWS}/": page(
            '<a target=_blank attributionsrc href="https://r5601.example/">Shoes</a>'
            "<button onclick=\"for (const time of [1, 2]) document.querySelector('a').click()\">"
            "Shoes</button>"
        ),
        "r5601.example/": redirect(f"{SHOP}/", numbered_source(5601)),
    }
    | LANDING,
    Outcome(sources=1, issues=1),
)

FORM = Scenario(
    "form",
    "a form that is posted registers nothing; an image of the same reporter does",
    (Visit(f"https://{NEWS}/"), Click("button")),
    {
        f"{NEWS}/": page(
            '<img attributionsrc src="https://r5701.example/image">'
            '<form method=post action="https://r5701.example/post"><button>Buy</button></form>'
        ),
        "r5701.example/image": pixel(numbered_source(5701)),
        "r5701.example/post": redirect(f"{SHOP}/", numbered_source(5702)),
    }
    | LANDING,
    Outcome(sources=1),
)

ORIGINS_OF_ONE_SITE = Scenario(
    "origins_of_one_site",
    "impressions and clicks on two origins of one reporting site: the clicks are dropped",
    (Visit(f"https://{NEWS}/"), Click("a")),
    {
        f"{NEWS}/": page(
            '<img attributionsrc src="https://impressions.adtech.example/">'
            '<a attributionsrc href="https://clicks.adtech.example/">Shoes</a>'
        ),
        "impressions.adtech.example/": pixel(numbered_source(5801)),
        "clicks.adtech.example/": redirect(f"{SHOP}/", numbered_source(5802, debug_reporting=True)),
    }
    | LANDING,
    Outcome(sources=2, reports=1),
)

ASKING = (
    WORKERS,
    ELEMENTS,
    REDIRECT_LIMIT,
    CLICK_WITHOUT_A_PAGE,
    CLICK_WITHOUT_REFERRER,
    CLICK_THAT_GOES_ON,
    CLICK_TWICE,
    FORM,
    ORIGINS_OF_ONE_SITE,
)
