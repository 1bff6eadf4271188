"""Which characters Chrome takes a header's bytes for: it depends on the process that reads them.

May live here: telling who reads the answer to a request, and the text that comes of it. What the
text is worth is read in `spec`, and judged in `outcome`.

Measured in Chromium 138: page processes read headers as Latin-1, each byte as one character; the
browser process reads them as UTF-8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.registrations.registration import RequestKind

if TYPE_CHECKING:
    from ara_inspector.registrations.request import Request

LATIN_1: Final = frozenset({RequestKind.ELEMENT, RequestKind.FETCH})
"""What the page's own process reads, a fetch() with keepalive excepted."""
UNTOLD: Final = frozenset({RequestKind.FETCH, RequestKind.BEACON, RequestKind.UNKNOWN})
"""Either process may read these: keepalive is not on the wire, nor is it what sent a POST."""


def reads_latin_1(request: Request) -> bool:
    """Whether the answer's headers are read as Latin-1, be that sure or only likely."""
    return request.kind in LATIN_1


def reader_is_sure(request: Request) -> bool:
    """Whether the request tells for sure which process reads the answer's headers."""
    if request.kind is RequestKind.BACKGROUND:
        # With events as well it may be a script's fetch() that sends cookies.
        return request.eligible is not None and request.eligible.navigation_source
    return request.kind not in UNTOLD


def as_latin_1(text: str) -> str:
    """What was read as UTF-8, of the same bytes read as Latin-1."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
