"""Which entries stand together: by reporting origin, site, page or chain.

May live here: an entry's group under each of the four orders. What a report belongs to is read
from its body; a silent hop belongs where its chain does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ara_inspector.registrations import Registration
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
    """The context origin: the page, as far as the wire tells it apart from others of its site."""
    CHAIN = "chain"
    """The redirect chain."""


ROWS: Final = frozenset({EntryKind.REGISTRATION, EntryKind.SILENT, EntryKind.REPORT})
"""Kinds of entries that always stand in a table."""
OWNED: Final = frozenset({EntryKind.NOTE, EntryKind.CONTEXT})
"""Kinds that stand in a table where they have a reporting origin."""


def grouped(entries: Iterable[Entry], by: GroupBy) -> dict[str, list[Entry]]:
    """The entries that stand in tables, group by group, in order of appearance."""
    rows = [
        entry
        for entry in entries
        if entry.kind in ROWS or (entry.kind in OWNED and entry.reporting_origin)
    ]
    sites = {
        entry.about.chain: entry.about.context_site
        for entry in rows
        if isinstance(entry.about, Registration)
    }
    groups: dict[str, list[Entry]] = {}
    for entry in rows:
        groups.setdefault(_group(entry, by, sites) or words.UNTOLD, []).append(entry)
    return groups


def _group(entry: Entry, by: GroupBy, sites: Mapping[int, ContextSite]) -> str | None:
    if by is GroupBy.ORIGIN:
        return entry.reporting_origin
    chain = getattr(entry.about, "chain", None)
    if by is GroupBy.CHAIN:
        return None if chain is None else f"chain c{chain}"
    site = getattr(entry.about, "context_site", None) or sites.get(chain or 0)
    if site is not None:
        return site.value if by is GroupBy.SITE else site.origin or site.value
    return _reported_site(getattr(entry.about, "body", None))


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
