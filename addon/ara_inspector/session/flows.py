"""What a session remembers of an exchange that may still be revised.

May live here: the state of one flow, and the bounded store of flows and of registrations that
a report may go back to.
"""

from __future__ import annotations

from collections import OrderedDict
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import Circumstances, Kind, NavigationState, judge
from ara_inspector.reports.links import ProofOutcome
from ara_inspector.session.retries import Retries

if TYPE_CHECKING:
    from ara_inspector.chains import Again, Chain
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations import ContextSite, Registration, Request
    from ara_inspector.reports.links import Proof
    from ara_inspector.session.browsers import Browser


class Stage(IntEnum):
    """How much of an exchange was seen."""

    REQUEST = 0
    HEADERS = 1
    END = 2


class Proven(Struct):
    """What reports proved about one registration."""

    site: ContextSite | None = None
    registered: str | None = None
    """The ground for its verdict being certain."""
    verdict: Proof | None = None
    """The last proof about its verdict; one that confirms does not replace another."""

    def add(self, news: Proven) -> Proven:
        """Take in what one more report proved."""
        self.site = news.site or self.site
        self.registered = news.registered or self.registered
        if self.verdict is None or (
            news.verdict is not None and news.verdict.outcome is not ProofOutcome.CONFIRMED
        ):
            self.verdict = news.verdict
        return self


class _Judged(NamedTuple):
    """The last judgement of an answer, and of what: told again for a report, it is the same."""

    exchange: Exchange
    around: Circumstances
    registrations: tuple[Registration, ...]


class Flow(Struct, eq=False):
    """One exchange under way, or told and open to revision."""

    exchange: Exchange
    request: Request
    browser: Browser
    chain: Chain
    hop: int
    stage: Stage = Stage.REQUEST
    entries: dict[Kind, int] = field(default_factory=dict)
    """The number of the entry of each registration."""
    again: int | None = None
    """The number of the entry of what is registered when the answer is read again."""
    other_entry: int | None = None
    """The number of the entry of a silent hop or of loose findings."""
    proven: dict[Kind, Proven] = field(default_factory=dict)
    second_try: bool = False
    """The browser asks again because of the status of the first answer."""
    _judged: _Judged | None = None

    def judge(self) -> tuple[Registration, ...]:
        """What the answer registers, as things stand now."""
        around = self._around()
        known = self._judged
        if known is not None and known.exchange is self.exchange and known.around == around:
            return known.registrations
        registrations = judge(self.exchange, self.request, around)
        self._judged = _Judged(self.exchange, around, registrations)
        return registrations

    def judge_again(self, again: Again) -> Registration | None:
        """The source the answer registers when it is read again; None if it registers none.

        Nothing else registers with a navigation.
        """
        place = self.chain.hops[again.place - 1].url
        around = replace(self._around(), lost=None)
        registrations = judge(replace(self.exchange, url=place), self.request, around)
        about = next((one for one in registrations if one.kind is Kind.SOURCE), None)
        if about is None or about.verdict is not Verdict.REGISTERED:
            return None
        finding = again.finding(about.reporting_origin or place)
        findings = (finding, *about.findings)
        certainty, ground = about.certainty, about.ground
        if finding.certainty is not Certainty.CERTAIN:
            certainty, ground = finding.certainty, finding.ground
        return replace(
            about, url=self.exchange.url, findings=findings, certainty=certainty, ground=ground
        )

    def rest(self) -> None:
        """Keep what later news are held against: what is read of a request has been read."""
        # Its lines are half of what an exchange takes.
        self.exchange = replace(self.exchange, request_lines=())
        if self._judged is not None:
            self._judged = self._judged._replace(exchange=self.exchange)

    def _around(self) -> Circumstances:
        chain, browser = self.chain, self.browser
        state = chain.hops[self.hop - 1]
        action = chain.action
        return Circumstances(
            page=chain.page,
            chain=chain.number,
            hop=self.hop,
            lost=chain.lost if self.hop >= chain.lost_from else None,
            navigation=action.state if action is not None else NavigationState.SEEN,
            from_worker=chain.from_worker,
            by_itself=chain.by_itself,
            browser=browser.identity.text,
            has_api=browser.has_api,
            support=browser.support,
            whole=self.stage is Stage.END,
            second_try=self.second_try,
            unsent=state.unsent,
            carried=state.carried,
            unfollowed=chain.is_unfollowed and self.hop == len(chain.hops),
        )


class Flows:
    """The flows that traffic may still change; beyond `limit` the oldest are settled as they are.

    Of as many that are settled it is known that they were here.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._flows: OrderedDict[str, Flow] = OrderedDict()
        self._settled: dict[str, None] = {}
        self._retries = Retries()

    def get(self, flow_id: str) -> Flow | None:
        """The flow, if it is still remembered."""
        return self._flows.get(flow_id)

    def is_settled(self, flow_id: str) -> bool:
        """Whether the flow was here and everything is said of it."""
        return flow_id in self._settled

    def forget(self, flow_id: str) -> None:
        """As if the flow had never been here."""
        self._flows.pop(flow_id, None)
        self._settled.pop(flow_id, None)

    def add(self, flow: Flow) -> None:
        """Remember a flow."""
        flow.second_try = self._retries.take(flow.exchange, flow.request)
        self._flows[flow.exchange.flow_id] = flow
        if len(self._flows) > self._limit:
            self.settle(next(iter(self._flows.values())))

    def answered(self, flow: Flow, exchange: Exchange) -> None:
        """Note the answer, which may make the browser ask again."""
        if not flow.second_try:
            self._retries.answered(exchange, flow.request)

    def settle(self, flow: Flow) -> None:
        """Nothing more can come of this one: keep its id only."""
        del self._flows[flow.exchange.flow_id]
        self._settled[flow.exchange.flow_id] = None
        if len(self._settled) > self._limit:
            del self._settled[next(iter(self._settled))]
