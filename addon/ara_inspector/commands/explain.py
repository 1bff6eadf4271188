"""`ara-inspector explain`: the help page of a rule, or the list of all rules."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from ara_inspector import rules
from ara_inspector.cli import UNUSABLE
from ara_inspector.commands import terminal

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
        help="a rule's code (ELG001) or name (dictionary-value-ignored); none: list them all",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the page or the list."""
    style = terminal.style()
    if arguments.rule is None:
        sys.stdout.write("\n".join(_index(style)) + "\n")
        return 0
    rule = rules.find(arguments.rule)
    if rule is None:
        sys.stderr.write(f"ara-inspector explain: {_unknown(arguments.rule)}\n")
        return UNUSABLE
    for line in rules.page_text(rule.code).splitlines():
        sys.stdout.write((style.bold(line) if line.startswith("#") else line) + "\n")
    return 0


def _index(style: Style) -> Iterable[str]:
    found = rules.catalogue()
    for family, title in rules.FAMILIES.items():
        yield style.bold(f"{family}: {title}")
        for rule in (rule for rule in found if rule.code.startswith(family)):
            severity = style.severity(f"{rule.severity:7}", rule.severity)
            yield f"  {rule.code}  {severity}  {rule.name}"


def _unknown(word: str) -> str:
    known = {key: rule for rule in rules.catalogue() for key in (rule.code.lower(), rule.name)}
    near = difflib.get_close_matches(word.lower(), known, n=1)
    hint = f" (did you mean {known[near[0]].code} {known[near[0]].name}?)" if near else ""
    return f"no rule {word!r}{hint}; `ara-inspector explain` lists them all"
