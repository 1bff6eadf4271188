"""Remembering registrations until their reports come.

May live here: the bounded store a session holds. It hands `explain` what it needs, and notes
which registrations a report has taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.records import replace
from ara_inspector.reports.links.explain import explain
from ara_inspector.reports.links.values import NOTHING_SPENT, Explanation, Known
from ara_inspector.spec.sharing import shared

if TYPE_CHECKING:
    from ara_inspector.registrations import Registration
    from ara_inspector.reports.report import Report


class Memory:
    """Registrations by the origin their reports go to, and what was made of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[int, Known] = {}
        self._by_origin: dict[str, dict[int, Known]] = {}
        self.forgotten = 0
        """How many registrations were dropped to stay within the limit."""

    def remember(self, entry: int, registration: Registration) -> None:
        """Keep a registration, or put its revised form in place of the old one."""
        old = self._known.get(entry)
        self._put(Known.of(entry, registration, NOTHING_SPENT if old is None else old.spent))
        if len(self._known) > self._limit:
            self._forget()

    def _put(self, known: Known) -> None:
        self._known[known.entry] = known
        for where in known.origins:
            self._by_origin.setdefault(where, {})[known.entry] = known

    def _forget(self) -> None:
        entry = next(iter(self._known))
        known = self._known.pop(entry)
        self.forgotten += 1
        for where in known.origins:
            of_origin = self._by_origin[where]
            del of_origin[entry]
            if not of_origin:
                del self._by_origin[where]

    def explain(self, report: Report) -> Explanation:
        """What `report` goes back to, and remember it: most reports come once."""
        known = tuple(self._by_origin.get(report.reporting_origin, {}).values())
        explanation = explain(report, known)
        for entry, kind in explanation.spent:
            old = self._known[entry]
            # Few different sets, of thousands of registrations.
            self._put(replace(old, spent=shared(old.spent | {kind})))
        return explanation

    def __len__(self) -> int:
        return len(self._known)
