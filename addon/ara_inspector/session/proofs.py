"""What reports prove about registrations told before, and how often they prove what.

May live here: what each proof says of the registration it is about. What a report proves is
found out in `reports.links`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ara_inspector.context import ContextNews
from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import UNSEEN_NAVIGATION, ContextSite
from ara_inspector.reports.links import ProofOutcome
from ara_inspector.reports.links import Proven as About
from ara_inspector.session.flows import Proven
from ara_inspector.timeline import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.registrations import Registration
    from ara_inspector.reports import Report
    from ara_inspector.reports.links import Explanation
    from ara_inspector.session.ledger import Ledger


def told_by(proven: ContextSite, inferred: ContextSite) -> ContextSite:
    """The site a report proved, with what only the wire tells where both say the same."""
    if proven.value != inferred.value:
        return proven
    return replace(proven, origin=inferred.origin, page=inferred.page)


def with_proofs(about: Registration, proven: Proven) -> Registration:
    """A registration with what reports proved about it."""
    if proven.site is not None:
        about = replace(about, context_site=told_by(proven.site, about.context_site))
    if proven.verdict is not None:
        about = replace(about, proof=proven.verdict)
    if proven.registered is None:
        return about
    # A navigation to another program, by mailto: for one, goes through no proxy.
    others = tuple(each for each in about.findings if each.rule not in UNSEEN_NAVIGATION)
    if about.verdict is Verdict.REGISTERED or others != about.findings:
        about = replace(
            about,
            verdict=Verdict.REGISTERED,
            certainty=Certainty.CERTAIN,
            ground=proven.registered,
            findings=others,
        )
    return about


class Proofs:
    """Takes reports apart into what each proves about which entry, and counts that."""

    def __init__(self, timeline: Ledger) -> None:
        self._timeline = timeline
        self.outcomes: Counter[str] = Counter()
        """How many proofs there were of each outcome."""

    def of(
        self, explanation: Explanation, report: Report, entry: int
    ) -> Iterator[tuple[int, Registration, Proven]]:
        """What the report of an entry proves, with the entry it is about as that now is."""
        sure = {link.entry for link in explanation.links if link.certainty is Certainty.CERTAIN}
        for proof in explanation.proofs:
            self.outcomes[proof.outcome.value] += 1
            about = self._timeline.registration(proof.entry)
            if about is None:
                continue
            certainty = Certainty.CERTAIN if proof.entry in sure else Certainty.LIKELY
            ground = f"{proof.ground} (#{entry})"
            proven = Proven()
            if proof.about is About.CONTEXT_SITE:
                proven.site = ContextSite(proof.proven, certainty, ground)
                if proof.outcome is ProofOutcome.CONTRADICTED:
                    news = ContextNews(proof.entry, proof.concluded, proof.proven)
                    self._timeline.add(EntryKind.CONTEXT, news, report.time)
            else:
                proven.verdict = proof
                if proof.outcome is ProofOutcome.CONFIRMED and certainty is Certainty.CERTAIN:
                    proven.registered = ground
            yield proof.entry, about, proven
