"""The help pages of the debug types that verbose and aggregatable debug reports carry.

May live here: finding such a page, or a rule's, by a word that may stand for either. What a type
is, in a line, is in `reports.verbose_types`.
"""

from __future__ import annotations

from importlib.resources import files

from ara_inspector import rules
from ara_inspector.reports import VERBOSE_TYPES


def page_of(word: str) -> str | None:
    """The page of a rule, by code or name, or of a debug type; None for any other word."""
    rule = rules.find(word)
    return page_text(word) if rule is None else rules.page_text(rule.code)


def page_text(name: str) -> str | None:
    """The page of a debug type such as `source-success`, Markdown; None for any other word."""
    known = VERBOSE_TYPES.get(name.lower())
    if known is None:
        return None
    return (files(__name__) / f"{known.name}.md").read_text("utf-8")
