"""The payload of an aggregatable report: CBOR bytes to contributions, padding told apart.

May live here: decoding one payload already in clear. `decryption` makes it so.
"""

from __future__ import annotations

from typing import Final

from ara_inspector.reports.bodies import Contribution, Histogram

BUCKET_BYTES: Final = 16
VALUE_BYTES: Final = 4
MAX_ID_BYTES: Final = 8
MAX_PAYLOAD_BYTES: Final = 65_536
"""Far above what 20 contributions take; a longer one is not decoded."""


class PayloadError(ValueError):
    """A payload the browser would not have made; the message says what is wrong with it."""


def read_payload(payload: bytes) -> Histogram:
    """The reverse of an aggregatable report's plaintext payload.

    https://wicg.github.io/attribution-reporting-api/#aggregatable-report-plaintext-payload
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise PayloadError(f"it has {len(payload):,} bytes")
    # Loaded where asked for: most sessions have no payload in clear.
    import cbor2  # noqa: PLC0415

    try:
        decoded = cbor2.loads(payload)
    except Exception as error:
        # A decoder of a rich format: whatever it raises on hostile bytes, they are not a payload.
        raise PayloadError("it is not CBOR") from error
    if not isinstance(decoded, dict) or decoded.get("operation") != "histogram":
        raise PayloadError('it is not a map with the operation "histogram"')
    data = decoded.get("data")
    if not isinstance(data, list) or not data:
        raise PayloadError("it has no list of contributions")
    return _histogram([_contribution(item) for item in data])


def _contribution(item: object) -> tuple[Contribution, int | None]:
    """A contribution and how many bytes its filtering id took."""
    fields = item if isinstance(item, dict) else {}
    bucket, value, identifier = fields.get("bucket"), fields.get("value"), fields.get("id")
    if not isinstance(bucket, bytes) or len(bucket) != BUCKET_BYTES:
        raise PayloadError(f"a bucket is not {BUCKET_BYTES} bytes")
    if not isinstance(value, bytes) or len(value) != VALUE_BYTES:
        raise PayloadError(f"a value is not {VALUE_BYTES} bytes")
    if identifier is None:
        # Browsers before filtering ids left the field out.
        return _made(bucket, value, b""), None
    if not isinstance(identifier, bytes) or not 1 <= len(identifier) <= MAX_ID_BYTES:
        raise PayloadError(f"a filtering ID is not 1 to {MAX_ID_BYTES} bytes")
    return _made(bucket, value, identifier), len(identifier)


def _made(bucket: bytes, value: bytes, identifier: bytes) -> Contribution:
    return Contribution(
        bucket=int.from_bytes(bucket),
        value=int.from_bytes(value),
        filtering_id=int.from_bytes(identifier),
    )


def _histogram(items: list[tuple[Contribution, int | None]]) -> Histogram:
    """A real contribution has a positive value, so whatever is all zero is padding."""
    real = tuple(item for item, _ in items if item.bucket or item.value)
    sizes = {size for _, size in items}
    if len(sizes) != 1:
        raise PayloadError("its filtering IDs have different lengths")
    return Histogram(contributions=real, padding=len(items) - len(real), id_bytes=sizes.pop())
