"""Everything told so far as dated, numbered entries.

May live here: the entry, its kinds and the bounded store of them. What an entry is about is
made by the stages before; how it is shown is for `views`, how old ones are kept for `archive`.
"""

from __future__ import annotations

from collections import OrderedDict
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.archive import BLOCK, Archive
from ara_inspector.records import replace
from ara_inspector.registrations import Registration, worst

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.attribution.fates import Fate, ReportStanding
    from ara_inspector.browser import BrowserAccount
    from ara_inspector.chains import ActionCard, ChainCard, SilentHop
    from ara_inspector.context import ContextNews
    from ara_inspector.findings import Finding, Severity, Verdict
    from ara_inspector.reports import Report
    from ara_inspector.reports.links import Explanation

RECENT: Final = 2_000
"""Entries kept unpacked: what is told again is mostly among them."""

type Subject = (
    Registration | SilentHop | ChainCard | ActionCard | Report | ContextNews | BrowserAccount | Note
)
"""What an entry can be about."""


class EntryKind(StrEnum):
    """What an entry is about."""

    REGISTRATION = "registration"
    SILENT = "silent"
    """An eligible answer that registered nothing."""
    CHAIN = "chain"
    ACTION = "action"
    """The requests of one user action."""
    REPORT = "report"
    CONTEXT = "context"
    """A report proved or contradicted the site an entry was given."""
    BROWSER = "browser"
    NOTE = "note"


class Note(Struct, frozen=True, gc=False):
    """Findings about an exchange that belong to no registration."""

    flow_id: str
    time: float | None
    url: str
    reporting_origin: str | None
    findings: tuple[Finding, ...]


class Entry(Struct, frozen=True, gc=False):
    """One line of the timeline. `number` is stable; a revised entry keeps it."""

    number: int
    time: float | None
    kind: EntryKind
    reporting_origin: str | None
    about: Subject
    explanation: Explanation | None = None
    """Of a report: the registrations it goes back to, and what it proves about them."""
    fate: Fate | None = None
    """Of a registration: what the browser makes of it, as soon as that is settled."""
    standing: ReportStanding | None = None
    """Of a report: where it stands among those expected."""
    revision: int = 0
    """How often the entry has changed since it was first told."""

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, of a registration's entry."""
        return self.about.verdict if isinstance(self.about, Registration) else None

    @property
    def severity(self) -> Severity | None:
        """The worst severity among its findings, None without any."""
        return worst(self.findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of what it is about, of explaining it and of its fate."""
        found = self.about.findings
        if self.explanation is not None:
            found = (*found, *self.explanation.findings)
        return found if self.fate is None else (*found, *self.fate.findings)


class Timeline:
    """The entries of a session, oldest dropped beyond `limit`; `dropped` counts them.

    The newest `RECENT` are kept as they are, older ones packed.
    """

    def __init__(self, limit: int) -> None:
        self._recent: OrderedDict[int, Entry] = OrderedDict()
        self._archive = Archive()
        self._limit = limit
        self._last = 0
        self.dropped = 0
        self.started: float | None = None
        """The earliest time of an entry, dropped ones included."""

    @property
    def upcoming(self) -> int:
        """The number of the next entry."""
        return self._last + 1

    def add(
        self,
        kind: EntryKind,
        about: Subject,
        time: float | None,
        reporting_origin: str | None = None,
        explanation: Explanation | None = None,
    ) -> Entry:
        """Append an entry under the next number."""
        self._last += 1
        entry = Entry(self._last, time, kind, reporting_origin, about, explanation)
        self._recent[entry.number] = entry
        if time is not None and (self.started is None or time < self.started):
            self.started = time
        if len(self._recent) >= RECENT + BLOCK:
            self._archive.add([self._recent.popitem(last=False)[1] for _ in range(BLOCK)])
        if len(self) > self._limit:
            self._drop_oldest()
        return entry

    def _drop_oldest(self) -> None:
        self.dropped += 1
        if self.dropped in self._recent:
            # Too few are kept for any to be packed.
            del self._recent[self.dropped]
        elif self.dropped % BLOCK == 0:
            self._archive.drop_oldest()

    def revise(self, number: int, about: Subject) -> Entry | None:
        """Put `about` in the place of what entry `number` says; None if it is gone or equal."""
        old = self.get(number)
        if old is None or old.about == about:
            return None
        return self._put(replace(old, about=about, revision=old.revision + 1))

    def settle(
        self, number: int, *, fate: Fate | None = None, standing: ReportStanding | None = None
    ) -> Entry | None:
        """Tell what became of entry `number`; None if it is gone or nothing changes."""
        old = self.get(number)
        if old is None:
            return None
        fate, standing = fate or old.fate, standing or old.standing
        if fate == old.fate and standing == old.standing:
            return None
        revision = old.revision + 1
        return self._put(replace(old, fate=fate, standing=standing, revision=revision))

    def _put(self, entry: Entry) -> Entry:
        if entry.number in self._recent:
            self._recent[entry.number] = entry
        else:
            self._archive.put(entry)
        return entry

    def get(self, number: int) -> Entry | None:
        """Entry `number`, None if it was never there or has been dropped."""
        entry = self._recent.get(number)
        if entry is None and self.dropped < number <= self._last:
            entry = self._archive.get(number)
        return entry

    def __iter__(self) -> Iterator[Entry]:
        """The kept entries as they stand now, in order."""
        packed, dropped = chain.from_iterable(self._archive.blocks()), self.dropped
        recent = tuple(self._recent.values())
        return chain((entry for entry in packed if entry.number > dropped), recent)

    def __len__(self) -> int:
        return self._last - self.dropped
