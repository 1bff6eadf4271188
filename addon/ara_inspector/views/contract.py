"""The output contract's shapes: what `check` and the JSON-lines timeline promise to keep.

May live here: the output models; their JSON Schemas are printed by `ara-inspector schema`.
Making them from a session is the work of `document`.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import ConfigDict

from ara_inspector.findings import Certainty, Severity, Verdict
from ara_inspector.timeline import EntryKind
from ara_inspector.views.fate_contract import (
    AnswerOutput,
    FateOutput,
    LedgerOutput,
    StandingOutput,
)
from ara_inspector.views.output import Json, Output

DOCUMENT_SCHEMA: Final = "ara-inspector/document/1"
DOCUMENTS_SCHEMA: Final = "ara-inspector/documents/1"
ENTRY_SCHEMA: Final = "ara-inspector/entry/1"


class FindingOutput(Output):
    """One finding. `path` leads into the header's value; `issue` is DevTools' name for it.

    `spec` is the address of the specification's text behind the rule.
    """

    code: str
    name: str
    severity: Severity
    path: tuple[str | int, ...]
    message: str
    certainty: Certainty
    ground: str
    spec: str
    issue: str | None


class SiteOutput(Output):
    """The top-level site a registration belongs to; `value` null where nothing tells it.

    `page` is the URL without query of the page that was seen loading: of several pages of one
    `origin` the one loaded last.
    """

    value: str | None
    certainty: Certainty
    ground: str
    origin: str | None
    page: str | None


class RegistrationOutput(Output):
    """One Register header of one response, judged. `time` is seconds since the epoch.

    `attribution` says what the browser makes of it; null for what it does not come to store.
    """

    entry: int
    flow_id: str
    time: float | None
    url: str
    status: int | None
    request: str
    header: str
    kind: str
    source_type: str | None
    reporting_origin: str | None
    context_site: SiteOutput
    eligible: bool
    eligibility: tuple[str, ...] | None
    verdict: Verdict
    certainty: Certainty
    ground: str
    issue: str | None
    chain: int
    hop: int
    findings: tuple[FindingOutput, ...]
    effective: Json | list[Json] | None
    raw: str
    attribution: FateOutput | None


class RegisteredOutput(Output):
    """What one header of a hop came to."""

    kind: str
    verdict: Verdict
    entry: int


class HopOutput(Output):
    """One request of a chain."""

    hop: int
    flow_id: str
    method: str
    url: str
    reporting_origin: str | None
    status: int | None
    eligibility: tuple[str, ...] | None
    registrations: tuple[RegisteredOutput, ...]
    milliseconds: float | None


class ChainOutput(Output):
    """One redirect chain, told by timeline entry `entry`."""

    entry: int
    chain: int
    time: float | None
    request: str
    hops: tuple[HopOutput, ...]
    ended: str
    totals: str
    reporters: int
    registered: int
    silent: int
    action: int | None
    findings: tuple[FindingOutput, ...]


class ActionOutput(Output):
    """The chains of one user action."""

    entry: int
    action: int
    time: float | None
    navigation: str | None
    chains: tuple[int, ...]
    flow_ids: tuple[str, ...]
    sentence: str
    findings: tuple[FindingOutput, ...]


class SilentOutput(Output):
    """An answer to an eligible request that registers nothing."""

    entry: int
    flow_id: str
    time: float | None
    url: str
    status: int | None
    request: str
    reporting_origin: str | None
    eligibility: tuple[str, ...]
    chain: int
    hop: int
    findings: tuple[FindingOutput, ...]


class DeliveryOutput(Output):
    """What became of a report's request."""

    outcome: str
    status: int | None
    error: str | None
    location: str | None


class LinkOutput(Output):
    """A registration a report goes back to: entry `entry`, or else one of `others`."""

    entry: int
    role: str
    certainty: Certainty
    ground: str
    others: tuple[int, ...]


class BucketOutput(Output):
    """A contribution taken apart; buckets and key pieces are hexadecimal."""

    bucket: str
    value: int
    key: str
    source: int | None
    source_piece: str | None
    trigger: int | None
    trigger_pieces: tuple[str, ...]


class ProofOutput(Output):
    """What a report proves about entry `entry`."""

    entry: int
    about: str
    outcome: str
    concluded: str | None
    proven: str
    ground: str


class ReportOutput(Output):
    """One request of the browser's own reporting, and what it goes back to."""

    entry: int
    flow_id: str
    time: float | None
    url: str
    kind: str
    reporting_origin: str
    delivery: DeliveryOutput
    body: Json | None
    raw: str
    links: tuple[LinkOutput, ...]
    buckets: tuple[BucketOutput, ...]
    proofs: tuple[ProofOutput, ...]
    standing: StandingOutput | None
    findings: tuple[FindingOutput, ...]


class ContextOutput(Output):
    """What a report proved about the site of an earlier registration, entry `registration`."""

    entry: int
    registration: int
    inferred: str | None
    proven: str
    findings: tuple[FindingOutput, ...]


class BrowserOutput(Output):
    """What is known of one browser; `entry` null before the timeline told of it."""

    entry: int | None
    name: str
    version: int | None
    works: bool | None
    certainty: Certainty
    ground: str
    sentence: str
    support: str | None
    eligible_seen: int
    findings: tuple[FindingOutput, ...]


class NoteOutput(Output):
    """Findings about an exchange that belong to no registration."""

    entry: int
    flow_id: str
    time: float | None
    url: str
    reporting_origin: str | None
    findings: tuple[FindingOutput, ...]


class ShownOutput(Output):
    """What a filter leaves of the entries, in numbers."""

    entries: int
    errors: int
    warnings: int
    notes: int


class SummaryOutput(Output):
    """The session in numbers and one sentence, all of it even where a filter shows only a part.

    `started` is the time of the first entry, from which relative times count. `shown` is null
    where no filter leaves anything out.
    """

    sentence: str
    started: float | None = None
    exchanges: int
    eligible: int
    registrations: int
    verdicts: dict[str, int]
    errors: int
    warnings: int
    notes: int
    reporting_origins: tuple[str, ...]
    multi_reporter_chains: int
    chains: int
    silent: int
    reports: int
    ledger: dict[str, int]
    proofs: dict[str, int]
    browsers: tuple[BrowserOutput, ...]
    dropped: dict[str, int]
    shown: ShownOutput | None = None


class LocatedOutput(FindingOutput):
    """A finding with the entry and the exchange it is about."""

    entry: int
    flow_id: str | None
    url: str | None


class NamedOutput(Output):
    """Base of what stands alone and so names its schema (`schema` in JSON)."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.rstrip("_")
    )


class CaptureOutput(Output):
    """The recording itself: `damage` where it breaks off, `lacks` what it cannot show.

    Where nothing of it could be read, `readable` is false, `damage` says why and the document is
    empty. `redacted` says that all of the ad-tech's own names and values are pseudonyms.
    """

    name: str
    readable: bool = True
    damage: str | None
    skipped: tuple[str, ...]
    lacks: tuple[str, ...]
    redacted: bool


class ExpectationOutput(Output):
    """What was expected of the captures: `text` says what is missing, null where it is met.

    `line` is where it begins in its file. `likely` are the entries whose fates are only likely on
    which what is met rests, by the grounds.
    """

    about: str
    line: int | None
    met: bool
    text: str | None
    likely: dict[str, tuple[str, ...]]


class DocumentOutput(NamedOutput):
    """Everything about a capture: what `check --format json` prints.

    `capture` is null for a session that is still going on, `expectations` where there are none.
    """

    schema_: Literal["ara-inspector/document/1"] = DOCUMENT_SCHEMA
    capture: CaptureOutput | None = None
    expectations: tuple[ExpectationOutput, ...] | None = None
    summary: SummaryOutput
    registrations: tuple[RegistrationOutput, ...]
    silent: tuple[SilentOutput, ...]
    chains: tuple[ChainOutput, ...]
    actions: tuple[ActionOutput, ...]
    reports: tuple[ReportOutput, ...]
    attribution: tuple[AnswerOutput, ...]
    ledger: LedgerOutput
    contexts: tuple[ContextOutput, ...]
    notes: tuple[NoteOutput, ...]
    findings: tuple[LocatedOutput, ...]


class DocumentsOutput(NamedOutput):
    """Several captures, each a document of its own, also where one could not be read.

    `expectations` are of all together, and null in each of them.
    """

    schema_: Literal["ara-inspector/documents/1"] = DOCUMENTS_SCHEMA
    expectations: tuple[ExpectationOutput, ...] | None = None
    documents: tuple[DocumentOutput, ...]


class EntryOutput(NamedOutput):
    """One line of the timeline; the member named by `kind` says what it is about.

    `capture` is the recording's name, where lines of several are in one output.
    """

    schema_: Literal["ara-inspector/entry/1"] = ENTRY_SCHEMA
    capture: str | None = None
    number: int
    revision: int
    time: float | None
    kind: EntryKind
    reporting_origin: str | None
    verdict: Verdict | None
    severity: Severity | None
    registration: RegistrationOutput | None = None
    silent: SilentOutput | None = None
    chain: ChainOutput | None = None
    action: ActionOutput | None = None
    report: ReportOutput | None = None
    context: ContextOutput | None = None
    browser: BrowserOutput | None = None
    note: NoteOutput | None = None
