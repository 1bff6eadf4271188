"""Where Chrome breaks a chain off: redirects its page forbids, and those it never follows.

May live here: the reasons and their rules. What the redirecting answer itself registers is
lost with them, because the page is never told of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Finding, Rule, Severity, Words
from ara_inspector.registrations import RequestKind, forbidding, upgrades
from ara_inspector.spec.urls import (
    has_blocked_port,
    is_potentially_trustworthy,
    origin,
    requested,
)

if TYPE_CHECKING:
    from ara_inspector.chains.joining import Chain

UPGRADED: Final = frozenset({"image", "audio", "video"})
"""Sec-Fetch-Dest of mixed content that Chrome upgrades to https instead of blocking it."""

MIXED_CONTENT_REDIRECT: Final = Rule(
    "RSP034",
    "mixed-content-redirect",
    Severity.ERROR,
    "the chain goes on to {url} over http, which Chrome blocks as mixed content: what this hop "
    "and later ones register is lost",
)
REDIRECT_AGAINST_POLICY: Final = Rule(
    "RSP047",
    "redirect-against-content-policy",
    Severity.ERROR,
    "the chain goes on to {url}, which the page's Content-Security-Policy forbids ({directive}): "
    "what this hop and later ones register is lost",
)
REDIRECT_REFUSED: Final = Rule(
    "RSP050",
    "redirect-refused",
    Severity.ERROR,
    "Chrome refuses the redirect to {url} ({why}) and drops the answer: what this hop registers "
    "is lost",
)

FOLLOWED: Final = frozenset({"http", "https"})
"""Schemes of redirects that lead to another request."""
REFUSED: Final = frozenset(
    {"about", "blob", "chrome", "chrome-untrusted", "data", "devtools", "file", "filesystem"}
)
"""Schemes for which Chromium 138 was seen to drop the redirecting answer as well."""
REFUSED_TO_PAGES: Final = frozenset({"chrome-error", "view-source"})
"""Those for which it does so unless the request could outlive its page."""
REFUSED_TO_NAVIGATIONS: Final = REFUSED_TO_PAGES | {"javascript"}
SPACES_ALLOWED: Final = frozenset({"ftp", "ws", "wss"})
"""Schemes whose hosts Chrome lets have a space, against the standard; http is read its way."""
OUTLIVING: Final = frozenset({RequestKind.BACKGROUND, RequestKind.BEACON})
NAVIGATIONS: Final = frozenset({RequestKind.NAVIGATION, RequestKind.FRAME})


def is_followed(target: str) -> bool:
    """Whether Chrome makes a request of a redirect to `target`.

    Never for another scheme, nor to a port where other protocols are at home.
    """
    return target.partition(":")[0] in FOLLOWED and not has_blocked_port(target)


def is_refused_by_browser(next_url: str) -> bool:
    """Whether a navigation's redirect to `next_url`, one that is refused, gets to the browser.

    The others are refused before, by the network, so that the browser never sees the answer.
    """
    return next_url.partition(":")[0].lower() in REFUSED_TO_NAVIGATIONS


def over_https(target: str) -> str:
    """An http URL as it is requested where Chrome upgrades it."""
    return f"https:{target.removeprefix('http:')}"


def broken_off(chain: Chain, next_url: str, target: str | None) -> Finding | None:
    """Why Chrome drops the last redirect of `chain`; None if it does not.

    `target` is what its Location says as a URL, None where it is none; `next_url` is the same as
    it would be requested, or the Location as it stands. A redirect that is not followed is not
    dropped for that alone: with `mailto:`, `javascript:` (of a subresource) or a scheme that
    Chrome does not know, what the answer registers counts.
    """
    refused = _refused(chain.kind, next_url, target)
    navigates = chain.kind in NAVIGATIONS
    if refused is not None or navigates or chain.revived:
        return refused
    refused = _refused_by_request(chain, next_url)
    if refused is not None:
        return refused
    if _is_mixed(chain, next_url):
        finding = MIXED_CONTENT_REDIRECT.at(url=next_url)
        return finding.inferred("the redirect's Location")
    directive = _forbidding(chain, next_url)
    if directive is None:
        return None
    finding = REDIRECT_AGAINST_POLICY.at(url=next_url, directive=Words(directive))
    return finding.inferred("the policy of the page loaded last with this origin")


def _refused(kind: RequestKind, next_url: str, target: str | None) -> Finding | None:
    """What is refused whatever the page allows."""
    scheme = (target or next_url).partition(":")[0].lower()
    if target is None:
        finding = REDIRECT_REFUSED.at(url=next_url, why=Words("it is no URL"))
        return finding.inferred("the URL standard") if scheme in SPACES_ALLOWED else finding
    finding = REDIRECT_REFUSED.at(url=next_url, why=Words("it is unsafe"))
    if scheme in REFUSED:
        return finding
    if kind in NAVIGATIONS:
        return finding if scheme in REFUSED_TO_NAVIGATIONS else None
    return None if kind in OUTLIVING else _refused_to_pages(kind, scheme, next_url, target)


def _refused_to_pages(kind: RequestKind, scheme: str, next_url: str, target: str) -> Finding | None:
    """What is refused unless the request could outlive its page; which fetches can, is unseen."""
    if scheme in REFUSED_TO_PAGES:
        finding = REDIRECT_REFUSED.at(url=next_url, why=Words("it is unsafe"))
        sure = kind is RequestKind.ELEMENT
        return finding if sure else finding.inferred("fetches with keepalive are rare")
    if scheme in FOLLOWED and requested(target) != target.partition("#")[0]:
        finding = REDIRECT_REFUSED.at(url=next_url, why=Words("it has a user name or password"))
        return finding.inferred("fetches with keepalive and pages with a password are rare")
    return None


def _refused_by_request(chain: Chain, next_url: str) -> Finding | None:
    """What requests of this kind do not follow, wherever it leads."""
    if chain.dest == "report":
        return REDIRECT_REFUSED.at(url=next_url, why=Words("a report is not sent on"))
    if chain.mode == "same-origin" and origin(next_url) != origin(chain.hops[-1].url):
        return REDIRECT_REFUSED.at(
            url=next_url, why=Words("the request is for its own origin only")
        )
    return None


def _is_mixed(chain: Chain, target: str) -> bool:
    return (
        _is_insecure(chain, target)
        and not _upgrades(chain)
        and not is_potentially_trustworthy(origin(target) or "")
    )


def _is_insecure(chain: Chain, target: str) -> bool:
    page = chain.page.site.origin or chain.referer
    return target.startswith("http:") and (page is None or page.startswith("https:"))


def _upgrades(chain: Chain) -> bool:
    """Whether Chrome goes over https where a redirect of the chain says http."""
    return chain.dest in UPGRADED or upgrades(chain.page.policies)


def _forbidding(chain: Chain, next_url: str) -> str | None:
    """The directive of the page's policy that forbids the redirect."""
    page, own = chain.page, chain.page.origin or "null"
    first = chain.hops[0].url
    # One that forbids the first request as well is not the policy that decided.
    deciding = [
        policy for policy in page.policies if forbidding((policy,), chain.dest, first, own) is None
    ]
    # What is upgraded is so before it is looked at.
    if _is_insecure(chain, next_url) and _upgrades(chain):
        next_url = over_https(next_url)
    return forbidding(deciding, chain.dest, next_url, own)


def may_go_on(chain: Chain, url: str) -> bool:
    """Whether the broken-off chain can go on to `url`, without its page or after all.

    Once a click has replaced the page, the browser follows its background requests alone and
    blocks no mixed content. A click that opens a tab looks the same but leaves the page where
    it is; so only the next request shows which it was. A redirect taken to be refused was not, nor
    was one against the policy of another page with this origin; and an http one that is requested
    over https was upgraded, for a policy that was not seen.
    """
    rule = None if chain.lost is None else chain.lost.rule
    if rule is not MIXED_CONTENT_REDIRECT:
        return rule in {REDIRECT_REFUSED, REDIRECT_AGAINST_POLICY}
    landed = None if chain.action is None else chain.action.landed
    upgraded = url.startswith("https:") and (chain.next_url or "").startswith("http:")
    return upgraded or (landed is not None and chain.since > landed)
