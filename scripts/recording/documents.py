"""Scenarios of what a document's own headers do: COEP, sandboxes, upgrades, the old policies.

And of answers and requests that count for nothing: statuses, reports, bytes beyond ASCII.
"""

from __future__ import annotations

from typing import Final

from recording.answers import (
    ALLOW_ALL,
    GIF,
    SHOP,
    Answer,
    Header,
    numbered_source,
    numbered_trigger,
    page,
    pixel,
    redirect,
    script,
)
from recording.markup import background, image, plain
from recording.scenario import Click, Outcome, Scenario, Visit

NEWS: Final = "news.example"
FOR_ALL: Final[Header] = ("cross-origin-resource-policy", "cross-origin")
MARKED: Final[Header] = (
    "Attribution-Reporting-Register-Source",
    f'\ufeff{{"destination": "{SHOP}", "source_event_id": "2531"}}',
)
"""It begins with a byte order mark."""


def _script(place: str, nonce: str = "") -> str:
    return f'<script {nonce} attributionsrc src="https://{place}"></script>'


def _security(policy: str) -> Header:
    return ("content-security-policy", policy)


EMBEDDER: Final = Scenario(
    "embedder_policy",
    "a page whose Cross-Origin-Embedder-Policy is require-corp: only answers with a"
    " Cross-Origin-Resource-Policy register, hop by hop",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            image("r2501.example/without")
            + image("r2502.example/with")
            + background("r2503.example/without")
            + image("r2504.example/hop"),
            ("cross-origin-embedder-policy", 'require-corp; report-to="nobody"'),
        ),
        "r2501.example/without": pixel(numbered_source(2501)),
        "r2502.example/with": pixel(numbered_source(2502), FOR_ALL),
        "r2503.example/without": pixel(numbered_source(2503)),
        "r2504.example/hop": redirect("https://r2505.example/", numbered_source(2504), FOR_ALL),
        "r2505.example/": pixel(numbered_source(2505)),
    },
    Outcome(sources=2),
)

SANDBOXED: Final = Scenario(
    "sandboxed_page",
    "nothing registers for a page that its Content-Security-Policy sandboxes without an origin",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            image("r2506.example/") + background("r2507.example/") + plain("r2508.example/"),
            _security("sandbox allow-scripts"),
        ),
        "r2506.example/": pixel(numbered_source(2506)),
        "r2507.example/": pixel(numbered_source(2507)),
        "r2508.example/": pixel(numbered_trigger(2508)),
    },
    Outcome(),
)

UPGRADED: Final = Scenario(
    "upgraded_redirects",
    "upgrade-insecure-requests takes redirects to http over https, of background requests as well",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            background("r2509.example/") + _script("r2511.example/"),
            _security("upgrade-insecure-requests"),
        ),
        "r2509.example/": redirect("http://r2510.example/", numbered_source(2509)),
        "r2510.example/": pixel(numbered_source(2510)),
        "r2511.example/": redirect("http://r2512.example/", numbered_source(2511)),
        "r2512.example/": script("0", numbered_source(2512)),
    },
    Outcome(sources=4),
)

DECIDING: Final = Scenario(
    "policies_that_let_pass",
    "images are upgraded before img-src is asked, and a nonce lets a script go anywhere",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            image("r2513.example/") + _script("r2515.example/", "nonce=a"),
            _security("img-src https:; script-src 'nonce-a' 'strict-dynamic'"),
        ),
        "r2513.example/": redirect("http://r2514.example/", numbered_source(2513)),
        "r2514.example/": pixel(numbered_source(2514)),
        "r2515.example/": redirect("https://r2516.example/", numbered_source(2515)),
        "r2516.example/": script("0", numbered_source(2516)),
    },
    Outcome(sources=4),
)

STATUSES: Final = Scenario(
    "statuses_that_count_for_nothing",
    "407 registers nothing; after 421 Chrome asks again, and the second answer registers",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            image("r2517.example/") + image("r2518.example/") + image("r2519.example/")
        ),
        "r2517.example/": Answer(407, (numbered_source(2517),), GIF),
        "r2518.example/": Answer(421, (numbered_source(2518),), GIF),
        "r2519.example/": Answer(304, (numbered_source(2519),)),
    },
    Outcome(sources=2),
)

NOT_MODIFIED: Final = Scenario(
    "click_not_modified",
    "a click that is answered with 304 registers nothing",
    (Visit(f"https://{NEWS}/"), Click("a")),
    {
        f"{NEWS}/": page('<a attributionsrc href="https://r2520.example/">Shoes</a>'),
        "r2520.example/": Answer(304, (numbered_source(2520),)),
    },
    Outcome(),
)

OWN_ORIGIN: Final = Scenario(
    "fetches_of_their_own_origin",
    "fetch() in mode same-origin is not redirected to another origin, and the hop is lost",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            "<script>for (const path of ['/there', '/here']) fetch(path, {mode: 'same-origin',"
            " attributionReporting: {eventSourceEligible: true, triggerEligible: false}})"
            ".catch(() => 0)</script>"
        ),
        f"{NEWS}/there": redirect("https://r2522.example/", numbered_source(2521)),
        "r2522.example/": pixel(numbered_source(2522), ALLOW_ALL),
        f"{NEWS}/here": redirect("/end", numbered_source(2523)),
        f"{NEWS}/end": pixel(numbered_source(2524)),
    },
    Outcome(sources=2),
)

REPORTS: Final = Scenario(
    "reports_of_a_policy",
    "the report of a Content-Security-Policy registers a trigger, but follows no redirect",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            plain("blocked.example/"),
            _security("img-src 'self'; report-uri https://r2525.example/"),
            _security("img-src 'self'; report-uri https://r2526.example/"),
        ),
        "r2525.example/": Answer(204, (numbered_trigger(2525),)),
        "r2526.example/": redirect("https://r2527.example/", numbered_trigger(2526)),
        "r2527.example/": Answer(204, (numbered_trigger(2527),)),
    },
    Outcome(triggers=1),
)

OLD_POLICY: Final = Scenario(
    "feature_policy",
    "the old Feature-Policy header still forbids what Permissions-Policy says nothing of",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(
            plain("r2528.example/"),
            ("feature-policy", "camera *, attribution-reporting 'none'"),
            ("permissions-policy", "camera=()"),
        ),
        "r2528.example/": pixel(numbered_trigger(2528)),
    },
    Outcome(issues=1),
)

POLICY_STRINGS: Final = Scenario(
    "policy_strings",
    "strings of a Permissions-Policy are source expressions",
    (Visit(f"https://{NEWS}/"), Visit(f"https://sub.{NEWS}/"), Visit(f"https://www.{NEWS}/")),
    {
        f"{NEWS}/": page(
            plain("r2532.example/"),
            ("permissions-policy", 'attribution-reporting=("https://NEWS.example:443/path")'),
        ),
        f"sub.{NEWS}/": page(
            plain("r2529.example/"),
            ("permissions-policy", 'attribution-reporting=("https://*.news.example")'),
        ),
        f"www.{NEWS}/": page(
            plain("r2530.example/"),
            ("permissions-policy", 'attribution-reporting=("www.news.example")'),
        ),
        "r2529.example/": pixel(numbered_trigger(2529)),
        "r2530.example/": pixel(numbered_trigger(2530)),
        "r2532.example/": pixel(numbered_trigger(2532)),
    },
    Outcome(triggers=2, issues=1),
)

BYTES: Final = Scenario(
    "bytes_beyond_ascii",
    "a byte order mark before the JSON: an image's own answer is read as Latin-1, a background"
    " request's as UTF-8",
    (Visit(f"https://{NEWS}/"),),
    {
        f"{NEWS}/": page(image("r2531.example/image") + background("r2531.example/background")),
        "r2531.example/image": pixel(MARKED),
        "r2531.example/background": pixel(MARKED),
    },
    Outcome(sources=1, issues=1),
)

DOCUMENTS: Final = (
    *(EMBEDDER, SANDBOXED, UPGRADED, DECIDING, STATUSES, NOT_MODIFIED),
    *(OWN_ORIGIN, REPORTS, OLD_POLICY, POLICY_STRINGS, BYTES),
)
