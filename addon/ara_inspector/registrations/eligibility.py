"""Whether a request lets its answer register, and with which registrar.

May live here: eligibility as the request's own headers tell it, the choice between web and
operating system, and the rules of both. Pages, chains and blocked answers are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.registrations.registration import Kind, RequestKind
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.info import PreferredPlatform, read_info

if TYPE_CHECKING:
    from collections.abc import Collection

    from ara_inspector.findings import Finding
    from ara_inspector.registrations.request import Request
    from ara_inspector.spec.support import Support

PROCESS: Final = "process-an-attribution-eligible-response"

SOURCE_AND_TRIGGER_TOGETHER: Final = Rule(
    "RSP007",
    "source-and-trigger-together",
    Severity.ERROR,
    "the request was eligible for both kinds and the answer registers both: Chrome takes neither",
    PROCESS,
    "SourceAndTriggerHeaders",
)
SOURCE_NOT_ELIGIBLE: Final = Rule(
    "RSP008",
    "source-not-eligible",
    Severity.ERROR,
    "the request was not eligible for sources ({given}): no attributionsrc, no "
    "attributionReporting, or not allowed to",
    PROCESS,
    "SourceIgnored",
)
OS_SOURCE_NOT_ELIGIBLE: Final = Rule(
    "RSP009",
    "os-source-not-eligible",
    Severity.ERROR,
    "the request was not eligible for sources ({given}), nor for ones of the operating system",
    PROCESS,
    "OsSourceIgnored",
)
TRIGGER_NOT_ELIGIBLE: Final = Rule(
    "RSP010",
    "trigger-not-eligible",
    Severity.ERROR,
    "the request was eligible for something else only ({given}), not for triggers",
    PROCESS,
    "TriggerIgnored",
)
OS_TRIGGER_NOT_ELIGIBLE: Final = Rule(
    "RSP011",
    "os-trigger-not-eligible",
    Severity.ERROR,
    "the request was eligible for something else only ({given}), not for triggers of the "
    "operating system",
    PROCESS,
    "OsTriggerIgnored",
)
NAVIGATION_NOT_ELIGIBLE: Final = Rule(
    "RSP012",
    "navigation-not-eligible",
    Severity.ERROR,
    "a navigation that was not eligible for sources: the link has no attributionsrc, or nothing "
    "was clicked",
    PROCESS,
)
NAVIGATION_WITHOUT_ACTIVATION: Final = Rule(
    "RSP013",
    "navigation-without-activation",
    Severity.ERROR,
    "a navigation without user activation (no Sec-Fetch-User): attributionsrc has no effect then",
    PROCESS,
    "NavigationRegistrationWithoutTransientUserActivation",
)
TRIGGER_ON_NAVIGATION: Final = Rule(
    "RSP014",
    "trigger-on-navigation",
    Severity.ERROR,
    "the answer to a navigation registers no trigger, only subresources do",
    PROCESS,
)
FRAME_NAVIGATION: Final = Rule(
    "RSP015",
    "frame-navigation",
    Severity.ERROR,
    "the link navigates only its own frame (Sec-Fetch-Dest: {dest}): Chrome registers nothing",
    PROCESS,
)
INFO_HEADER_INVALID: Final = Rule(
    "RSP017",
    "info-header-invalid",
    Severity.ERROR,
    "an invalid Attribution-Reporting-Info costs every registration of its answer",
    "get-registration-info-from-a-header-list",
    "InvalidInfoHeader",
)
WEB_AND_OS_TOGETHER: Final = Rule(
    "RSP018",
    "web-and-os-together",
    Severity.ERROR,
    "the answer registers with the browser and with the operating system and prefers neither: "
    "Chrome takes neither",
    "get-the-registration-platform",
    "WebAndOsHeaders",
)
PREFERRED_WEB_SOURCE_MISSING: Final = Rule(
    "RSP019",
    "preferred-web-source-missing",
    Severity.ERROR,
    "preferred-platform=web without Attribution-Reporting-Register-Source",
    "get-the-registration-platform",
    "NoRegisterSourceHeader",
)
PREFERRED_WEB_TRIGGER_MISSING: Final = Rule(
    "RSP020",
    "preferred-web-trigger-missing",
    Severity.ERROR,
    "preferred-platform=web without Attribution-Reporting-Register-Trigger",
    "get-the-registration-platform",
    "NoRegisterTriggerHeader",
)
PREFERRED_OS_SOURCE_MISSING: Final = Rule(
    "RSP021",
    "preferred-os-source-missing",
    Severity.ERROR,
    "preferred-platform=os without Attribution-Reporting-Register-OS-Source: the web header is "
    "dropped too",
    "get-the-registration-platform",
    "NoRegisterOsSourceHeader",
)
PREFERRED_OS_TRIGGER_MISSING: Final = Rule(
    "RSP022",
    "preferred-os-trigger-missing",
    Severity.ERROR,
    "preferred-platform=os without Attribution-Reporting-Register-OS-Trigger: the web header is "
    "dropped too",
    "get-the-registration-platform",
    "NoRegisterOsTriggerHeader",
)
OS_SOURCE_UNSUPPORTED: Final = Rule(
    "RSP023",
    "os-source-unsupported",
    Severity.ERROR,
    "this browser does not register with the operating system ({support})",
    "get-the-registration-platform",
    "OsSourceIgnored",
)
OS_TRIGGER_UNSUPPORTED: Final = Rule(
    "RSP024",
    "os-trigger-unsupported",
    Severity.ERROR,
    "this browser does not register with the operating system ({support})",
    "get-the-registration-platform",
    "OsTriggerIgnored",
)
WEB_SOURCE_UNSUPPORTED: Final = Rule(
    "RSP025",
    "web-source-unsupported",
    Severity.ERROR,
    "this browser registers with the operating system only ({support})",
    "get-the-registration-platform",
    "SourceIgnored",
)
WEB_TRIGGER_UNSUPPORTED: Final = Rule(
    "RSP026",
    "web-trigger-unsupported",
    Severity.ERROR,
    "this browser registers with the operating system only ({support})",
    "get-the-registration-platform",
    "TriggerIgnored",
)
NO_REGISTRAR: Final = Rule(
    "RSP027",
    "no-registrar",
    Severity.ERROR,
    "Attribution-Reporting-Support names no registrar at all: nothing can be registered",
    "get-the-registration-platform",
    "NoWebOrOsSupport",
)
OTHER_PLATFORM_USED: Final = Rule(
    "RSP028",
    "other-platform-used",
    Severity.NOTE,
    "the {used} header beside this one is used instead, as preferred-platform={preferred} asks",
    "get-the-registration-platform",
)

NOT_ELIGIBLE: Final = {
    Kind.SOURCE: SOURCE_NOT_ELIGIBLE,
    Kind.OS_SOURCE: OS_SOURCE_NOT_ELIGIBLE,
    Kind.TRIGGER: TRIGGER_NOT_ELIGIBLE,
    Kind.OS_TRIGGER: OS_TRIGGER_NOT_ELIGIBLE,
}
UNSUPPORTED: Final = {
    Kind.SOURCE: WEB_SOURCE_UNSUPPORTED,
    Kind.OS_SOURCE: OS_SOURCE_UNSUPPORTED,
    Kind.TRIGGER: WEB_TRIGGER_UNSUPPORTED,
    Kind.OS_TRIGGER: OS_TRIGGER_UNSUPPORTED,
}


class Choice(Struct, frozen=True, gc=False):
    """What the registrar rules make of one side's two headers: used, or why not."""

    used: Kind | None
    reasons: dict[Kind, Finding]


def source_type_of(request: Request) -> SourceType | None:
    """The type a source of this answer has; None where the request allows no source."""
    if request.eligible is None:
        return None
    if request.eligible.navigation_source:
        return SourceType.NAVIGATION
    return SourceType.EVENT if request.eligible.event_source else None


def info_invalid(request: Request, info: str | None) -> Finding | None:
    """Whether an invalid Info header costs the registrations; Chrome looks at it first of all.

    Of navigations that are not eligible it does not look at any header.
    """
    unseen = request.kind is RequestKind.FRAME or request.eligible is None
    if info is None or (request.is_navigation and unseen) or read_info(info).value is not None:
        return None
    return INFO_HEADER_INVALID.at()


def not_eligible(kind: Kind, request: Request, given: Collection[Kind]) -> Finding | None:
    """Why this answer may not carry a header of `kind`, None if it may.

    `given` are all kinds of header the answer has.
    """
    if request.eligible is None:
        return _without_eligible(kind, request)
    eligible = request.eligible
    wanted = (
        eligible.navigation_source or eligible.event_source if kind.is_source else eligible.trigger
    )
    if not wanted:
        return NOT_ELIGIBLE[kind].at(given=Words(", ".join(eligible.keys) or "nothing at all"))
    if request.kind is RequestKind.FRAME:
        return FRAME_NAVIGATION.at(dest=request.dest)
    both = any(k.is_source for k in given) and not all(k.is_source for k in given)
    if both and eligible.event_source and eligible.trigger:
        return SOURCE_AND_TRIGGER_TOGETHER.at()
    return None


def _without_eligible(kind: Kind, request: Request) -> Finding | None:
    """No Eligible header: triggers of subresources still count, in the browsers measured."""
    if not request.is_navigation:
        return NOT_ELIGIBLE[kind].at(given=Words("no Eligible header")) if kind.is_source else None
    if not kind.is_source:
        return TRIGGER_ON_NAVIGATION.at()
    # Sent with Sec-Fetch-Site none; what is prefetched of another site is asked for anew.
    if request.prefetched and request.site != "cross-site":
        ground = "a click on a link with attributionsrc would take this answer"
        return NAVIGATION_NOT_ELIGIBLE.at().inferred(ground)
    if request.activated or request.kind is RequestKind.FRAME or request.site in {"none", None}:
        return NAVIGATION_NOT_ELIGIBLE.at()
    return NAVIGATION_WITHOUT_ACTIVATION.at()


def without_a_click(reason: Finding) -> Finding:
    """`reason`, where a page was seen to navigate by itself: then there is no link to blame."""
    return NAVIGATION_NOT_ELIGIBLE.at() if reason.rule is NAVIGATION_WITHOUT_ACTIVATION else reason


def choose_registrar(
    web: Kind, os: Kind, given: Collection[Kind], info: str | None, support: Support | None
) -> Choice:
    """https://wicg.github.io/attribution-reporting-api/#get-the-registration-platform .

    `web` and `os` are one side's two kinds; `support` None means the browser did not say, which
    is taken for web only.
    """
    present = [kind for kind in (web, os) if kind in given]
    if not present:
        return NOTHING_TO_CHOOSE
    value = read_info(info or "").value
    offers = {web: support is None or support.web, os: support is not None and support.os}
    if not any(offers.values()):
        return Choice(None, dict.fromkeys(present, NO_REGISTRAR.at()))
    preferred = None if value is None else value.preferred_platform
    if preferred is None:
        if len(present) > 1:
            return Choice(None, dict.fromkeys(present, WEB_AND_OS_TOGETHER.at()))
        return _first_offered(present, offers, None)
    order = (web, os) if preferred is PreferredPlatform.WEB else (os, web)
    if order[0] not in given:
        return Choice(None, dict.fromkeys(present, MISSING[order[0]].at()))
    return _first_offered([kind for kind in order if kind in given], offers, preferred)


NOTHING_TO_CHOOSE: Final = Choice(None, {})
MISSING: Final = {
    Kind.SOURCE: PREFERRED_WEB_SOURCE_MISSING,
    Kind.TRIGGER: PREFERRED_WEB_TRIGGER_MISSING,
    Kind.OS_SOURCE: PREFERRED_OS_SOURCE_MISSING,
    Kind.OS_TRIGGER: PREFERRED_OS_TRIGGER_MISSING,
}


def _first_offered(
    order: list[Kind], offers: dict[Kind, bool], preferred: PreferredPlatform | None
) -> Choice:
    """The first of `order` the browser offers; those after it are passed over in silence."""
    used: Kind | None = None
    reasons = {}
    for kind in order:
        if used is not None:
            other, wanted = Words(used.header), Words(preferred)
            reasons[kind] = OTHER_PLATFORM_USED.at(used=other, preferred=wanted)
        elif offers[kind]:
            used = kind
        else:
            reasons[kind] = UNSUPPORTED[kind].at(support=Words("web" if kind.is_os else "os"))
    return Choice(used, reasons)
