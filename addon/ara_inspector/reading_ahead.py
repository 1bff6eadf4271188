"""A recording that is written anew (`-r A -w B`) is judged before its flows go by.

May live here: what to read ahead, and the saying so where that cannot be. mitmproxy writes each
flow as it goes by, but exchanges are judged in the order of their requests, which shows only
further on: without reading ahead the new file would have none of our comments.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mitmproxy import ctx, flowfilter

from ara_inspector.flows import CaptureError, read_of_interest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.exchange import Exchange

logger = logging.getLogger(__name__)

STANDARD_INPUT = "-"


def is_saving() -> bool:
    """Whether mitmproxy writes each flow to a file as it ends (`-w`)."""
    return bool(getattr(ctx.options, "save_stream_file", None))


def read_ahead() -> Iterator[Exchange]:
    """What is of interest in the recording mitmproxy reads, if that is written anew."""
    source = getattr(ctx.options, "rfile", None)
    if not (source and is_saving() and ctx.options.ara_mark):
        return
    if source == STANDARD_INPUT:
        logger.warning("-w gets no comments of ours: standard input cannot be read ahead")
        return
    chosen = getattr(ctx.options, "readfile_filter", None)
    try:
        yield from read_of_interest(source, *([flowfilter.parse(chosen)] if chosen else []))
    except CaptureError as error:
        logger.warning("-w gets no comments of ours: %s", error)
