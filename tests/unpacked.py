"""What lies packed in a saved report, read without the page's own script."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def pieces(page: str) -> list[str]:
    """The texts of its pieces. Outside base64 nothing may stand there."""
    (packed,) = re.findall(
        r'<script type="text/plain" id="packed">([A-Za-z0-9+/=\n]+)</script>', page
    )
    return [gzip.decompress(base64.b64decode(line)).decode() for line in packed.split("\n")]


def held(page: str) -> dict[str, Any]:
    """What the last piece says of the others."""
    made = json.loads(pieces(page)[-1])
    assert isinstance(made, dict)
    return made


def rows(page: str, capture: int = 0) -> list[dict[str, Any]]:
    """The rows of one of its captures."""
    texts = pieces(page)
    return [row for at in held(page)["captures"][capture]["rows"] for row in json.loads(texts[at])]


def exported(page: str, ending: str) -> str:
    """A file that it gives."""
    return joined(pieces(page), held(page)["exports"][ending])


def joined(texts: list[str], parts: Iterable[str | int]) -> str:
    """A long text out of its parts."""
    return "".join(texts[part] if isinstance(part, int) else part for part in parts)


def in_full(page: str, capture: int = 0) -> dict[int, tuple[str, dict[str, Any], list[str] | None]]:
    """Of each entry of one of its captures: its kind, itself, and why it is so."""
    texts = pieces(page)
    found = {}
    for piece in held(page)["captures"][capture]["full"]:
        whys = {} if piece["why"] is None else json.loads(texts[piece["why"]])
        abouts = json.loads(f"[{texts[piece['at']]}]")
        assert abouts[-1]["entry"] == piece["last"]
        for about in abouts:
            number = about["entry"]
            assert number not in found
            found[number] = (piece["kind"], about, whys.pop(str(number), None))
        assert whys == {}
    return found
