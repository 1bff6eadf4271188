"""What the browser does with the Register headers of one response.

May live here: putting eligibility, page, chain and blocking together to one verdict a header,
and the rules (RSP) about the response as a whole. What the header's own text is worth comes
from `spec`; chains and pages are found elsewhere and handed in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.exchange import ERROR_STATUS
from ara_inspector.findings import Certainty, Finding, Rule, Severity, Verdict, Words
from ara_inspector.records import replace
from ara_inspector.registrations.blocking import passes_for_sure
from ara_inspector.registrations.eligibility import (
    PROCESS,
    choose_registrar,
    info_invalid,
    not_eligible,
    source_type_of,
    without_a_click,
)
from ara_inspector.registrations.encoding import as_latin_1, reader_is_sure, reads_latin_1
from ara_inspector.registrations.lines import INFO, read_lines
from ara_inspector.registrations.obstacles import (
    NAVIGATION_NEVER_CAME,
    Circumstances,
    Decision,
    NavigationState,
    ignored,
    obstacle,
)
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

HEADER_LIMIT: Final = 200_000
"""Bytes of one header beyond which Chrome was seen to register nothing; 100 kB still work."""
READINGS_KEPT: Final = 64
"""Values read last: an answer is judged again when its body or its navigation comes."""

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
REDIRECT_HEADER_IGNORED: Final = Rule(
    "RSP036",
    "redirect-header-ignored",
    Severity.WARNING,
    "Chrome ignores Attribution-Reporting-Redirect: {url} is never requested",
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
HEADER_TOO_LONG: Final = Rule(
    "RSP046",
    "header-too-long",
    Severity.ERROR,
    "the header has {length} bytes: of one this long Chrome registered nothing, without a word",
)
NAVIGATION_NOT_RECORDED: Final = Rule(
    "RSP049",
    "navigation-not-recorded",
    Severity.NOTE,
    "the capture ends before the navigation of this background request could be seen",
)
UNSEEN_NAVIGATION: Final = frozenset({NAVIGATION_NEVER_CAME, NAVIGATION_NOT_RECORDED})
"""The rules of a background request whose navigation was not seen."""
ENCODING_DEPENDS_ON_READER: Final = Rule(
    "RSP070",
    "encoding-depends-on-reader",
    Severity.WARNING,
    "what is not ASCII is read as {encoding} here, as {other} elsewhere: write \\uXXXX escapes",
)
READER_UNKNOWN: Final = "the wire does not tell whether the page or the browser reads the header"


class HeaderReading(Struct, frozen=True, gc=False):
    """A header's own text: its effective value, its findings, whether Chrome would take it."""

    effective: Effective | tuple[Effective, ...] | None
    findings: tuple[Finding, ...]
    accepted: bool
    doubtful: bool = False
    """Read in the other encoding it comes to something else, and either may be right."""


def judge(exchange: Exchange, request: Request, around: Circumstances) -> tuple[Registration, ...]:
    """Every Register header of a response with its verdict."""
    lines = read_lines(exchange)
    given = lines.registrations
    if not given:
        return ()
    found = obstacle(exchange, request, around)
    reasons = _reasons(request, around, lines) if found is None else {}
    where = reporting_origin(exchange.url) or origin(exchange.url)
    registrations = []
    for kind, raw in given.items():
        source_type = source_type_of(request) if kind.is_source else None
        assumed = _assumed(source_type, request)
        # Headers for the operating system are refused beyond ASCII, in either encoding.
        plain = raw.isascii() or kind.is_os
        reading = _read(kind, raw, assumed) if plain else _decoded(kind, raw, request, assumed)
        decision = found
        if decision is None and kind in reasons:
            decision = ignored(reasons[kind])
        if decision is None:
            decision = _of_header(kind, raw, reading) or _registered(
                exchange, request, around, kind
            )
            if reading.doubtful:
                decision = _in_doubt(decision)
        findings = (
            *(() if decision.finding is None else (decision.finding,)),
            *_remarks(exchange, request, lines, kind, decision),
            *reading.findings,
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
                reporting_origin=where,
                context_site=around.page.site,
                eligible=not_eligible(kind, request, (kind,)) is None,
                eligibility=request.eligibility,
                verdict=decision.verdict,
                certainty=decision.certainty,
                ground=decision.ground,
                chain=around.chain,
                hop=around.hop,
                findings=findings,
                effective=reading.effective,
                raw=raw,
            )
        )
    return tuple(registrations)


def _reasons(request: Request, around: Circumstances, lines: AnswerHeaders) -> dict[Kind, Finding]:
    """Of the kinds of header that may not register: why, in the order Chrome asks."""
    given = lines.registrations
    support = request.support or around.support
    broken_info = info_invalid(request, lines.info)
    reasons = {}
    for web, os in ((Kind.SOURCE, Kind.OS_SOURCE), (Kind.TRIGGER, Kind.OS_TRIGGER)):
        choice = choose_registrar(web, os, given, lines.info, support)
        for kind in (web, os):
            if kind not in given:
                continue
            reason = not_eligible(kind, request, given)
            if around.by_itself and reason is not None:
                reason = without_a_click(reason)
            reason = broken_info or reason or choice.reasons.get(kind)
            if reason is not None:
                reasons[kind] = reason
    return reasons


def _of_header(kind: Kind, raw: str, reading: HeaderReading) -> Decision | None:
    """What the header itself is too much or not enough for; None if Chrome takes it."""
    if len(raw) > HEADER_LIMIT:
        finding = HEADER_TOO_LONG.at(length=len(raw))
        return ignored(finding.inferred("such a header was seen to be dropped"))
    if reading.accepted:
        return None
    refused = kind is Kind.SOURCE and reading.effective is not None
    rule = SOURCE_REFUSED_WHEN_STORED if refused else INVALID[kind]
    return Decision(Verdict.REJECTED, rule.at())


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


def _registered(
    exchange: Exchange, request: Request, around: Circumstances, kind: Kind
) -> Decision:
    eligible = request.eligible
    background = eligible is not None and eligible.navigation_source and not request.is_navigation
    if background and around.navigation is NavigationState.CUT_OFF:
        ground = "the capture ends here, its navigation may have come later"
        return Decision(Verdict.UNKNOWN, NAVIGATION_NOT_RECORDED.at(), Certainty.UNKNOWN, ground)
    if kind.is_os:
        certainty, ground = Certainty.LIKELY, "handed to the operating system, which may refuse"
    elif eligible is None:
        certainty, ground = _without_eligible(around)
    elif background and around.navigation is NavigationState.AWAITED:
        certainty, ground = Certainty.LIKELY, "the navigation it belongs to is still to come"
    elif background and around.navigation is NavigationState.SEEN_LATE:
        certainty, ground = Certainty.LIKELY, "the navigation came late: of this click or another"
    elif around.unfollowed and not request.is_navigation:
        # A fetch may ask for no redirects, a policy in markup may forbid this one.
        certainty, ground = Certainty.LIKELY, "the request that it leads to was not seen"
    elif around.page.nameless and not request.is_navigation:
        certainty, ground = Certainty.LIKELY, "the page may be a popup of a sandboxed frame"
    elif around.carried:
        ground = "a redirect may have brought the client hints that the answer calls critical"
        certainty = Certainty.LIKELY
    elif exchange.error is not None or not passes_for_sure(exchange, request, around.hop):
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


def _in_doubt(decision: Decision) -> Decision:
    """The decision as one that is likely at best."""
    if decision.certainty is not Certainty.CERTAIN:
        return decision
    finding = None if decision.finding is None else decision.finding.inferred(READER_UNKNOWN)
    return Decision(decision.verdict, finding, Certainty.LIKELY, READER_UNKNOWN)


def _decoded(kind: Kind, raw: str, request: Request, assumed: SourceType) -> HeaderReading:
    """What a header beyond ASCII comes to in the encoding that it is read in."""
    of_utf_8, of_latin_1 = (_read(kind, text, assumed) for text in (raw, as_latin_1(raw)))
    latin_1, sure = reads_latin_1(request), reader_is_sure(request)
    reading, other = (of_latin_1, of_utf_8) if latin_1 else (of_utf_8, of_latin_1)
    same = reading.effective == other.effective and reading.accepted == other.accepted
    if same or (sure and not latin_1):
        return reading
    here, there = ("Latin-1", "UTF-8") if latin_1 else ("UTF-8", "Latin-1")
    finding = ENCODING_DEPENDS_ON_READER.at(encoding=Words(here), other=Words(there))
    if not sure:
        finding = finding.inferred(READER_UNKNOWN)
    return replace(reading, findings=(finding, *reading.findings), doubtful=not sure)


@lru_cache(READINGS_KEPT)
def _read(kind: Kind, raw: str, source_type: SourceType) -> HeaderReading:
    if kind.is_os:
        registrations = read_os_registrations(raw)
        return HeaderReading(
            registrations.value, registrations.findings, accepted=bool(registrations.value)
        )
    reading = read_trigger(raw) if kind is Kind.TRIGGER else read_source(raw, source_type)
    return HeaderReading(reading.value, reading.findings, accepted=reading.ok)


def _assumed(source_type: SourceType | None, request: Request) -> SourceType:
    """The source type to read a header by: not eligible, as what it could have been at best."""
    if source_type is not None:
        return source_type
    navigation = request.kind is RequestKind.NAVIGATION
    return SourceType.NAVIGATION if navigation else SourceType.EVENT
