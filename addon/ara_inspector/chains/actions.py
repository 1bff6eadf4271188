"""User actions: a navigation and the background requests of the same click.

May live here: grouping eligible navigation requests, and what is only true of the group: that
a navigation came at all, and that one reporter sets its attribution scopes once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.findings import Finding, Rule, Severity, Verdict
from ara_inspector.registrations import NavigationState, Registration, RequestKind
from ara_inspector.spec.effective import Source, SourceType

if TYPE_CHECKING:
    from ara_inspector.chains.joining import Chain

TOGETHER: Final = 5.0
"""Seconds between the first background request of a click and its navigation, at most."""
APART: Final = 0.5
"""Seconds from one request of a click to the next, at most; at most 0.15 were measured."""
AFTERWARDS: Final = 1.0
"""Seconds a background request may start after the navigation of its click."""
OPEN: Final = 64
"""Actions that may still get requests; a user has only so many hands."""

READ: Final = frozenset({Verdict.REGISTERED, Verdict.REJECTED})
"""Of a source that has an effective value: what is refused when stored has set its scopes too."""

SCOPES_ALREADY_SET: Final = Rule(
    "CHN014",
    "scopes-already-set",
    Severity.ERROR,
    "{origin} has already registered other attribution_scopes for this navigation (#{entry})",
    "",
    "NavigationRegistrationUniqueScopeAlreadySet",
)


class Action(Struct, eq=False):
    """The requests of one user action, as far as they are known."""

    number: int
    started: float
    latest: float
    """When its last request began."""
    referer: str | None
    user_agent: str | None
    navigation: str | None = None
    navigated: float = 0.0
    landed: float | None = None
    """When the new page's answer came, which is the end of the old page."""
    state: NavigationState = NavigationState.AWAITED
    overtaken: bool = False
    """It has no navigation, and a later one has."""
    chains: list[Chain] = field(default_factory=list)
    scopes: dict[str, tuple[int, frozenset[str]]] = field(default_factory=dict)
    """By reporting origin: the number of the registration that came first, and its scopes."""
    entry: int | None = None
    is_open: bool = True
    """Whether it may still get requests."""


class ActionCard(Struct, frozen=True, gc=False, kw_only=True):
    """The requests of one user action: a navigation and its background requests."""

    number: int
    time: float | None
    navigation: str | None
    """The navigation's URL; None while only background requests were seen."""
    chains: tuple[int, ...]
    flow_ids: tuple[str, ...]
    """The first request of each chain."""
    sentence: str
    findings: tuple[Finding, ...] = ()


class Actions:
    """The user actions of a session that may still get requests."""

    def __init__(self) -> None:
        self._open: list[Action] = []
        self._count = 0

    def add(self, chain: Chain, time: float) -> Action:
        """The action a new chain, eligible for navigation sources, is part of."""
        navigates = chain.kind is not RequestKind.BACKGROUND
        for action in reversed(self._open):
            if _fits(action, chain, time, navigates=navigates):
                break
        else:
            self._count += 1
            action = Action(self._count, time, time, chain.referer, chain.user_agent)
            self._open.append(action)
            for oldest in self._open[:-OPEN]:
                self._close(oldest, NavigationState.AWAITED)
        action.chains.append(chain)
        chain.action = action
        if navigates:
            self._overtake(action)
            late = time - action.latest > APART
            action.navigation, action.navigated = chain.hops[0].url, time
            in_frame = chain.kind is RequestKind.FRAME
            seen = NavigationState.SEEN_LATE if late else NavigationState.SEEN
            action.state = NavigationState.IN_FRAME if in_frame else seen
        action.latest = time
        return action

    def overdue(self, now: float) -> list[Action]:
        """The actions that are no longer open at `now`: their navigation would have come."""
        late = [
            action for action in self._open if action.overtaken or now - action.started > TOGETHER
        ]
        for action in late:
            self._close(action, NavigationState.NEVER)
        return late

    def finish(self, now: float) -> list[Action]:
        """No more requests will come after `now`: all actions that were still open."""
        late, early = self.overdue(now), list(self._open)
        for action in early:
            # Its navigation could still have come: that the input ends says nothing of the browser.
            self._close(action, NavigationState.CUT_OFF)
        return [*late, *early]

    def _overtake(self, action: Action) -> None:
        """Of clicks on one page, those that waited for a navigation longer will see none."""
        for other in self._open[: self._open.index(action)]:
            if other.navigation is None and other.referer == action.referer:
                other.overtaken = other.user_agent == action.user_agent

    def _close(self, action: Action, state: NavigationState) -> None:
        self._open.remove(action)
        action.is_open = False
        if action.state is NavigationState.AWAITED:
            action.state = state


def _fits(action: Action, chain: Chain, time: float, *, navigates: bool) -> bool:
    if action.user_agent != chain.user_agent or time - action.started > TOGETHER:
        return False
    if None not in {action.referer, chain.referer} and action.referer != chain.referer:
        return False
    if action.navigation is None:
        return navigates or time - action.latest <= APART
    if navigates:
        # One activation covers one navigation, but that may be started anew.
        return action.navigation == chain.hops[0].url and _is_started_anew(action)
    return time - action.navigated <= AFTERWARDS


def _is_started_anew(action: Action) -> bool:
    """Whether the last answer of its navigation makes the browser start once more."""
    navigations = (c for c in reversed(action.chains) if c.kind is not RequestKind.BACKGROUND)
    return bool(next(navigations).hops[-1].unsent)


def action_card(action: Action) -> ActionCard:
    """The card of `action`."""
    background = sum(chain.kind is RequestKind.BACKGROUND for chain in action.chains)
    requests = f"{background} background {'request' if background == 1 else 'requests'}"
    if action.navigation is not None:
        sentence = f"one click: a navigation and {requests}"
    elif action.state is NavigationState.AWAITED:
        sentence = f"one click: {requests}, its navigation is still to come"
    elif action.state is NavigationState.CUT_OFF:
        sentence = f"one click: {requests}, then the capture ends"
    else:
        sentence = f"one click: {requests}, no navigation"
    return ActionCard(
        number=action.number,
        time=action.started,
        navigation=action.navigation,
        chains=tuple(chain.number for chain in action.chains),
        flow_ids=tuple(chain.hops[0].flow_id for chain in action.chains),
        sentence=sentence,
    )


def scopes_conflict(about: Registration, entry: int, action: Action) -> Finding | None:
    """Why a source is dropped for its scopes: its reporter had set others for this navigation.

    `entry` is its number in the timeline.
    """
    reporter, source = about.reporting_origin, about.effective
    if (
        about.verdict not in READ
        or about.source_type is not SourceType.NAVIGATION
        or reporter is None
        or not isinstance(source, Source)
    ):
        return None
    given = source.attribution_scopes
    # Limit and event states may differ: they are not looked at.
    mine = frozenset(() if given is None else given.values)
    first, scopes = action.scopes.setdefault(reporter, (entry, mine))
    if first == entry or scopes == mine:
        return None
    finding = SCOPES_ALREADY_SET.at(origin=reporter, entry=first)
    return finding.inferred("the order of the answers")
