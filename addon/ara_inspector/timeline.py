"""Everything told so far as dated, numbered entries.

May live here: the entry, its kinds and the bounded store of them. What an entry is about is
made by the stages before; how it is shown is for `views`.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Note:
    """Findings about an exchange that belong to no registration."""

    flow_id: str
    time: float | None
    url: str
    reporting_origin: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Entry:
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


def _revised(
    old: Entry, about: Subject, fate: Fate | None, standing: ReportStanding | None
) -> Entry:
    # Entries are revised by the thousand, and `dataclasses.replace` takes five times as long.
    return Entry(
        old.number,
        old.time,
        old.kind,
        old.reporting_origin,
        about,
        old.explanation,
        fate,
        standing,
        old.revision + 1,
    )


class Timeline:
    """The entries of a session, oldest dropped beyond `limit`; `dropped` counts them."""

    def __init__(self, limit: int) -> None:
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._limit = limit
        self._last = 0
        self.dropped = 0

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
        self._entries[entry.number] = entry
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)
            self.dropped += 1
        return entry

    def revise(self, number: int, about: Subject) -> Entry | None:
        """Put `about` in the place of what entry `number` says; None if it is gone or equal."""
        old = self._entries.get(number)
        if old is None or old.about == about:
            return None
        return self._put(_revised(old, about, old.fate, old.standing))

    def settle(
        self, number: int, *, fate: Fate | None = None, standing: ReportStanding | None = None
    ) -> Entry | None:
        """Tell what became of entry `number`; None if it is gone or nothing changes."""
        old = self._entries.get(number)
        if old is None:
            return None
        fate, standing = fate or old.fate, standing or old.standing
        if fate == old.fate and standing == old.standing:
            return None
        return self._put(_revised(old, old.about, fate, standing))

    def _put(self, entry: Entry) -> Entry:
        self._entries[entry.number] = entry
        return entry

    def slim(self, number: int) -> None:
        """Keep of an entry's fate only the answer; nothing else changes, so nobody is told."""
        entry = self._entries.get(number)
        if entry is not None and entry.fate is not None:
            self._entries[number] = replace(entry, fate=entry.fate.slim())

    def get(self, number: int) -> Entry | None:
        """Entry `number`, None if it was never there or has been dropped."""
        return self._entries.get(number)

    def of_kind(self, kind: EntryKind) -> Iterator[Entry]:
        """The kept entries of one kind, in order."""
        return (entry for entry in self._entries.values() if entry.kind is kind)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries.values()))

    def __len__(self) -> int:
        return len(self._entries)
