"""HTTP Archives as exchanges, streamed: one entry at a time, a bad one costs only itself.

May live here: what a HAR entry says and lacks. mitmproxy can load HAR too, but whole, without
the errors, and one entry it cannot take ends the file. Source of the format: HAR 1.2 and what
Chrome, Firefox and mitmproxy really write.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import ijson

from ara_inspector.exchange import Exchange, time_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.exchange import HeaderLines

HAR_LACKS: Final = frozenset({"connection", "header-lines"})
"""A HAR has no connection ids, and its writers join repeated header lines or reorder them."""

ENDS: Final = frozenset({"premature EOF", "Incomplete JSON content"})
"""How the parsers of ijson say that the text is cut off."""
OVERFLOW: Final = "overflow"
"""What ijson's parser in C says of a number that 64 bits do not hold."""
UNLIMITED: Final = ijson.get_backend("python")
PROBLEM_SHOWN: Final = 80
"""Characters of what the parsers say is wrong."""
LAST_STATUS: Final = 999
"""HTTP's statuses have three digits; 0 stands for no answer."""
LINE_ENDS: Final = re.compile(r"\n|\\n")


class EntryError(ValueError):
    """One HAR entry that is no exchange; the message says what is wrong with it."""


class ArchiveError(ValueError):
    """The archive as a whole cannot be read on; what came before it has been given."""


def read_archive(stream: BinaryIO) -> Iterator[Exchange | EntryError]:
    """Every entry of a HAR as an exchange, or as the reason why it is none.

    Raises `ArchiveError` where the JSON breaks off or is no HAR.
    """
    number = 0
    try:
        for number, entry in enumerate(_entries(stream), 1):
            try:
                yield exchange_of_entry(entry, f"har-{number}")
            except (EntryError, UnicodeError) as error:
                yield EntryError(f"entry {number}: {error}")
    except (ijson.JSONError, UnicodeError) as error:
        where = f"after entry {number}" if number else "before its first entry"
        raise ArchiveError(f"the HAR breaks off {where}: {_wrong(error)}") from error


def _entries(stream: BinaryIO) -> Iterator[Any]:
    """The entries as they stand there. Raises `ijson.JSONError` where the JSON breaks off."""
    begin, given = stream.tell(), 0
    try:
        # Without floats a number of some thousand digits crashes ijson's parser in C, and Python.
        for entry in ijson.items(stream, "log.entries.item", use_float=True):
            given += 1
            yield entry
    except ijson.JSONError as error:
        if OVERFLOW not in str(error):
            raise
    else:
        return
    # The parser in Python takes larger numbers, and some twenty times as long.
    stream.seek(begin)
    yield from islice(UNLIMITED.items(stream, "log.entries.item"), given, None)


def has_entries(stream: BinaryIO) -> bool:
    """Whether there is a list of entries, be it an empty one, in JSON that can be read."""
    events = ijson.parse(stream, use_float=True)
    try:
        return any(at == "log.entries" and event == "start_array" for at, event, _ in events)
    except ijson.JSONError:
        # A number too large, and no entries before it.
        return False


def _wrong(error: Exception) -> str:
    """What is wrong with the JSON, in one line: the parser adds the text around it, or its repr."""
    head = LINE_ENDS.split(str(error), maxsplit=1)[0]
    # It begins with the kind of error and ends with a full stop, or has neither.
    problem = head.rpartition("error: ")[2].strip().rstrip(".")
    if problem in ENDS:
        return "the JSON ends too early"
    # A number of thousands of digits is named whole.
    cut = problem if len(problem) <= PROBLEM_SHOWN else f"{problem[:PROBLEM_SHOWN]}…"
    return f"it is not JSON: {cut}"


def exchange_of_entry(entry: Any, flow_id: str) -> Exchange:
    """One HAR entry as an exchange. Raises `EntryError` where it has no request to speak of."""
    request = _object(entry, "request")
    response = _object(entry, "response")
    url = request.get("url")
    method = request.get("method")
    if not isinstance(url, str) or not isinstance(method, str):
        raise EntryError("the request has no url or no method")
    started = _start(entry)
    status = response.get("status")
    answered = isinstance(status, int) and 0 < status <= LAST_STATUS
    body = _object(response, "content").get("text") if answered else None
    error = entry.get("_error") or response.get("_error")
    spent = _seconds(entry.get("time"))
    finished = (
        time_of(started + spent)
        if answered and started is not None and spent is not None and spent >= 0
        else None
    )
    return Exchange(
        flow_id=flow_id,
        method=method,
        url=url.partition("#")[0],
        request_lines=_lines(request.get("headers")),
        started=started,
        status=status if answered else None,
        response_lines=_lines(response.get("headers")) if answered else (),
        answered=finished,
        finished=finished,
        request_body=_request_body(request),
        response_body=_bytes(body, _object(response, "content").get("encoding")),
        http_version=str(request.get("httpVersion") or "HTTP/1.1"),
        error=str(error) if error else (None if answered else "no answer in the HAR"),
        lacks=HAR_LACKS,
    )


def _object(value: Any, key: str) -> dict[str, Any]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _start(entry: dict[str, Any]) -> float | None:
    text = entry.get("startedDateTime")
    try:
        told = datetime.fromisoformat(text).timestamp() if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None
    return time_of(told)


def _seconds(milliseconds: Any) -> float | None:
    if not isinstance(milliseconds, int | float | Decimal):
        return None
    try:
        return float(milliseconds) / 1000
    except OverflowError:
        return None


def _lines(headers: Any) -> HeaderLines:
    """Header lines of a HAR: pseudo-headers left out, values Chrome joined by line ends parted."""
    lines: list[tuple[bytes, bytes]] = []
    for header in headers if isinstance(headers, list) else ():
        if isinstance(header, dict):
            name, value = header.get("name"), header.get("value")
        elif isinstance(header, list) and len(header) == len(("name", "value")):
            name, value = header
        else:
            continue
        if isinstance(name, str) and isinstance(value, str) and not name.startswith(":"):
            key = name.encode("utf-8", "surrogatepass")
            # A line end cannot be part of a header on the wire: it is the writer's joint.
            lines += [(key, part.encode("utf-8", "surrogatepass")) for part in value.split("\n")]
    return tuple(lines)


def _request_body(request: dict[str, Any]) -> bytes | None:
    text = _object(request, "postData").get("text")
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else None


def _bytes(text: Any, encoding: Any) -> bytes | None:
    if not isinstance(text, str):
        return None
    if encoding == "base64":
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return None
    return text.encode("utf-8", "surrogatepass")
