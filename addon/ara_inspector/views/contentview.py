"""The contentview: what the inspector says of a message, where mitmproxy shows its body.

May live here: choosing itself for the messages it has something to say about, and putting the
text together. The text itself comes from `account`; the entries from whoever keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mitmproxy import contentviews, http

from ara_inspector.exchange import header_lines, header_text
from ara_inspector.findings import Severity, printable
from ara_inspector.flows import exchange_of
from ara_inspector.interest import carries_headers
from ara_inspector.registrations.request import KEYS_PATH, REPORT_PATH
from ara_inspector.session import Session
from ara_inspector.spec.eligible import NOISE
from ara_inspector.spec.headers import HeaderKind, effective_json, read_header
from ara_inspector.views import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ara_inspector.timeline import Entry

NAME: Final = "Attribution Reporting"
PRIORITY: Final = 2.0
"""Above 1, mitmproxy's own views for a matching content type."""
BY_BROWSER: Final = frozenset({HeaderKind.ELIGIBLE, HeaderKind.SUPPORT})
"""What only browsers send."""
AT_RANDOM: Final = "; Chrome adds such things at random, only the keys it knows count"
"""Of what would be a slip in a header somebody wrote."""
ALONE: Final = (
    "Not in the timeline yet, or not any more: this is what the flow tells by itself, without its "
    "page,\nits chain and other flows."
)


class AttributionContentview(contentviews.Contentview):
    """Shows what the inspector says of a message instead of its body."""

    def __init__(self, entries_of: Callable[[str], tuple[Entry, ...]]) -> None:
        self._entries_of = entries_of

    @property
    def name(self) -> str:
        """What the user chooses it by; in an address its blank becomes %20."""
        return NAME

    def render_priority(self, data: bytes, metadata: contentviews.Metadata) -> float:  # noqa: ARG002 - mitmproxy's signature
        """High for messages with headers of the API and for reports, else out of the question."""
        message, flow = metadata.http_message, metadata.flow
        if not isinstance(flow, http.HTTPFlow) or message is None:
            return -1
        return PRIORITY if _concerns(message, flow) else -1

    def prettify(self, data: bytes, metadata: contentviews.Metadata) -> str:
        """The text for one message."""
        message, flow = metadata.http_message, metadata.flow
        if not isinstance(flow, http.HTTPFlow) or message is None:
            raise ValueError("this view is for HTTP messages")
        parts = ["\n".join(_decoded(message))]
        is_place = message is flow.response or REPORT_PATH in flow.request.path
        entries = self._entries_of(flow.id)
        if entries:
            parts.append(_flow_text(entries) if is_place else "\n".join(_brief(entries)))
        else:
            parts += _alone(flow, is_place=is_place)
        if data:
            parts.append(f"Body: {len(data):,} bytes; the other views show it.")
        return "\n\n".join(filter(None, parts)) or "Nothing of Attribution Reporting in here."


def _concerns(message: http.Message, flow: http.HTTPFlow) -> bool:
    if carries_headers(message):
        return True
    path = flow.request.path
    if KEYS_PATH in path:
        return message is flow.response
    return REPORT_PATH in path and message is flow.request


def _decoded(message: http.Message) -> Iterator[str]:
    """The structured headers of the API and what they mean; JSON ones are told with entries."""
    lines = message.headers.fields
    for kind in HeaderKind:
        values = header_lines(lines, kind.header.lower().encode())
        if not values or kind in {HeaderKind.SOURCE, HeaderKind.TRIGGER}:
            continue
        raw = ", ".join(map(header_text, values))
        reading = read_header(kind, raw, None)
        meaning = "invalid" if reading.value is None else effective_json(reading.value)
        yield f"{kind.header}: {printable(raw)}"
        yield f"  means: {printable(str(meaning)) or 'nothing'}"
        for finding in reading.findings:
            severity, added = finding.severity, ""
            if kind in BY_BROWSER and finding.rule in NOISE:
                severity, added = Severity.NOTE, AT_RANDOM
            yield f"  {severity.value.upper()} {words.sentence_of(finding)}{added}"


def _flow_text(entries: tuple[Entry, ...]) -> str:
    from ara_inspector.views.account import flow_text  # noqa: PLC0415 - only if shown

    return flow_text(entries)


def _alone(flow: http.HTTPFlow, *, is_place: bool) -> Iterator[str]:
    from ara_inspector.views.account import alone_text  # noqa: PLC0415 - as above

    told = alone_text(Session().recorded(exchange_of(flow)))
    if told:
        yield ALONE
        yield told if is_place else "What it comes to: see the response."


def _brief(entries: tuple[Entry, ...]) -> Iterator[str]:
    """What came of a request, for its own tab."""
    for entry in entries:
        verdict = f" {entry.verdict}" if entry.verdict else ""
        yield f"#{entry.number} {entry.kind.value}{verdict}: see the response"
