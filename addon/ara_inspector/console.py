"""Commands for mitmproxy's console, where an engineer asks about what is on the screen.

May live here: the commands `ara.*`, what they complete, and the keys bound to them. They give
lines of text: the console shows them in its data viewer, mitmweb's command bar as a list.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import mitmproxy.flow
from mitmproxy import command, ctx, exceptions, types
from mitmproxy.log import ALERT

from ara_inspector import rules
from ara_inspector.chains import ChainCard
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import Inspection
from ara_inspector.findings import Severity
from ara_inspector.reports import VERBOSE_TYPES
from ara_inspector.rules import verbose
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, effective_json, read_header
from ara_inspector.views import words
from ara_inspector.views.annotated import annotated
from ara_inspector.views.layout import effective_text
from ara_inspector.views.selection import FilterError, Selection, read_typed_filter
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout, chains_text, timeline_table
from ara_inspector.views.wrapping import joined, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ara_inspector.session import Session
    from ara_inspector.timeline import Entry
    from ara_inspector.views.told import Excerpt

logger = logging.getLogger(__name__)

WIDTH: Final = 120
"""Columns where the screen does not tell its own."""
SHARE: Final = 0.8
"""The part of the screen's width the console gives to its data viewer."""
SENTENCE: Final = len("warning #1234 ")
"""The column where the sentence of a finding begins."""
FRAME: Final = 2
"""Columns of the data viewer's own frame."""
KEYS: Final = {
    "T": ("ara.timeline", "Attribution Reporting timeline"),
    "t": ("ara.flow @focus", "Attribution Reporting: all about this flow"),
}
"""Keys in the list of flows and in a flow; none of them is one of mitmproxy's own."""
CONTEXTS: Final = ["flowlist", "flowview"]
KINDS: Final = {
    **{f"source-{kind}": (HeaderKind.SOURCE, kind) for kind in SourceType},
    **{kind.value: (kind, None) for kind in HeaderKind if kind is not HeaderKind.SOURCE},
}
"""What `ara.validate` can be asked about, by the word for it."""


STILL: Final = "Attribution is still being worked out: ask again in a few seconds."
"""Registrations wait for their debug reports, and are not settled early for somebody who looks."""


class ConsoleCommands:
    """The commands, over one session."""

    name = "attribution-commands"

    def __init__(
        self, session: Callable[[], Session], entries_of: Callable[[str], Sequence[Entry]]
    ) -> None:
        self._session = session
        self._entries_of = entries_of

    def running(self) -> None:
        """Bind the keys: only the console has a map of them."""
        keymap = getattr(ctx.master, "keymap", None)
        if keymap is not None:
            for key, (words_of_command, text) in KEYS.items():
                keymap.add(key, words_of_command, CONTEXTS, text)

    @command.command("ara.timeline")
    def timeline(self, *terms: str) -> Sequence[str]:
        """The Attribution Reporting timeline, per reporting origin; terms filter it."""
        excerpt = self._excerpt(terms)
        lines = timeline_table(excerpt, TableLayout(_width(), Style.PLAIN)).splitlines()
        return [*lines, "", STILL] if self._session().is_waiting else lines

    @command.command("ara.chains")
    def chains(self, *terms: str) -> Sequence[str]:
        """The redirect chains, hop by hop; terms filter them."""
        cards = [
            entry.about
            for entry in self._excerpt(terms).timeline
            if isinstance(entry.about, ChainCard)
        ]
        lines = [line for card in cards for line in _chain(card)]
        return _fitted(lines) or ["no redirect chains yet"]

    @command.command("ara.findings")
    def findings(self, *terms: str) -> Sequence[str]:
        """What was found, the worst first; terms filter it."""
        found = [
            (
                finding.severity,
                f"{finding.severity:7} #{entry.number:<4} {words.sentence_of(finding)}",
            )
            for entry in self._excerpt(terms).timeline
            for finding in entry.findings
        ]
        order = list(Severity)
        found.sort(key=lambda pair: order.index(pair[0]))
        return _fitted((line for _, line in found), SENTENCE) or ["nothing was found"]

    @command.command("ara.flow")
    def flow(self, flows: Sequence[mitmproxy.flow.Flow]) -> Sequence[str]:
        """Everything about these flows: registrations, chains, reports, findings explained."""
        # What only commands need is loaded by them: mitmdump has none, and starts sooner.
        from ara_inspector.views.account import flow_text  # noqa: PLC0415 - see above

        texts = [flow_text(self._entries_of(each.id), width=_width()) for each in flows]
        told = "\n\n".join(filter(None, texts)).splitlines()
        return _fitted(told) or ["no Attribution Reporting in this flow"]

    @command.command("ara.explain")
    @command.argument("code", type=types.Choice("ara.codes"))
    def explain(self, code: str) -> Sequence[str]:
        """The help page of a rule, or of a type of verbose debug report."""
        page = verbose.page_of(code)
        if page is None:
            raise exceptions.CommandError(f"{code}: no such rule")
        return _fitted(joined(page.splitlines()), 0)

    @command.command("ara.codes")
    def codes(self) -> Sequence[str]:
        """What `ara.explain` can explain."""
        found = rules.catalogue()
        return [*(r.code for r in found), *(r.name for r in found), *VERBOSE_TYPES]

    @command.command("ara.validate")
    @command.argument("kind", type=types.Choice("ara.kinds"))
    def validate(self, kind: str, header: str) -> Sequence[str]:
        """What Chrome makes of a header's value."""
        header_kind, source_type = KINDS[kind]
        reading = read_header(header_kind, header, source_type)
        lines = [
            f"{header_kind.header}: {'valid' if reading.ok else 'not valid'}",
            "",
            *annotated(header_kind, header, reading.findings, Style.PLAIN).splitlines(),
        ]
        if reading.value is not None:
            text = effective_text(effective_json(reading.value))
            lines += ["", "effective value:", *text.splitlines()]
        return _fitted(lines)

    @command.command("ara.kinds")
    def kinds(self) -> Sequence[str]:
        """What `ara.validate` can judge."""
        return list(KINDS)

    @command.command("ara.export")
    @command.argument("kind", type=types.Choice("ara.formats"))
    @command.argument("path", type=types.Path)
    def export(self, kind: str, path: types.Path, *terms: str) -> None:
        """Write the timeline to a file; terms filter it."""
        excerpt = self._excerpt(terms)
        from ara_inspector.checking.rendering import (  # noqa: PLC0415 - as above
            Check,
            Format,
            render,
        )

        capture = Inspection("mitmproxy", excerpt.timeline, excerpt.told)
        layout = TableLayout(WIDTH, Style.PLAIN)
        text = render(Check([capture], layout, Gate(FailOn.ERROR)), Format(kind))
        try:
            Path(path).expanduser().write_text(text, "utf-8", newline="")
        except OSError as error:
            raise exceptions.CommandError(f"{path}: {error.strerror}") from error
        logger.log(
            ALERT, "Timeline written to %s as %s: %i entries.", path, kind, len(excerpt.timeline)
        )

    @command.command("ara.formats")
    def formats(self) -> Sequence[str]:
        """What `ara.export` can write."""
        from ara_inspector.checking.rendering import Format  # noqa: PLC0415 - as above

        return list(Format)

    def _excerpt(self, terms: Sequence[str]) -> Excerpt:
        try:
            selection = Selection(read_typed_filter(" ".join(terms)))
        except FilterError as error:
            raise exceptions.CommandError(str(error)) from error
        return selection.excerpt(self._session())


def _chain(card: ChainCard) -> list[str]:
    return [*chains_text([card], _width(), Style.PLAIN).splitlines(), ""]


def _fitted(lines: Iterable[str], hang: int | None = None) -> list[str]:
    """The lines as the viewer can show them without breaking words itself."""
    return list(wrapped(lines, _width(), hang))


def _width() -> int:
    """The columns of the console's screen that a table may take."""
    screen = getattr(getattr(ctx, "master", None), "ui", None)
    return WIDTH if screen is None else int(screen.get_cols_rows()[0] * SHARE) - FRAME
