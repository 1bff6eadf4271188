"""What reports say: frozen models of their bodies, with the wire's names.

May live here: the models only - they are the output contract. Every field is None where the
body lacks it or has something else in its place; `body_fields` and `body_readers` find that.
Integers beyond 53 bits are ints here and strings in JSON.
"""

from __future__ import annotations

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.models import DecimalText, HexText, Model


class Body(Model, frozen=True, kw_only=True):
    """Base of all report models."""


class EventLevelReport(Body, frozen=True, kw_only=True):
    """https://wicg.github.io/attribution-reporting-api/#obtain-an-event-level-report-body ."""

    attribution_destination: tuple[str, ...] | None = None
    """One site or several, always as a tuple."""
    randomized_trigger_rate: float | None = None
    report_id: str | None = None
    scheduled_report_time: int | None = None
    source_event_id: DecimalText | None = None
    source_type: SourceType | None = None
    trigger_data: DecimalText | None = None
    source_debug_key: DecimalText | None = None
    trigger_debug_key: DecimalText | None = None


class SharedInfo(Body, frozen=True, kw_only=True):
    """`shared_info`: what a report tells the aggregation service in clear, bound to the payload."""

    api: str | None = None
    attribution_destination: str | None = None
    report_id: str | None = None
    reporting_origin: str | None = None
    scheduled_report_time: int | None = None
    version: str | None = None
    debug_mode: str | None = None
    source_registration_time: int | None = None
    """The day of the source, in seconds; only if the trigger asked to include it."""


class Contribution(Body, frozen=True, kw_only=True):
    """One histogram contribution."""

    bucket: HexText
    value: int
    filtering_id: DecimalText


class Histogram(Body, frozen=True, kw_only=True):
    """A payload in clear: the contributions, and the padding that hides how many there are."""

    contributions: tuple[Contribution, ...]
    padding: int
    """Contributions with bucket 0 and value 0, which the browser adds."""
    id_bytes: int | None
    """Bytes of each filtering ID (`aggregatable_filtering_id_max_bytes`)."""

    @property
    def is_null(self) -> bool:
        """Whether nothing but padding is in it."""
        return not self.contributions


class Payload(Body, frozen=True, kw_only=True):
    """One entry of `aggregation_service_payloads`."""

    key_id: str | None = None
    """The coordinator's public key it is encrypted to."""
    size: int | None = None
    """Bytes of the encrypted payload."""
    cleartext: Histogram | None = None
    """`debug_cleartext_payload`, decoded."""
    decrypted: Histogram | None = None
    """The payload itself, where a private key for `key_id` was given."""

    @property
    def histogram(self) -> Histogram | None:
        """What is known of its contributions; the decrypted payload counts first."""
        return self.decrypted or self.cleartext


class AggregatableReport(Body, frozen=True, kw_only=True):
    """https://wicg.github.io/attribution-reporting-api/#obtain-an-aggregatable-report-body ."""

    shared_info: SharedInfo | None = None
    aggregation_coordinator_origin: str | None = None
    payloads: tuple[Payload, ...] = ()
    source_debug_key: DecimalText | None = None
    trigger_debug_key: DecimalText | None = None
    trigger_context_id: str | None = None

    @property
    def histogram(self) -> Histogram | None:
        """The first payload's contributions, as far as they are known."""
        return next((p.histogram for p in self.payloads if p.histogram is not None), None)


class VerboseDatum(Body, frozen=True, kw_only=True):
    """One entry of a verbose debug report: a type, and the fields its body has.

    https://wicg.github.io/attribution-reporting-api/#verbose-debug-data
    """

    type: str | None = None
    attribution_destination: tuple[str, ...] | None = None
    source_event_id: DecimalText | None = None
    source_site: str | None = None
    source_debug_key: DecimalText | None = None
    trigger_debug_key: DecimalText | None = None
    limit: str | None = None
    """A number, as text: "100", "6.5"."""
    source_destination_limit: DecimalText | None = None
    name: str | None = None
    """The named budget that ran out."""
    context_site: str | None = None
    header: str | None = None
    value: str | None = None
    registration_url: str | None = None
    report: EventLevelReport | None = None
    """The report that would have been sent, of types that carry a whole one."""

    @property
    def destinations(self) -> tuple[str, ...]:
        """The attribution destinations it names, wherever it does."""
        inner = self.report.attribution_destination if self.report is not None else None
        return self.attribution_destination or inner or ()

    @property
    def event_id(self) -> int | None:
        """The source event id it names, wherever it does."""
        if self.report is not None:
            return self.report.source_event_id
        return self.source_event_id


class VerboseReport(Body, frozen=True, kw_only=True):
    """The body of a verbose debug report: a list of data."""

    data: tuple[VerboseDatum, ...]


class PublicKey(Body, frozen=True, kw_only=True):
    """One key of an aggregation coordinator."""

    id: str | None = None
    size: int | None = None
    """Bytes of the key; an X25519 key has 32."""


class PublicKeys(Body, frozen=True, kw_only=True):
    """A coordinator's answer to the key fetch."""

    keys: tuple[PublicKey, ...]


type ReportBody = EventLevelReport | AggregatableReport | VerboseReport | PublicKeys
"""The body of any report."""
