"""The rules' help pages in the form the pages show them.

May live here: choosing and reading pages for a view. The pages themselves are in `rules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.views.output import Json


def help_texts(codes: Iterable[str] | None = None) -> Json:
    """Name, severity, address and page of each rule in `codes` (of all rules without), by code."""
    wanted = None if codes is None else frozenset(codes)
    texts: Json = {}
    for rule in rules.catalogue():
        sections = sections_of(rule.code) if wanted is None or rule.code in wanted else None
        if sections is not None:
            texts[rule.code] = {
                "name": rule.name,
                "severity": rule.severity.value,
                "spec": rule.url,
                "sections": sections,
            }
    return texts


def sections_of(code: str) -> dict[str, str] | None:
    """The sections of a rule's page by their headings; None where there is no page."""
    try:
        return dict(rules.read_page(rules.page_text(code)).sections)
    except rules.PageError:
        return None
