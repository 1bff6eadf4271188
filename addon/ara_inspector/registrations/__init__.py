"""Registrations: which ARA headers a response carries, and what the browser does with each.

May live here: the names other stages use. `registration` holds the values, `request` the kind
of request, `eligibility` what it may register, `blocking` when the page never gets the answer,
`outcome` puts them together for one response.
"""

from ara_inspector.registrations.registration import (
    UNKNOWN_SITE,
    ContextSite,
    Kind,
    Registration,
    RequestKind,
    worst,
)

__all__ = ["UNKNOWN_SITE", "ContextSite", "Kind", "Registration", "RequestKind", "worst"]
