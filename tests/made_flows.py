"""Flows as mitmproxy hands them over, made for the tests of what looks at them first."""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.test import tflow, tutils


def flow(
    path: str = "/x", request: dict[str, str] | None = None, response: dict[str, str] | None = None
) -> http.HTTPFlow:
    """A GET and its 200, with these headers beside `content-length`."""
    made = tflow.tflow(
        req=tutils.treq(path=path.encode(), headers=http.Headers(content_length="0")),
        resp=tutils.tresp(headers=http.Headers(content_length="0")),
    )
    for name, value in (request or {}).items():
        made.request.headers[name] = value
    for name, value in (response or {}).items():
        made.response.headers[name] = value  # type: ignore[union-attr]  # tflow gave it one
    return made
