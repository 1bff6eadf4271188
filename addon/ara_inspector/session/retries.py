"""Requests that Chrome makes twice: answered with 421 or 425, it asks once more by itself.

May live here: telling the second try from the first, by what both have in common. What becomes
of the answers is judged in `registrations`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from ara_inspector.registrations import ASKED_AGAIN_FOR

if TYPE_CHECKING:
    from ara_inspector.exchange import Exchange
    from ara_inspector.registrations import Request

KEPT: Final = 256
"""First tries remembered; the second comes at once."""
SECONDS: Final = 10.0
"""How long after the first answer a second try may begin."""
EARLY: Final = 0.05
"""Seconds it may seem to begin before that answer: clocks are coarse."""

type Asked = tuple[str, str, str | None, str | None, str | None]
"""What is the same in both tries."""


class _Try(NamedTuple):
    asked: Asked
    answered: float


class Retries:
    """The answers that make Chrome ask again, until it has."""

    def __init__(self) -> None:
        self._tries: deque[_Try] = deque(maxlen=KEPT)

    def take(self, exchange: Exchange, request: Request) -> bool:
        """Whether the request is a second try; it is that of one answer only."""
        if not self._tries:
            return False
        asked = _asked(exchange, request)
        for one in self._tries:
            if one.asked == asked and _fits(exchange.started, one.answered):
                self._tries.remove(one)
                return True
        return False

    def answered(self, exchange: Exchange, request: Request) -> None:
        """Note the answer to a first try."""
        if exchange.status in ASKED_AGAIN_FOR:
            self._tries.append(_Try(_asked(exchange, request), exchange.moment))


def _asked(exchange: Exchange, request: Request) -> Asked:
    return (
        exchange.method,
        exchange.url,
        request.referer,
        request.eligible_text,
        request.user_agent,
    )


def _fits(started: float | None, answered: float) -> bool:
    return started is None or -EARLY <= started - answered <= SECONDS
