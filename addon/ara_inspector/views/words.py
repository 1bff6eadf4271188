"""Entries in words: the short texts that every text view puts into its cells.

May live here: one wording for each kind of entry, escaped and one line each. No layout.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ara_inspector.chains import SilentHop
from ara_inspector.findings import Certainty, Severity, Verdict, printable
from ara_inspector.registrations import Registration
from ara_inspector.reports import Outcome, ReportKind
from ara_inspector.reports.bodies import (
    AggregatableReport,
    EventLevelReport,
    PublicKeys,
    VerboseReport,
)
from ara_inspector.reports.json_body import NOT_JSON
from ara_inspector.spec.effective import Source, Trigger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.findings import Finding
    from ara_inspector.registrations import ContextSite
    from ara_inspector.reports import Report
    from ara_inspector.reports.bodies import Payload
    from ara_inspector.timeline import Entry

INFERRED: Final = "?"
"""Follows what is inferred rather than certain."""
UNTOLD: Final = "-"
WHERE: Final = re.compile(r"[^/?#]*(?://[^/?#]*)?")
"""A URL up to its path, be it a URL or not."""
LONGEST: Final = 120
"""Characters of it that are shown."""
NO_SITE: Final = "page not known"
"""Stands where the site of a context would."""
PAIR: Final = 2
"""Of numbers in a row, so many are both told."""
HOUR: Final = 3600.0
"""Seconds from which on a span is told in hours and days."""


def count(number: int, noun: str) -> str:
    """`1 chain`, `2 chains`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def moment(time: float | None, zero: float | None) -> str:
    """A time: how long after `zero` (`+1.234`), or in UTC (`... 14:03:59.120Z`) without a zero.

    UTC everywhere, and it says so: captures, and the logs of servers, are compared across machines.
    """
    if time is None:
        return UNTOLD
    if zero is None:
        return f"{day(time)} {clock(time)}"
    return _after(time - zero)


def _after(seconds: float) -> str:
    """A span as `simulate` writes it, but short ones in seconds: `+1.234`, `+30d 02:19:59.899`."""
    if abs(seconds) < HOUR:
        return f"{seconds:+.3f}"
    whole, milliseconds = divmod(round(abs(seconds) * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    told = f"{days}d {hour:02}" if days else str(hour)
    return f"{'-' if seconds < 0 else '+'}{told}:{minute:02}:{second:02}.{milliseconds:03}"


def day(time: float) -> str:
    """The date in UTC: `2026-11-22`."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d")


def clock(time: float | None) -> str:
    """The time of day in UTC: `14:03:59.120Z`."""
    if time is None:
        return UNTOLD
    return f"{datetime.fromtimestamp(time, UTC).strftime('%H:%M:%S.%f')[:-3]}Z"


def verdict_of(registration: Registration) -> str:
    """The verdict, marked where it is inferred."""
    mark = INFERRED if registration.certainty is Certainty.LIKELY else ""
    return f"{registration.verdict}{mark}"


def what_of(registration: Registration) -> str:
    """The kind of registration with its source type: `source (event)`, `trigger`."""
    if registration.source_type is None or not registration.kind.is_source:
        return registration.kind.value
    return f"{registration.kind.value} ({registration.source_type})"


def host(origin_or_site: str) -> str:
    """An origin as people name it: `https://` goes without saying, anything else does not."""
    return printable(origin_or_site.removeprefix("https://"))


def reporter_of(entry: Entry) -> str:
    """The reporting origin an entry is about, empty if it is about none.

    Where a URL has no origin, as much of it as says where it leads: `https://not a host`.
    """
    about = entry.about
    if entry.reporting_origin is not None or not isinstance(about, Registration | SilentHop):
        return entry.reporting_origin or ""
    found = WHERE.match(about.url)
    return found[0][:LONGEST] if found is not None else ""


def site_of(site: ContextSite) -> str:
    """A context site, marked where it is inferred."""
    if site.value is None:
        return NO_SITE
    return host(site.value) + (INFERRED if site.certainty is Certainty.LIKELY else "")


def route_of(registration: Registration, *, sited: bool = True) -> str:
    """Where it stands and what it is for: `news.example > shop.example`.

    Unless `sited` the site goes without saying, but not that it is inferred: `? > shop.example`.
    """
    here = site_of(registration.context_site)
    if not sited:
        here = here[-1] if here.endswith(INFERRED) else ""
    purpose = purpose_of(registration)
    return " > ".join(filter(None, (here, purpose)))


def purpose_of(registration: Registration) -> str:
    """A source's attribution destinations; what a trigger gives to attribute."""
    effective = registration.effective
    if isinstance(effective, Source):
        return ", ".join(host(site) for site in effective.destination)
    if isinstance(effective, Trigger):
        return ", ".join(_gives(effective))
    return ""


def _gives(trigger: Trigger) -> Iterable[str]:
    if trigger.event_trigger_data:
        data = "/".join(str(datum.trigger_data) for datum in trigger.event_trigger_data)
        yield f"data {data}"
    keys = {key for entry in trigger.aggregatable_values for key in entry.values}
    if keys or trigger.aggregatable_trigger_data:
        named = ", ".join(printable(key) for key in sorted(keys)) or "no values"
        yield f"histogram {named}"


def place_of(chain: int, hop: int) -> str:
    """Chain and hop: `c2:3`."""
    return f"c{chain}:{hop}"


REPORT_KINDS: Final = {
    ReportKind.EVENT_LEVEL: "event-level report",
    ReportKind.DEBUG_EVENT_LEVEL: "debug event-level",
    ReportKind.AGGREGATABLE: "aggregatable report",
    ReportKind.DEBUG_AGGREGATABLE: "debug aggregatable",
    ReportKind.AGGREGATABLE_DEBUG: "aggregatable debug",
    ReportKind.VERBOSE: "verbose report",
    ReportKind.PUBLIC_KEYS: "public keys",
    ReportKind.UNKNOWN: "unknown report",
}
"""What each kind of report is called in a column."""


def report_of(report: Report) -> str:
    """What a report says in a few words, and how its delivery ended where it went wrong."""
    outcome = report.delivery.outcome
    lost = "" if outcome is Outcome.ACCEPTED else f" ({outcome} {report.delivery.status or ''})"
    return f"{_body_of(report)}{lost}".replace(" )", ")")


def _body_of(report: Report) -> str:
    match body := report.body:
        case VerboseReport():
            return ", ".join(printable(datum.type or UNTOLD) for datum in body.data)
        case EventLevelReport():
            towards = ", ".join(host(site) for site in body.attribution_destination or ())
            data = UNTOLD if body.trigger_data is None else body.trigger_data
            return f"data {data} for {towards or UNTOLD}"
        case AggregatableReport():
            return ", ".join(map(_payload_of, body.payloads)) or "no payload"
        case PublicKeys():
            return f"{len(body.keys)} key{'' if len(body.keys) == 1 else 's'}"
        case _:
            is_none = any(f.rule is NOT_JSON and not f.path for f in report.findings)
            return "no JSON" if is_none else "body not read"


def _payload_of(payload: Payload) -> str:
    histogram = payload.decrypted or payload.cleartext
    if histogram is None:
        return "encrypted payload"
    if not histogram.contributions:
        return "no contributions (null report)"
    values = ", ".join(str(each.value) for each in histogram.contributions)
    return f"histogram {values}"


def notes_matter(entry: Entry) -> bool:
    """Whether a note may be the only reason of a verdict: then it is told as if it were worse."""
    return entry.verdict is Verdict.UNKNOWN or (
        entry.verdict not in {None, Verdict.REGISTERED}
        and not any(finding.severity is Severity.ERROR for finding in entry.findings)
    )


def numbers(given: Iterable[int]) -> str:
    """Ascending numbers, three or more in a row as a span: `2,4-22`."""
    spans: list[list[int]] = []
    for number in given:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ",".join(
        f"{span[0]}-{span[-1]}" if len(span) > PAIR else ",".join(map(str, span)) for span in spans
    )


def codes_of(findings: Iterable[Finding], *, notes: bool = False) -> str:
    """The codes of errors and warnings (and notes, if wanted), each once, worst first."""
    wanted = [f for f in findings if notes or f.severity is not Severity.NOTE]
    if not wanted:
        return ""
    order = list(Severity)
    wanted.sort(key=lambda finding: order.index(finding.severity))
    return " ".join(dict.fromkeys(finding.rule.code for finding in wanted))


def sentence_of(finding: Finding) -> str:
    """A finding as one line: code, name, place, message."""
    message = printable(finding.message)
    where = f" at {finding.place}" if finding.place else ""
    ground = f" ({finding.certainty}: {printable(finding.ground)})" if finding.ground else ""
    return f"{finding.rule.code} {finding.rule.name}{where}: {message}{ground}"
