"""Which entries stand together: by reporting origin, site, page or chain.

May live here: an entry's group under each of the four orders. A report belongs where the
registration does that made the browser send it, or where its body says; a silent hop belongs
where its chain does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ara_inspector.registrations import Registration
from ara_inspector.reports.links import Role
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ara_inspector.registrations import ContextSite
    from ara_inspector.timeline import Entry


class GroupBy(StrEnum):
    """How a table is divided."""

    ORIGIN = "origin"
    """The reporting origin."""
    SITE = "site"
    """The source site of sources, the destination site of triggers."""
    PAGE = "page"
    """The page that was seen loading, without its query; where none was, the context origin."""
    CHAIN = "chain"
    """The redirect chain."""


ROWS: Final = frozenset({EntryKind.REGISTRATION, EntryKind.SILENT, EntryKind.REPORT})
"""Kinds of entries that always stand in a table."""
OWNED: Final = frozenset({EntryKind.NOTE, EntryKind.CONTEXT})
"""Kinds that stand in a table where they have a reporting origin."""
UNKNOWN: Final = {
    GroupBy.ORIGIN: words.UNTOLD,
    GroupBy.SITE: "site not known",
    GroupBy.PAGE: "page not known",
    GroupBy.CHAIN: "no chain",
}
"""The group of entries that tell nothing of theirs."""


def grouped(entries: Iterable[Entry], by: GroupBy) -> dict[str, list[Entry]]:
    """The entries that stand in tables, group by group, in order of appearance."""
    rows = [
        entry
        for entry in entries
        if entry.kind in ROWS or (entry.kind in OWNED and entry.reporting_origin)
    ]
    registered = {
        entry.number: entry.about for entry in rows if isinstance(entry.about, Registration)
    }
    sites = {about.chain: about.context_site for about in registered.values()}
    groups: dict[str, list[Entry]] = {}
    for entry in rows:
        group = _group(entry, by, sites, registered)
        groups.setdefault(group or UNKNOWN[by], []).append(entry)
    return groups


def _group(
    entry: Entry,
    by: GroupBy,
    sites: Mapping[int, ContextSite],
    registered: Mapping[int, Registration],
) -> str | None:
    if by is GroupBy.ORIGIN:
        return words.reporter_of(entry)
    cause = _cause(entry, registered)
    chain = getattr(entry.about, "chain", None) or (None if cause is None else cause.chain)
    if by is GroupBy.CHAIN:
        return None if chain is None else f"chain c{chain}"
    site = getattr(entry.about, "context_site", None) or sites.get(chain or 0)
    if site is None:
        return _reported_site(getattr(entry.about, "body", None))
    return site.value if by is GroupBy.SITE else site.page or site.origin or site.value


def _cause(entry: Entry, registered: Mapping[int, Registration]) -> Registration | None:
    """The registration that made the browser send a report: trigger before source."""
    links = () if entry.explanation is None else entry.explanation.links
    for link in sorted(links, key=lambda link: link.role is Role.SOURCE):
        if link.entry in registered:
            return registered[link.entry]
    return None


def _reported_site(body: object) -> str | None:
    """The site a report names: where it was triggered, else where its source stands."""
    parts = (body, getattr(body, "shared_info", None), *getattr(body, "data", ()))
    for name in ("attribution_destination", "context_site", "source_site"):
        for part in parts:
            value = getattr(part, name, None)
            if isinstance(value, str):
                return value
            if isinstance(value, tuple) and value:
                return str(value[0])
    return None
