"""Telling registrations: with what other flows and reports say that no flow says of itself.

May live here: how the answers of `chains` and `reports.links` about a registration are put
together, and who is told of it. Each judgement is in its own stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.chains import COMPARISONS, Reporters, scopes_conflict
from ara_inspector.context import REMARKS, remarks
from ara_inspector.findings import Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import SOURCE_REFUSED_WHEN_STORED
from ara_inspector.reports.links import Memory
from ara_inspector.session.flows import Proven
from ara_inspector.session.proofs import with_proofs
from ara_inspector.timeline import EntryKind

if TYPE_CHECKING:
    from ara_inspector.findings import Finding
    from ara_inspector.registrations import Registration
    from ara_inspector.reports import Report
    from ara_inspector.reports.links import Explanation
    from ara_inspector.session.attributing import Attributing
    from ara_inspector.session.flows import Flow
    from ara_inspector.session.ledger import Ledger
    from ara_inspector.session.limits import Limits

NOTHING_PROVEN = Proven()


class Registering:
    """Tells registrations, and again what changes them; remembers them for their reports."""

    def __init__(self, limits: Limits, timeline: Ledger, attributing: Attributing) -> None:
        self._timeline = timeline
        self._attributing = attributing
        self._reporters = Reporters(limits.reporters)
        self._memory = Memory(limits.known)

    @property
    def dropped(self) -> dict[str, int]:
        """What was given up to stay within the limits."""
        return {
            "reporting origins": self._reporters.dropped,
            "registrations reports go back to": self._memory.forgotten,
        }

    def explain(self, report: Report) -> Explanation:
        """The registrations a report goes back to, and what it proves about them."""
        return self._memory.explain(report)

    def tell(self, flow: Flow, about: Registration) -> None:
        """Tell what an answer registers, or how that stands now."""
        flow.entries[about.kind] = self._told(flow, about, flow.entries.get(about.kind))

    def tell_again(self, flow: Flow, about: Registration) -> None:
        """Tell what the same answer registers when it is read again, or how that stands now."""
        flow.again = self._told(flow, about, flow.again)

    def prove(self, number: int, about: Registration, proven: Proven) -> None:
        """Tell entry `number` again, whose flow is settled, with what one more report proved."""
        own = (each for each in about.findings if each.rule not in COMPARISONS | REMARKS)
        page = () if proven.site else (each for each in about.findings if each.rule in REMARKS)
        proven = Proven(verdict=about.proof).add(proven)
        about = with_proofs(replace(about, findings=tuple(own)), proven)
        about = self._compared(about, number, tuple(page))
        self._timeline.revise(number, about)
        self._memory.remember(number, about)
        self._attributing.revised(number, about)

    def _told(self, flow: Flow, about: Registration, number: int | None) -> int:
        """Tell a registration under its number, a new one if it has none yet."""
        about = self._finished(flow, about, number or self._timeline.timeline.upcoming)
        if number is None:
            where = about.reporting_origin
            number = self._timeline.add(EntryKind.REGISTRATION, about, about.time, where).number
            flow.chain.hops[flow.hop - 1].entries.append(number)
        else:
            self._timeline.revise(number, about)
        self._memory.remember(number, about)
        self._attributing.registered(number, about, flow.browser.identity)
        return number

    def _finished(self, flow: Flow, about: Registration, number: int) -> Registration:
        """A registration with what only the session knows: other flows, and reports."""
        action = flow.chain.action
        conflict = None if action is None else scopes_conflict(about, number, action)
        if conflict is not None:
            own = (each for each in about.findings if each.rule is not SOURCE_REFUSED_WHEN_STORED)
            about = replace(
                about,
                verdict=Verdict.IGNORED,
                certainty=conflict.certainty,
                ground=conflict.ground,
                findings=(conflict, *own),
            )
        proven = flow.proven.get(about.kind, NOTHING_PROVEN)
        page = remarks(flow.chain.page) if proven.site is None else ()
        return self._compared(with_proofs(about, proven), number, page)

    def _compared(
        self, about: Registration, number: int, page: tuple[Finding, ...]
    ) -> Registration:
        """A registration with what earlier ones say about it, and what there is about its page."""
        if about.verdict is not Verdict.REGISTERED:
            self._reporters.forget(about, number)
            return about
        others = self._reporters.compare(about, number)
        if not (others or page):
            return about
        return replace(about, findings=(*about.findings, *others, *page))
