"""What the browser does with the Register headers of one response.

May live here: putting eligibility, page, chain and blocking together to one verdict a header,
and the rules (RSP) about the response as a whole. What the header's own text is worth comes
from `spec`; chains and pages are found elsewhere and handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Certainty, Finding, Rule, Severity, Verdict
from ara_inspector.registrations.blocking import REDIRECTS, blocked, passes_for_sure
from ara_inspector.registrations.eligibility import (
    choose_registrar,
    info_invalid,
    not_eligible,
    source_type_of,
)
from ara_inspector.registrations.lines import INFO, read_lines
from ara_inspector.registrations.page import NO_PAGE, PageFacts
from ara_inspector.registrations.registration import Kind, Registration, RequestKind
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.os_registration import read_os_registrations
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger
from ara_inspector.spec.urls import origin, reporting_origin

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations.lines import AnswerHeaders
    from ara_inspector.registrations.request import Request
    from ara_inspector.spec.effective import Effective
    from ara_inspector.spec.support import Support

REDIRECT_LIMIT: Final = 20
"""Redirects Chrome follows; the answer that asks for one more is an error."""
ERROR_STATUS: Final = 400
HEADER_LIMIT: Final = 200_000
"""Bytes of one header beyond which Chrome was seen to register nothing; 100 kB still work."""
READINGS_KEPT: Final = 64
"""Values read last: an answer is judged again when its body or its navigation comes."""
PROCESS: Final = "process-an-attribution-eligible-response"

ANSWER_TO_PREFLIGHT: Final = Rule(
    "RSP001",
    "answer-to-preflight",
    Severity.ERROR,
    "the answer to a CORS preflight registers nothing",
)
ANSWER_TO_BROWSER_REQUEST: Final = Rule(
    "RSP002",
    "answer-to-browser-request",
    Severity.ERROR,
    "the answer to a {request} registers nothing: the browser made the request, no page",
)
FORBIDDEN_BY_PERMISSIONS_POLICY: Final = Rule(
    "RSP003",
    "forbidden-by-permissions-policy",
    Severity.ERROR,
    "the Permissions-Policy of {page} forbids the API here",
    "permission-policy-integration",
    "PermissionPolicyDisabled",
)
INSECURE_CONTEXT: Final = Rule(
    "RSP004",
    "insecure-context",
    Severity.ERROR,
    "{page} is not a secure context: on http pages, and in frames of them, nothing registers",
    "",
    "InsecureContext",
)
UNTRUSTWORTHY_REPORTING_ORIGIN: Final = Rule(
    "RSP005",
    "untrustworthy-reporting-origin",
    Severity.ERROR,
    "{origin} may not register: a reporting origin is https, or the local machine",
    "check-if-an-origin-is-suitable",
    "UntrustworthyReportingOrigin",
)
UNTRUSTWORTHY_NAVIGATION_HOP: Final = Rule(
    "RSP006",
    "untrustworthy-navigation-hop",
    Severity.ERROR,
    "{origin} may not register: the hop over http is skipped without a word, later hops count",
    "check-if-an-origin-is-suitable",
)
NAVIGATION_NEVER_CAME: Final = Rule(
    "RSP016",
    "navigation-never-came",
    Severity.ERROR,
    "no navigation followed the background request (a link within the page?): Chrome drops it",
)
SOURCE_HEADER_INVALID: Final = Rule(
    "RSP029",
    "source-header-invalid",
    Severity.ERROR,
    "Chrome cannot read the header and registers nothing",
    PROCESS,
    "InvalidHeader",
)
TRIGGER_HEADER_INVALID: Final = Rule(
    "RSP030",
    "trigger-header-invalid",
    Severity.ERROR,
    "Chrome cannot read the header and registers nothing",
    PROCESS,
    "InvalidRegisterTriggerHeader",
)
OS_SOURCE_HEADER_INVALID: Final = Rule(
    "RSP031",
    "os-source-header-invalid",
    Severity.ERROR,
    "Chrome cannot read the header and hands nothing to the operating system",
    PROCESS,
    "InvalidRegisterOsSourceHeader",
)
OS_TRIGGER_HEADER_INVALID: Final = Rule(
    "RSP032",
    "os-trigger-header-invalid",
    Severity.ERROR,
    "Chrome cannot read the header and hands nothing to the operating system",
    PROCESS,
    "InvalidRegisterOsTriggerHeader",
)
SOURCE_REFUSED_WHEN_STORED: Final = Rule(
    "RSP033",
    "source-refused-when-stored",
    Severity.ERROR,
    "Chrome reads the header, then refuses to store the source: it could tell too much",
)
REDIRECT_LIMIT_REACHED: Final = Rule(
    "RSP035",
    "redirect-limit-reached",
    Severity.ERROR,
    "the {count}. redirect of one request: Chrome follows 20 and gives up at the next",
)
REDIRECT_HEADER_IGNORED: Final = Rule(
    "RSP036",
    "redirect-header-ignored",
    Severity.WARNING,
    "Chrome ignores Attribution-Reporting-Redirect: {url} is never requested",
)
LEFTOVER_HEADER: Final = Rule(
    "RSP037",
    "leftover-header",
    Severity.ERROR,
    "{browser} did not ask for it and has no such API: the header is a leftover",
)
TRIGGER_WITHOUT_ELIGIBLE: Final = Rule(
    "RSP039",
    "trigger-without-eligible",
    Severity.NOTE,
    "the request had no Eligible header: a trigger on a subresource counts all the same",
    PROCESS,
)
REGISTERED_ON_ERROR_STATUS: Final = Rule(
    "RSP043",
    "registered-on-error-status",
    Severity.NOTE,
    "the status {status} makes no difference to Chrome: what such an answer registers counts",
)
ANSWER_CUT_SHORT: Final = Rule(
    "RSP044",
    "answer-cut-short",
    Severity.NOTE,
    "the answer broke off after its headers ({error})",
)
ELIGIBLE_UNREADABLE: Final = Rule(
    "RSP045",
    "eligible-unreadable",
    Severity.WARNING,
    "the request's Eligible header is not one Chrome sends: {eligible}",
)
HEADER_TOO_LONG: Final = Rule(
    "RSP046",
    "header-too-long",
    Severity.ERROR,
    "the header has {length} bytes: of one this long Chrome registered nothing, without a word",
)


class NavigationState(Enum):
    """For a background request that is eligible for navigation sources."""

    SEEN = auto()
    AWAITED = auto()
    NEVER = auto()
    IN_FRAME = auto()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a response's verdicts depend on beyond its own exchange."""

    page: PageFacts = NO_PAGE
    chain: int = 1
    hop: int = 1
    lost: Finding | None = None
    """Why Chrome breaks the chain off here, or did at an earlier hop."""
    navigation: NavigationState = NavigationState.AWAITED
    browser: str = "the client"
    has_api: bool | None = None
    """Whether the browser has the API; None where nothing tells."""
    support: Support | None = None
    """What Support said last, for requests without one."""
    whole: bool = False
    """The body is there, as far as it will ever be."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with what it rests on."""

    verdict: Verdict
    finding: Finding | None = None
    certainty: Certainty = Certainty.CERTAIN
    ground: str = "the wire shows it"


def judge(exchange: Exchange, request: Request, around: Circumstances) -> tuple[Registration, ...]:
    """Every Register header of a response with its verdict."""
    lines = read_lines(exchange)
    given = lines.registrations
    if not given:
        return ()
    web_origin = reporting_origin(exchange.url)
    obstacle = _obstacle(exchange, request, around)
    broken_info = info_invalid(request, lines.info)
    support = request.support or around.support
    sources = choose_registrar(Kind.SOURCE, Kind.OS_SOURCE, given, lines.info, support)
    triggers = choose_registrar(Kind.TRIGGER, Kind.OS_TRIGGER, given, lines.info, support)
    registrations = []
    for kind, raw in given.items():
        choice = sources if kind.is_source else triggers
        source_type = source_type_of(request) if kind.is_source else None
        effective, read_findings, accepted = _read(kind, raw, _assumed(source_type, request))
        decision = obstacle
        if decision is None:
            reason = broken_info or not_eligible(kind, request, given) or choice.reasons.get(kind)
            if reason is not None:
                decision = _ignored(reason)
        if decision is None and len(raw) > HEADER_LIMIT:
            decision = _ignored(
                _inferred(
                    HEADER_TOO_LONG.at(length=len(raw)), "such a header was seen to be dropped"
                )
            )
        if decision is None and not accepted:
            refused = kind is Kind.SOURCE and effective is not None
            rule = SOURCE_REFUSED_WHEN_STORED if refused else INVALID[kind]
            decision = Decision(Verdict.REJECTED, rule.at())
        if decision is None:
            decision = _registered(exchange, request, around, kind)
        findings = (
            *(() if decision.finding is None else (decision.finding,)),
            *_remarks(exchange, request, lines, kind, decision),
            *read_findings,
        )
        registrations.append(
            Registration(
                flow_id=exchange.flow_id,
                time=exchange.answered if exchange.answered is not None else exchange.started,
                url=exchange.url,
                status=exchange.status,
                request=request.kind,
                kind=kind,
                source_type=source_type,
                reporting_origin=web_origin or origin(exchange.url),
                context_site=around.page.site,
                eligible=not_eligible(kind, request, (kind,)) is None,
                eligibility=request.eligibility,
                verdict=decision.verdict,
                certainty=decision.certainty,
                ground=decision.ground,
                chain=around.chain,
                hop=around.hop,
                findings=findings,
                effective=effective,
                raw=raw,
            )
        )
    return tuple(registrations)


def loose_findings(exchange: Exchange) -> tuple[Finding, ...]:
    """What there is to say about header lines of a response that registers nothing."""
    lines = read_lines(exchange)
    findings = [finding for found in lines.findings.values() for finding in found]
    return (*findings, *(REDIRECT_HEADER_IGNORED.at(url=url) for url in lines.redirects))


INVALID: Final = {
    Kind.SOURCE: SOURCE_HEADER_INVALID,
    Kind.TRIGGER: TRIGGER_HEADER_INVALID,
    Kind.OS_SOURCE: OS_SOURCE_HEADER_INVALID,
    Kind.OS_TRIGGER: OS_TRIGGER_HEADER_INVALID,
}


def redirects(exchange: Exchange) -> bool:
    """Whether the answer sends the browser elsewhere."""
    return exchange.status in REDIRECTS and exchange.response_header(b"location") is not None


def _obstacle(exchange: Exchange, request: Request, around: Circumstances) -> Decision | None:
    """What keeps every header of the response from registering, whatever it says."""
    if around.hop > REDIRECT_LIMIT and redirects(exchange):
        return _ignored(REDIRECT_LIMIT_REACHED.at(count=around.hop))
    decision = _not_a_page_request(request, around)
    if decision is not None:
        return decision
    reason = blocked(exchange, request, whole=around.whole)
    reason = reason or around.lost
    if reason is not None:
        return _ignored(reason)
    return _forbidden(exchange, request, around.page) or _without_navigation(request, around)


def _not_a_page_request(request: Request, around: Circumstances) -> Decision | None:
    """Requests no page made, and clients that never ask."""
    if request.kind is RequestKind.PREFLIGHT:
        return _ignored(ANSWER_TO_PREFLIGHT.at())
    if request.kind in {RequestKind.REPORT, RequestKind.KEYS}:
        return _ignored(ANSWER_TO_BROWSER_REQUEST.at(request=request.kind.value))
    if request.eligible_text is None:
        if around.has_api is False:
            finding = LEFTOVER_HEADER.at(browser=around.browser)
            return _ignored(_inferred(finding, "the User-Agent"))
    elif request.eligible is None:
        finding = ELIGIBLE_UNREADABLE.at(eligible=request.eligible_text)
        return Decision(Verdict.UNKNOWN, finding, Certainty.UNKNOWN, "not a browser's own header")
    return None


def _forbidden(exchange: Exchange, request: Request, page: PageFacts) -> Decision | None:
    """Policy, secure context and reporting origin, in the order Chrome asks."""
    if request.eligible_text is None:
        # With an Eligible header the browser has already said that the page may.
        if page.forbidden_by is not None:
            finding = FORBIDDEN_BY_PERMISSIONS_POLICY.at(page=page.forbidden_by)
            return _ignored(_inferred(finding, page.site.ground))
        if page.insecure is not None:
            return _ignored(
                _inferred(INSECURE_CONTEXT.at(page=page.insecure), page.site.ground),
                certainty=Certainty.LIKELY,
            )
    if reporting_origin(exchange.url) is None:
        silent = request.is_navigation and request.eligible_text is not None
        return _ignored(
            (UNTRUSTWORTHY_NAVIGATION_HOP if silent else UNTRUSTWORTHY_REPORTING_ORIGIN).at(
                origin=origin(exchange.url)
            )
        )
    return None


def _without_navigation(request: Request, around: Circumstances) -> Decision | None:
    eligible = request.eligible
    if request.is_navigation or eligible is None or not eligible.navigation_source:
        return None
    if around.navigation is NavigationState.NEVER:
        return _ignored(_inferred(NAVIGATION_NEVER_CAME.at(), "no navigation was seen after it"))
    if around.navigation is NavigationState.IN_FRAME:
        return _ignored(_inferred(NAVIGATION_NEVER_CAME.at(), "the navigation was one of a frame"))
    return None


def _registered(
    exchange: Exchange, request: Request, around: Circumstances, kind: Kind
) -> Decision:
    eligible = request.eligible
    if kind.is_os:
        certainty, ground = Certainty.LIKELY, "handed to the operating system, which may refuse"
    elif eligible is None:
        certainty, ground = _without_eligible(around)
    elif (
        not request.is_navigation
        and eligible.navigation_source
        and around.navigation is NavigationState.AWAITED
    ):
        certainty, ground = Certainty.LIKELY, "the navigation it belongs to is still to come"
    elif exchange.error is not None or not passes_for_sure(exchange, request):
        certainty, ground = Certainty.LIKELY, "nothing seen would make Chrome block the answer"
    else:
        certainty, ground = Certainty.CERTAIN, "an eligible request and a valid header"
    return Decision(Verdict.REGISTERED, None, certainty, ground)


def _without_eligible(around: Circumstances) -> tuple[Certainty, str]:
    if around.has_api is None:
        return Certainty.UNKNOWN, "nothing tells whether this client has the API"
    if around.page.seen and not around.page.in_frame:
        return Certainty.LIKELY, "triggers need no Eligible header, and the page allows the API"
    return Certainty.LIKELY, "triggers need no Eligible header; a policy of the page is not seen"


def _remarks(
    exchange: Exchange, request: Request, lines: AnswerHeaders, kind: Kind, decision: Decision
) -> tuple[Finding, ...]:
    remarks = [*lines.findings.get(kind.header.lower(), ()), *lines.findings.get(INFO, ())]
    remarks += [REDIRECT_HEADER_IGNORED.at(url=url) for url in lines.redirects]
    if decision.verdict is Verdict.REGISTERED:
        if request.eligible_text is None:
            remarks.append(TRIGGER_WITHOUT_ELIGIBLE.at())
        if exchange.status is not None and exchange.status >= ERROR_STATUS:
            remarks.append(REGISTERED_ON_ERROR_STATUS.at(status=exchange.status))
    if exchange.error is not None:
        remarks.append(ANSWER_CUT_SHORT.at(error=exchange.error))
    return tuple(remarks)


@lru_cache(READINGS_KEPT)
def _read(
    kind: Kind, raw: str, source_type: SourceType
) -> tuple[Effective | tuple[Effective, ...] | None, tuple[Finding, ...], bool]:
    """The header's own text: its effective value, its findings, whether Chrome would take it."""
    if kind.is_os:
        os_reading = read_os_registrations(raw)
        return os_reading.value, os_reading.findings, bool(os_reading.value)
    if kind is Kind.TRIGGER:
        trigger_reading = read_trigger(raw)
        return trigger_reading.value, trigger_reading.findings, trigger_reading.ok
    reading = read_source(raw, source_type)
    return reading.value, reading.findings, reading.ok


def _assumed(source_type: SourceType | None, request: Request) -> SourceType:
    """The source type to read a header by: not eligible, as what it could have been at best."""
    if source_type is not None:
        return source_type
    navigation = request.kind is RequestKind.NAVIGATION
    return SourceType.NAVIGATION if navigation else SourceType.EVENT


def _ignored(finding: Finding, certainty: Certainty | None = None) -> Decision:
    return Decision(
        Verdict.IGNORED,
        finding,
        certainty or finding.certainty,
        finding.ground or "the wire shows it",
    )


def _inferred(finding: Finding, ground: str) -> Finding:
    return replace(finding, certainty=Certainty.LIKELY, ground=ground)
