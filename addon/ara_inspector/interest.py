"""Which flows can matter: most have nothing to do with the API, and are only counted.

May live here: the look that every flow gets before anything is made of it. It is cheap on
purpose, and rather lets one flow too many pass: the session looks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.registrations.clearing import CLEAR_SITE_DATA
from ara_inspector.registrations.lines import PREFIX, PREFIX_LENGTH, any_ara_line
from ara_inspector.registrations.obstacles import location_of
from ara_inspector.registrations.request import KEYS_PATH, REPORT_PATH
from ara_inspector.spec.urls import requested, resolve

if TYPE_CHECKING:
    from mitmproxy import http

    from ara_inspector.exchange import HeaderLines

MODE_LENGTH: Final = len(b"sec-fetch-mode")
TYPE_LENGTH: Final = len(b"content-type")
CLEAR_LENGTH: Final = len(CLEAR_SITE_DATA)
WELL_KNOWN: Final = b"/.well-known/"
REDIRECTION: Final = 3
"""The first digit of a redirect's status."""
LED_TO: Final = 1_000
"""Targets of redirects remembered; a browser requests them at once."""


class Interest:
    """Tells the flows that can matter: by themselves, or as a hop of a chain that registers.

    The answer of the last hop may be without any header of the API, and so may its request be,
    where a trigger is registered by a plain image.
    """

    def __init__(self) -> None:
        # By their paths alone, which are soon compared.
        self._led_to: dict[bytes, None] = {}

    def in_request(self, request: http.Request) -> bool:
        """Whether a request can matter, as it comes."""
        # `data` is what mitmproxy's properties look into: they take as long as the rest of this.
        data = request.data
        path = data.path
        return (
            _any_of_interest(data.headers.fields)
            or path in self._led_to
            or (WELL_KNOWN in path and (REPORT_PATH in request.path or KEYS_PATH in request.path))
        )

    def in_answer(self, flow: http.HTTPFlow) -> bool:
        """Whether the answer of a flow can matter, as its headers come: redirects always can."""
        response = flow.response
        if response is None:
            return False
        data = response.data
        if data.status_code // 100 != REDIRECTION:
            return _any_of_interest(data.headers.fields)
        if carries_headers(response) or flow.request.data.path in self._led_to:
            self._lead(flow.request, response)
        return True

    def in_flow(self, flow: http.HTTPFlow) -> bool:
        """Whether a recorded flow can matter."""
        # Both are asked: the answer may lead on.
        answered = self.in_answer(flow)
        return answered or self.in_request(flow.request)

    def _lead(self, request: http.Request, response: http.Response) -> None:
        location = location_of(response.headers.fields)
        target = None if location is None else resolve(request.url, location)
        if target is None:
            return
        # After scheme and host; without a path `requested` gives one.
        path = "/" + requested(target).split("/", 3)[-1]
        self._led_to[path.encode("utf-8", "surrogateescape")] = None
        if len(self._led_to) > LED_TO:
            del self._led_to[next(iter(self._led_to))]


def _any_of_interest(lines: HeaderLines) -> bool:
    """Whether any of these lines makes its message matter.

    That are headers of the API, those of a page or frame, and Clear-Site-Data. One look for
    requests and answers alike: what is run twice for a flow is half as cold.
    """
    for name, value in lines:
        # Of the lengths first: most names need not be looked at then.
        size = len(name)
        if size >= PREFIX_LENGTH:
            if name[:PREFIX_LENGTH].lower() == PREFIX:
                return True
        elif size == MODE_LENGTH:
            if value == b"navigate" and name.lower() == b"sec-fetch-mode":
                return True
        elif size == CLEAR_LENGTH:
            if name.lower() == CLEAR_SITE_DATA:
                return True
        # A page of a client that sends no Sec-Fetch headers.
        elif size == TYPE_LENGTH and value[:9] == b"text/html" and name.lower() == b"content-type":
            return True
    return False


def carries_headers(message: http.Message) -> bool:
    """Whether a request or an answer carries headers of the API."""
    return any_ara_line(message.headers.fields)
