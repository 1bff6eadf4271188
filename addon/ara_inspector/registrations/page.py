"""The page behind a request, as far as registering depends on it.

May live here: the facts `context` finds out and the rules of this package use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.registrations.registration import UNKNOWN_SITE, ContextSite

if TYPE_CHECKING:
    from ara_inspector.registrations.content_policy import Policy


class PageFacts(Struct, frozen=True, gc=False):
    """Where a request came from, and whether the API may be used there."""

    site: ContextSite
    insecure: str | None = None
    """The http page, or http ancestor, that makes the context insecure; None if none is seen."""
    forbidden_by: str | None = None
    """The URL of the document whose Permissions-Policy forbids the API; None if none does."""
    seen: bool = False
    """Whether the documents from the request up to the top-level page were all seen."""
    in_frame: bool = False
    origin: str | None = None
    """Of the document that made the request, frame or page."""
    policies: tuple[Policy, ...] = ()
    """Its Content-Security-Policy."""
    sandboxed_by: str | None = None
    """The URL of the page at the top that a sandbox gave an opaque origin; None if none is seen."""
    embedder: str | None = None
    """The URL of the document that asks with Cross-Origin-Embedder-Policy that answers allow it."""
    guessed: bool = False
    """Nothing of the request names the page: it is only the one loaded last."""
    nameless: bool = False
    """And that page was itself opened by one that sent no Referer, as popups of sandboxed frames
    are: they inherit the sandbox, and a page without an origin registers nothing."""


NO_PAGE: Final = PageFacts(UNKNOWN_SITE)
