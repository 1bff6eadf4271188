from __future__ import annotations

import cbor2
import pytest

from ara_inspector.reports.bodies import Contribution
from ara_inspector.reports.payload import MAX_PAYLOAD_BYTES, PayloadError, read_payload
from report_posts import payload


def test_padding_is_told_apart() -> None:
    histogram = read_payload(payload((0x159, 32768, 0), (2**128 - 1, 1, 255)))
    assert histogram.contributions == (
        Contribution(bucket=0x159, value=32768, filtering_id=0),
        Contribution(bucket=2**128 - 1, value=1, filtering_id=255),
    )
    assert histogram.padding == 18
    assert histogram.id_bytes == 1
    assert not histogram.is_null


def test_a_bucket_of_zero_with_a_value_is_no_padding() -> None:
    histogram = read_payload(payload((0, 5, 0), total=2))
    assert histogram.contributions == (Contribution(bucket=0, value=5, filtering_id=0),)
    assert histogram.padding == 1


def test_nothing_but_padding_is_a_null_report() -> None:
    assert read_payload(payload(total=2)).is_null


def test_filtering_ids_may_be_wider() -> None:
    histogram = read_payload(payload((1, 2, 2**63), id_bytes=8))
    assert histogram.id_bytes == 8
    assert histogram.contributions[0].filtering_id == 2**63


def test_payloads_without_filtering_ids_are_read() -> None:
    item = {"value": (7).to_bytes(4), "bucket": (9).to_bytes(16)}
    histogram = read_payload(cbor2.dumps({"operation": "histogram", "data": [item]}))
    assert histogram.contributions == (Contribution(bucket=9, value=7, filtering_id=0),)
    assert histogram.id_bytes is None


GOOD = {"id": b"\0", "value": bytes(4), "bucket": bytes(16)}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not CBOR"),
        (b"\xff", "not CBOR"),
        (b"\x81" * 100_00, "not CBOR"),
        (b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", "not CBOR"),
        (bytes(MAX_PAYLOAD_BYTES + 1), "65,537 bytes"),
        (cbor2.dumps([1]), "operation"),
        (payload(operation="sum"), "operation"),
        (payload(data={}), "no list"),
        (payload(data=[]), "no list"),
        (payload(data=[1]), "bucket is not 16"),
        (payload(data=[GOOD | {"bucket": bytes(15)}]), "bucket is not 16"),
        (payload(data=[GOOD | {"value": 5}]), "value is not 4"),
        (payload(data=[GOOD | {"value": bytes(8)}]), "value is not 4"),
        (payload(data=[GOOD | {"id": 0}]), "filtering ID is not"),
        (payload(data=[GOOD | {"id": bytes(9)}]), "filtering ID is not"),
        (payload(data=[GOOD, GOOD | {"id": bytes(2)}]), "different lengths"),
    ],
)
def test_what_no_browser_makes_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(PayloadError, match=reason):
        read_payload(content)
