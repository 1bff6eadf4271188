"""The page's own files, and putting them together: live behind a server, or whole in one file.

May live here: HTML, style and scripts as package data, and the order in which they belong.
What a page shows is given by `web` (live) and `html_report` (saved).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

STYLE: Final = "page.css"
SCRIPTS: Final = (
    "text.js",
    "entries.js",
    "terms.js",
    "shown.js",
    "list.js",
    "parts.js",
    "chain.js",
    "detail.js",
    "expectations.js",
    "overview.js",
    "side.js",
    "search.js",
    "exports.js",
    "address.js",
    "live.js",
    "connection.js",
    "packed.js",
    "cutting.js",
    "saved.js",
    "page.js",
)
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
