"""Remembering registrations until their reports come.

May live here: the bounded store a session holds. It hands `explain` what it needs, and notes
which registrations a report has taken.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ara_inspector.reports.links.explain import explain
from ara_inspector.reports.links.values import Explanation, Known
from ara_inspector.spec.os_registration import OsRegistration
from ara_inspector.spec.urls import origin

if TYPE_CHECKING:
    from ara_inspector.registrations import Registration
    from ara_inspector.reports.report import Report

MAX_REMEMBERED: Final = 10_000
"""Registrations kept in all; the oldest are forgotten first."""


class Memory:
    """Registrations by the origin their reports go to, and what was made of them."""

    def __init__(self, limit: int = MAX_REMEMBERED) -> None:
        self._limit = limit
        self._known: OrderedDict[int, Known] = OrderedDict()
        self._by_origin: dict[str, dict[int, Known]] = {}
        self.forgotten = 0
        """How many registrations were dropped to stay within the limit."""

    def remember(self, entry: int, registration: Registration) -> None:
        """Keep a registration, or put its revised form in place of the old one."""
        old = self._known.get(entry)
        self._put(Known(entry, registration, frozenset() if old is None else old.spent))
        if len(self._known) > self._limit:
            self._forget()

    def _put(self, known: Known) -> None:
        self._known[known.entry] = known
        for where in report_origins(known.registration):
            self._by_origin.setdefault(where, {})[known.entry] = known

    def _forget(self) -> None:
        entry, known = self._known.popitem(last=False)
        self.forgotten += 1
        for where in report_origins(known.registration):
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
            self._put(replace(old, spent=old.spent | {kind}))
        return explanation

    def __len__(self) -> int:
        return len(self._known)


def report_origins(registration: Registration) -> set[str]:
    """Where reports about a registration go: of one with the system, to the URLs it names."""
    if isinstance(registration.effective, tuple):
        found = {
            origin(each.url) for each in registration.effective if isinstance(each, OsRegistration)
        }
        return {where for where in found if where is not None}
    where = registration.reporting_origin
    return set() if where is None else {where}
