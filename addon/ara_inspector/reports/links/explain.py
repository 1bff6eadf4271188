"""What a report means for the timeline: its links, and what they prove.

May live here: `explain`, which puts the kinds together, and the proofs. It is a pure function:
who remembers the registrations is `memory`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Certainty, Verdict, Words
from ara_inspector.records import replace
from ara_inspector.reports.bodies import AggregatableReport, EventLevelReport, VerboseReport
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.reports.links.aggregatable import link_aggregatable, link_debug
from ara_inspector.reports.links.event_level import link_event_level
from ara_inspector.reports.links.pairs import Sent
from ara_inspector.reports.links.values import (
    HEADER_ERROR_EXPLAINED,
    LIMIT_REACHED,
    SITE_CONTRADICTED,
    TRIGGER_UNSEEN,
    UNEXPLAINED,
    VERDICT_CONTRADICTED,
    Explanation,
    Proof,
    ProofOutcome,
    Proven,
    Role,
)
from ara_inspector.reports.links.verbose import link_datum
from ara_inspector.reports.verbose_types import (
    VERBOSE_TYPES,
    Because,
    DebugSubject,
    kinds_refused,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ara_inspector.findings import Finding
    from ara_inspector.reports.bodies import VerboseDatum
    from ara_inspector.reports.links.values import BucketLink, Known, Link
    from ara_inspector.reports.report import Report

VOWELS: Final = frozenset("aeiou")


def explain(report: Report, known: Sequence[Known]) -> Explanation:
    """What `report` goes back to among the registrations of its reporting origin."""
    sent = Sent(report.kind, report.time)
    match report.body:
        case EventLevelReport() as body:
            return _attributed(report, link_event_level(body, sent, known), (), known)
        case AggregatableReport() as body:
            debug = report.kind is ReportKind.AGGREGATABLE_DEBUG
            links, buckets = (link_debug if debug else link_aggregatable)(body, sent, known)
            return _attributed(report, links, buckets, known)
        case VerboseReport() as body:
            return _verbose(report, body, known)
        case _:
            return Explanation()


def _ground(name: str, link: Link) -> str:
    """By what a report of this name proves something, in words."""
    # Of names like `event-level` and `os-source-delegated` the first letter tells.
    article = "an" if name[:1] in VOWELS else "a"
    return f"{article} {name} report with the {link.ground}"


def _unlinked(report: Report, links: tuple[Link, ...]) -> tuple[Finding, ...]:
    """That nothing explains the report, or only half of it."""
    if not links:
        return (UNEXPLAINED.at(kind=Words(report.kind.value)),)
    if report.kind.is_event_level and all(link.role is not Role.TRIGGER for link in links):
        return (TRIGGER_UNSEEN.at(),)
    return ()


def _attributed(
    report: Report,
    links: tuple[Link, ...],
    buckets: tuple[BucketLink, ...],
    known: Sequence[Known],
) -> Explanation:
    """A report that certainly comes of a registration proves that it was processed.

    Not a debug report: the browser makes those of refused registrations as well.
    """
    proofs = tuple(
        _verdict_proof(
            _entry(link.entry, known),
            Verdict.REGISTERED,
            _ground(report.kind.value, link),
        )
        for link in links
        if link.certainty is Certainty.CERTAIN and link.role is not Role.CAUSE
    )
    findings = (*_unlinked(report, links), *_contradictions(proofs, report.kind.value))
    spent = [(link.entry, report.kind.value) for link in links if link.role is not Role.SOURCE]
    return Explanation(links, buckets, proofs, findings, tuple(spent))


def _verbose(report: Report, body: VerboseReport, known: Sequence[Known]) -> Explanation:
    links: dict[tuple[int, Role], Link] = {}
    proofs: dict[Proof, None] = {}
    findings: list[Finding] = []
    spent: list[tuple[int, str]] = []
    for datum in body.data:
        found = link_datum(datum, report.time, known)
        spent += [
            (link.entry, kind.value)
            for link in found
            if link.role is Role.CAUSE
            for kind in (report.kind, *kinds_refused(datum.type or ""))
        ]
        if all(link.role is not Role.CAUSE for link in found):
            findings.append(UNEXPLAINED.at(kind=datum.type or Words(report.kind.value)))
        for link in found:
            links.setdefault((link.entry, link.role), link)
            about = _entry(link.entry, known)
            proven, told = _proofs(datum, link, about)
            proofs.update(dict.fromkeys(proven))
            findings += told
    return Explanation(tuple(links.values()), (), tuple(proofs), tuple(findings), tuple(spent))


def _entry(number: int, known: Sequence[Known]) -> Known:
    # Looked for from the end, where it mostly is; thousands may be known.
    return next(each for each in reversed(known) if each.entry == number)


def _proofs(datum: VerboseDatum, link: Link, known: Known) -> tuple[list[Proof], list[Finding]]:
    """What a datum proves about one registration it is linked to, and what there is to say."""
    kind = VERBOSE_TYPES.get(datum.type or "")
    ground = _ground(str(datum.type), link)
    proofs: list[Proof] = []
    findings: list[Finding] = []
    site = _proven_site(datum, known)
    if site is not None:
        proofs.append(_site_proof(known, site, ground))
    if kind is not None and link.role is Role.CAUSE:
        proof = _verdict_proof(known, kind.verdict, ground)
        if (
            proof.outcome is ProofOutcome.CONFIRMED
            and known.kind.is_source
            and kind.because is Because.STATE
        ):
            proof = replace(proof, outcome=ProofOutcome.LIMIT, proven=kind.name)
            findings.append(
                LIMIT_REACHED.at(entry=known.entry, type=kind.name, meaning=Words(kind.meaning))
            )
        proofs.append(proof)
        if kind.subject is DebugSubject.HEADER:
            findings += _header_error(known)
    findings += _contradictions(proofs, datum.type)
    return proofs, findings


def _verdict_proof(known: Known, proven: Verdict, ground: str) -> Proof:
    verdict = known.verdict
    agrees = verdict in {proven, Verdict.UNKNOWN}
    return Proof(
        entry=known.entry,
        about=Proven.VERDICT,
        outcome=ProofOutcome.CONFIRMED if agrees else ProofOutcome.CONTRADICTED,
        concluded=None if verdict is Verdict.UNKNOWN else verdict.value,
        proven=proven.value,
        ground=ground,
    )


def _proven_site(datum: VerboseDatum, known: Known) -> str | None:
    """The context site a datum shows: of a source its site, of a trigger the destination."""
    if known.kind.is_source:
        return datum.source_site or datum.context_site
    # A datum that carries a whole report names all destinations of the source.
    named = datum.attribution_destination or ()
    return named[0] if len(named) == 1 else datum.context_site


def _site_proof(known: Known, site: str, ground: str) -> Proof:
    inferred = known.site
    agrees = inferred in {site, None}
    return Proof(
        entry=known.entry,
        about=Proven.CONTEXT_SITE,
        outcome=ProofOutcome.CONFIRMED if agrees else ProofOutcome.CONTRADICTED,
        concluded=inferred,
        proven=site,
        ground=ground,
    )


def _header_error(known: Known) -> list[Finding]:
    """Our own first error in the header Chrome calls broken."""
    error = known.error
    if error is None:
        return []
    # Its message is ours, and has quoted what is the header's.
    code, problem = Words(error.rule.code), Words(error.message)
    return [HEADER_ERROR_EXPLAINED.at(code=code, entry=known.entry, problem=problem)]


def _contradictions(proofs: Iterable[Proof], name: str | None) -> list[Finding]:
    """What a report or debug type called `name` shows to be wrong."""
    findings = []
    for proof in proofs:
        if proof.outcome is not ProofOutcome.CONTRADICTED:
            continue
        if proof.about is Proven.CONTEXT_SITE:
            finding = SITE_CONTRADICTED.at(
                entry=proof.entry, proven=proof.proven, inferred=proof.concluded
            )
        else:
            verdict = Words(proof.concluded)
            finding = VERDICT_CONTRADICTED.at(type=name, entry=proof.entry, verdict=verdict)
        findings.append(finding)
    return findings
