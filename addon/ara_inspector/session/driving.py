"""Driving the stages: each event of an exchange becomes entries of the timeline.

May live here: the order of the stages and the state they share. Judgement is in the stages.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ara_inspector.chains import (
    Actions,
    Chain,
    Chains,
    Landings,
    Preludes,
    action_card,
    chain_card,
    read_again,
    silent_hop,
)
from ara_inspector.context import Pages
from ara_inspector.exchange import REDIRECTS
from ara_inspector.records import replace
from ara_inspector.registrations import (
    NavigationState,
    RequestKind,
    concerns_api,
    has_ara_lines,
    loose_findings,
    read_request,
    redirects,
)
from ara_inspector.reports import read_report
from ara_inspector.session.attributing import Attributing
from ara_inspector.session.browsers import Browsers
from ara_inspector.session.clearing import clearing_of
from ara_inspector.session.flows import Flow, Flows, Proven, Stage
from ara_inspector.session.ledger import Ledger
from ara_inspector.session.limits import DEFAULT_LIMITS, Limits
from ara_inspector.session.proofs import Proofs
from ara_inspector.session.registering import Registering
from ara_inspector.session.summary import Summary, sentence
from ara_inspector.spec.urls import origin
from ara_inspector.timeline import EntryKind, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.browser import Identity
    from ara_inspector.chains import Action
    from ara_inspector.exchange import Exchange
    from ara_inspector.timeline import Entry, Timeline

REPORTS = frozenset({RequestKind.REPORT, RequestKind.KEYS})
UNFOLLOWED = frozenset({NavigationState.NEVER, NavigationState.CUT_OFF})


class Session:
    """Takes exchanges as events and tells what they mean as timeline entries.

    For each exchange: `requested` when its request is there (optional), `headers` when the
    answer's headers are, then `complete`. Each may come more than once for a flow.
    The entries returned are the new and the revised ones, oldest first.
    """

    def __init__(
        self, limits: Limits = DEFAULT_LIMITS, keys: Mapping[str, bytes] | None = None
    ) -> None:
        self.limits = limits
        self.keys = keys or {}
        """Private keys by key id, which open the payloads of the reports that come from now on."""
        self._ledger = Ledger(limits.entries)
        self._flows = Flows(limits.flows)
        self._pages = Pages(limits.pages)
        self._chains = Chains(limits.chains, limits.chain_seconds)
        self._preludes = Preludes(limits.chains, limits.chain_seconds)
        self._actions = Actions()
        self._landings = Landings()
        self._browsers = Browsers(limits.browsers)
        self._attributing = Attributing(limits, self._ledger)
        self._registering = Registering(limits, self._ledger, self._attributing)
        self._proofs = Proofs(self._ledger)
        self._exchanges = 0
        self._eligible = 0
        self._latest = 0.0
        """The last time that was seen on the wire."""

    @property
    def timeline(self) -> Timeline:
        """Everything told so far."""
        return self._ledger.timeline

    # -- events

    def requested(self, exchange: Exchange) -> tuple[Entry, ...]:
        """The request is known, the answer not yet."""
        self._flow(exchange)
        return self._ledger.take()

    def headers(self, exchange: Exchange) -> tuple[Entry, ...]:
        """The answer's headers are known: registrations, silent hops, chains."""
        flow = self._flow(exchange)
        if flow is not None and flow.stage is Stage.REQUEST and exchange.status is not None:
            self._answered(flow, exchange)
        return self._ledger.take()

    def complete(self, exchange: Exchange) -> tuple[Entry, ...]:
        """The exchange is complete, or broke off: reports, key answers, what the body decides."""
        flow = self._flow(exchange, whole=True)
        self._saw(exchange.finished or exchange.answered or exchange.started)
        if flow is None:
            self._exchanges += not self._flows.is_settled(exchange.flow_id)
        elif flow.stage is not Stage.END:
            self._ended(flow, exchange)
        return self._ledger.take()

    def recorded(self, exchange: Exchange) -> tuple[Entry, ...]:
        """A whole exchange of a recording: all its steps at once."""
        return self.complete(exchange)

    def passed(self, time: float | None = None) -> None:
        """Count an exchange of `time` that holds nothing of interest and was not made into one."""
        self._exchanges += 1
        self._saw(time)

    def asked_again(self, flow_id: str) -> None:
        """The proxy makes a flow's request once more: what comes now is told as well."""
        self._flows.forget(flow_id)

    def finish(self) -> tuple[Entry, ...]:
        """No more exchanges come: what waited for them is told as it stands."""
        for chain in self._chains.finish():
            self._given_up(chain)
        for action in self._actions.finish(self._latest):
            self._closed(action)
        return self.settle()

    @property
    def is_waiting(self) -> bool:
        """Whether there is something that `settle` would attribute."""
        return self._attributing.is_waiting

    def settle(self) -> tuple[Entry, ...]:
        """The traffic pauses: what waits for more of it is attributed as it stands."""
        self._attributing.settle()
        return self._ledger.take()

    def summary(self, *, whole: bool = True) -> Summary:
        """Where things stand now; unless `whole`, expected reports are only counted."""
        browsers = self._browsers.accounts()
        dropped = {
            "timeline entries": self.timeline.dropped,
            "chains waiting": self._chains.dropped + self._preludes.dropped,
            "pages": self._pages.dropped,
            "browsers": self._browsers.dropped,
            **self._registering.dropped,
            **self._attributing.dropped,
        }
        proofs = self._proofs.outcomes + Counter(self._attributing.agreements)
        verdicts = self._ledger.verdicts()
        return Summary(
            exchanges=self._exchanges,
            eligible=self._eligible,
            verdicts=verdicts,
            reports=self._ledger.told(EntryKind.REPORT),
            proofs=dict(proofs),
            balance=self._attributing.balance(whole=whole),
            local_testing=self._attributing.local_testing,
            chains=self._ledger.told(EntryKind.CHAIN),
            silent=self._ledger.told(EntryKind.SILENT),
            browsers=browsers,
            sentence=sentence(
                verdicts,
                self._eligible,
                browsers,
                self._attributing.local_testing,
                self._ledger.likely(),
            ),
            started=self.timeline.started,
            dropped={what: count for what, count in dropped.items() if count},
        )

    # -- one exchange

    def _flow(self, exchange: Exchange, *, whole: bool = False) -> Flow | None:
        """What is remembered of the exchange; None if it does not matter, as most do not."""
        flow = self._flows.get(exchange.flow_id)
        if flow is not None or self._flows.is_settled(exchange.flow_id):
            return flow
        if self._chains.expects(exchange.url) or concerns_api(exchange):
            for prelude in self._preludes.before(exchange):
                self._recall(prelude.exchange, whole=prelude.whole)
            return self._begin(exchange)
        if exchange.status in REDIRECTS:
            self._preludes.add(exchange, whole=whole)
        return None

    def _recall(self, exchange: Exchange, *, whole: bool) -> None:
        """A redirect that did not matter does: what it leads to has to do with the API."""
        flow = self._begin(exchange)
        if whole:
            # It was counted when it came.
            self._exchanges -= 1
            self._ended(flow, exchange)
        else:
            self._answered(flow, exchange)

    def _begin(self, exchange: Exchange) -> Flow:
        """The request: its browser, page, chain and user action."""
        self._exchanges += 1
        if exchange.started is not None:
            self._pass_time(exchange.started)
        request = read_request(exchange)
        browser = self._browsers.of(request)
        browser.saw(request)
        page = self._pages.facts(exchange, request)
        chain = self._chains.join(exchange, request, page)
        flow = Flow(exchange, request, browser, chain, len(chain.hops))
        self._flows.add(flow)
        if flow.hop == 1:
            chain.from_worker = request.is_from_worker(hints=browser.hints)
        elif chain.revived:
            self._tell_hops(chain)
        if request.eligible_text is not None:
            self._eligible += 1
            self._chains.number(chain)
            browser.tell(self._ledger)
        if flow.hop > 1:
            self._tell_chain(chain)
        eligible = request.eligible
        if eligible is not None and eligible.navigation_source and flow.hop == 1:
            self._tell_action(self._actions.add(chain, exchange.started or 0.0))
        elif flow.hop == 1:
            left = self._landings.left(exchange, request)
            if left is not None:
                chain.by_itself = True
                note = Note(exchange.flow_id, exchange.started, exchange.url, None, (left,))
                self._ledger.add(EntryKind.NOTE, note, exchange.started)
        return flow

    def _answered(self, flow: Flow, exchange: Exchange) -> None:
        """The answer's headers: where it leads, and what it registers."""
        flow.exchange, flow.stage = exchange, Stage.HEADERS
        self._follow(flow, exchange)
        self._tell_answer(flow)
        self._tell_chain(flow.chain)

    def _follow(self, flow: Flow, exchange: Exchange) -> None:
        """To the next hop, or to the page the answer is."""
        self._flows.answered(flow, exchange)
        self._chains.answered(flow.chain, flow.hop, exchange)
        clearing = clearing_of(flow, exchange)
        if clearing is not None:
            self._attributing.cleared(clearing)
        if not flow.request.is_navigation:
            return
        self._pages.add(exchange, flow.request)
        action = flow.chain.action
        if (
            action is not None
            and flow.request.kind is RequestKind.NAVIGATION
            and not redirects(exchange)
            and not flow.chain.hops[flow.hop - 1].unsent
        ):
            self._landings.landed(exchange, flow.request)
            action.landed = exchange.answered

    def _ended(self, flow: Flow, exchange: Exchange) -> None:
        """The body, or that there will be none."""
        if flow.stage is Stage.REQUEST and exchange.status is not None:
            self._follow(flow, exchange)
        if flow.request.is_navigation and exchange.response_body is not None:
            self._pages.read(exchange)
            # Nothing else is read of it; that there was one says that the answer is whole.
            exchange = replace(exchange, response_body=b"")
        flow.exchange, flow.stage = exchange, Stage.END
        flow.chain.hops[flow.hop - 1].error = exchange.error
        if exchange.status is not None:
            self._tell_answer(flow)
        self._tell_chain(flow.chain)
        if flow.request.kind in REPORTS:
            self._report(exchange, flow.browser.identity)
        self._let_go(flow.chain)
        if flow.chain.is_open:
            flow.rest()

    def _let_go(self, chain: Chain) -> None:
        """Settle the flows of a chain that no traffic can change any more, only reports."""
        flows = [flow for hop in chain.hops if (flow := self._flows.get(hop.flow_id)) is not None]
        if chain.is_open or (flows and flows[-1].stage is not Stage.END):
            return
        for flow in flows:
            if flow.stage is Stage.END:
                self._flows.settle(flow)

    def _saw(self, time: float | None) -> None:
        if time is not None and time > self._latest:
            self._latest = time

    def _pass_time(self, now: float) -> None:
        self._saw(now)
        for chain in self._chains.expire(now):
            self._given_up(chain)
        for action in self._actions.overdue(now):
            self._closed(action)
        self._attributing.pass_time(now)

    # -- what is told

    def _tell_answer(self, flow: Flow) -> None:
        """What an answer registers, or that it does not though it could."""
        exchange, request = flow.exchange, flow.request
        if not has_ara_lines(exchange):
            hop = silent_hop(exchange, request, flow.chain, flow.hop)
            if hop is not None and flow.other_entry is None:
                entry = self._ledger.add(EntryKind.SILENT, hop, hop.time, hop.reporting_origin)
                flow.other_entry = entry.number
            return
        self._chains.number(flow.chain)
        registrations = flow.judge()
        if registrations:
            if not flow.entries:
                flow.browser.answered()
            flow.browser.tell(self._ledger)
        for registration in registrations:
            self._registering.tell(flow, registration)
        if not registrations and flow.other_entry is None:
            findings = loose_findings(exchange)
            where = origin(exchange.url)
            note = Note(exchange.flow_id, exchange.answered, exchange.url, where, findings)
            entry = self._ledger.add(EntryKind.NOTE, note, exchange.answered, where)
            flow.other_entry = entry.number

    def _tell_chain(self, chain: Chain) -> None:
        """The chain's card, once it has to do with the API and has more than one hop."""
        if not chain.number or (len(chain.hops) == 1 and chain.next_url is None):
            return
        self._tell_again(chain)
        card = chain_card(chain, self._ledger.registration)
        if chain.entry is None:
            chain.entry = self._ledger.add(EntryKind.CHAIN, card, card.time).number
        else:
            self._ledger.revise(chain.entry, card)

    def _tell_again(self, chain: Chain) -> None:
        """What is registered once more because the navigation came to nothing."""
        again = read_again(chain)
        flow = None if again is None else self._flows.get(chain.hops[again.answer - 1].flow_id)
        if again is None or flow is None:
            return
        about = flow.judge_again(again)
        if about is not None:
            self._registering.tell_again(flow, about)

    def _given_up(self, chain: Chain) -> None:
        """The next hop never came: so it is less certain that Chrome took the last one."""
        self._tell_chain(chain)
        self._tell_hops(chain, -1)
        self._let_go(chain)

    def _closed(self, action: Action) -> None:
        """No more requests are part of it; if it has no navigation, that says something."""
        if action.state in UNFOLLOWED:
            self._tell_action(action)
        for chain in action.chains:
            self._let_go(chain)

    def _tell_action(self, action: Action) -> None:
        """The action's card, and its background requests again: they depend on the navigation."""
        if len(action.chains) > 1 or action.state in UNFOLLOWED:
            card = action_card(action)
            if action.entry is None:
                action.entry = self._ledger.add(EntryKind.ACTION, card, card.time).number
            else:
                self._ledger.revise(action.entry, card)
        for chain in action.chains:
            self._tell_hops(chain)

    def _tell_hops(self, chain: Chain, first: int = 0) -> None:
        """What a chain's hops register, once more; from `first` on, as lists count."""
        for hop in chain.hops[first:]:
            flow = self._flows.get(hop.flow_id)
            if flow is not None and flow.entries:
                self._tell_answer(flow)

    # -- reports

    def _report(self, exchange: Exchange, browser: Identity) -> None:
        """A report of the browser's own, and what it proves about earlier entries."""
        report = read_report(exchange, self.keys)
        if report is None:
            return
        explanation = self._registering.explain(report)
        entry = self._ledger.add_report(report, explanation)
        for number, about, proven in self._proofs.of(explanation, report, entry.number):
            flow = self._flows.get(about.flow_id)
            if flow is None:
                self._registering.prove(number, about, proven)
            else:
                flow.proven.setdefault(about.kind, Proven()).add(proven)
                self._tell_answer(flow)
                self._tell_again(flow.chain)
        self._attributing.reported(entry.number, report, explanation, browser)
