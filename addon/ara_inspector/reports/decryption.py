"""Opening an encrypted payload with the coordinator's private key, as test set-ups have it.

May live here: HPKE as aggregatable reports use it, and reading keys from a key file's text.
HPKE itself is `cryptography`'s (RFC 9180, in its hazmat since 47), which mitmproxy brings.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

if TYPE_CHECKING:
    from collections.abc import Mapping

INFO_PREFIX: Final = b"aggregation_service"
KEY_BYTES: Final = 32
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class DecryptionError(ValueError):
    """The key does not open the payload."""


class KeyFileError(ValueError):
    """A key file that cannot be used; the message says why."""


def decrypt(payload: bytes, shared_info: str, private_key: bytes) -> bytes:
    """The plaintext of an encrypted payload.

    https://wicg.github.io/attribution-reporting-api/#obtain-the-encrypted-payload (reversed):
    the payload is bound to its report by the shared info, so a changed one does not open.
    """
    info = INFO_PREFIX + shared_info.encode("utf-8", "surrogatepass")
    try:
        return SUITE.decrypt(payload, X25519PrivateKey.from_private_bytes(private_key), info)
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("the key does not open it") from error


def read_keys(text: str) -> Mapping[str, bytes]:
    """Private keys by key id, from a key file.

    A key is a JSON object with its `id` and its base64 `private_key`; what else is in it does
    not matter. A file has one key, or a list of them under `keys`, as coordinators publish the
    public halves.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise KeyFileError("a key file is JSON") from error
    if not isinstance(document, dict):
        raise KeyFileError("a key file is a JSON object")
    listed = document.get("keys", [document])
    if not isinstance(listed, list):
        raise KeyFileError('"keys" of a key file is a list')
    return dict(_key(entry) for entry in listed)


def _key(entry: object) -> tuple[str, bytes]:
    fields = entry if isinstance(entry, dict) else {}
    name, value = fields.get("id"), fields.get("private_key")
    if not isinstance(name, str):
        raise KeyFileError('each key of a key file has an "id" and a "private_key"')
    try:
        key = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"the private key of {name!r} is not {KEY_BYTES} bytes in base64")
    return name, key
