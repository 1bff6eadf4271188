"""Where Chrome breaks a chain off: redirects its page forbids, and those it never follows.

May live here: the reasons and their rules. What the redirecting answer itself registers is
lost with them, because the page is never told of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Certainty, Finding, Rule, Severity
from ara_inspector.records import replace
from ara_inspector.registrations import RequestKind, forbidding
from ara_inspector.spec.urls import is_potentially_trustworthy, origin, requested

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
    """Whether Chrome makes a request of a redirect to `target`: never for another scheme."""
    return target.partition(":")[0] in FOLLOWED


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
    if _is_mixed(chain, next_url):
        finding = MIXED_CONTENT_REDIRECT.at(url=next_url)
        return _inferred(finding, "the redirect's Location")
    page = chain.page
    directive = forbidding(page.policies, chain.dest, next_url, page.origin or "null")
    if directive is None:
        return None
    finding = REDIRECT_AGAINST_POLICY.at(url=next_url, directive=directive)
    return _inferred(finding, "the policy of the page loaded last with this origin")


def _refused(kind: RequestKind, next_url: str, target: str | None) -> Finding | None:
    """What is refused whatever the page allows."""
    scheme = (target or next_url).partition(":")[0].lower()
    if target is None:
        finding = REDIRECT_REFUSED.at(url=next_url, why="it is no URL")
        return _inferred(finding, "the URL standard") if scheme in SPACES_ALLOWED else finding
    finding = REDIRECT_REFUSED.at(url=next_url, why="it is unsafe")
    if scheme in REFUSED:
        return finding
    if kind in NAVIGATIONS:
        return finding if scheme in REFUSED_TO_NAVIGATIONS else None
    return None if kind in OUTLIVING else _refused_to_pages(kind, scheme, next_url, target)


def _refused_to_pages(kind: RequestKind, scheme: str, next_url: str, target: str) -> Finding | None:
    """What is refused unless the request could outlive its page; which fetches can, is unseen."""
    if scheme in REFUSED_TO_PAGES:
        finding = REDIRECT_REFUSED.at(url=next_url, why="it is unsafe")
        sure = kind is RequestKind.ELEMENT
        return finding if sure else _inferred(finding, "fetches with keepalive are rare")
    if scheme in FOLLOWED and requested(target) != target.partition("#")[0]:
        finding = REDIRECT_REFUSED.at(url=next_url, why="it has a user name or password")
        return _inferred(finding, "fetches with keepalive and pages with a password are rare")
    return None


def _is_mixed(chain: Chain, target: str) -> bool:
    page = chain.page.site.origin or chain.referer
    return (
        target.startswith("http:")
        and chain.dest not in UPGRADED
        and (page is None or page.startswith("https:"))
        and not is_potentially_trustworthy(origin(target) or "")
    )


def may_go_on(chain: Chain) -> bool:
    """Whether the broken-off chain can go on without its page.

    Once a click has replaced the page, the browser follows its background requests alone and
    blocks no mixed content. A click that opens a tab looks the same but leaves the page where
    it is; so only the next request shows which it was. A redirect taken to be refused was not.
    """
    if chain.lost is not None and chain.lost.rule is REDIRECT_REFUSED:
        return True
    landed = None if chain.action is None else chain.action.landed
    broken = chain.lost is not None and chain.lost.rule is MIXED_CONTENT_REDIRECT
    return broken and landed is not None and chain.since > landed


def _inferred(finding: Finding, ground: str) -> Finding:
    return replace(finding, certainty=Certainty.LIKELY, ground=ground)
