"""Exchanges that carry reports, as Chrome makes them, for the tests of `reports`."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import cbor2

from ara_inspector.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

ORIGIN = "https://r1.example"
PREFIX = "/.well-known/attribution-reporting/"
COORDINATOR = "https://publickeyservice.msmt.aws.privacysandboxservices.com"
KEYS_URL = f"{COORDINATOR}/.well-known/aggregation-service/v1/public-keys"
UUID = "00000000-1111-4222-8333-444444444444"


def post(  # noqa: PLR0913 - one keyword for each thing a test varies
    name: str,
    body: Any,
    *,
    origin: str = ORIGIN,
    status: int | None = 200,
    answer: tuple[tuple[bytes, bytes], ...] = (),
    error: str | None = None,
    time: float = 1000.0,
    flow_id: str = "report",
) -> Exchange:
    """A POST to the endpoint `name`; a body that is not bytes is written as JSON."""
    return Exchange(
        flow_id=flow_id,
        method="POST",
        url=f"{origin}{PREFIX}{name}",
        request_lines=(
            (b"content-type", b"application/json"),
            (b"origin", origin.encode()),
        ),
        started=time,
        status=status,
        response_lines=answer,
        request_body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        error=error,
    )


def key_fetch(
    answer: bytes | None, *, status: int | None = 200, error: str | None = None
) -> Exchange:
    """A coordinator's answer to the fetch of its keys."""
    return Exchange(
        flow_id="keys",
        method="GET",
        url=KEYS_URL,
        request_lines=(),
        started=1000.0,
        status=status,
        response_body=answer,
        error=error,
    )


def event_level(**changes: Any) -> dict[str, Any]:
    """The body of an event-level report; a change to None takes the field away."""
    return _changed(
        {
            "attribution_destination": "https://shop.example",
            "randomized_trigger_rate": 0.0000025,
            "report_id": UUID,
            "scheduled_report_time": "3592000",
            "source_event_id": "123",
            "source_type": "event",
            "trigger_data": "1",
        },
        changes,
    )


def shared_info(**changes: Any) -> str:
    """The text of an aggregatable report's shared info."""
    return json.dumps(
        _changed(
            {
                "api": "attribution-reporting",
                "attribution_destination": "https://shop.example",
                "report_id": UUID,
                "reporting_origin": ORIGIN,
                "scheduled_report_time": "1000",
                "version": "1.0",
            },
            changes,
        )
    )


def aggregatable(**changes: Any) -> dict[str, Any]:
    """The body of an aggregatable report."""
    return _changed(
        {
            "aggregation_coordinator_origin": COORDINATOR,
            "aggregation_service_payloads": [{"key_id": "k", "payload": encoded(b"sealed")}],
            "shared_info": shared_info(),
        },
        changes,
    )


def payload(
    *contributions: Sequence[int], total: int = 20, id_bytes: int = 1, **changes: Any
) -> bytes:
    """The CBOR of (bucket, value, filtering id) triples, padded to `total`."""
    padded = [*contributions, *[(0, 0, 0)] * (total - len(contributions))]
    data = [
        {
            "id": identifier.to_bytes(id_bytes),
            "value": value.to_bytes(4),
            "bucket": bucket.to_bytes(16),
        }
        for bucket, value, identifier in padded
    ]
    return cbor2.dumps(_changed({"data": data, "operation": "histogram"}, changes))


def encoded(content: bytes) -> str:
    """Base64 as reports have it."""
    return base64.b64encode(content).decode()


def _changed(value: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in (value | changes).items() if item is not None}
