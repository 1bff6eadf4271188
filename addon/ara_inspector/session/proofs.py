"""What reports prove about registrations told before, and how often they prove what.

May live here: keeping each proof with the flow it is about. What a report proves is found out
in `reports.links`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ara_inspector.context import ContextNews
from ara_inspector.findings import Certainty
from ara_inspector.records import replace
from ara_inspector.registrations import ContextSite
from ara_inspector.reports.links import ProofOutcome
from ara_inspector.reports.links import Proven as About
from ara_inspector.session.flows import Proven
from ara_inspector.timeline import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.registrations import Kind, Registration
    from ara_inspector.reports import Report
    from ara_inspector.reports.links import Explanation
    from ara_inspector.session.flows import Flow, Flows
    from ara_inspector.session.ledger import Ledger


def told_by(proven: ContextSite, inferred: ContextSite) -> ContextSite:
    """The site a report proved, with what only the wire tells where both say the same."""
    if proven.value != inferred.value:
        return proven
    return replace(proven, origin=inferred.origin, page=inferred.page)


class Proofs:
    """Leads proofs from entries back to flows; beyond `limit` the oldest entries are forgotten."""

    def __init__(self, limit: int, timeline: Ledger, flows: Flows) -> None:
        self._limit = limit
        self._timeline = timeline
        self._flows = flows
        self._owners: dict[int, tuple[str, Kind]] = {}
        self.outcomes: Counter[str] = Counter()
        """How many proofs there were of each outcome."""

    def told(self, number: int, about: Registration) -> None:
        """Entry `number` is about that registration."""
        self._owners[number] = (about.flow_id, about.kind)
        if len(self._owners) > self._limit:
            del self._owners[next(iter(self._owners))]

    def apply(self, explanation: Explanation, report: Report, entry: int) -> Iterator[Flow]:
        """Keep what the report of an entry proves; give each flow that has to be told again."""
        sure = {link.entry for link in explanation.links if link.certainty is Certainty.CERTAIN}
        for proof in explanation.proofs:
            self.outcomes[proof.outcome.value] += 1
            owner = self._owners.get(proof.entry)
            flow = self._flows.get(owner[0]) if owner is not None else None
            if owner is None or flow is None:
                continue
            certainty = Certainty.CERTAIN if proof.entry in sure else Certainty.LIKELY
            ground = f"{proof.ground} (#{entry})"
            proven = flow.proven.setdefault(owner[1], Proven())
            if proof.about is About.CONTEXT_SITE:
                proven.site = ContextSite(proof.proven, certainty, ground)
                if proof.outcome is ProofOutcome.CONTRADICTED:
                    news = ContextNews(proof.entry, proof.concluded, proof.proven)
                    self._timeline.add(EntryKind.CONTEXT, news, report.time)
            elif proof.outcome is not ProofOutcome.CONFIRMED:
                proven.verdict = proof
            else:
                proven.verdict = proven.verdict or proof
                if certainty is Certainty.CERTAIN:
                    proven.registered = ground
            yield flow
