"""A session as JSON in the shapes of `contract`.

May live here: making output models from a session's values. Nothing is judged, and nothing is
escaped beyond JSON: a consumer gets the wire's own text in `url`, `raw` and `effective`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from ara_inspector.browser import BrowserAccount
from ara_inspector.chains import ActionCard, ChainCard, SilentHop
from ara_inspector.context import ContextNews
from ara_inspector.findings import Severity
from ara_inspector.registrations import Registration
from ara_inspector.reports import Report
from ara_inspector.reports.links import Explanation
from ara_inspector.session.summary import counted
from ara_inspector.spec.models import Model
from ara_inspector.timeline import EntryKind, Note
from ara_inspector.views.contract import (
    DOCUMENT_SCHEMA,
    DOCUMENTS_SCHEMA,
    ENTRY_SCHEMA,
    ActionOutput,
    BrowserOutput,
    BucketOutput,
    CaptureOutput,
    ChainOutput,
    ContextOutput,
    DeliveryOutput,
    DocumentOutput,
    EntryOutput,
    ExpectationOutput,
    FindingOutput,
    HopOutput,
    LinkOutput,
    LocatedOutput,
    NoteOutput,
    ProofOutput,
    RegisteredOutput,
    RegistrationOutput,
    ReportOutput,
    ShownOutput,
    SilentOutput,
    SiteOutput,
    SummaryOutput,
)
from ara_inspector.views.fate_document import (
    answers_output,
    fate_output,
    ledger_output,
    standing_output,
)
from ara_inspector.views.output import Json, Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel

    from ara_inspector.attribution.fates import Fate, ReportStanding
    from ara_inspector.findings import Finding
    from ara_inspector.reports.links import BucketLink
    from ara_inspector.session import Summary
    from ara_inspector.timeline import Entry
    from ara_inspector.views.expectation import Judged
    from ara_inspector.views.told import Told


def document(session: Told, capture: CaptureOutput | None = None) -> Json:
    """The whole session as contract 2; `capture` says what it was read from."""
    grown = members(list(session.timeline))
    return frame(session, capture) | {name: list(values) for name, values in grown.items()}


def frame(session: Told, capture: CaptureOutput | None = None) -> Json:
    """The document with nothing in the lists that `members` gives."""
    entries = list(session.timeline)
    told = session.summary()
    return DocumentOutput.model_construct(
        schema_=DOCUMENT_SCHEMA,
        capture=capture,
        expectations=None,
        summary=summary_output(told, entries),
        registrations=(),
        silent=(),
        chains=(),
        actions=(),
        reports=(),
        attribution=(),
        ledger=ledger_output(told.balance, entries),
        contexts=(),
        notes=(),
        findings=(),
    ).model_dump(mode="json", by_alias=True)


def members(entries: Sequence[Entry]) -> dict[str, Iterator[Json]]:
    """The lists of a document that grow with its entries, each made while it is gone through."""
    located = (located for entry in entries for located in _located(entry))
    return {name: told_of(entries, kind) for name, kind in LISTS.items()} | {
        "attribution": map(_dumped, answers_output(entries)),
        "findings": map(_dumped, located),
    }


def told_of(entries: Iterable[Entry], kind: EntryKind) -> Iterator[Json]:
    """What the entries of one kind are about, each as JSON."""
    return (_dumped(about_output(entry)) for entry in entries if entry.kind is kind)


def _dumped(output: BaseModel) -> Json:
    return output.model_dump(mode="json", by_alias=True)


def documents(made: Sequence[Json], judged: Sequence[Judged] | None = None) -> Json:
    """One document as it is, several under one roof, and what was expected of them."""
    told = expectations_output(judged)
    if len(made) == 1:
        return made[0] | {"expectations": told}
    return {"schema": DOCUMENTS_SCHEMA, "expectations": told, "documents": list(made)}


def expectations_output(judged: Sequence[Judged] | None) -> list[Json] | None:
    """Expectations, met or not; None where there are none."""
    return None if judged is None else [_dumped(_expectation(each)) for each in judged]


def _expectation(each: Judged) -> ExpectationOutput:
    return ExpectationOutput.model_construct(
        about=each.about,
        line=each.line,
        met=each.is_met,
        text=each.text or None,
        likely=dict(each.likely),
    )


def entry_document(entry: Entry, capture: str | None = None) -> Json:
    """One entry as contract 3."""
    about: dict[str, Any] = {entry.kind.value: about_output(entry)}
    # Only what other kinds of entries have is left out: null elsewhere is part of the contract.
    absent = {kind.value for kind in EntryKind} - about.keys()
    return EntryOutput.model_construct(
        schema_=ENTRY_SCHEMA,
        capture=capture,
        number=entry.number,
        revision=entry.revision,
        time=entry.time,
        kind=entry.kind,
        reporting_origin=entry.reporting_origin,
        verdict=entry.verdict,
        severity=entry.severity,
        **about,
    ).model_dump(
        mode="json", by_alias=True, exclude=absent if capture is not None else absent | {"capture"}
    )


def json_line(value: Json) -> str:
    r"""`value` on one line, ASCII only: bytes that are no UTF-8 appear as `\udcxx`."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def about_output(entry: Entry) -> Output:
    """What an entry is about, as its output model."""
    about = entry.about
    if isinstance(about, Registration):
        return registration_output(about, entry.number, entry.fate)
    if isinstance(about, Report):
        return report_output(about, entry.number, entry.explanation, entry.standing)
    return OUTPUTS[type(about)](about, entry.number)


def finding_output(finding: Finding) -> FindingOutput:
    """One finding."""
    return FindingOutput.model_construct(**_finding(finding))


def registration_output(
    registration: Registration, entry: int, fate: Fate | None = None
) -> RegistrationOutput:
    """One registration, told by timeline entry `entry`."""
    return _plain(
        RegistrationOutput,
        registration,
        entry=entry,
        request=registration.request.value,
        kind=registration.kind.value,
        context_site=_plain(SiteOutput, registration.context_site),
        effective=_effective(registration.effective),
        attribution=None if fate is None else fate_output(fate, registration, entry),
        findings=tuple(
            map(finding_output, (*registration.findings, *(fate.findings if fate else ())))
        ),
    )


def chain_output(card: ChainCard, entry: int) -> ChainOutput:
    """One chain with its hops."""
    hops = tuple(
        _plain(
            HopOutput,
            hop,
            hop=hop.number,
            registrations=tuple(_plain(RegisteredOutput, done) for done in hop.registrations),
        )
        for hop in card.hops
    )
    return _plain(
        ChainOutput, card, entry=entry, chain=card.number, request=card.kind.value, hops=hops
    )


def report_output(
    report: Report,
    entry: int,
    explanation: Explanation | None = None,
    standing: ReportStanding | None = None,
) -> ReportOutput:
    """One report, and what it goes back to as far as that is explained."""
    body = report.body.to_json() if report.body else None
    delivery = _plain(DeliveryOutput, report.delivery, outcome=report.delivery.outcome.value)
    explained = explanation or Explanation()
    findings = (*report.findings, *explained.findings)
    return _plain(
        ReportOutput,
        report,
        entry=entry,
        kind=report.kind.value,
        delivery=delivery,
        body=body,
        links=tuple(_plain(LinkOutput, link, role=link.role.value) for link in explained.links),
        buckets=tuple(map(_bucket, explained.buckets)),
        proofs=tuple(
            _plain(ProofOutput, proof, about=proof.about.value, outcome=proof.outcome.value)
            for proof in explained.proofs
        ),
        standing=None if standing is None else standing_output(standing),
        findings=tuple(map(finding_output, findings)),
    )


def _bucket(link: BucketLink) -> BucketOutput:
    return _plain(
        BucketOutput,
        link,
        bucket=hex(link.bucket),
        source_piece=None if link.source_piece is None else hex(link.source_piece),
        trigger_pieces=tuple(map(hex, link.trigger_pieces)),
    )


def action_output(card: ActionCard, entry: int) -> ActionOutput:
    """The chains of one user action."""
    return _plain(ActionOutput, card, entry=entry, action=card.number)


def context_output(news: ContextNews, entry: int) -> ContextOutput:
    """What a report proved about the site of the registration that entry `news.entry` tells."""
    return _plain(ContextOutput, news, entry=entry, registration=news.entry)


def summary_output(summary: Summary, entries: Iterable[Entry]) -> SummaryOutput:
    """The summary; what can be counted is counted over `entries`, or over all there were."""
    entries = list(entries)
    counts = summary.whole or counted(entries)
    told = {e.about.name: e.number for e in entries if isinstance(e.about, BrowserAccount)}
    return SummaryOutput.model_construct(
        sentence=summary.sentence,
        exchanges=summary.exchanges,
        eligible=summary.eligible,
        started=summary.started,
        registrations=counts.registrations,
        verdicts={str(verdict): number for verdict, number in summary.verdicts.items()},
        errors=counts.severities.get(Severity.ERROR, 0),
        warnings=counts.severities.get(Severity.WARNING, 0),
        notes=counts.severities.get(Severity.NOTE, 0),
        reporting_origins=counts.reporting_origins,
        multi_reporter_chains=counts.shared_chains,
        chains=summary.chains,
        silent=summary.silent,
        reports=summary.reports,
        ledger=dict(summary.balance.counts),
        proofs=dict(summary.proofs),
        browsers=tuple(
            _plain(BrowserOutput, account, entry=told.get(account.name))
            for account in summary.browsers
        ),
        dropped=dict(summary.dropped),
        shown=None if summary.whole is None else _shown(entries),
    )


def _shown(entries: Sequence[Entry]) -> ShownOutput:
    counts = counted(entries).severities
    return ShownOutput(
        entries=len(entries),
        errors=counts.get(Severity.ERROR, 0),
        warnings=counts.get(Severity.WARNING, 0),
        notes=counts.get(Severity.NOTE, 0),
    )


def _plain[M: Output](model: type[M], value: Any, **over: Any) -> M:
    """`model` with the fields `value` has under the same names, `over` in their place.

    Nothing is validated: the values are our own, and this runs for every entry.
    """
    fields = {
        name: over[name] if name in over else getattr(value, name)
        for name in model.model_fields
        if name in over or name != "findings"
    }
    if "findings" in model.model_fields and "findings" not in over:
        fields["findings"] = tuple(map(finding_output, value.findings))
    return cast("M", model.model_construct(**fields))


def _finding(finding: Finding) -> Json:
    rule = finding.rule
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": finding.severity,
        "path": finding.path,
        "message": finding.message,
        "certainty": finding.certainty,
        "ground": finding.ground,
        "spec": rule.url,
        "issue": rule.issue,
    }


def _located(entry: Entry) -> Iterable[LocatedOutput]:
    for finding in entry.findings:
        yield LocatedOutput.model_construct(
            **_finding(finding),
            entry=entry.number,
            flow_id=getattr(entry.about, "flow_id", None),
            url=getattr(entry.about, "url", None),
        )


def _effective(value: object) -> Json | list[Json] | None:
    if isinstance(value, tuple):
        return [one for item in value if isinstance(one := _effective(item), dict)]
    return value.to_json() if isinstance(value, Model) else None


OUTPUTS: Mapping[type, Callable[[Any, int], Output]] = {
    ChainCard: chain_output,
    ActionCard: action_output,
    ContextNews: context_output,
    SilentHop: lambda about, entry: _plain(SilentOutput, about, entry=entry),
    BrowserAccount: lambda about, entry: _plain(BrowserOutput, about, entry=entry),
    Note: lambda about, entry: _plain(NoteOutput, about, entry=entry),
}
"""How each kind of subject becomes output: from it and its entry's number."""
LISTS: Final[Mapping[str, EntryKind]] = {
    "registrations": EntryKind.REGISTRATION,
    "silent": EntryKind.SILENT,
    "chains": EntryKind.CHAIN,
    "actions": EntryKind.ACTION,
    "reports": EntryKind.REPORT,
    "contexts": EntryKind.CONTEXT,
    "notes": EntryKind.NOTE,
}
"""The members of a document that have entries of one kind in full."""
