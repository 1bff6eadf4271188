"""Where Chrome breaks a chain off: redirects its page forbids, and those it never follows.

May live here: the reasons and their rules. What the redirecting answer itself registers is
lost with them, because the page is never told of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Certainty, Finding, Rule, Severity
from ara_inspector.registrations import RequestKind, forbidding
from ara_inspector.spec.urls import is_potentially_trustworthy, origin

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
    "Chrome refuses the redirect to {url} and drops the answer: what this hop registers is lost",
)

FOLLOWED: Final = frozenset({"http", "https"})
"""Schemes of redirects that lead to another request."""
REFUSED: Final = frozenset({"about", "blob", "chrome", "data", "file", "filesystem"})
"""Schemes for which Chromium 138 was seen to drop the redirecting answer as well."""
REFUSED_TO_NAVIGATIONS: Final = REFUSED | {"javascript"}
NAVIGATIONS: Final = frozenset({RequestKind.NAVIGATION, RequestKind.FRAME})


def is_followed(target: str) -> bool:
    """Whether Chrome makes a request of a redirect to `target`: never for another scheme."""
    return target.partition(":")[0] in FOLLOWED


def broken_off(chain: Chain, target: str) -> Finding | None:
    """Why Chrome drops the last redirect of `chain`, which leads to `target`; None if it does not.

    A redirect that it does not follow is not dropped for that alone: with `mailto:`, `javascript:`
    (of a subresource) or a scheme it does not know, what the answer registers counts.
    """
    navigates = chain.kind in NAVIGATIONS
    if target.partition(":")[0] in (REFUSED_TO_NAVIGATIONS if navigates else REFUSED):
        return REDIRECT_REFUSED.at(url=target)
    if navigates:
        return None
    if _is_mixed(chain, target):
        finding = MIXED_CONTENT_REDIRECT.at(url=target)
        return _inferred(finding, "the redirect's Location")
    page = chain.page
    directive = forbidding(page.policies, chain.dest, target, page.origin or "null")
    if directive is None:
        return None
    finding = REDIRECT_AGAINST_POLICY.at(url=target, directive=directive)
    return _inferred(finding, "the policy of the page loaded last with this origin")


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
    it is; so only the next request shows which it was.
    """
    landed = None if chain.action is None else chain.action.landed
    broken = chain.lost is not None and chain.lost.rule is MIXED_CONTENT_REDIRECT
    return broken and landed is not None and chain.since > landed


def _inferred(finding: Finding, ground: str) -> Finding:
    return replace(finding, certainty=Certainty.LIKELY, ground=ground)
