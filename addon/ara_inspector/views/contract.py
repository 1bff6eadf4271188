"""The output contract's shapes: what `check` and the JSON-lines timeline promise to keep.

May live here: the output models; their JSON Schemas are printed by `ara-inspector schema`.
Making them from a session is the work of `document`.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from ara_inspector.findings import Certainty, Severity, Verdict
from ara_inspector.timeline import EntryKind

DOCUMENT_SCHEMA: Final = "ara-inspector/document/1"
ENTRY_SCHEMA: Final = "ara-inspector/entry/1"

type Json = dict[str, Any]


class Output(BaseModel):
    """Base of all output models: frozen, nothing extra."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    """The top-level site a registration belongs to; `value` null where nothing tells it."""

    value: str | None
    certainty: Certainty
    ground: str
    origin: str | None


class RegistrationOutput(Output):
    """One Register header of one response, judged. `time` is seconds since the epoch."""

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
    """One redirect chain."""

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

    action: int
    time: float | None
    navigation: str | None
    chains: tuple[int, ...]
    flow_ids: tuple[str, ...]
    sentence: str
    findings: tuple[FindingOutput, ...]


class SilentOutput(Output):
    """An answer to an eligible request that registers nothing."""

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


class ReportOutput(Output):
    """One request of the browser's own reporting."""

    entry: int
    flow_id: str
    time: float | None
    url: str
    kind: str
    reporting_origin: str
    delivery: DeliveryOutput
    body: Json | None
    raw: str
    findings: tuple[FindingOutput, ...]


class ContextOutput(Output):
    """What a report proved about an earlier registration's site."""

    entry: int
    inferred: str | None
    proven: str
    findings: tuple[FindingOutput, ...]


class BrowserOutput(Output):
    """What is known of one browser."""

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

    flow_id: str
    time: float | None
    url: str
    reporting_origin: str | None
    findings: tuple[FindingOutput, ...]


class SummaryOutput(Output):
    """The session in numbers and one sentence."""

    sentence: str
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
    browsers: tuple[BrowserOutput, ...]
    dropped: dict[str, int]


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


class DocumentOutput(NamedOutput):
    """Everything about a capture: what `check --format json` prints."""

    schema_: Literal["ara-inspector/document/1"] = DOCUMENT_SCHEMA
    summary: SummaryOutput
    registrations: tuple[RegistrationOutput, ...]
    silent: tuple[SilentOutput, ...]
    chains: tuple[ChainOutput, ...]
    actions: tuple[ActionOutput, ...]
    reports: tuple[ReportOutput, ...]
    contexts: tuple[ContextOutput, ...]
    findings: tuple[LocatedOutput, ...]


class EntryOutput(NamedOutput):
    """One line of the timeline; the member named by `kind` says what it is about."""

    schema_: Literal["ara-inspector/entry/1"] = ENTRY_SCHEMA
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
