"""Registrations: which ARA headers a response carries, and what the browser does with each.

May live here: the names other stages use. `registration` holds the values, `request` the kind
of request, `lines` the header lines, `encoding` their characters, `eligibility` what may
register, `blocking` when the page never gets the answer, `policy`, `content_policy`,
`embedder_policy` and `page` what the page allows (`source_expressions`: to whom), `obstacles`
stop a response as a whole (`critical_hints`: those for want of which Chrome starts anew),
`outcome` judges each of its headers; `clearing`: what deletes registrations.
"""

from ara_inspector.registrations.clearing import cleared_origin
from ara_inspector.registrations.content_policy import forbidding, upgrades
from ara_inspector.registrations.critical_hints import critical_hints, sent_hints
from ara_inspector.registrations.lines import has_ara_lines
from ara_inspector.registrations.obstacles import (
    ASKED_AGAIN_FOR,
    Circumstances,
    NavigationState,
    redirect_location,
    redirects,
    refused,
)
from ara_inspector.registrations.outcome import (
    SOURCE_REFUSED_WHEN_STORED,
    UNSEEN_NAVIGATION,
    judge,
    loose_findings,
)
from ara_inspector.registrations.page import NO_PAGE, PageFacts
from ara_inspector.registrations.registration import (
    UNKNOWN_SITE,
    ContextSite,
    Kind,
    Registration,
    RequestKind,
    worst,
)
from ara_inspector.registrations.request import (
    FRAMES,
    Request,
    concerns_api,
    eligible_of,
    read_request,
)

__all__ = [
    "ASKED_AGAIN_FOR",
    "FRAMES",
    "NO_PAGE",
    "SOURCE_REFUSED_WHEN_STORED",
    "UNKNOWN_SITE",
    "UNSEEN_NAVIGATION",
    "Circumstances",
    "ContextSite",
    "Kind",
    "NavigationState",
    "PageFacts",
    "Registration",
    "Request",
    "RequestKind",
    "cleared_origin",
    "concerns_api",
    "critical_hints",
    "eligible_of",
    "forbidding",
    "has_ara_lines",
    "judge",
    "loose_findings",
    "read_request",
    "redirect_location",
    "redirects",
    "refused",
    "sent_hints",
    "upgrades",
    "worst",
]
