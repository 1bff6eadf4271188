"""Keeping failures of ours away from the proxying.

May live here: the guard around everything mitmproxy calls.
"""

from __future__ import annotations

import logging

from mitmproxy import exceptions

logger = logging.getLogger(__name__)


class Guard:
    """Keeps any failure of ours away from the proxying; reports each place once.

    A class of its own: a generator takes four times as long. What is done for every flow has a
    `try` and calls `report`, which takes nothing at all.
    """

    __slots__ = ("_place", "_reported")

    def __init__(self, place: str) -> None:
        self._place = place
        self._reported = False

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, exceptions.OptionsError):
            return False
        self.report(error)
        return True

    def report(self, error: Exception) -> None:
        """Say what went wrong here, the first time something does."""
        if not self._reported:
            self._reported = True
            logger.warning(
                "ara-inspector failed in %s; traffic goes on, entries may be missing",
                self._place,
                exc_info=error,
            )


class Guards:
    """A guard for each place, by the place's name."""

    def __init__(self) -> None:
        self._guards: dict[str, Guard] = {}

    def __call__(self, place: str) -> Guard:
        """The place's guard."""
        guard = self._guards.get(place)
        if guard is None:
            guard = self._guards[place] = Guard(place)
        return guard
