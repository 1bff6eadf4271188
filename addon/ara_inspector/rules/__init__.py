"""The catalogue: every rule of every stage, and the help page of each.

May live here: finding the rules and reading their pages. A rule is defined beside the code that
emits it; a module that defines rules is listed in `MODULES`, nothing else registers anything.
"""

from __future__ import annotations

import difflib
import importlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MODULES: Final = (
    "spec.json_text",
    "spec.values",
    "spec.fields",
    "spec.destinations",
    "spec.debug_reporting",
    "spec.filters",
    "spec.source",
    "spec.source_windows",
    "spec.source_scopes",
    "spec.source_capacity",
    "spec.aggregatable",
    "spec.trigger",
    "spec.structured",
    "spec.eligible",
    "spec.info",
    "spec.os_registration",
    "registrations.lines",
    "registrations.eligibility",
    "registrations.blocking",
    "registrations.obstacles",
    "registrations.outcome",
    "reports.report",
    "reports.json_body",
    "reports.body_fields",
    "reports.body_readers",
    "reports.links.values",
    "context",
    "chains.breaking",
    "chains.cards",
    "chains.actions",
    "chains.landings",
    "chains.reading_again",
    "chains.reporters",
    "browser",
    "attribution.outcomes",
    "session.certainty",
    "session.clearing",
    "session.local_testing",
)
"""Where rules are defined, below `ara_inspector`."""

FAMILIES: Final = {
    "HDR": "header lines",
    "JSN": "JSON text",
    "REG": "values both JSON registrations share",
    "SRC": "Register-Source",
    "TRG": "Register-Trigger",
    "OSR": "Register-OS-Source and -OS-Trigger",
    "ELG": "Eligible, Support and Info",
    "RSP": "the response as a whole",
    "CTX": "page and site",
    "CHN": "redirect chains",
    "RPT": "reports",
    "ATT": "attribution",
    "BRW": "the browser itself",
}
"""What the first three letters of a code stand for, in the order of the index."""

SECTIONS: Final = (
    "What it says",
    "Why it matters",
    "What the browser does",
    "Example",
    "Use instead",
    "Spec",
)
"""A page's sections, in order."""


class UnknownRuleError(ValueError):
    """A word that stands for no rule."""


class PageError(ValueError):
    """A help page is missing or not in the fixed form."""


class Block(Struct, frozen=True, gc=False):
    """A fenced block of a page: its kind (the words after the fence) and its body."""

    kind: str
    body: str


class Page(Struct, frozen=True, gc=False):
    """A rule's help page, taken apart."""

    title: str
    text: str
    sections: Mapping[str, str]
    example: Block
    instead: Block


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, ordered by code. Two of one code or name are a programming error."""
    found: dict[int, Rule] = {}
    for module in MODULES:
        names = vars(importlib.import_module(f"ara_inspector.{module}"))
        found |= {id(value): value for value in names.values() if isinstance(value, Rule)}
    rules = sorted(found.values(), key=lambda rule: rule.code)
    for key in ("code", "name"):
        seen = set[str]()
        for rule in rules:
            word = getattr(rule, key)
            if word in seen:
                raise ValueError(f"two rules have the {key} {word}")
            seen.add(word)
    return tuple(rules)


def find(word: str) -> Rule | None:
    """The rule of this code or name; case does not matter."""
    for rule in catalogue():
        if word.lower() in {rule.code.lower(), rule.name}:
            return rule
    return None


def beginning(word: str) -> str:
    """The code, or the beginning of codes, that `word` stands for. Raises `UnknownRuleError`.

    A word is a code (`REG010`), the beginning of codes (`REG`) or a name (`number-for-string`).
    """
    rule = find(word)
    if rule is not None:
        return rule.code
    start = word.upper()
    codes = [each.code for each in catalogue()]
    if start and any(code.startswith(start) for code in codes):
        return start
    raise UnknownRuleError(f"no rule's code begins with {word!r}{hint(start, codes)}")


def hint(word: str, known: Iterable[str]) -> str:
    """What follows a word that is none of those known: the nearest of them, if one is near."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def codes_meant(words: Iterable[str]) -> frozenset[str]:
    """All codes that words stand for, or lists of them with commas. Raises `UnknownRuleError`."""
    starts = tuple(beginning(word.strip()) for text in words for word in text.split(","))
    return frozenset(rule.code for rule in catalogue() if rule.code.startswith(starts))


def page_text(code: str) -> str:
    """The help page of `code` as it is written, Markdown."""
    page = files(__name__) / f"{code}.md"
    if not page.is_file():
        raise PageError(f"{code} has no page: rules/{code}.md")
    return page.read_text("utf-8")


def read_page(text: str) -> Page:
    """A page in the fixed form of rules/README.md, or a PageError that says what is amiss."""
    title, *parts = text.split("\n## ")
    if not title.startswith("# "):
        raise PageError("a page begins with `# CODE name`")
    sections = {}
    for part in parts:
        heading, _, body = part.partition("\n")
        sections[heading.strip()] = body.strip()
    if tuple(sections) != SECTIONS or len(parts) != len(SECTIONS):
        raise PageError(f"the sections are {', '.join(SECTIONS)}, in this order")
    empty = [heading for heading, body in sections.items() if not body]
    if empty:
        raise PageError(f"nothing under {empty[0]}")
    example, instead = (read_block(sections[name]) for name in ("Example", "Use instead"))
    return Page(title.removeprefix("# ").strip(), text, sections, example, instead)


def read_block(section: str) -> Block:
    """The one fenced block of a section."""
    before, *fenced = section.split("```")
    if len(fenced) != len(("block", "rest")):
        raise PageError(f"one fenced block is wanted, not {len(fenced) / 2:g} ({before.strip()})")
    kind, _, body = fenced[0].partition("\n")
    return Block(kind.strip(), body.removesuffix("\n"))


def index() -> str:
    """All rules in one Markdown page, a table for each family."""
    lines = ["# Rules", "", "Written by `scripts/pages` from the rules themselves."]
    for family, title in FAMILIES.items():
        rules = [rule for rule in catalogue() if rule.code.startswith(family)]
        lines += ["", f"## {family}: {title}", "", "| code | name | severity |"]
        lines += ["| --- | --- | --- |"]
        lines += [f"| [{r.code}]({r.code}.md) | {r.name} | {r.severity} |" for r in rules]
    return "\n".join(lines) + "\n"
