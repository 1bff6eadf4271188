"""An entry as a row of the page: what its list shows, filters, searches and groups by.

May live here: which value of an entry goes into which member of a row. A page gets a row of
every entry, and in full only the entries somebody looks at: so rows are small, and quick to make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.chains import ActionCard, ChainCard, SilentHop
from ara_inspector.findings import Certainty, Severity, printable
from ara_inspector.registrations import Registration
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.document import entry_document
from ara_inspector.views.fates import told_in_full
from ara_inspector.views.selection import reporting_origins, searched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry
    from ara_inspector.views.output import Json

SEARCHED: Final = 20_000
"""Characters of a header or body that the page's search goes through."""
ROUTE: Final = 500
"""Characters of what a row says; it has room for fewer, and a note may say a URL of megabytes."""
DOTS: Final = 12
"""Hops of a chain that are drawn in its row."""


def row_of(entry: Entry) -> Json:
    """The row of `entry`; members without a value are left out."""
    # The page tells times itself: after its own is the cheapest way to tell them here.
    cells = cells_of(entry, zero=entry.time)
    said = entry.fate is not None and cells.outcome
    route = f"{cells.outcome}: {cells.route}" if said else cells.route
    findings = entry.findings
    row: Json = {
        "number": entry.number,
        "revision": entry.revision,
        "kind": entry.kind.value,
        "time": entry.time,
        "verdict": entry.verdict,
        "severity": entry.severity,
        "origin": entry.reporting_origin,
        "reporter": words.reporter_of(entry) if entry.reporting_origin is None else None,
        "flow": getattr(entry.about, "flow_id", None),
        "what": cells.what,
        "route": route if len(route) <= ROUTE else f"{route[:ROUTE]}…",
        "place": cells.place,
        "codes": _codes(findings),
        "errors": sum(finding.severity is Severity.ERROR for finding in findings) or None,
        "warnings": sum(finding.severity is Severity.WARNING for finding in findings) or None,
        **_belonging(entry),
        "text": "\n".join(map(printable, searched(entry, cells, SEARCHED))).lower(),
    }
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def in_full(entry: Entry) -> Json:
    """An entry as the page shows it when it is chosen: its document, and why it is so."""
    return {"entry": entry_document(entry), "why": why_of(entry)}


def why_of(entry: Entry) -> list[str]:
    """All that is known of what became of an entry, line by line; empty where nothing is."""
    return [] if entry.fate is None else list(told_in_full(entry.fate))


def _codes(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """The codes of findings with their severities, worst first, each once."""
    codes: dict[str, str] = {}
    for severity in Severity:
        for finding in findings:
            if finding.severity is severity:
                codes.setdefault(finding.rule.code, severity.value)
    return list(codes.items())


def _belonging(entry: Entry) -> Json:
    """What an entry belongs to."""
    about = entry.about
    match about:
        case Registration():
            site = about.context_site
            return {
                "registers": about.kind.value,
                "site": site.value,
                "page": site.page or site.origin or site.value,
                "sure": False if about.certainty is Certainty.LIKELY else None,
                "chains": [about.chain],
            }
        case SilentHop():
            return {"chains": [about.chain]}
        case ChainCard():
            dots = (next((done.verdict for done in h.registrations), "") for h in about.hops)
            origins = list(reporting_origins(entry))
            return {"chains": [about.number], "dots": list(dots)[:DOTS], "origins": origins}
        case ActionCard():
            return {"chains": list(about.chains)}
    links = () if entry.explanation is None else entry.explanation.links
    return {"causes": sorted({link.entry for link in links})}
