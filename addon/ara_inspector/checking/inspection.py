"""One capture, gone through to its end.

May live here: from a path to what a session tells about it. Each capture gets a session of its
own: recordings of different browsers know nothing of each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.checking.repeats import Repeats
from ara_inspector.flows import CaptureError, read_capture
from ara_inspector.records import replace
from ara_inspector.session import Session
from ara_inspector.session.summary import UNREAD, of_a_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ara_inspector.session import Summary
    from ara_inspector.timeline import Entry
    from ara_inspector.views.selection import Selection

LACKS: Final[Mapping[str, str]] = {
    "connection": "no connection ids: parallel requests of one URL are harder to tell apart",
    "header-lines": "header lines of one name joined or reordered: a header sent twice may look "
    "like one",
    "answered": "no time of the answer",
    "error": "no reason where an answer is missing",
}
"""What a recording may lack, and what follows from it."""

REDACTED: Final = (
    "redacted: names and values of the ad-tech's own, paths and queries are pseudonyms"
)


class Inspection(Struct, frozen=True, gc=False):
    """What one capture tells. `damage` says where it broke off, `skipped` what was passed over.

    Where nothing of it could be read, `is_readable` is false and `damage` says why.
    """

    name: str
    timeline: tuple[Entry, ...]
    told: Summary
    lacks: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    damage: str | None = None
    redacted: bool = False
    is_readable: bool = True

    def summary(self) -> Summary:
        """The session's summary, of the whole capture."""
        return self.told

    def selected(self, selection: Selection) -> Inspection:
        """Only the entries of `selection`; numbers and summary stay."""
        made = selection.excerpt(self)
        return replace(self, timeline=made.timeline, told=made.told)

    def require_whole(self) -> None:
        """Raise `CaptureError` if the capture breaks off."""
        if self.damage is not None:
            raise CaptureError(self.damage)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader must know about the capture itself."""
        lacks = tuple(f"the capture has {LACKS[lack]}" for lack in self.lacks)
        damage = () if self.damage is None else (self.damage,)
        return (*damage, *self.skipped, *lacks, *((REDACTED,) if self.redacted else ()))


def inspect_capture(
    path: str | Path,
    progress: Callable[[float], None] | None = None,
    keys: Mapping[str, bytes] | None = None,
) -> Inspection:
    """Go through a flow file or HAR, or standard input (`-`).

    `progress` is told the share read so far, 0 to 1. `keys` are private keys by key id, which
    open encrypted reports. Raises `CaptureError` where nothing can be read; where the capture
    breaks off later, what came before is told and `damage` says so.
    """
    session = Session(keys=keys)
    lacks: set[str] = set()
    skipped: list[str] = []
    damage = None
    exchanges = 0
    repeats = Repeats()
    try:
        for exchange in read_capture(path, skipped.append, progress):
            exchanges += 1
            lacks |= exchange.lacks
            if repeats.has(exchange):
                continue
            session.recorded(exchange)
    except CaptureError as error:
        if not exchanges:
            raise
        damage = str(error)
    session.finish()
    skipped += repeats.remarks
    summary = session.summary()
    if damage is not None:
        summary = replace(summary, sentence=of_a_part(summary.sentence))
    return Inspection(
        name=_called(path),
        timeline=tuple(session.timeline),
        told=summary,
        lacks=tuple(sorted(lacks)),
        skipped=tuple(skipped),
        damage=damage,
    )


def unreadable(path: str | Path, error: CaptureError) -> Inspection:
    """A capture of which nothing can be read, for those who are to be told of all of them."""
    return Inspection(
        name=_called(path),
        timeline=(),
        told=replace(Session().summary(), sentence=UNREAD),
        damage=str(error),
        is_readable=False,
    )


def _called(path: str | Path) -> str:
    return "standard input" if str(path) == "-" else str(path)
