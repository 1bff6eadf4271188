"""An exit status for pipelines that run mitmdump: 3 when something was found, and the reason.

May live here: the addon behind `ara_fail_on`, and ending mitmdump with a status of ours. `check`
has the same for recordings; this is for the run that makes the recording.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.findings import printable
from ara_inspector.showing import chosen
from ara_inspector.views.words import count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mitmproxy.addonmanager import Loader

    from ara_inspector.showing import Showing
    from ara_inspector.timeline import Entry

FAILED: Final = 3
"""mitmproxy's own failures have 1, its arguments' 2."""
SPOILT: Final = 1
"""What was asked for could not be done to its end."""
NAMED: Final = 8
"""Entries that the reason names by their numbers."""


class ExitStatus:
    """Remembers which entries fail; in mitmdump it ends the process accordingly."""

    name = "attribution-exit-status"

    def __init__(self, showing: Showing) -> None:
        self._showing = showing
        self._gate = Gate(FailOn.NEVER)
        self._failing: dict[int, int] = {}
        self._entries = 0
        self._looked_at = False
        self._spoilt = False
        self._running = False

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option(
            "ara_fail_on",
            str,
            FailOn.NEVER.value,
            f"Exit with status {FAILED} if a finding is an error, or a warning, among the entries "
            "that ara_filter shows; also if it has none to look at. mitmdump only.",
            choices=[each.value for each in FailOn],
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

    def spoil(self) -> None:
        """Something that was asked for is not whole: whoever waits for it sees no success."""
        self._spoilt = True
        self._stand_last()

    def _stand_last(self) -> None:
        """Stand last, if needed: an exit in `done` takes that hook from whatever comes after."""
        if (
            self._running
            and (self._spoilt or self._gate.fail_on is not FailOn.NEVER)
            and isinstance(ctx.master, DumpMaster)
            and ctx.master.addons.get(Last.name) is None
        ):
            ctx.master.addons.add(Last(self))

    def tell(self, entries: Collection[Entry], shown: Iterable[Entry]) -> None:
        """Take new and revised entries, and those of them that are shown: only they can fail."""
        # An entry and its revision may come together: the last one counts.
        latest = {entry.number: entry.revision for entry in entries}
        self._entries = max((self._entries, *latest))
        for number in latest:
            self._failing.pop(number, None)
        if self._gate.fail_on is FailOn.NEVER:
            return
        self._looked_at = self._looked_at or self._showing.selection.covers(entries)
        current = (entry for entry in shown if entry.revision == latest.get(entry.number))
        for entry, _ in self._gate.failures(current):
            self._failing[entry.number] = self._failing.get(entry.number, 0) + 1

    @property
    def reason(self) -> str | None:
        """Why the process should end with `FAILED`, None if it should not."""
        if self._gate.fail_on is FailOn.NEVER:
            return None
        if self._entries and not self._looked_at:
            return (
                f"the filter {printable(ctx.options.ara_filter)} matches none of "
                f"{self._entries} {'entry' if self._entries == 1 else 'entries'}: "
                "nothing was checked"
            )
        if not self._failing:
            return None
        found = sum(self._failing.values())
        named = " ".join(f"#{number}" for number in sorted(self._failing)[:NAMED])
        more = " ..." if len(self._failing) > NAMED else ""
        return (
            f"{count(found, 'finding')} that fail{'s' if found == 1 else ''} "
            f"ara_fail_on={self._gate.fail_on}: {named}{more}"
        )

    @property
    def status(self) -> int:
        """What the process should end with, if it would end well otherwise."""
        return FAILED if self.reason else SPOILT if self._spoilt else 0


class Last:
    """The addon whose `done` comes after all others, `hardump` and `save` included."""

    name = "attribution-exit-status-last"

    def __init__(self, status: ExitStatus) -> None:
        self._status = status

    def done(self) -> None:
        """End the process, if it is to fail, and say why."""
        if self._status.reason:
            with contextlib.suppress(OSError):
                sys.stderr.write(f"ara-inspector: {self._status.reason}\n")
        if self._status.status:
            sys.exit(self._status.status)
