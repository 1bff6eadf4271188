"""The timeline being written: what is new since the last event, and the running counts.

May live here: adding and revising entries, and counting them. What is told is decided in
`driving`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ara_inspector.findings import Certainty
from ara_inspector.registrations import Registration
from ara_inspector.timeline import EntryKind, Timeline

if TYPE_CHECKING:
    from ara_inspector.attribution.fates import Fate, ReportStanding
    from ara_inspector.reports import Report
    from ara_inspector.reports.links import Explanation
    from ara_inspector.timeline import Entry, Subject


class Ledger:
    """A timeline, with what has changed in it since it was last looked at."""

    def __init__(self, limit: int) -> None:
        self.timeline = Timeline(limit)
        self._told: Counter[EntryKind] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._likely: Counter[str] = Counter()
        self._news: dict[int, Entry] = {}

    def add(
        self, kind: EntryKind, about: Subject, time: float | None, where: str | None = None
    ) -> Entry:
        """A new entry."""
        return self._tell(self.timeline.add(kind, about, time, where))

    def add_report(self, report: Report, explanation: Explanation) -> Entry:
        """A new entry of a report, with the registrations it goes back to."""
        where = report.reporting_origin
        entry = self.timeline.add(EntryKind.REPORT, report, report.time, where, explanation)
        return self._tell(entry)

    def revise(self, number: int, about: Subject) -> None:
        """Put `about` in the place of what entry `number` says, if that changes it."""
        old = self.timeline.get(number)
        entry = self.timeline.revise(number, about)
        if old is None or entry is None:
            return
        self._news[number] = entry
        self._count(old, -1)
        self._count(entry)

    def settle(
        self, number: int, *, fate: Fate | None = None, standing: ReportStanding | None = None
    ) -> None:
        """Tell what became of entry `number`, if that changes it."""
        entry = self.timeline.settle(number, fate=fate, standing=standing)
        if entry is not None:
            self._news[number] = entry

    def registration(self, number: int) -> Registration | None:
        """The registration entry `number` is about, if it is kept and about one."""
        entry = self.timeline.get(number)
        about = None if entry is None else entry.about
        return about if isinstance(about, Registration) else None

    def told(self, kind: EntryKind) -> int:
        """How many entries of a kind there have been, dropped ones included."""
        return self._told[kind]

    def verdicts(self) -> dict[str, int]:
        """Registrations by verdict, dropped ones included."""
        return {verdict: count for verdict, count in self._verdicts.items() if count}

    def likely(self) -> dict[str, int]:
        """Those of them that are inferred, by verdict."""
        return {verdict: count for verdict, count in self._likely.items() if count}

    def take(self) -> tuple[Entry, ...]:
        """What is new since the last time, oldest first."""
        if not self._news:
            return ()
        entries = tuple(self._news[number] for number in sorted(self._news))
        self._news.clear()
        return entries

    def _tell(self, entry: Entry) -> Entry:
        self._told[entry.kind] += 1
        self._news[entry.number] = entry
        self._count(entry)
        return entry

    def _count(self, entry: Entry, by: int = 1) -> None:
        about = entry.about
        if isinstance(about, Registration):
            self._verdicts[about.verdict.value] += by
            self._likely[about.verdict.value] += by * (about.certainty is Certainty.LIKELY)
