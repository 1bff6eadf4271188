"""The browsers of a session and what each was seen to do.

May live here: the bounded store of sightings, and their entries. What they mean is judged in
`browser`.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ara_inspector.browser import (
    BrowserAccount,
    Identity,
    Sightings,
    account,
    identify,
)
from ara_inspector.timeline import EntryKind

if TYPE_CHECKING:
    from ara_inspector.registrations import Request
    from ara_inspector.session.ledger import Ledger
    from ara_inspector.spec.support import Support


class Browser(Struct, eq=False):
    """One browser of a session."""

    identity: Identity
    sightings: Sightings = field(default_factory=Sightings)
    support: Support | None = None
    """What it said last it registers with."""
    hints: bool = False
    """Its pages send client hints."""
    entry: int | None = None
    """The number of its entry."""
    told: object = None
    """What its entry says, to see whether that has changed."""

    @property
    def has_api(self) -> bool | None:
        """Whether it has the API; None where nothing tells."""
        return True if self.sightings.eligible else self.identity.ara

    def account(self) -> BrowserAccount:
        """Its account as of now."""
        return account(self.identity, self.sightings)

    def saw(self, request: Request) -> None:
        """It made a request."""
        self.sightings.saw(request)
        self.support = request.support or self.support
        self.hints = self.hints or request.brands is not None

    def answered(self) -> None:
        """It was answered with Register headers."""
        self.sightings.answers += 1

    def tell(self, ledger: Ledger) -> None:
        """Have its entry say what is known of it now."""
        essence = self.sightings.essence
        if self.entry is None:
            self.entry = ledger.add(EntryKind.BROWSER, self.account(), None).number
        elif self.told != essence:
            ledger.revise(self.entry, self.account())
        self.told = essence


class Browsers:
    """The browsers of a session, told apart by what they say they are."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._browsers: OrderedDict[Identity, Browser] = OrderedDict()
        self.dropped = 0

    def of(self, request: Request) -> Browser:
        """The browser that made a request."""
        identity = identify(request.user_agent, request.brands)
        browser = self._browsers.get(identity)
        if browser is None:
            browser = self._browsers[identity] = Browser(identity)
            if len(self._browsers) > self._limit:
                self._browsers.popitem(last=False)
                self.dropped += 1
        return browser

    def accounts(self) -> tuple[BrowserAccount, ...]:
        """All accounts, of browsers that had to do with the API if there are any."""
        told = [browser for browser in self._browsers.values() if browser.entry is not None]
        return tuple(browser.account() for browser in told or self._browsers.values())
