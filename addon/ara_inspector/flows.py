"""The only door in: mitmproxy flows and captures become exchanges.

May live here: the conversion of a flow, and the reading of flow files and HARs. Nothing below
this module knows mitmproxy, files or bytes on disk.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from mitmproxy import exceptions, http
from mitmproxy.io import FlowReader
from msgspec import convert, structs

from ara_inspector.context import MARKUP_KEPT
from ara_inspector.exchange import Exchange, header_lines, time_of
from ara_inspector.interest import Interest, carries_headers
from ara_inspector.registrations.request import KEYS_PATH, REPORT_PATH
from ara_inspector.request_order import BATCH, RequestOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from mitmproxy.flow import Flow

BODY_KEPT: Final = 2_000_000
"""Bytes kept of a report's body; Chrome's own are a few kilobytes."""
SNIFFED: Final = 1_445
"""Bytes of an answer a browser looks at to tell HTML from other content (WHATWG MIME sniffing)."""
REORDERED: Final = 2_000
"""Exchanges held back to restore the order of requests in a recording."""
SPOOLED: Final = 8_000_000
"""Bytes of standard input kept in memory; more goes to a temporary file."""
STANDARD_INPUT: Final = "standard input"
HEAD: Final = 8
"""Bytes that tell what a file is."""
BOM: Final = b"\xef\xbb\xbf"
COMPRESSED: Final[Mapping[bytes, tuple[str, str]]] = {
    b"\x1f\x8b": ("gzip", "zcat"),
    b"PK\x03\x04": ("zip", "unzip -p"),
    b"\x28\xb5\x2f\xfd": ("zstd", "zstdcat"),
    b"BZh": ("bzip2", "bzcat"),
    b"\xfd7zXZ": ("xz", "xzcat"),
}
"""How compressed files begin, what they are, and what writes their content."""


class CaptureError(Exception):
    """A capture that cannot be used, or not to its end; the message names it and says why."""


def exchange_of(flow: http.HTTPFlow) -> Exchange:
    """One mitmproxy flow as an exchange; bodies only where something is read from them."""
    request, response = flow.request, flow.response
    path = request.path
    return Exchange(
        flow_id=flow.id,
        method=request.method,
        url=request.url.partition("#")[0],
        request_lines=request.headers.fields,
        started=time_of(request.timestamp_start),
        # A HAR loaded by mitmproxy has status 0 where no answer came.
        status=response.status_code or None if response else None,
        response_lines=response.headers.fields if response else (),
        answered=time_of(response.timestamp_start) if response else None,
        finished=time_of(response.timestamp_end) if response else None,
        request_body=_body(request, BODY_KEPT) if REPORT_PATH in path else None,
        response_body=_answer_body(request, response, path) if response else None,
        http_version=request.http_version,
        error=flow.error.msg if flow.error else None,
        connection=flow.client_conn.id,
    )


def _answer_body(request: http.Request, response: http.Response, path: str) -> bytes | None:
    if KEYS_PATH in path:
        return _body(response, BODY_KEPT)
    # mitmproxy's own look-up of a header takes as long as all the rest of an exchange.
    if _any(request, b"sec-fetch-mode", b"navigate") and _any(
        response, b"content-type", b"text/html"
    ):
        return _body(response, MARKUP_KEPT)
    if carries_headers(response):
        return _body(response, SNIFFED)
    return None


def _any(message: http.Message, name: bytes, beginning: bytes) -> bool:
    """Whether a header line of this name begins so."""
    return any(value.startswith(beginning) for value in header_lines(message.headers.fields, name))


def _body(message: http.Message, limit: int) -> bytes | None:
    if message.raw_content is None:
        return None
    content = message.get_content(strict=False)
    return content[:limit] if content is not None else None


def read_capture(
    path: str | Path,
    skipped: Callable[[str], None] = lambda _reason: None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Exchange]:
    """Every HTTP exchange of a flow file or HAR, in the order the requests started.

    `path` may be "-" for standard input; file names are told apart by content, not by name.
    `skipped` is told of each part that could not be read while the rest could, `progress` of
    the share read so far (0 to 1). Raises `CaptureError` when nothing can be read - or, after
    everything before it has been given, when the capture breaks off.
    """
    standard = str(path) == "-"
    place = Path(path).expanduser()
    with _standard_input() if standard else _opened(place) as stream:
        reading = _read(stream, STANDARD_INPUT if standard else str(place), skipped)
        if progress is not None:
            reading = _watched(reading, stream, progress)
        yield from in_request_order(reading)


def _watched(
    reading: Iterator[Exchange], stream: BinaryIO, progress: Callable[[float], None]
) -> Iterator[Exchange]:
    size = stream.seek(0, os.SEEK_END) or 1
    stream.seek(0)
    for exchange in reading:
        progress(stream.tell() / size)
        yield exchange


def _opened(place: Path) -> BinaryIO:
    if place.is_dir():
        raise CaptureError(f"{place} is a directory, not a capture: name a flow file or a HAR")
    try:
        source = place.open("rb")
    except OSError as error:
        raise CaptureError(f"{place} cannot be opened: {error.strerror}") from error
    # A pipe (`<(zcat ...)`) can be read from its start once only.
    return source if source.seekable() else _spooled(source)


@contextlib.contextmanager
def _standard_input() -> Iterator[BinaryIO]:
    with _spooled(open(0, "rb", closefd=False)) as spool:
        yield spool


def _spooled(source: BinaryIO) -> BinaryIO:
    """What `source` gives, as a file that can be read from its start twice."""
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115 - the caller's to close
    with source:
        shutil.copyfileobj(source, spool)
    spool.seek(0)
    return cast("BinaryIO", spool)


def _read(stream: BinaryIO, name: str, skipped: Callable[[str], None]) -> Iterator[Exchange]:
    try:
        head = _head(stream)
        if not head:
            raise CaptureError(f"{name} is empty: nothing was recorded")
        for beginning, (what, unpack) in COMPRESSED.items():
            if head.startswith(beginning):
                file = "FILE" if name == STANDARD_INPUT else shlex.quote(name)
                raise CaptureError(
                    f"{name} is compressed ({what}): unpack it first, for instance "
                    f"`{unpack} {file} | ara-inspector check -`"
                )
        if _is_archive(head):
            if head.startswith(BOM):
                stream.seek(len(BOM))
            yield from _read_archive(stream, name, skipped)
        else:
            yield from _read_flows(stream, name, skipped)
    except OSError as error:
        raise CaptureError(f"{name} cannot be read on: {error.strerror}") from error


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(HEAD)
    stream.seek(0)
    return head


def _is_archive(head: bytes) -> bool:
    return head.removeprefix(BOM)[:1] in (b"{", b" ", b"\n", b"\r", b"\t")


def _read_archive(
    stream: BinaryIO, name: str, skipped: Callable[[str], None]
) -> Iterator[Exchange]:
    # Loaded where asked for: who proxies has no HARs.
    from ara_inspector.har import (  # noqa: PLC0415
        ArchiveError,
        EntryError,
        has_entries,
        read_archive,
    )

    begin = stream.tell()
    usable = 0
    unusable: EntryError | None = None
    try:
        for entry in read_archive(stream):
            if isinstance(entry, EntryError):
                unusable = unusable or entry
                skipped(f"{name}: {entry}")
            else:
                usable += 1
                yield entry
    except ArchiveError as error:
        raise CaptureError(f"{name}: {error}") from error
    if unusable is not None and not usable:
        raise CaptureError(f"{name} has no entry that can be used: {unusable}")
    if not usable:
        stream.seek(begin)
        if has_entries(stream):
            raise CaptureError(f"{name} has no entries: nothing was recorded")
        raise CaptureError(f"{name} is JSON but holds no HAR entries (log.entries)")


def read_of_interest(
    path: str | Path, wanted: Callable[[Flow], bool] = lambda _flow: True
) -> Iterator[Exchange]:
    """The exchanges of a flow file that can matter, of flows `wanted`, in request order.

    Raises `CaptureError` as `read_capture` does, and for a HAR: what it holds has no flow ids.
    """
    place, interest = Path(path).expanduser(), Interest()
    with _opened(place) as stream:
        if _is_archive(_head(stream)):
            raise CaptureError(f"{place} is a HAR, whose exchanges get new ids each time")
        yield from in_request_order(
            _read_flows(
                stream,
                str(place),
                wanted=lambda flow: interest.in_flow(flow) and wanted(flow),
            )
        )


def _read_flows(
    stream: BinaryIO,
    name: str,
    skipped: Callable[[str], None] = lambda _reason: None,
    wanted: Callable[[http.HTTPFlow], bool] = lambda _flow: True,
) -> Iterator[Exchange]:
    count = 0
    try:
        for flow in _flows(stream):
            count += 1
            try:
                made = _sound(flow) if isinstance(flow, http.HTTPFlow) and wanted(flow) else None
            except Exception as error:  # noqa: BLE001 - mitmproxy takes values of any type
                skipped(f"{name}: flow {count} cannot be used: {error}")
                continue
            if made is not None:
                yield made
    except exceptions.FlowReadException as error:
        if not count:
            raise CaptureError(f"{name} is neither a mitmproxy flow file nor a HAR") from error
        raise _damaged(name, count) from error
    except _DamagedFlowError as error:
        raise _damaged(name, count) from error


def _damaged(name: str, count: int) -> CaptureError:
    where = f"after flow {count}: the flows before it are shown" if count else "from its start on"
    return CaptureError(f"{name} is damaged {where}")


class _DamagedFlowError(Exception):
    """A flow that mitmproxy stumbles over."""


def _flows(stream: BinaryIO) -> Iterator[Flow]:
    try:
        yield from FlowReader(stream).stream()
    except (exceptions.FlowReadException, OSError):
        raise
    except Exception as error:
        # A name or a type that is not as it was written ends in whatever comes of it.
        raise _DamagedFlowError from error


def _sound(flow: http.HTTPFlow) -> Exchange:
    """The exchange of a flow; raises where a value is of another type than it has to be."""
    exchange = exchange_of(flow)
    convert(structs.asdict(exchange), Exchange)
    return exchange


def in_request_order(
    exchanges: Iterable[Exchange], window: int = REORDERED, batch: int = BATCH
) -> Iterator[Exchange]:
    """The same exchanges in request order; what was held back comes before a source's error."""
    order = RequestOrder(window, batch)
    failure: CaptureError | None = None
    try:
        for exchange in exchanges:
            yield from order.push(exchange)
    except CaptureError as error:
        failure = error
    yield from order.drain()
    if failure is not None:
        raise failure


def probe(path: str | Path) -> None:
    """Raise `CaptureError` where not even the first exchange of `path` can be read."""
    place = Path(path).expanduser()
    with _opened(place) as stream:
        next(iter(_read(stream, str(place), lambda _reason: None)), None)
