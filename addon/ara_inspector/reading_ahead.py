"""A recording that is written anew, or shown in full, is judged before its flows go by.

May live here: when to read ahead and what, and the saying so where that cannot be. mitmproxy
writes each flow as it goes by (`-r A -w B`), and shows its content then (`--flow-detail 3`); but
exchanges are judged in the order of their requests, which shows only further on: without reading
ahead the new file would have none of our comments, and what is shown nothing of the timeline.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx, flowfilter

from ara_inspector.flows import CaptureError, read_of_interest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ara_inspector.exchange import Exchange

logger = logging.getLogger(__name__)

STANDARD_INPUT: Final = "-"
CONTENT: Final = 3
"""mitmdump's level of detail from which it shows contents."""


def is_saving() -> bool:
    """Whether mitmproxy writes each flow to a file as it ends (`-w`)."""
    return bool(getattr(ctx.options, "save_stream_file", None))


def is_dumping() -> bool:
    """Whether mitmdump prints each flow's content, by a contentview, as it ends."""
    return int(getattr(ctx.options, "flow_detail", 0)) >= CONTENT


def read_ahead() -> Iterator[Exchange]:
    """What is of interest in the recording mitmproxy reads, if that is written anew or shown."""
    source = getattr(ctx.options, "rfile", None)
    lacking = tuple(_lacking())
    if not (source and lacking):
        return
    if source == STANDARD_INPUT:
        _say(lacking, "standard input cannot be read ahead")
        return
    chosen = getattr(ctx.options, "readfile_filter", None)
    try:
        yield from read_of_interest(source, *([flowfilter.parse(chosen)] if chosen else []))
    except CaptureError as error:
        _say(lacking, str(error))


def _lacking() -> Iterator[str]:
    """What suffers where the recording cannot be read ahead."""
    if is_saving() and ctx.options.ara_mark:
        yield "-w gets no comments of ours"
    if is_dumping():
        yield "--flow-detail shows of each flow only what it tells by itself"


def _say(lacking: Iterable[str], why: str) -> None:
    for what in lacking:
        logger.warning("%s: %s", what, why)
