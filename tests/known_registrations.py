"""Registrations as a session remembers them, made from headers, for the tests of links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.registrations import ContextSite, Kind, Registration, RequestKind
from ara_inspector.reports import Report, ReportKind, read_report
from ara_inspector.reports.links import Known
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, read_header
from report_posts import ORIGIN, post

if TYPE_CHECKING:
    from collections.abc import Mapping

PUBLISHER = "https://pub.example"
SHOP = "https://shop.example"


def registration(  # noqa: PLR0913 - one keyword for each thing a test varies
    kind: Kind,
    header: str | Mapping[str, Any],
    *,
    time: float | None = 1000.0,
    site: str | None,
    source_type: SourceType = SourceType.EVENT,
    origin: str | None = ORIGIN,
    verdict: Verdict | None = None,
) -> Registration:
    """One Register header, read as the browser does."""
    raw = header if isinstance(header, str) else json.dumps(header)
    given = source_type if kind is Kind.SOURCE else None
    reading = read_header(HeaderKind(kind.value), raw, given)
    return Registration(
        flow_id="registration",
        time=time,
        url=f"{origin}/register",
        status=200,
        request=RequestKind.FETCH,
        kind=kind,
        source_type=given,
        reporting_origin=origin,
        context_site=ContextSite(site, Certainty.CERTAIN, "given"),
        eligible=True,
        eligibility=None,
        verdict=verdict or (Verdict.REGISTERED if reading.ok else Verdict.REJECTED),
        certainty=Certainty.CERTAIN,
        ground="given",
        chain=1,
        hop=1,
        findings=reading.findings,
        effective=reading.value,
        raw=raw,
    )


def a_source(
    header: Mapping[str, Any] | None = None, *, site: str | None = PUBLISHER, **how: Any
) -> Registration:
    """A source for the shop with event id 123, registered at 1000."""
    value = {"destination": SHOP, "source_event_id": "123", "debug_reporting": True}
    return registration(Kind.SOURCE, value | dict(header or {}), site=site, **how)


def a_trigger(
    header: Mapping[str, Any] | None = None, *, site: str | None = SHOP, **how: Any
) -> Registration:
    """A trigger on the shop with trigger data 1, registered at 2000."""
    value = {"event_trigger_data": [{"trigger_data": "1"}], "debug_reporting": True}
    how = {"time": 2000.0} | how
    return registration(Kind.TRIGGER, value | dict(header or {}), site=site, **how)


def source(entry: int, header: Mapping[str, Any] | None = None, **how: Any) -> Known:
    """`a_source` as remembered."""
    return Known.of(entry, a_source(header, **how))


def trigger(entry: int, header: Mapping[str, Any] | None = None, **how: Any) -> Known:
    """`a_trigger` as remembered."""
    return Known.of(entry, a_trigger(header, **how))


def report(name: str, body: Any, *, time: float = 2000.05, origin: str = ORIGIN) -> Report:
    """What is read of a report posted to the endpoint `name`."""
    found = read_report(post(name, body, time=time, origin=origin))
    assert found is not None
    assert found.kind is not ReportKind.UNKNOWN
    return found
