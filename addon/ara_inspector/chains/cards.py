"""What a chain is told as: its hops as rows, totals, how it ended.

May live here: the frozen cards, the one function that makes a card of a chain, and the rules
(CHN) about a chain as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Finding, Rule, Severity, Verdict, Words
from ara_inspector.registrations import Registration, RequestKind
from ara_inspector.spec.effective import Source
from ara_inspector.spec.urls import origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ara_inspector.chains.joining import Chain, HopState
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations import Request

DESTINATIONS_DIFFER: Final = Rule(
    "CHN001",
    "destinations-differ",
    Severity.NOTE,
    "the sources of this chain have different destinations; each counts by itself",
)
REPORTER_TWICE: Final = Rule(
    "CHN002",
    "reporter-twice",
    Severity.NOTE,
    "{reporter} registers {times} times in this chain, each time anew",
)
NEXT_HOP_MISSING: Final = Rule(
    "CHN004",
    "next-hop-missing",
    Severity.NOTE,
    "the redirect to {url} was not seen being followed: cached, blocked or not recorded",
)
CHAIN_LOOPS: Final = Rule(
    "CHN005",
    "chain-loops",
    Severity.WARNING,
    "the chain comes back to {url}",
)
CHAIN_FAILED: Final = Rule(
    "CHN006",
    "chain-failed",
    Severity.WARNING,
    "hop {hop} failed ({error}); what earlier hops registered stays",
)
HOP_AMBIGUOUS: Final = Rule(
    "CHN007",
    "hop-ambiguous",
    Severity.NOTE,
    "several identical chains ran at once: which request is whose hop is a guess",
)
HOP_OVER_HTTP: Final = Rule(
    "CHN008",
    "hop-over-http",
    Severity.WARNING,
    "hop {hop} goes over http: it may not register, and the hops after it have no Referer",
)
SILENT_HOP: Final = Rule(
    "CHN009",
    "silent-hop",
    Severity.NOTE,
    "the request was eligible ({given}) and the answer registers nothing",
)
REDIRECT_NOT_FOLLOWED: Final = Rule(
    "CHN015",
    "redirect-not-followed",
    Severity.WARNING,
    "the chain ends with a redirect to {url}, which Chrome does not follow",
)


STARTED_ANEW: Final = Rule(
    "CHN017",
    "navigation-started-anew",
    Severity.WARNING,
    "hop {hop} calls client hints critical that were not sent ({hints}): Chrome starts anew at "
    "{url}, and the hops before it register once more",
)


class Registered(Struct, frozen=True, gc=False):
    """What one Register header of a hop came to."""

    kind: str
    verdict: Verdict
    entry: int


class Hop(Struct, frozen=True, gc=False, kw_only=True):
    """One request of a chain, as a row of its card."""

    number: int
    flow_id: str
    method: str
    url: str
    reporting_origin: str | None
    status: int | None
    eligibility: tuple[str, ...] | None
    """The kinds its Eligible header named; None where there was no such header."""
    registrations: tuple[Registered, ...] = ()
    milliseconds: float | None = None
    """From the request to its answer."""


class ChainCard(Struct, frozen=True, gc=False, kw_only=True):
    """A redirect chain as far as it is known."""

    number: int
    time: float | None
    kind: RequestKind
    hops: tuple[Hop, ...]
    ended: str
    """How it ended, in words; "waiting for ..." while it may go on."""
    totals: str
    """For instance "3 reporters, 2 registered, 1 silent; ended at hop 4: 200"."""
    reporters: int
    registered: int
    silent: int
    action: int | None = None
    """The number of the user action it is part of."""
    findings: tuple[Finding, ...] = ()


class SilentHop(Struct, frozen=True, gc=False, kw_only=True):
    """An answer to an eligible request that carries no Register header."""

    flow_id: str
    time: float | None
    url: str
    status: int | None
    request: RequestKind
    reporting_origin: str | None
    eligibility: tuple[str, ...]
    chain: int
    hop: int
    findings: tuple[Finding, ...] = ()


def chain_card(chain: Chain, told: Callable[[int], Registration | None]) -> ChainCard:
    """The card of `chain`; `told` gives the registration an entry number is about."""
    hops = []
    registrations: list[Registration] = []
    for number, state in enumerate(chain.hops, 1):
        found = [(entry, told(entry)) for entry in state.entries]
        known = [(entry, about) for entry, about in found if about is not None]
        registrations += [about for _, about in known]
        hops.append(_hop(number, state, known))
    reporters = {hop.reporting_origin for hop in hops}
    registered = {
        hop.reporting_origin
        for hop in hops
        if any(row.verdict is Verdict.REGISTERED for row in hop.registrations)
    }
    silent = {hop.reporting_origin for hop in hops if hop.eligibility and not hop.registrations}
    silent -= {hop.reporting_origin for hop in hops if hop.registrations}
    ended = _ended(chain)
    return ChainCard(
        number=chain.number,
        time=chain.hops[0].started,
        kind=chain.kind,
        hops=tuple(hops),
        ended=ended,
        totals=(
            f"{len(reporters)} {'reporter' if len(reporters) == 1 else 'reporters'}, "
            f"{len(registered)} registered, {len(silent)} silent; {ended}"
        ),
        reporters=len(reporters),
        registered=len(registered),
        silent=len(silent),
        action=None if chain.action is None else chain.action.number,
        findings=_findings(chain, registrations),
    )


def _hop(number: int, state: HopState, known: Sequence[tuple[int, Registration]]) -> Hop:
    milliseconds = None
    if state.answered is not None and state.started is not None:
        milliseconds = round((state.answered - state.started) * 1_000, 1)
    return Hop(
        number=number,
        flow_id=state.flow_id,
        method=state.method,
        url=state.url,
        reporting_origin=origin(state.url),
        status=state.status,
        eligibility=state.eligibility,
        registrations=tuple(
            Registered(about.kind.value, about.verdict, entry) for entry, about in known
        ),
        milliseconds=milliseconds,
    )


def _ended(chain: Chain) -> str:
    last = chain.hops[-1]
    where = f"at hop {len(chain.hops)}"
    if last.error is not None and last.status is None:
        return f"failed {where}: {last.error}"
    if last.status is None:
        return f"waiting for the answer of hop {len(chain.hops)}"
    if chain.next_url is None:
        return f"{'started anew' if last.unsent else 'ended'} {where}: {last.status}"
    if chain.barred:
        return f"broke off {where}: Chrome does not follow a redirect to {chain.next_url}"
    if chain.given_up:
        return f"broke off {where}: {chain.next_url} was not requested"
    return f"waiting for {chain.next_url}"


def _findings(chain: Chain, registrations: Sequence[Registration]) -> tuple[Finding, ...]:
    findings = []
    kept = [about for about in registrations if about.verdict is Verdict.REGISTERED]
    destinations = {
        about.effective.destination for about in kept if isinstance(about.effective, Source)
    }
    if len(destinations) > 1:
        findings.append(DESTINATIONS_DIFFER.at())
    reporters = [about.reporting_origin for about in kept]
    for reporter in dict.fromkeys(reporters):
        times = reporters.count(reporter)
        if times > 1:
            findings.append(REPORTER_TWICE.at(reporter=reporter, times=times))
    urls = [hop.url for hop in chain.hops]
    again = next((url for index, url in enumerate(urls) if url in urls[:index]), None)
    if again is not None:
        findings.append(CHAIN_LOOPS.at(url=again))
    for number, hop in enumerate(chain.hops, 1):
        findings += _findings_of_hop(number, hop, urls[0])
    if chain.next_url is not None and (chain.barred or chain.given_up):
        rule = REDIRECT_NOT_FOLLOWED if chain.barred else NEXT_HOP_MISSING
        findings.append(rule.at(url=chain.next_url))
    if chain.ambiguous:
        findings.append(HOP_AMBIGUOUS.at().inferred("identical chains"))
    return tuple(findings)


def _findings_of_hop(number: int, hop: HopState, first: str) -> Iterator[Finding]:
    if hop.error is not None and hop.status is None:
        yield CHAIN_FAILED.at(hop=number, error=hop.error)
    if hop.url.startswith("http:") and first.startswith("https:"):
        yield HOP_OVER_HTTP.at(hop=number)
    if hop.unsent and number > 1:
        anew = STARTED_ANEW.at(hop=number, hints=", ".join(hop.unsent), url=first)
        yield anew.inferred("Chrome sends such hints")


def silent_hop(exchange: Exchange, request: Request, chain: Chain, hop: int) -> SilentHop | None:
    """The row of an answer that could have registered and did not; None if it could not."""
    eligibility = request.eligibility
    if not eligibility or request.kind in {RequestKind.FRAME, RequestKind.PREFLIGHT}:
        return None
    return SilentHop(
        flow_id=exchange.flow_id,
        time=exchange.answered,
        url=exchange.url,
        status=exchange.status,
        request=request.kind,
        reporting_origin=origin(exchange.url),
        eligibility=eligibility,
        chain=chain.number,
        hop=hop,
        findings=(SILENT_HOP.at(given=Words(", ".join(eligibility))),),
    )
