"""Where the browser sends reports and fetches keys: paths, and the kind each stands for.

May live here: telling a report's request by method and URL. Reading bodies is not its work.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from ara_inspector.registrations.request import KEYS_PATH, REPORT_PATH

PUBLIC_KEYS_PATH: Final = f"{KEYS_PATH}v1/public-keys"
REGISTER_REDIRECT: Final = "register-redirect"
"""Android sends a redirected registration to this place: no report, though a POST beside them."""
DEFAULT_PORTS: Final = {"https": ":443", "http": ":80"}


class ReportKind(StrEnum):
    """What a request of the browser's own is."""

    EVENT_LEVEL = "event-level"
    DEBUG_EVENT_LEVEL = "debug-event-level"
    AGGREGATABLE = "aggregatable"
    DEBUG_AGGREGATABLE = "debug-aggregatable"
    VERBOSE = "verbose"
    AGGREGATABLE_DEBUG = "aggregatable-debug"
    PUBLIC_KEYS = "public-keys"
    """The fetch of an aggregation coordinator's keys, without which nothing can be encrypted."""
    UNKNOWN = "unknown"
    """A POST below the reports' path that no browser we know sends."""

    @property
    def is_event_level(self) -> bool:
        """Whether its body is an event-level report."""
        return self in {ReportKind.EVENT_LEVEL, ReportKind.DEBUG_EVENT_LEVEL}

    @property
    def is_debug(self) -> bool:
        """Whether it goes out at once, for debugging only."""
        return self not in {ReportKind.EVENT_LEVEL, ReportKind.AGGREGATABLE}


# https://wicg.github.io/attribution-reporting-api/#get-report-url
REPORT_PATHS: Final = {
    "report-event-attribution": ReportKind.EVENT_LEVEL,
    "debug/report-event-attribution": ReportKind.DEBUG_EVENT_LEVEL,
    "report-aggregate-attribution": ReportKind.AGGREGATABLE,
    "debug/report-aggregate-attribution": ReportKind.DEBUG_AGGREGATABLE,
    "debug/verbose": ReportKind.VERBOSE,
    "debug/report-aggregate-debug": ReportKind.AGGREGATABLE_DEBUG,
}


class Endpoint(Struct, frozen=True, gc=False):
    """A report's address: whose it is and what is sent there."""

    kind: ReportKind
    origin: str
    """The reporting origin, or the coordinator's for a key fetch."""
    path: str


def endpoint_of(method: str, url: str) -> Endpoint | None:
    """What a request with `method` to `url` is among the browser's own, None if it is not one.

    Only two substring searches for everything else: this runs for every exchange.
    """
    if method == "POST" and REPORT_PATH in url:
        origin, path = _split(url)
        name = path.removeprefix(REPORT_PATH)
        if name in {path, REGISTER_REDIRECT}:
            return None
        return Endpoint(REPORT_PATHS.get(name, ReportKind.UNKNOWN), origin, path)
    if method == "GET" and KEYS_PATH in url:
        origin, path = _split(url)
        return Endpoint(ReportKind.PUBLIC_KEYS, origin, path) if path == PUBLIC_KEYS_PATH else None
    return None


def _split(url: str) -> tuple[str, str]:
    """Origin and path of an absolute URL as a proxy writes it: already parsed and normal."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.removesuffix(DEFAULT_PORTS.get(scheme, ''))}", slash + path.partition(
        "?"
    )[0]
