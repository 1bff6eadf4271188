from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ara_inspector.flows import read_capture
from ara_inspector.reports import read_report
from ara_inspector.reports.bodies import AggregatableReport
from ara_inspector.reports.decryption import (
    SUITE,
    DecryptionError,
    KeyFileError,
    decrypt,
    read_keys,
)

KEY = bytes(range(32))
TEXT = base64.b64encode(KEY).decode()


def sealed(plaintext: bytes, shared_info: str) -> bytes:
    public = X25519PrivateKey.from_private_bytes(KEY).public_key()
    return SUITE.encrypt(plaintext, public, b"aggregation_service" + shared_info.encode())


def test_the_key_opens_what_was_sealed_for_it() -> None:
    assert decrypt(sealed(b"histogram", '{"x":"\u00e9"}'), '{"x":"\u00e9"}', KEY) == b"histogram"


@pytest.mark.parametrize(
    ("payload", "shared_info", "key"),
    [
        (sealed(b"x", "a"), "b", KEY),
        (sealed(b"x", "a"), "a", bytes(32)),
        (sealed(b"x", "a"), "a", b"short"),
        (sealed(b"x", "a")[:-1], "a", KEY),
        (b"", "a", KEY),
        (b"x" * 100, "\udce9", KEY),
    ],
)
def test_anything_changed_does_not_open(payload: bytes, shared_info: str, key: bytes) -> None:
    with pytest.raises(DecryptionError):
        decrypt(payload, shared_info, key)


@pytest.mark.parametrize(
    "document",
    [
        {"note": "x", "id": "k", "private_key": TEXT},
        {"keys": [{"id": "k", "private_key": TEXT, "key": "public"}]},
    ],
)
def test_a_key_file_has_one_key_or_a_list(document: object) -> None:
    assert read_keys(json.dumps(document)) == {"k": KEY}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is JSON"),
        ("[" * 100_000, "is JSON"),
        ("[]", "JSON object"),
        ('{"keys": {}}', "is a list"),
        ('{"keys": [5]}', "has an"),
        ("{}", "has an"),
        ('{"keys": [{"private_key": "AAAA"}]}', "has an"),
        ('{"keys": [{"id": "k"}]}', "'k' is not 32 bytes"),
        ('{"id": "k", "private_key": 5}', "'k' is not 32 bytes"),
        ('{"id": "k", "private_key": "AAAA"}', "'k' is not 32 bytes"),
        ('{"id": "k", "private_key": "\u00e9"}', "'k' is not 32 bytes"),
    ],
)
def test_a_bad_key_file_says_why(text: str, reason: str) -> None:
    with pytest.raises(KeyFileError, match=reason):
        read_keys(text)


FIXTURES = Path(__file__).parents[2] / "fixtures"
RECORDED = sorted((FIXTURES / "flows").glob("re*.flows"))


def test_payloads_a_real_chrome_encrypted_are_opened() -> None:
    """Chrome encrypted them to the public half of the key in fixtures/keys, served to it."""
    keys = read_keys((FIXTURES / "keys" / "aggregation-service.test-key.json").read_text("utf-8"))
    opened, compared = 0, 0
    for capture in RECORDED:
        for exchange in read_capture(capture):
            report = read_report(exchange, keys)
            if report is None or not isinstance(report.body, AggregatableReport):
                continue
            assert report.findings == ()
            (payload,) = report.body.payloads
            assert payload.decrypted is not None
            opened += 1
            if payload.cleartext is not None:
                assert payload.cleartext == payload.decrypted
                compared += 1
    print(f"{opened} payloads opened, {compared} compared with their cleartext")  # noqa: T201 - score
    assert (opened, compared) == (6, 4)
