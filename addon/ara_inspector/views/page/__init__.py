"""The page's own files, and putting them together: live behind a server, or whole in one file.

May live here: HTML, style and scripts as package data, and the order in which they belong.
What a page shows is given by `web` (live) and `html` (saved).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from ara_inspector.views.cells import cells_of
from ara_inspector.views.document import entry_document
from ara_inspector.views.fates import told_in_full

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry
    from ara_inspector.views.contract import Json

STYLE: Final = "page.css"
SCRIPTS: Final = ("text.js", "entries.js", "list.js", "chain.js", "detail.js", "page.js")
"""In the order in which they build on each other."""
MARKS: Final = ("HEAD", "STYLE", "STATIC", "DATA", "SCRIPT")
"""The comments in page.html that are replaced."""


@cache
def asset(name: str) -> str:
    """The text of one of the page's files."""
    if name not in {STYLE, *SCRIPTS, "page.html"}:
        raise KeyError(name)
    return (files(__name__) / name).read_text("utf-8")


def shell(**parts: str) -> str:
    """page.html with `parts` in the place of its marks, named in lower case."""
    page = asset("page.html")
    # In one pass over the marks: what is put in is never searched for further marks.
    pieces = []
    for mark in MARKS:
        before, _, page = page.partition(f"<!--{mark}-->\n")
        pieces += [before, parts.get(mark.lower(), "")]
    return "".join([*pieces, page])


def live_page(base: str) -> str:
    """The page as a server gives it, its files below the path `base`."""
    scripts = (f'<script src="{base}/{name}" defer></script>\n' for name in SCRIPTS)
    return shell(style=f'<link rel="stylesheet" href="{base}/{STYLE}">\n', script="".join(scripts))


def shown_entry(entry: Entry) -> Json:
    """An entry as the scripts take it: its document, the texts of its row, and why it is so."""
    cells = cells_of(entry, zero=None)
    route = f"{cells.outcome}: {cells.route}" if entry.fate and cells.outcome else cells.route
    texts = {"what": cells.what, "route": route, "place": cells.place}
    why = [] if entry.fate is None else list(told_in_full(entry.fate))
    return {"entry": entry_document(entry), "cells": texts, "why": why}
