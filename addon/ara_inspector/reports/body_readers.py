"""Reading the body of each kind of report: which fields it has, and what must hold between them.

May live here: one reader a kind, JSON value in, frozen model out, findings on the way. Nothing
of the exchange but the origin the report went to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ara_inspector.findings import Rule, Severity, Words
from ara_inspector.reports.bodies import (
    AggregatableReport,
    EventLevelReport,
    Payload,
    PublicKey,
    PublicKeys,
    SharedInfo,
    VerboseDatum,
    VerboseReport,
)
from ara_inspector.reports.body_fields import (
    DESTINATIONS,
    LIMIT,
    MISSING,
    ORIGIN,
    RATE,
    SOURCE_TYPE,
    TEXT,
    UINT64,
    UUID,
    WRONG_VALUE,
    Field,
    base64_bytes,
    literal,
    read_fields,
)
from ara_inspector.reports.decryption import KEY_BYTES, DecryptionError, decrypt
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.reports.json_body import read_json
from ara_inspector.reports.payload import PayloadError, read_payload
from ara_inspector.reports.verbose_types import VERBOSE_TYPES, BodyForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.findings import Path
    from ara_inspector.reports.bodies import Histogram
    from ara_inspector.reports.body_fields import Notes
    from ara_inspector.reports.endpoints import Endpoint

MAX_ITEMS: Final = 1_000
"""Data of one verbose report, payloads or keys that are read; the browser sends one or two."""

ORIGIN_DIFFERS = Rule(
    "RPT008",
    "report-origin-differs",
    Severity.WARNING,
    "the report names {named} as its reporting origin but went to {sent_to}",
    "obtain-aggregatable-report-shared-info",
)
PAYLOAD_UNREADABLE = Rule(
    "RPT009",
    "report-payload-unreadable",
    Severity.WARNING,
    "{field} cannot be decoded: {reason}",
    "obtain-aggregatable-report-aggregation-service-payloads",
)
DECRYPTION_FAILED = Rule(
    "RPT010",
    "report-decryption-failed",
    Severity.WARNING,
    "the private key given for {key_id} does not open the payload",
    "obtain-aggregatable-report-aggregation-service-payloads",
)
KEY_NOT_GIVEN = Rule(
    "RPT011",
    "report-key-not-given",
    Severity.NOTE,
    "the payload is encrypted to {key_id}, for which no private key was given",
    "obtain-aggregatable-report-aggregation-service-payloads",
)
CLEARTEXT_DIFFERS = Rule(
    "RPT012",
    "report-cleartext-differs",
    Severity.WARNING,
    "debug_cleartext_payload says something else than the decrypted payload",
    "obtain-aggregatable-report-aggregation-service-payloads",
)
NULL_REPORT = Rule(
    "RPT013",
    "report-null",
    Severity.NOTE,
    "a null report: nothing but padding is in it",
    "generating-randomized-null-attribution-reports",
)
UNKNOWN_TYPE = Rule(
    "RPT014",
    "verbose-type-unknown",
    Severity.NOTE,
    "the verbose debug type {type} is not one we know",
    "attribution-debug-data-header",
)

EVENT_LEVEL_FIELDS: Final[dict[str, Field]] = {
    "attribution_destination": DESTINATIONS,
    "randomized_trigger_rate": RATE,
    "report_id": UUID,
    "scheduled_report_time": UINT64,
    "source_debug_key": UINT64.optional(),
    "source_event_id": UINT64,
    "source_type": SOURCE_TYPE,
    "trigger_data": UINT64,
    "trigger_debug_key": UINT64.optional(),
}
SHARED_INFO_FIELDS: Final[dict[str, Field]] = {
    "attribution_destination": ORIGIN,
    "debug_mode": literal("enabled").optional(),
    "report_id": UUID,
    "reporting_origin": ORIGIN,
    "scheduled_report_time": UINT64,
    "source_registration_time": UINT64.optional(),
    "version": TEXT,
}
PAYLOAD_FIELDS: Final[dict[str, Field]] = {
    "debug_cleartext_payload": Field(base64_bytes, "base64", required=False),
    "key_id": TEXT,
    "payload": Field(base64_bytes, "base64"),
}
KEY_FIELDS: Final[dict[str, Field]] = {"id": TEXT, "key": Field(base64_bytes, "base64")}


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) and value else None


AGGREGATABLE_FIELDS: Final[dict[str, Field]] = {
    "aggregation_coordinator_origin": ORIGIN,
    "aggregation_service_payloads": Field(_list, "a list of payloads"),
    "shared_info": TEXT,
}
ATTRIBUTION_FIELDS: Final[dict[str, Field]] = AGGREGATABLE_FIELDS | {
    "source_debug_key": UINT64.optional(),
    "trigger_context_id": TEXT.optional(),
    "trigger_debug_key": UINT64.optional(),
}
SOURCE_BODY: Final[dict[str, Field]] = {
    "attribution_destination": DESTINATIONS,
    "source_debug_key": UINT64.optional(),
    "source_event_id": UINT64,
    "source_site": ORIGIN,
}
TRIGGER_BODY: Final[dict[str, Field]] = {
    "attribution_destination": DESTINATIONS,
    "trigger_debug_key": UINT64.optional(),
}
BODY_FIELDS: Final[dict[BodyForm, dict[str, Field]]] = {
    BodyForm.SOURCE: SOURCE_BODY | {"source_destination_limit": UINT64.optional()},
    BodyForm.SOURCE_LIMIT: SOURCE_BODY | {"limit": LIMIT},
    BodyForm.TRIGGER: TRIGGER_BODY,
    BodyForm.ATTRIBUTED: TRIGGER_BODY | SOURCE_BODY,
    BodyForm.ATTRIBUTED_LIMIT: TRIGGER_BODY | SOURCE_BODY | {"limit": LIMIT},
    BodyForm.NAMED_BUDGET: TRIGGER_BODY | SOURCE_BODY | {"limit": LIMIT, "name": TEXT},
    BodyForm.HEADER_ERROR: {
        "context_site": ORIGIN,
        # Error details of any kind, which the specification allows and Chrome does not send.
        "error": Field(lambda value: [value], "anything", required=False),
        "header": TEXT,
        "value": Field(lambda value: value if isinstance(value, str) else None, "a text"),
    },
    BodyForm.OS: {"context_site": ORIGIN, "registration_url": TEXT},
    BodyForm.REPORT: EVENT_LEVEL_FIELDS,
}
_ANY_BODY: Final[dict[str, Field]] = {
    name: field.optional()
    for form, fields in BODY_FIELDS.items()
    if form is not BodyForm.REPORT
    for name, field in fields.items()
}
"""For a type nobody knows: every field a body can have, none of them required."""


def read_event_level(value: Any, notes: Notes, path: Path = ()) -> EventLevelReport | None:
    """https://wicg.github.io/attribution-reporting-api/#obtain-an-event-level-report-body ."""
    if not isinstance(value, dict):
        notes.add(WRONG_VALUE.at(path, field=Words("the body"), expected=Words("an object")))
        return None
    return EventLevelReport(**read_fields(value, EVENT_LEVEL_FIELDS, path, notes))


def read_aggregatable(
    value: Any, endpoint: Endpoint, keys: Mapping[str, bytes], notes: Notes
) -> AggregatableReport | None:
    """https://wicg.github.io/attribution-reporting-api/#obtain-an-aggregatable-report-body ."""
    if not isinstance(value, dict):
        notes.add(WRONG_VALUE.at(field=Words("the body"), expected=Words("an object")))
        return None
    debug = endpoint.kind is ReportKind.AGGREGATABLE_DEBUG
    read = read_fields(value, AGGREGATABLE_FIELDS if debug else ATTRIBUTION_FIELDS, (), notes)
    text: str | None = read.pop("shared_info", None)
    shared_info = None
    if text is not None:
        api = "attribution-reporting-debug" if debug else "attribution-reporting"
        shared_info = _shared_info(text, api, endpoint.origin, notes)
    payloads = tuple(
        _payload(item, index, text, keys, notes)
        for index, item in enumerate(read.pop("aggregation_service_payloads", ())[:MAX_ITEMS])
    )
    report = AggregatableReport(shared_info=shared_info, payloads=payloads, **read)
    if report.histogram is not None and report.histogram.is_null:
        notes.add(NULL_REPORT.at())
    return report


def _shared_info(text: str, api: str, sent_to: str, notes: Notes) -> SharedInfo | None:
    path = ("shared_info",)
    value = read_json(text, notes, path)
    if not isinstance(value, dict):
        notes.add(
            WRONG_VALUE.at(path, field="shared_info", expected=Words("a JSON object as text"))
        )
        return None
    fields = SHARED_INFO_FIELDS | {"api": literal(api)}
    info = SharedInfo(**read_fields(value, fields, path, notes))
    if info.reporting_origin is not None and info.reporting_origin != sent_to:
        place = (*path, "reporting_origin")
        notes.add(ORIGIN_DIFFERS.at(place, named=info.reporting_origin, sent_to=sent_to))
    return info


def _payload(
    item: Any, index: int, shared_info: str | None, keys: Mapping[str, bytes], notes: Notes
) -> Payload:
    path = ("aggregation_service_payloads", index)
    if not isinstance(item, dict):
        notes.add(WRONG_VALUE.at(path, field=Words("a payload"), expected=Words("an object")))
        return Payload()
    read = read_fields(item, PAYLOAD_FIELDS, path, notes)
    key_id: str | None = read.get("key_id")
    encrypted: bytes | None = read.get("payload")
    cleartext, decrypted = None, None
    if "debug_cleartext_payload" in read:
        field = "debug_cleartext_payload"
        cleartext = _histogram(read[field], field, path, notes)
    if keys and key_id is not None and encrypted is not None and shared_info is not None:
        decrypted = _decrypted(_Sealed(encrypted, shared_info, key_id), keys, path, notes)
    if cleartext is not None and decrypted is not None and cleartext != decrypted:
        notes.add(CLEARTEXT_DIFFERS.at((*path, "debug_cleartext_payload")))
    return Payload(
        key_id=key_id,
        size=None if encrypted is None else len(encrypted),
        cleartext=cleartext,
        decrypted=decrypted,
    )


class _Sealed(NamedTuple):
    """An encrypted payload and what opening it takes beside the key."""

    payload: bytes
    shared_info: str
    key_id: str


def _decrypted(
    sealed: _Sealed, keys: Mapping[str, bytes], path: Path, notes: Notes
) -> Histogram | None:
    key = keys.get(sealed.key_id)
    if key is None:
        notes.add(KEY_NOT_GIVEN.at((*path, "payload"), key_id=sealed.key_id))
        return None
    try:
        plaintext = decrypt(sealed.payload, sealed.shared_info, key)
    except DecryptionError:
        notes.add(DECRYPTION_FAILED.at((*path, "payload"), key_id=sealed.key_id))
        return None
    return _histogram(plaintext, "payload", path, notes)


def _histogram(payload: bytes, field: str, path: Path, notes: Notes) -> Histogram | None:
    try:
        return read_payload(payload)
    except PayloadError as error:
        notes.add(PAYLOAD_UNREADABLE.at((*path, field), field=field, reason=Words(error)))
        return None


def read_verbose(value: Any, notes: Notes) -> VerboseReport | None:
    """https://wicg.github.io/attribution-reporting-api/#serialize-a-verbose-debug-report ."""
    if not isinstance(value, list) or not value:
        notes.add(WRONG_VALUE.at(field=Words("the body"), expected=Words("a list of debug data")))
        return None
    return VerboseReport(
        data=tuple(_datum(item, (index,), notes) for index, item in enumerate(value[:MAX_ITEMS]))
    )


def _datum(item: Any, path: Path, notes: Notes) -> VerboseDatum:
    if not isinstance(item, dict):
        notes.add(WRONG_VALUE.at(path, field=Words("an item"), expected=Words("an object")))
        return VerboseDatum()
    entry = read_fields(item, {"type": TEXT, "body": Field(_object, "an object")}, path, notes)
    name: str | None = entry.get("type")
    known = VERBOSE_TYPES.get(name or "")
    if name is not None and known is None:
        notes.add(UNKNOWN_TYPE.at((*path, "type"), type=name))
    body = entry.get("body", {})
    inside = (*path, "body")
    if known is not None and known.form is BodyForm.REPORT:
        return VerboseDatum(type=name, report=read_event_level(body, notes, inside))
    fields = _ANY_BODY if known is None else BODY_FIELDS[known.form]
    read = read_fields(body, fields, inside, notes)
    read.pop("error", None)
    return VerboseDatum(type=name, **read)


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def read_public_keys(value: Any, notes: Notes) -> PublicKeys | None:
    """The answer of a coordinator: a list of named X25519 keys."""
    listed = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        notes.add(
            WRONG_VALUE.at(
                field=Words("the answer"), expected=Words("an object with a list of keys")
            )
        )
        return None
    if not listed:
        notes.add(MISSING.at(("keys",), field="key"))
    return PublicKeys(
        keys=tuple(_public_key(key, index, notes) for index, key in enumerate(listed[:MAX_ITEMS]))
    )


def _public_key(value: Any, index: int, notes: Notes) -> PublicKey:
    path = ("keys", index)
    if not isinstance(value, dict):
        notes.add(WRONG_VALUE.at(path, field=Words("a key"), expected=Words("an object")))
        return PublicKey()
    read = read_fields(value, KEY_FIELDS, path, notes)
    key: bytes | None = read.get("key")
    if key is not None and len(key) != KEY_BYTES:
        expected = Words(f"{KEY_BYTES} bytes in base64")
        notes.add(WRONG_VALUE.at((*path, "key"), field="key", expected=expected))
    return PublicKey(id=read.get("id"), size=None if key is None else len(key))
