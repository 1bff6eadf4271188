"""`ara-inspector explain`: the help page of a rule or a debug type, or the list of all."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from ara_inspector import rules, terminal
from ara_inspector.cli import UNUSABLE
from ara_inspector.reports import VERBOSE_TYPES
from ara_inspector.rules import verbose

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from ara_inspector.views.style import Style


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "rule",
        nargs="?",
        metavar="CODE",
        help="a rule's code (ELG001) or name (dictionary-value-ignored), or the type of a "
        "verbose debug report (source-success); the beginning of codes (ELG): list them; none: "
        "list all",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the page or the list."""
    style = terminal.style()
    if arguments.rule is None:
        sys.stdout.write("\n".join(_index(style)) + "\n")
        return 0
    page = verbose.page_of(arguments.rule)
    if page is None and (family := _family(arguments.rule, style)):
        sys.stdout.write("\n".join(family) + "\n")
        return 0
    if page is None:
        sys.stderr.write(f"ara-inspector explain: {_unknown(arguments.rule)}\n")
        return UNUSABLE
    for line in page.splitlines():
        sys.stdout.write((style.bold(line) if line.startswith("#") else line) + "\n")
    return 0


def _family(word: str, style: Style) -> list[str]:
    """The rules whose codes begin with `word`; none where no code does."""
    try:
        start = rules.beginning(word)
    except rules.UnknownRuleError:
        return []
    return list(_rules(start, style))


def _rules(start: str, style: Style) -> Iterable[str]:
    """The rules whose codes begin with `start`, family by family."""
    for family, title in rules.FAMILIES.items():
        codes = [rule for rule in rules.catalogue() if rule.code.startswith(start)]
        found = [rule for rule in codes if rule.code.startswith(family)]
        if not found:
            continue
        yield style.bold(f"{family}: {title}")
        for rule in found:
            severity = style.severity(f"{rule.severity:7}", rule.severity)
            yield f"  {rule.code}  {severity}  {rule.name}"


def _index(style: Style) -> Iterable[str]:
    yield from _rules("", style)
    yield style.bold("Types of debug reports")
    yield from (f"  {name}" for name in VERBOSE_TYPES)


def _unknown(word: str) -> str:
    found = rules.catalogue()
    known = {key: f"{r.code} {r.name}" for r in found for key in (r.code.lower(), r.name)}
    known |= {name: name for name in VERBOSE_TYPES}
    near = difflib.get_close_matches(word.lower(), known, n=1)
    hint = f" (did you mean {known[near[0]]}?)" if near else ""
    return f"no rule {word!r}{hint}; `ara-inspector explain` lists them all"
