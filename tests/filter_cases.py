"""The filter language as a table: what each filter shows of some traffic, and what is refused.

Python reads the language in `views/selection.py`, the page in `terms.js`: both are held against
these cases, so that neither can drift away from the other.
"""

from __future__ import annotations

TRAFFIC = """
page https://news.example/

ad https://a.example/one?campaign=Summer
< 302
< Location: https://sub.b.example/two
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}

ad https://sub.b.example/two
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"

page https://shop.example/

ad https://a.example/conversion
< Attribution-Reporting-Register-Trigger: {}

ad https://c.example/nothing
"""
"""Entries are called by the last part of their URL, or else by their kind."""

ALL = {"one", "two", "conversion", "nothing", "chain"}
SHOWN: tuple[tuple[str, set[str]], ...] = (
    ("", ALL),
    ("kind:registration", {"one", "two", "conversion"}),
    ("kind:source", {"one", "two"}),
    ("kind:trigger", {"conversion"}),
    ("kind:os-source", set()),
    ("kind:trigger,silent", {"conversion", "nothing"}),
    ("-kind:registration", {"nothing", "chain"}),
    ("verdict:rejected", {"two"}),
    ("verdict:rejected,registered", {"one", "two", "conversion"}),
    ("-verdict:registered kind:registration", {"two"}),
    ("origin:https://a.example kind:registration", {"one", "conversion"}),
    ("origin:https://a.example/ kind:trigger", {"conversion"}),
    ("origin:b.example", {"two", "chain"}),
    ("origin:SUB.B.example", {"two", "chain"}),
    ("origin:example.b", set()),
    ("origin:.example", set()),
    ("-origin:a.example", {"two", "nothing"}),
    ("site:news.example", {"one", "two"}),
    ("site:https://shop.example", {"conversion"}),
    ("site:ews.example", set()),
    ("severity:error", {"two"}),
    ("severity:warning", {"one", "two", "conversion"}),
    ("-severity:note", {"chain"}),
    ("code:src004", {"one"}),
    ("code:SRC -severity:error", {"one"}),
    ("code:RC004", set()),
    ("summer", {"one", "chain"}),
    ('text:"Summer"', {"one", "chain"}),
    ('"no such text"', set()),
    ("campaign=,conversion", {"one", "chain", "conversion"}),
    ("-summer", {"two", "conversion", "nothing"}),
    ("kind:silent nothing", {"nothing"}),
    ("https://a.example/conversion", {"conversion"}),
    ("-https://a.example/", {"two", "nothing"}),
    ('"source (event)"', {"one", "two"}),
    ('"source  (event)"', set()),
    ('text:"conversion" kind:trigger', {"conversion"}),
    ("Kind:trigger", set()),
    ("c1:2", {"two"}),
    ('"unclosed', set()),
    ("-", ALL - {"chain"}),
)

REFUSED: tuple[tuple[str, str], ...] = (
    (
        "sort:time",
        (
            "sort: is no filter; there are origin:, site:, kind:, verdict:, severity:, code:, "
            "text: and plain text"
        ),
    ),
    (
        "a kind:click b",
        (
            "kind:click: kind is one of registration, silent, chain, action, report, context, "
            "browser, note, source, trigger, os-source, os-trigger"
        ),
    ),
    ("verdict:ok", "verdict:ok: verdict is one of registered, rejected, ignored, unknown"),
    ("severity:fatal", "severity:fatal: severity is one of error, warning, note"),
    ("-severity:error,x", "severity:x: severity is one of error, warning, note"),
    ("severity:", "severity: wants one of error, warning, note"),
    ("-severity:,", "severity: wants one of error, warning, note"),
    ("summer site:", "site: wants a value"),
    (
        'kind:"source,trigger"',
        (
            "kind:source,trigger: kind is one of registration, silent, chain, "
            "action, report, context, browser, note, source, trigger, os-source, os-trigger"
        ),
    ),
)
"""With the whole message about the first term that cannot be read."""
