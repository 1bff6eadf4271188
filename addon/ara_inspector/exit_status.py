"""An exit status for pipelines that run mitmdump: 3 when something was found.

May live here: the addon behind `ara_fail_on`. `check` has the same for recordings; this is for
the run that makes the recording.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.showing import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mitmproxy.addonmanager import Loader

    from ara_inspector.timeline import Entry

FAILED: Final = 3
"""mitmproxy's own failures have 1, its arguments' 2."""


class ExitStatus:
    """Remembers which entries fail; in mitmdump it ends the process accordingly."""

    name = "attribution-exit-status"

    def __init__(self) -> None:
        self._gate = Gate(FailOn.NEVER)
        self._failing: set[int] = set()
        self._running = False

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option(
            "ara_fail_on",
            str,
            FailOn.NEVER.value,
            f"Exit with status {FAILED} if a finding is an error, or a warning; mitmdump only.",
            choices=list(FailOn),
        )

    def configure(self, updated: set[str]) -> None:
        """Read the option."""
        if "ara_fail_on" in updated:
            self._gate = Gate(FailOn(chosen("ara_fail_on", tuple(FailOn))))
            self._stand_last()

    def running(self) -> None:
        """Take the place in the line of addons, now that all others have theirs."""
        self._running = True
        self._stand_last()

    def _stand_last(self) -> None:
        """Stand last, if needed: an exit in `done` takes that hook from whatever comes after."""
        if (
            self._running
            and self._gate.fail_on is not FailOn.NEVER
            and isinstance(ctx.master, DumpMaster)
            and ctx.master.addons.get(Last.name) is None
        ):
            ctx.master.addons.add(Last(self))

    def tell(self, entries: Iterable[Entry], shown: Iterable[Entry]) -> None:
        """Take new and revised entries, and those of them that are shown: only they can fail."""
        self._failing -= {entry.number for entry in entries}
        self._failing |= {entry.number for entry, _ in self._gate.failures(shown)}

    @property
    def failed(self) -> bool:
        """Whether the process should end with the status."""
        return bool(self._failing)


class Last:
    """The addon whose `done` comes after all others, `hardump` and `save` included."""

    name = "attribution-exit-status-last"

    def __init__(self, status: ExitStatus) -> None:
        self._status = status

    def done(self) -> None:
        """End the process, if it is to fail."""
        if self._status.failed:
            sys.exit(FAILED)
